"""Cookies as this product sets them: HttpOnly, SameSite=Lax, and on https Secure and bound to the
host.

In a room without TLS a phone reaches the server as `http://<address>`, where a browser drops
Secure and `__Host-` cookies. The name therefore follows the scheme of the request; ask and set
cookies only through here.
"""

from starlette.responses import Response
from starlette.types import Scope

YEAR = 365 * 24 * 3600


def name_for(scope: Scope, name: str) -> str:
    """`__Host-` on https: no sub-domain and no plain-http page can plant such a cookie."""
    return f"__Host-{name}" if is_secure(scope) else name


def is_secure(scope: Scope) -> bool:
    return scope["scheme"] in ("https", "wss")


def read(scope: Scope, name: str) -> str | None:
    """The cookie's value as sent; works for HTTP requests and WebSocket handshakes."""
    wanted = name_for(scope, name)
    for key, header in scope["headers"]:
        if key != b"cookie":
            continue
        for part in str(header, "latin-1").split(";"):
            found, _, value = part.strip().partition("=")
            if found == wanted:
                return value.strip('"')
    return None


def put(
    response: Response, scope: Scope, name: str, value: str, *, max_age: int | None = None
) -> None:
    """Without `max_age` it lives as long as the browser. `value` must be a token (no quoting is
    done).
    """
    response.headers.append("set-cookie", header(scope, name, value, max_age=max_age))


def drop(response: Response, scope: Scope, name: str) -> None:
    response.headers.append("set-cookie", header(scope, name, "", max_age=0))


def header(scope: Scope, name: str, value: str, *, max_age: int | None = None) -> str:
    """The value of a Set-Cookie header."""
    parts = [f"{name_for(scope, name)}={value}", "Path=/", "HttpOnly", "SameSite=Lax"]
    if max_age is not None:
        parts.append(f"Max-Age={max_age}")
    if is_secure(scope):
        parts.append("Secure")
    return "; ".join(parts)
