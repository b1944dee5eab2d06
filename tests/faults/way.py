"""One direction of a connection through the proxy, and what may go wrong on it."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Protocol

from tests.faults.frames import FrameCutter, is_whole_message

CHUNK = 16 * 1024
SEGMENT = 1460
HEADERS_END = b"\r\n\r\n"
BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True)
class Faults:
    """All off by default. Times are seconds; delay and jitter are one way: a round trip has two."""

    delay: float = 0.0
    jitter: float = 0.0
    bytes_per_second: float | None = None
    """each way, shared by all connections, as one phone's radio is"""
    loss: float = 0.0
    """chance that a piece is lost; TCP sends it again, so what one sees is a stall"""
    loss_stall: float = 0.25
    idle_seconds: float | None = None
    """a connection without bytes for so long is dropped, as careful firewalls do"""
    never_upgrade: bool = False
    """answers 502 to every upgrade, as a proxy that knows no WebSockets"""
    buffer_answers: bool = False
    """lets an upgrade through and then passes nothing back, as a proxy that waits for the end"""
    duplicate: float = 0.0
    """chance that a client's WebSocket message goes out once more"""
    shuffle: float = 0.0
    """seconds within which a client's WebSocket messages overtake each other"""
    hold_client: float = 0.0
    """seconds up to which single client messages are held back, all later ones of it behind them"""


class Line(Protocol):
    """What a way needs to know of its proxy."""

    faults: Faults
    rng: Random
    flowing: asyncio.Event

    def airtime(self, way: str, size: int) -> float: ...
    def count(self, way: str, size: int) -> None: ...


class Way:
    """One direction: reads at once, lets each piece arrive when it is due."""

    def __init__(
        self,
        line: Line,
        name: str,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        back: asyncio.StreamWriter | None = None,
    ) -> None:
        self._line = line
        self._name = name
        self._reader = reader
        self._writer = writer
        self._back = back
        self.other: Way | None = None
        self.heard_at = 0.0
        self.upgraded = False
        self._head = b""
        self._cutter = FrameCutter()
        self._due: list[tuple[float, int, bytes]] = []
        self._order = itertools.count()
        self._news = asyncio.Event()
        self._last_due = 0.0
        self._ended = False

    async def run(self) -> None:
        self.heard_at = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as both:
            both.create_task(self._read())
            both.create_task(self._deliver())

    async def _read(self) -> None:
        while True:
            data = await self._next()
            if not data:
                self._ended = True
                self._news.set()
                return
            await self._line.flowing.wait()
            for piece, movable in self._pieces(data):
                self._put(piece, movable=movable)

    async def _next(self) -> bytes:
        """The next bytes, or none at the end or when both ways were idle for too long."""
        loop = asyncio.get_running_loop()
        while True:
            idle = self._line.faults.idle_seconds
            look = 1.0 if idle is None else idle / 4
            try:
                data = await asyncio.wait_for(self._reader.read(self._appetite), look)
            except TimeoutError:
                other = self.other.heard_at if self.other else 0.0
                if idle is not None and loop.time() - max(self.heard_at, other) >= idle:
                    return b""
                continue
            except ConnectionError:
                return b""
            self.heard_at = loop.time()
            return data

    @property
    def _appetite(self) -> int:
        """A slow line brings segments, not heaps."""
        return CHUNK if self._line.faults.bytes_per_second is None else SEGMENT

    def _pieces(self, data: bytes) -> Iterator[tuple[bytes, bool]]:
        """Whole messages of an upgraded client may move by themselves; other bytes stay in line."""
        if self._name == "down":
            if self._line.faults.buffer_answers and self.other is not None and self.other.upgraded:
                return
            yield data, False
            return
        if not self.upgraded:
            data = self._look_for_upgrade(data)
            if not self.upgraded:
                if data:
                    yield data, False
                return
            head, _, data = data.partition(HEADERS_END)
            yield head + HEADERS_END, False
        for frame in self._cutter.feed(data):
            yield frame, is_whole_message(frame)

    def _look_for_upgrade(self, data: bytes) -> bytes:
        """Keeps the head of a request together until one can see what it asks for."""
        self._head += data
        head, found, _ = self._head.partition(HEADERS_END)
        if not found and len(self._head) < CHUNK and self._head[:4] == b"GET ":
            return b""
        whole, self._head = self._head, b""
        if b"upgrade: websocket" not in head.lower():
            return whole
        if self._line.faults.never_upgrade and self._back is not None:
            self._back.write(BAD_GATEWAY)
            raise ConnectionAbortedError("this proxy never upgrades")
        self.upgraded = True
        return whole

    def _put(self, piece: bytes, *, movable: bool) -> None:
        """Books a piece to arrive when delay, rate and loss say so, in order unless shuffled."""
        faults, rng = self._line.faults, self._line.rng
        now = asyncio.get_running_loop().time()
        late = faults.delay + rng.uniform(0, faults.jitter)
        late += self._line.airtime(self._name, len(piece))
        if rng.random() < faults.loss:
            late += faults.loss_stall * rng.uniform(1, 2)
        copies = 1
        if movable:
            late += rng.uniform(0, faults.hold_client)
            copies += rng.random() < faults.duplicate
        for _ in range(copies):
            if movable and faults.shuffle:
                due = now + late + rng.uniform(0, faults.shuffle)
            else:
                due = self._last_due = max(now + late, self._last_due)
            heapq.heappush(self._due, (due, next(self._order), piece))
        self._news.set()

    async def _deliver(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            if not self._due:
                if self._ended:
                    raise ConnectionError("this way has ended")
                self._news.clear()
                await self._news.wait()
                continue
            wait = self._due[0][0] - loop.time()
            if wait > 0:
                self._news.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), wait)
                continue
            await self._line.flowing.wait()
            piece = heapq.heappop(self._due)[2]
            self._line.count(self._name, len(piece))
            self._writer.write(piece)
            await self._writer.drain()
