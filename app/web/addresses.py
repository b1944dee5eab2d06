"""The machine's own address on the network that phones share with it."""

import socket
import struct
import sys
from ipaddress import ip_address

if sys.platform == "linux":
    import fcntl

_ASK_FOR_ADDRESS = 0x8915  # Linux: SIOCGIFADDR


def lan_address() -> str:
    """The address phones on the same network can reach; 127.0.0.1 on a machine without any."""
    found = [address for address in _candidates() if not is_loopback(address)]
    private = [address for address in found if ip_address(address).is_private]
    return next(iter(private + found), "127.0.0.1")


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _candidates() -> list[str]:
    """Best first: the way out, then each interface (a room may have no way out)."""
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: connecting a datagram socket only looks up the route.
            probe.connect(("192.0.2.1", 9))
            found.append(probe.getsockname()[0])
        except OSError:
            pass
        found += _interface_addresses(probe)
    return found or _addresses_by_name()


def _addresses_by_name() -> list[str]:
    """Where interfaces cannot be listed. May ask a name server, so it comes last."""
    try:
        named = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    except OSError:
        return []
    return [str(entry[4][0]) for entry in named]


def _interface_addresses(probe: socket.socket) -> list[str]:
    if sys.platform != "linux":
        return []
    found = []
    for _, name in socket.if_nameindex():
        # Bridges of containers are no network that a phone is on.
        if name.startswith(("docker", "br-", "veth", "lo")):
            continue
        try:
            asked = struct.pack("256s", name.encode()[:15])
            answer = fcntl.ioctl(probe.fileno(), _ASK_FOR_ADDRESS, asked)
        except OSError:
            continue
        found.append(socket.inet_ntoa(answer[20:24]))
    return found
