"""A lean HTTP/1.1 client: thousands of joins a second from one process, which a general client
cannot do.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import httptools
import orjson

from app.rehearsal.address import RoomAddress

TIMEOUT_SECONDS = 30.0


@dataclass(slots=True)
class Answer:
    """What came back: status, headers (lower-case names) and the whole body."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    def json(self) -> Any:
        return orjson.loads(self.body)

    def header(self, name: bytes) -> bytes | None:
        return next((value for known, value in self.headers if known == name), None)


class Connection(asyncio.Protocol):
    """One kept-alive connection, one request at a time."""

    def __init__(self, address: RoomAddress) -> None:
        self._address = address
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self._answer = Answer()
        self._chunks: list[bytes] = []

    @classmethod
    async def open(
        cls, address: RoomAddress, *, local: tuple[str, int] | None = None
    ) -> Connection:
        security = ssl.create_default_context() if address.secure else None
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: cls(address), address.host, address.port, ssl=security, local_addr=local
        )
        return connection

    @property
    def usable(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    async def get(self, path: str, *, headers: Mapping[str, str] | None = None) -> Answer:
        return await self.request("GET", path, headers=headers)

    async def post(
        self, path: str, content: object, *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        typed = {"Content-Type": "application/json", **(headers or {})}
        return await self.request("POST", path, body=orjson.dumps(content), headers=typed)

    async def request(
        self, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One exchange; ConnectionError when the server went away before the whole answer came."""
        if self._transport is None or self._transport.is_closing():
            raise ConnectionError("the connection is closed")
        if self._waiting is not None:
            raise RuntimeError("one request at a time on one connection")
        self._answer, self._chunks = Answer(), []
        self._parser = httptools.HttpResponseParser(self)
        waiting = self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(
            _head(method, path, self._address.netloc, headers or {}, len(body)) + body
        )
        try:
            return await asyncio.wait_for(waiting, TIMEOUT_SECONDS)
        except (TimeoutError, asyncio.CancelledError):
            self.close()
            raise
        finally:
            self._waiting = None

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    # asyncio calls these
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self._parser is None or self._waiting is None:
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as fault:
            self._fail(ConnectionError(f"not HTTP: {fault}"))
            self.close()

    def connection_lost(self, fault: Exception | None) -> None:
        self._transport = None
        self._fail(fault or ConnectionError("the server closed the connection"))

    # httptools calls these
    def on_header(self, name: bytes, value: bytes) -> None:
        self._answer.headers.append((name.lower(), value))

    def on_body(self, body: bytes) -> None:
        self._chunks.append(body)

    def on_message_complete(self) -> None:
        if self._parser is not None:
            self._answer.status = self._parser.get_status_code()
            self._answer.body = b"".join(self._chunks)
            if not self._parser.should_keep_alive():
                self.close()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(self._answer)

    def _fail(self, fault: Exception) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(fault)


class Pool:
    """A few kept-alive connections that many clients share, as a room behind one address does."""

    def __init__(self, address: RoomAddress, *, size: int = 32) -> None:
        self.address = address
        self._idle: list[Connection] = []
        self._room = asyncio.Semaphore(size)

    async def get(self, path: str, *, headers: Mapping[str, str] | None = None) -> Answer:
        return await self._exchange("GET", path, b"", headers or {})

    async def post(
        self, path: str, content: object, *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        typed = {"Content-Type": "application/json", **(headers or {})}
        return await self._exchange("POST", path, orjson.dumps(content), typed)

    def close(self) -> None:
        for connection in self._idle:
            connection.close()
        self._idle.clear()

    async def _exchange(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> Answer:
        async with self._room:
            connection = await self._take()
            answer = await connection.request(method, path, body=body, headers=headers)
            if connection.usable:
                self._idle.append(connection)
            return answer

    async def _take(self) -> Connection:
        while self._idle:
            connection = self._idle.pop()
            if connection.usable:
                return connection
        return await Connection.open(self.address)


def _head(method: str, path: str, host: str, headers: Mapping[str, str], length: int) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if length or method == "POST":
        lines.append(f"Content-Length: {length}")
    return "\r\n".join([*lines, "", ""]).encode()
