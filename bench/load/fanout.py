"""Receives one frame again and again on many sockets, counting bytes only, so that the server is
the limit.

The sockets are opened with a plain handshake and then read by one epoll loop. A frame has a known
size; every socket must end on a whole number of frames, with exactly as many as were sent.
"""

from __future__ import annotations

import json
import select
import socket
import sys
from time import perf_counter
from typing import Any

from bench import websocket
from bench.websocket import client_frame

BUFFER = bytearray(1 << 20)


def connected(port: int, path: str, subprotocol: str | None) -> socket.socket:
    wire = socket.create_connection(("127.0.0.1", port), timeout=10)
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    wire.sendall(websocket.handshake(f"127.0.0.1:{port}", path, subprotocol))
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += wire.recv(1)
    if not websocket.switched(answer):
        raise ConnectionError(answer.decode(errors="replace"))
    return wire


def on_the_wire(size: int) -> int:
    """Bytes of an unmasked text frame with `size` bytes of payload."""
    return size + (2 if size < 126 else 4 if size < 65536 else 10)


class Receiver:
    def __init__(self, sockets: list[socket.socket], frame_bytes: int) -> None:
        self.sockets = {wire.fileno(): wire for wire in sockets}
        self.received = dict.fromkeys(self.sockets, 0)
        self.frame_bytes = frame_bytes
        self.poll = select.epoll()
        self.longest_turn = 0.0
        self.waited = 0.0
        for wire in sockets:
            wire.setblocking(False)
            self.poll.register(wire, select.EPOLLIN)

    def drain(self, total: int, within: float) -> tuple[float, float]:
        """Reads until `total` bytes have come; the times of the first and the last of them."""
        deadline = perf_counter() + within
        first = last = 0.0
        while total > 0 and perf_counter() < deadline:
            asked = perf_counter()
            ready = self.poll.poll(0)  # never asleep: waking it would be the server's work
            now = perf_counter()
            if ready and not first:
                first = now
            elif first:
                self.waited += now - asked
            for number, _ in ready:
                try:
                    count = self.sockets[number].recv_into(BUFFER)
                except BlockingIOError:
                    continue
                if count == 0:
                    raise ConnectionError("the server closed a socket")
                self.received[number] += count
                total -= count
            last = perf_counter()
            if ready:
                self.longest_turn = max(self.longest_turn, last - now)
        return first, last


def fanout(
    *, port: int, path: str, sockets: int, waves: int, size: int, subprotocol: str | None = None
) -> dict[str, Any]:
    wires = [connected(port, path.format(n), subprotocol) for n in range(sockets)]
    receiver = Receiver(wires, on_the_wire(size))
    wires[0].setblocking(True)
    wires[0].sendall(client_frame(f"waves 20 {size}".encode()))  # warm-up
    wires[0].setblocking(False)
    receiver.drain(20 * sockets * receiver.frame_bytes, within=20)
    receiver.received = dict.fromkeys(receiver.received, 0)
    receiver.longest_turn = receiver.waited = 0.0
    wires[0].sendall(client_frame(f"waves {waves} {size}".encode()))
    first, last = receiver.drain(waves * sockets * receiver.frame_bytes, within=60)
    expected = waves * receiver.frame_bytes
    whole = sum(1 for count in receiver.received.values() if count == expected)
    delivered = sum(count // receiver.frame_bytes for count in receiver.received.values())
    return {
        "deliveries": delivered,
        "seconds": last - first,
        "deliveries_per_second": delivered / (last - first),
        "complete_sockets": whole,
        "receiver_idle": receiver.waited / (last - first),
        "lag": {"max_ms": receiver.longest_turn * 1000, "p99_ms": receiver.longest_turn * 1000},
    }


if __name__ == "__main__":
    print(json.dumps(fanout(**json.loads(sys.argv[1]))))
