"""Guards every unsafe request. Nothing has to be declared per route: what is not proven is refused.

**Pages** (everything outside /api/): POST, PUT, PATCH and DELETE need
1. a same-origin `Origin`, or `Sec-Fetch-Site` where a browser sends no Origin (403 `cross_site`);
2. and a form token that belongs to this browser's form cookie (403 `form_expired`).

In a template, as the FIRST field of each form (the guard reads a file upload only that far):

    <form method="post" action="…">
      <input type="hidden" name="csrf" value="{{ csrf_token() }}">

A script sends the same token as `X-CSRF-Token`, from a form of the page or from `<meta
name="csrf-token" content="{{ csrf_token() }}">`; then the body is not looked at. The cookie is set
by whatever page first asks for a token, also before sign-in, so that signing somebody in by a
foreign form (login CSRF) fails too. A page that is shared by many readers gets each one's token
through `cached_page.CachedPage`. After sign-in and sign-out call `renew()`: tokens given out
before are then worthless.

The token is an HMAC of the cookie: planting a cookie is not enough to make a token, and reading a
page is not possible for another site. It needs no session and works on plain http.

One address takes a POST with neither, from a program and not from a browser: `one_click`.

**The API** takes only `application/json`, and a PDF where slides come in (415), and cookies are
taken away from unsafe requests before any route sees them: who writes there proves it with a bearer
token. A foreign Origin is refused as well.

How long a body may be is said in `bodies`.
"""

import hmac
import re
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.settings import Settings
from app.web import cookies, one_click, visit
from app.web.bodies import PDF, media_type, read_some, replaying, takes_pdf
from app.web.errors import Problem, answer_within, refusal
from app.web.origin import same_origin
from app.web.sentences import sentence

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
FIELD = "csrf"

# The token's own part of an upload with its boundary and headers.
_FIRST_PART = 2048
_FIRST_FIELD = re.compile(
    rb'\A--[^\r\n]{1,200}\r\ncontent-disposition: *form-data; *name="csrf"[^\r\n]*\r\n'
    rb"(?:[^\r\n]+\r\n)*\r\n([A-Za-z0-9_=-]{1,100})\r\n--",
    re.IGNORECASE,
)


def csrf_token(_request: Any = None) -> str:
    """The token for forms of this request's browser."""
    return visit.csrf_token()


def renew() -> None:
    """To be called where somebody signs in or out; the answer then carries a new form cookie."""
    found = visit.current()
    if found:
        found.renew_form_secret()


class FormGuard:
    """The middleware described above."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS:
            await self.app(scope, receive, send)
        elif scope["path"].startswith("/api/"):
            await self._api(scope, receive, send)
        else:
            await self._form(scope, receive, send)

    async def _api(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        if same_origin(scope, self.settings) is False:
            await refusal(scope, "cross_site", 403)(scope, receive, send)
        elif _has_body(headers) and not _is_taken(scope["path"], media_type(headers)):
            await refusal(scope, "unsupported_media_type", 415)(scope, receive, send)
        else:
            scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"cookie"]
            await self.app(scope, receive, send)

    async def _form(self, scope: Scope, receive: Receive, send: Send) -> None:
        same = same_origin(scope, self.settings)
        if same is None and one_click.is_asked_at(scope["path"]):
            messages = await read_some(receive, _FIRST_PART)
            receive = replaying(messages, receive)
            if one_click.is_one_click(messages):
                await self.app(scope, receive, send)
                return
        if not same:
            await refusal(scope, "cross_site", 403)(scope, receive, send)
            return
        headers = dict(scope["headers"])
        token = headers.get(b"x-csrf-token", b"")
        if not token:
            token, receive = await _token_in_body(media_type(headers), receive)
        if _belongs(token, scope):
            await self.app(scope, receive, send)
        else:
            problem = Problem("form_expired", 403, sentence("form_expired"))
            answer = await answer_within(Request(scope), problem)
            await answer(scope, receive, send)


async def _token_in_body(kind: bytes, receive: Receive) -> tuple[bytes, Receive]:
    """The form's token, and the body as if it had not been read."""
    match kind:
        case b"application/x-www-form-urlencoded":
            messages = await read_some(receive)
            token = _urlencoded_token(messages)
        case b"multipart/form-data":
            messages = await read_some(receive, _FIRST_PART)
            token = _multipart_token(messages)
        case _:
            return b"", receive
    return token, replaying(messages, receive)


def _belongs(token: bytes, scope: Scope) -> bool:
    """Whether the token was made for this browser's form cookie."""
    secret = cookies.read(scope, visit.FORM_COOKIE)
    found = visit.current()
    if not secret or found is None:
        return False
    return hmac.compare_digest(token, found.token_for(secret).encode())


def _has_body(headers: dict[bytes, bytes]) -> bool:
    return (
        headers.get(b"content-length", b"0") != b"0"
        or b"transfer-encoding" in headers
        or b"content-type" in headers
    )


def _is_taken(path: str, kind: bytes) -> bool:
    return kind == b"application/json" or (kind == PDF and takes_pdf(path))


def _urlencoded_token(messages: list[Message]) -> bytes:
    """The field's value. A token holds no character that a browser would encode, but `=`."""
    wanted = FIELD.encode() + b"="
    for pair in b"".join(message.get("body", b"") for message in messages).split(b"&"):
        if pair.startswith(wanted):
            return pair.removeprefix(wanted).replace(b"%3D", b"=")
    return b""


def _multipart_token(messages: list[Message]) -> bytes:
    found = _FIRST_FIELD.match(b"".join(message.get("body", b"") for message in messages))
    return found[1] if found else b""
