"""Believes `X-Forwarded-For` and `X-Forwarded-Proto` from named proxies, and from nobody else.

`X-Forwarded-Host` is never believed: the address in links is the configured one or the Host itself.
The scheme under which the request really arrived is kept in `scope["state"]["reached_scheme"]`, so
that a link never repeats what a header claimed.
"""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.types import Scope

_SCHEMES = {b"https": ("https", "wss"), b"http": ("http", "ws")}


class Proxies:
    """The addresses and networks of KICKOFF_TRUSTED_PROXIES."""

    def __init__(self, named: str) -> None:
        entries = [entry.strip() for entry in named.split(",") if entry.strip()]
        self._networks: list[IPv4Network | IPv6Network] = [
            ip_network(entry, strict=False) for entry in entries
        ]

    def trusts(self, address: str) -> bool:
        try:
            found = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(found, "ipv4_mapped", None) or found
        return any(mapped in network for network in self._networks)

    def apply(self, scope: Scope, headers: dict[bytes, bytes]) -> None:
        """Correct `scheme` and `client` of a request that came through a trusted proxy."""
        scope.setdefault("state", {})["reached_scheme"] = scope["scheme"]
        if b"x-forwarded-proto" not in headers and b"x-forwarded-for" not in headers:
            return
        client = scope.get("client")
        if not client or not self.trusts(client[0]):
            return
        schemes = _SCHEMES.get(headers.get(b"x-forwarded-proto", b"").strip().lower())
        if schemes:
            scope["scheme"] = schemes[scope["type"] == "websocket"]
        claimed = headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")
        for address in reversed([entry.strip() for entry in claimed]):
            if not address:
                break
            scope["client"] = (address[:45], 0)
            if not self.trusts(address):
                break
