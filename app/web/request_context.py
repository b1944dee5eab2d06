"""The outermost layer: who is asking through which proxy, in which language, under which id.

Writes one line per request, except where a line would tell who voted when (`quiet_paths`).
"""

import re
import secrets
from collections.abc import Callable
from functools import lru_cache

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import clock, i18n
from app.settings import Settings
from app.web import cookies, visit
from app.web.forwarded import Proxies
from app.web.quiet_paths import is_quiet
from app.web.redaction import without_secrets_in_path

log = structlog.get_logger("kickoff.access")

LANGUAGE_COOKIE = "lang"
_SANE_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")


class RequestContext:
    """Makes the `Visit`, sets the language, hands out the form cookie, writes the line."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.proxies = Proxies(settings.trusted_proxies)
        self.key: Callable[[], bytes] = lambda: settings.signing_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        asker = scope.get("client")
        self.proxies.apply(scope, headers)
        made = visit.Visit(
            scope,
            headers,
            request_id=self._request_id(asker, headers),
            language=language_of(scope, headers),
            key=self.key,
        )
        scope["state"]["visit"] = made
        visit.enter(made)
        i18n.speak(made.language)
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
        else:
            await self._http(made, receive, send)

    async def _http(self, made: visit.Visit, receive: Receive, send: Send) -> None:
        scope = made.scope
        began = clock.monotonic()
        status = 500

        async def marking(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), *_own_headers(made)]
            await send(message)

        try:
            await self.app(scope, receive, marking)
        finally:
            if status >= 500 or not is_quiet(scope["path"]):
                log.info(
                    "request",
                    method=scope["method"],
                    path=without_secrets_in_path(scope["path"]),
                    status=status,
                    ms=round((clock.monotonic() - began) * 1000, 1),
                )

    def _request_id(self, asker: tuple[str, int] | None, headers: dict[bytes, bytes]) -> str:
        given = headers.get(b"x-request-id")
        if given and asker and self.proxies.trusts(asker[0]) and _SANE_ID.fullmatch(given):
            return given.decode()
        return secrets.token_hex(8)


def language_of(scope: Scope, headers: dict[bytes, bytes]) -> str:
    """The reader's choice, else what the browser asks for."""
    chosen = cookies.read(scope, LANGUAGE_COOKIE) if b"cookie" in headers else None
    return _negotiated(headers.get(b"accept-language", b"")[:200], chosen)


@lru_cache(maxsize=512)
def _negotiated(accept_language: bytes, chosen: str | None) -> str:
    return i18n.negotiated(accept_language.decode("latin-1"), chosen)


def _own_headers(made: visit.Visit) -> list[tuple[bytes, bytes]]:
    headers = [(b"x-request-id", made.request_id.encode())]
    if made.form_secret_is_new:
        cookie = cookies.header(made.scope, visit.FORM_COOKIE, made.form_secret)
        headers.append((b"set-cookie", cookie.encode()))
    return headers
