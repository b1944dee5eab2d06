"""At which names this server may be reached, and which address its links carry.

Guards against DNS rebinding: a page on `evil.example` whose name is suddenly resolved to this
machine sends `Host: evil.example` and is refused. Admitted are the configured public address, the
machine's own names, KICKOFF_ALLOWED_HOSTS, and an IP address only if it is the very address at
which the connection arrived: no list of interfaces goes stale when the laptop changes networks.
"""

import re
import socket
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from app.settings import Settings
from app.web.addresses import is_loopback, lan_address
from app.web.errors import refusal

_HOST = re.compile(r"([a-z0-9](?:[a-z0-9._-]{0,252})|\[[0-9a-f:.]{2,45}\])(?::([0-9]{1,5}))?")
_MOST_REMEMBERED = 64


class AllowedHosts:
    """Which Host headers are admitted."""

    def __init__(self, settings: Settings) -> None:
        own = socket.gethostname().lower()
        named = [entry.strip().lower() for entry in settings.allowed_hosts.split(",")]
        public = urlsplit(settings.public_url or "").hostname
        self._names = {"localhost", "127.0.0.1", "[::1]", own, own.split(".")[0] + ".local"}
        self._names |= {name for name in [*named, public] if name}
        self._remembered: set[bytes] = set()

    def admits(self, scope: Scope, host: bytes) -> bool:
        if host in self._remembered:
            return True
        found = _HOST.fullmatch(host.decode("latin-1").lower())
        if not found:
            return False
        if found[1].rstrip(".") in self._names:
            if len(self._remembered) < _MOST_REMEMBERED:
                self._remembered.add(host)
            return True
        return _is_where_it_arrived(scope, found[1])


class HostGuard:
    """Refuses what was addressed to somebody else: 400, for a WebSocket 403 before it is accepted.

    What passes is kept in `scope["state"]["host"]`: nothing else repeats a Host anywhere.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.hosts = AllowedHosts(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        hosts = [value for key, value in scope["headers"] if key == b"host"]
        if len(hosts) == 1 and self.hosts.admits(scope, hosts[0]):
            scope["state"]["host"] = hosts[0].decode("latin-1")
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await refusal(scope, "wrong_host", 400)(scope, receive, send)


def public_url(scope: Scope, settings: Settings) -> str:
    """What links and QR codes begin with, without a slash at the end.

    The configured address; else the one at which the reader reached us. Somebody on the server's
    own screen reached `localhost`, which no phone can follow: when the server listens on the
    network, its address there is given instead. Forwarded headers never show here.
    """
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = scope["state"]["host"]
    scheme = scope["state"]["reached_scheme"]
    scheme = {"ws": "http", "wss": "https"}.get(scheme, scheme)
    found = _HOST.fullmatch(host.lower())
    if found and settings.listens_on_network and is_loopback(found[1]):
        host = lan_address() + (f":{found[2]}" if found[2] else "")
    return f"{scheme}://{host}"


def can_be_read(scope: Scope, settings: Settings) -> bool:
    """Whether others on the network can read what phones send: no TLS, and not this machine."""
    parts = urlsplit(public_url(scope, settings))
    return parts.scheme == "http" and not is_loopback(parts.hostname or "")


@lru_cache(maxsize=256)
def _plain(address: str) -> str:
    try:
        found = ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(found, "ipv4_mapped", None) or found)


def _is_where_it_arrived(scope: Scope, name: str) -> bool:
    server = scope.get("server")
    asked = _plain(name)
    return bool(asked and server and server[0] and asked == _plain(server[0]))
