"""What a browser is told to refuse: everything that this product does not need (S07).

Pages run the scripts that carry the response's nonce, and none else; styles come from our own
files, never from attributes (use SVG attributes for widths and heights). The API and files get a
policy under which nothing runs at all.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web import cookies, visit

_ALWAYS: list[tuple[bytes, bytes]] = [
    (b"x-content-type-options", b"nosniff"),
    (
        b"permissions-policy",
        b"camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), "
        b"usb=(), fullscreen=(self), screen-wake-lock=(self), autoplay=(self)",
    ),
]
# Over plain http a browser ignores these, and complains of the second in its console.
_ON_HTTPS: list[tuple[bytes, bytes]] = [
    (b"strict-transport-security", b"max-age=31536000"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
_NOTHING_RUNS = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
_PRIVATE = (b"cache-control", b"private, no-cache")
# Not `no-referrer`: browsers would then send `Origin: null` with our own forms. A page at a secret
# address sets its own, `strict-origin`: not even a style sheet is asked for with that address.
_REFERRER = (b"referrer-policy", b"same-origin")

# frame-ancestors and frame-src: the console shows the projector's page in a frame.
_PAGE = (
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; "
    "frame-src 'self'; img-src 'self' data:; font-src 'self'; style-src 'self'; media-src 'self'; "
    "manifest-src 'self'; connect-src 'self' {socket}; script-src {scripts}"
)


class SecurityHeaders:
    """Adds them to every HTTP answer; a page of ours is known by its content type."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        always = _ALWAYS + _ON_HTTPS if cookies.is_secure(scope) else _ALWAYS

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), *always]
                names = dict(message.get("headers", ()))
                if names.get(b"content-type", b"").startswith(b"text/html"):
                    headers.append((b"content-security-policy", _page_policy(scope)))
                else:
                    headers.append(_NOTHING_RUNS)
                headers += [pair for pair in (_PRIVATE, _REFERRER) if pair[0] not in names]
                message["headers"] = headers
            await send(message)

        await self.app(scope, receive, guarded)


def _page_policy(scope: Scope) -> bytes:
    found = visit.current()
    scripts = f"'nonce-{found.nonce}'" if found and found.nonce_was_used else "'none'"
    # Older Safari does not take 'self' for the socket, so its address is spelled out.
    host = scope["state"].get("host", "")
    socket = f"{'wss' if cookies.is_secure(scope) else 'ws'}://{host}" if host else ""
    return _PAGE.format(socket=socket, scripts=scripts).encode("latin-1")
