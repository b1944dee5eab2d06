"""Where this server may send to: public addresses, and networks that the operator has named.

A planner types the address, and is not the operator: without this the server would fetch for them
what only the server can reach (RELIABILITY S09). A name is resolved once, every address that comes
back is looked at, and the connection goes to the one that was looked at.
"""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import SplitResult, urlsplit

URL_MAX = 2000
HTTPS = 443
UNPRIVILEGED = 1024  # below it only HTTPS's own port: nobody's mail or shell listens to webhooks

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Sequence[str]]

_GLOBAL_V6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
# Never a server's own public address, whatever Python says of them: IETF's protocols with Teredo,
# documentation, 6to4 and its relays.
_NOBODYS = (
    IPv6Network("2001::/23"),
    IPv6Network("2001:db8::/32"),
    IPv6Network("2002::/16"),
    IPv6Network("3fff::/20"),
    IPv4Network("192.88.99.0/24"),
)


class OutOfReach(Exception):
    """Why nothing is sent there, as a code."""


@dataclass(frozen=True)
class Target:
    """An address that was looked at: connect to `address`, and speak to `host`."""

    address: str
    host: str
    port: int
    scheme: str
    path: str

    @property
    def url(self) -> str:
        where = f"[{self.address}]" if ":" in self.address else self.address
        return f"{self.scheme}://{where}:{self.port}{self.path}"

    @property
    def named(self) -> str:
        """What the Host header says."""
        usual = HTTPS if self.scheme == "https" else 80
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == usual else f"{host}:{self.port}"


@dataclass(frozen=True)
class Policy:
    """`networks` are the operator's own, reached without TLS and at any port too."""

    networks: tuple[Network, ...] = ()

    def allows(self, address: str) -> bool:
        found = _parsed(address)
        return found is not None and (self.is_named(address) or _is_public(found))

    def is_named(self, address: str) -> bool:
        found = _parsed(address)
        return found is not None and any(
            found.version == network.version and found in network for network in self.networks
        )


def policy_of(networks: str) -> Policy:
    """Networks as the operator writes them: "10.20.0.0/16, fd00:1::/64"."""
    named = [part.strip() for part in networks.split(",") if part.strip()]
    return Policy(tuple(ip_network(one) for one in named))


def resolved(host: str, port: int) -> list[str]:
    """Every address of a name. Blocks."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(entry[4][0]) for entry in found]


def looked_at(url: str, policy: Policy, resolve: Resolve = resolved) -> Target:
    """Where to connect for this address, or `OutOfReach`."""
    parts = _split(url)
    host, port = parts.hostname or "", _port(parts)
    try:
        name = host if ":" in host else host.encode("idna").decode()
    except UnicodeError:
        raise OutOfReach("address_unknown") from None
    addresses = resolve(name, port)
    if not addresses:
        raise OutOfReach("name_unknown")
    if not all(policy.allows(address) for address in addresses):
        raise OutOfReach("address_refused")
    named = all(policy.is_named(address) for address in addresses)
    if parts.scheme != "https" and not named:
        raise OutOfReach("not_https")
    if port < UNPRIVILEGED and port != HTTPS and not named:
        raise OutOfReach("port_refused")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(addresses[0], name, port, parts.scheme, path)


def _split(url: str) -> SplitResult:
    if len(url) > URL_MAX or any(ord(one) <= 32 or ord(one) == 127 for one in url) or "\\" in url:
        raise OutOfReach("address_unknown")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise OutOfReach("address_unknown") from None
    if parts.scheme not in ("https", "http") or not parts.hostname or "%" in parts.netloc:
        raise OutOfReach("address_unknown")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise OutOfReach("address_unknown")
    return parts


def _port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError:
        raise OutOfReach("address_unknown") from None
    return port if port is not None else HTTPS if parts.scheme == "https" else 80


def _parsed(address: str) -> Address | None:
    """The address that a packet would go to: an IPv4 address in IPv6's clothes is that one."""
    try:
        found = ip_address(address)
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        if found.scope_id is not None:
            return None
        if found.ipv4_mapped is not None:
            return found.ipv4_mapped
        if found in _NAT64:
            return IPv4Address(int(found) & 0xFFFFFFFF)
    return found


def _is_public(address: Address) -> bool:
    if any(address.version == one.version and address in one for one in _NOBODYS):
        return False
    if isinstance(address, IPv6Address) and address not in _GLOBAL_V6:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)
