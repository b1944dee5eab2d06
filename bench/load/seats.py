"""Ten thousand sockets in one process, whose own lag stays small.

They have a poll of their own, looked at each millisecond and a bounded number at a time, so that a
burst to all of them never keeps timers waiting; what waits in that queue meanwhile counts as the
server's time. A frame costs one read: no task, no timer, no callback of the loop.
"""

from __future__ import annotations

import asyncio
import select
import socket
import struct
from collections.abc import Callable, Sequence

from app.rehearsal.address import RoomAddress
from bench import websocket
from bench.websocket import client_frame, server_frames

AT_ONCE = 100
WITHIN_SECONDS = 30
LARGEST_ANSWER = 200  # bytes of an acknowledgement or a refusal; a picture is larger
LOOK_EVERY = 0.001
IN_ONE_TURN = 128  # sockets
BUFFER = bytearray(64 * 1024)
TEXT_OF_TWO_BYTES = 0x817E  # a whole text, its size in the next two bytes
_head = struct.Struct("!HH").unpack_from


class Seat:
    """One attendee's socket. `hear` is told each text but the welcome and what counts as a
    picture."""

    __slots__ = ("dropped", "frames", "hear", "number", "rest", "welcomed", "wire")

    def __init__(
        self, number: int, wire: socket.socket, hear: Callable[[Seat, bytes], None]
    ) -> None:
        self.number = number
        self.wire = wire
        self.hear = hear
        self.welcomed: asyncio.Future[None] | None = asyncio.get_running_loop().create_future()
        self.frames = 0
        self.dropped = False
        self.rest = b""  # of a frame that has come in part

    def send(self, frame: bytes) -> None:
        if self.wire.send(frame) != len(frame):
            raise RuntimeError("the server does not read")

    def read(self) -> bool:
        """Takes what has come; False at the end."""
        try:
            size = self.wire.recv_into(BUFFER)
        except BlockingIOError:
            return True
        except OSError:
            size = 0
        if size == 0:
            self.dropped = True
        elif (
            size > LARGEST_ANSWER
            and _head(BUFFER) == (TEXT_OF_TWO_BYTES, size - 4)
            and not self.rest
            and self.welcomed is None
        ):
            # Ten thousand of these come at once: to look into each would make the generator late.
            self.frames += 1
        else:
            self._take(self.rest + BUFFER[:size])
        return not self.dropped

    def _take(self, data: bytes) -> None:
        frames, self.rest = server_frames(data)
        for opcode, payload in frames:
            if opcode == websocket.PING:
                self.send(client_frame(payload, websocket.PONG))
            elif opcode == websocket.CLOSE:
                self.dropped = True
            elif self.welcomed is not None and b'"welcome"' in payload[:60]:
                self.welcomed.set_result(None)
                self.welcomed = None
            elif len(payload) > LARGEST_ANSWER:
                self.frames += 1
            else:
                self.hear(self, payload)


class Seats:
    """All seats of a room, read in turns from now on."""

    def __init__(self) -> None:
        self._poll = select.epoll()
        self._seats: dict[int, Seat] = {}
        self._loop = asyncio.get_running_loop()
        self._next: asyncio.Handle = self._loop.call_soon(self._turn)

    async def take(
        self,
        address: RoomAddress,
        greeting: bytes,
        openings: Sequence[bytes],
        hear: Callable[[Seat, bytes], None],
    ) -> list[Seat]:
        """One for each opening, in their order, when all have been welcomed."""
        door = asyncio.Semaphore(AT_ONCE)

        async def sit(number: int, opening: bytes) -> Seat:
            async with door, asyncio.timeout(WITHIN_SECONDS):
                wire = await _connected(address, number, greeting)
                seat = Seat(number, wire, hear)
                welcomed = seat.welcomed
                assert welcomed is not None
                self.add(seat)
                seat.send(opening)
                await welcomed
            return seat

        return await asyncio.gather(*(sit(*one) for one in enumerate(openings)))

    def add(self, seat: Seat) -> None:
        self._seats[seat.wire.fileno()] = seat
        self._poll.register(seat.wire, select.EPOLLIN)

    def close(self) -> None:
        self._next.cancel()
        self._poll.close()
        for seat in self._seats.values():
            seat.wire.close()

    def _turn(self) -> None:
        ready = self._poll.poll(0, IN_ONE_TURN)
        seats = self._seats
        for number, _ in ready:
            if not seats[number].read():
                self._poll.unregister(number)
        if len(ready) == IN_ONE_TURN:  # there is more, but timers come first
            self._next = self._loop.call_soon(self._turn)
        else:
            self._next = self._loop.call_later(LOOK_EVERY, self._turn)


async def _connected(address: RoomAddress, number: int, greeting: bytes) -> socket.socket:
    loop = asyncio.get_running_loop()
    wire = socket.socket()
    wire.setblocking(False)
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if local := address.local_for(number):
        wire.bind(local)
    await loop.sock_connect(wire, (address.host, address.port))
    await loop.sock_sendall(wire, greeting)
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):  # nothing follows before we have said hello
        some = await loop.sock_recv(wire, 4096)
        answer += some
        if not some:
            break
    if not websocket.switched(answer):
        raise ConnectionError(answer.decode(errors="replace"))
    return wire
