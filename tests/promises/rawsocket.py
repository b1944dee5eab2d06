"""A WebSocket without manners: sends whatever bytes a test likes, and reads only when asked to."""

from __future__ import annotations

import asyncio
import base64
import os
import socket
from collections.abc import Mapping
from time import monotonic
from typing import Any

import orjson

from app.rehearsal.address import RoomAddress
from app.rehearsal.exchange import Pool

TEXT, BINARY, CONTINUATION, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10


class Refused(Exception):
    """The handshake was answered with something else than 101."""

    def __init__(self, status: int, head: str) -> None:
        super().__init__(head)
        self.status = status


class RawSocket:
    """One connection. `receive` gives messages; after a close frame `code` is its code, after a
    cut 0."""

    def __init__(self, sock: socket.socket, head: str, rest: bytes) -> None:
        self.head = head
        self.code: int | None = None
        self.messages: list[dict[str, Any]] = []
        self.pongs = 0
        self.pings: list[bytes] = []  # unanswered, where a test reads by itself
        self._sock = sock
        self._loop = asyncio.get_running_loop()
        self._buffer = bytearray(rest)

    @classmethod
    async def open(
        cls,
        address: RoomAddress,
        *,
        headers: Mapping[str, str] | None = None,
        protocol: str | None = "kickoff.json.v1",
        receive_buffer: int | None = None,
    ) -> RawSocket:
        """Connect and shake hands; `Refused` for any answer but 101."""
        sock = await connect(address, receive_buffer=receive_buffer)
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(sock, handshake(address, headers, protocol))
        received = b""
        while b"\r\n\r\n" not in received:
            piece = await asyncio.wait_for(loop.sock_recv(sock, 4096), 10)
            if not piece:
                raise Refused(0, received.decode("latin-1"))
            received += piece
        head, _, rest = received.partition(b"\r\n\r\n")
        status = int(head.split(b" ")[1])
        if status != 101:
            sock.close()
            raise Refused(status, head.decode("latin-1"))
        return cls(sock, head.decode("latin-1"), rest)

    async def raw(self, data: bytes) -> None:
        await self._loop.sock_sendall(self._sock, data)

    async def say(self, message: Any) -> None:
        await self.raw(
            frame(TEXT, message if isinstance(message, bytes) else orjson.dumps(message))
        )

    async def hello(self, token: str | None = None, **more: Any) -> dict[str, Any]:
        """Say hello; the first answer, a welcome if all is well."""
        told = {"token": token} if token else {}
        await self.say({"type": "hello", "rev": 0, **told, **more})
        return await self.expect("welcome", "error", "bye")

    async def expect(self, *types: str, within: float = 10.0) -> dict[str, Any]:
        """The next message of one of these types."""
        async with asyncio.timeout(within):
            while True:
                message = await self.receive()
                assert message is not None, f"closed with {self.code} instead of {types}"
                if message["type"] in types:
                    return message

    async def closed(self, within: float = 10.0) -> int:
        """The close code; 0 for a line that was cut without a word. Messages before it are kept."""
        async with asyncio.timeout(within):
            while await self.receive() is not None:
                pass
        assert self.code is not None
        return self.code

    async def receive(self) -> dict[str, Any] | None:
        """The next message; None after the end."""
        while self.code is None:
            found = self._next()
            if found is None:
                await self._read()
                continue
            opcode, payload = found
            if opcode == TEXT:
                self.messages.append(orjson.loads(payload))
                return self.messages[-1]
            if opcode == PING:
                await self.raw(frame(PONG, payload))
            elif opcode == PONG:
                self.pongs += 1
            elif opcode == CLOSE:
                self.code = int.from_bytes(payload[:2])
        return None

    async def read_some(self, size: int) -> int:
        """Read as a slow line does; the number of bytes that came."""
        piece = await self._loop.sock_recv(self._sock, size)
        self._buffer += piece
        if not piece:
            self.code = self.code or 0
        return len(piece)

    def read_messages(self) -> list[dict[str, Any]]:
        """What has come in whole so far."""
        found = []
        while (piece := self._next()) is not None:
            if piece[0] == TEXT:
                found.append(orjson.loads(piece[1]))
            elif piece[0] == PING:
                self.pings.append(piece[1])
        return found

    def cut(self) -> None:
        self._sock.close()

    async def _read(self) -> None:
        try:
            piece = await self._loop.sock_recv(self._sock, 65536)
        except OSError:
            piece = b""
        if not piece:
            self.code = 0
        self._buffer += piece

    def _next(self) -> tuple[int, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        size, start = buffer[1] & 0x7F, 2
        if size == 126:
            size, start = int.from_bytes(buffer[2:4]), 4
        elif size == 127:
            size, start = int.from_bytes(buffer[2:10]), 10
        if len(buffer) < start + size:
            return None
        found = buffer[0] & 0x0F, bytes(buffer[start : start + size])
        del buffer[: start + size]
        return found


async def connect(address: RoomAddress, *, receive_buffer: int | None = None) -> socket.socket:
    sock = socket.socket()
    if receive_buffer:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    sock.setblocking(False)
    await asyncio.get_running_loop().sock_connect(sock, (address.host, address.port))
    return sock


def handshake(
    address: RoomAddress, headers: Mapping[str, str] | None = None, protocol: str | None = None
) -> bytes:
    lines = {
        "Host": address.netloc,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        **({"Sec-WebSocket-Protocol": protocol} if protocol else {}),
        **(headers or {}),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"GET /live/{address.code} HTTP/1.1\r\n{head}\r\n".encode("latin-1")


def frame(
    opcode: int, payload: bytes = b"", *, final: bool = True, masked: bool = True, rsv: int = 0
) -> bytes:
    """One frame as a client sends it (or should not)."""
    first = (0x80 if final else 0) | rsv | opcode
    bit = 0x80 if masked else 0
    if len(payload) < 126:
        head = bytes((first, bit | len(payload)))
    elif len(payload) < 65536:
        head = bytes((first, bit | 126)) + len(payload).to_bytes(2)
    else:
        head = bytes((first, bit | 127)) + len(payload).to_bytes(8)
    if not masked:
        return head + payload
    # A mask of zeros is a mask.
    return head + bytes(4) + payload


async def wait_for(holds: Any, *, what: str, within: float = 10.0) -> float:
    """Ask ten times a second; the seconds it took, or TimeoutError."""
    began = monotonic()
    while not holds():
        if monotonic() - began > within:
            raise TimeoutError(f"waited {within:g} s for {what}")
        await asyncio.sleep(0.05)
    return monotonic() - began


async def join(address: RoomAddress, **who: Any) -> dict[str, str]:
    """Become an attendee: participant_id and token."""
    pool = Pool(address, size=1)
    try:
        answer = await pool.post(address.participants, who)
        assert answer.status == 201, answer.body
        joined: dict[str, str] = answer.json()
        return joined
    finally:
        pool.close()
