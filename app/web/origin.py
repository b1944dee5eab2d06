"""Whether a request comes from a page of ours: exact comparison of scheme, host and port.

Browsers send `Origin` with every WebSocket handshake and every unsafe request. It must equal the
address at which we were reached (Host, which `hosts` has vetted) or the configured public one.
Forwarded hosts, sub-domains, prefixes and `null` are nobody. A handshake without any Origin comes
from a program, not from a page: it is let in, but then cookies must not be believed
(`cookies_believed`), only a bearer token or the token in `hello`.
"""

from urllib.parse import urlsplit

from starlette.types import Scope

from app.settings import Settings

_PAGE_SCHEME = {"http": "http", "https": "https", "ws": "http", "wss": "https"}
_DEFAULT_PORT = {"http": ":80", "https": ":443"}


def allowed_origin(scope: Scope, settings: Settings) -> bool:
    """For a handshake: no Origin, or exactly ours."""
    origins = _origins(scope)
    return not origins or _is_ours(origins, scope, settings)


def cookies_believed(scope: Scope, settings: Settings) -> bool:
    """For a handshake: only a page of ours may speak with the browser's cookies."""
    return _is_ours(_origins(scope), scope, settings)


def same_origin(scope: Scope, settings: Settings) -> bool | None:
    """For an unsafe request: whether it comes from a page of ours; None where the browser tells
    nothing.

    `Sec-Fetch-Site` serves only where `Origin` is absent, and is itself absent on plain http.
    """
    origins = _origins(scope)
    if origins:
        return _is_ours(origins, scope, settings)
    sites = [value for key, value in scope["headers"] if key == b"sec-fetch-site"]
    return all(site in (b"same-origin", b"none") for site in sites) if sites else None


def _origins(scope: Scope) -> list[bytes]:
    return [value for key, value in scope["headers"] if key == b"origin"]


def _is_ours(origins: list[bytes], scope: Scope, settings: Settings) -> bool:
    if len(origins) != 1:
        return False
    origin = origins[0].decode("latin-1")
    return origin == _reached(scope) or (bool(settings.public_url) and origin == _public(settings))


def _reached(scope: Scope) -> str:
    scheme = _PAGE_SCHEME[scope["scheme"]]
    hosts = [value for key, value in scope["headers"] if key == b"host"]
    host = hosts[0].decode("latin-1").lower() if len(hosts) == 1 else ""
    return f"{scheme}://{host.removesuffix(_DEFAULT_PORT[scheme])}"


def _public(settings: Settings) -> str:
    parts = urlsplit(settings.public_url or "")
    host = parts.netloc.rpartition("@")[2].lower()
    return f"{parts.scheme}://{host.removesuffix(_DEFAULT_PORT.get(parts.scheme, ''))}"
