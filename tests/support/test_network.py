"""Tests stay on this machine."""

import asyncio
import socket

import pytest

from tests.support.network import NetworkRefused


def test_the_network_is_refused_and_the_loopback_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
    # 192.0.2.0/24 is for documentation: nobody is there, whatever happens.
    with pytest.raises(NetworkRefused):
        socket.create_connection(("192.0.2.1", 80), timeout=0.1)
    with pytest.raises(NetworkRefused):
        asyncio.run(_look_up("example.invalid"))


async def _look_up(host: str) -> None:
    await asyncio.get_running_loop().getaddrinfo(host, 80)
