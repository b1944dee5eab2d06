"""Keeps the tests on this machine: reaching for another address fails the test."""

import ipaddress
import socket
import sys
from typing import Any


class NetworkRefused(AssertionError):
    """A test reached for something that is not on the loopback."""


def refuse_the_network() -> None:
    """For the rest of this process; an audit hook cannot be taken off, and need not be.

    It sees every socket of Python's own. uvloop's are not seen, and child processes have their own;
    the browser gets no name resolved (`browser.ARGUMENTS`).
    """
    sys.addaudithook(_hook)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        sock, address = arguments
        # Connecting a datagram socket sends nothing; it asks which address of ours would be used.
        if sock.type != socket.SOCK_DGRAM:
            _demand_loopback(address)
    elif event == "socket.sendto":
        _demand_loopback(arguments[1])
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        _demand_loopback((arguments[0],))


def _demand_loopback(address: Any) -> None:
    # A string is a path: a socket in the file system.
    if not isinstance(address, tuple) or not address or not address[0]:
        return
    host = address[0].decode() if isinstance(address[0], bytes) else str(address[0])
    if host != "localhost" and not _is_local(host):
        raise NetworkRefused(f"a test reached for {host}")


def _is_local(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        # What cannot be looked up outside, e.g. names that RFC 6761 keeps for this machine.
        return host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified
