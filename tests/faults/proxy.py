"""A TCP proxy with faults, for tests and for the benchmark of the first page.

    async with Proxy(port, Faults(delay=0.2, jitter=0.1)) as proxy: ...   # in an event loop
    with proxy_in_thread(port, Faults(bytes_per_second=50_000)) as proxy: ...   # from a sync test

`proxy.faults` may be replaced while it runs and holds from then on, also for open connections.
`cut()` ends all connections without a good-bye, `hold()` stops all bytes until `release()`.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from random import Random
from typing import Any, TypeVar

from tests.faults.way import Faults, Way

__all__ = ["Faults", "Proxy", "ThreadedProxy", "proxy_in_thread"]

T = TypeVar("T")
LINGER_NONE = struct.pack("ii", 1, 0)  # close() then sends RST


class Proxy:
    """Listens on its own port and passes on to `target_port`."""

    def __init__(
        self,
        target_port: int,
        faults: Faults | None = None,
        *,
        target_host: str = "127.0.0.1",
        listen_port: int = 0,
        seed: int = 1,
    ) -> None:
        self.faults = faults or Faults()
        self.port = listen_port
        self.bytes_up = 0
        self.bytes_down = 0
        self.connections = 0
        self._target = (target_host, target_port)
        self.rng = Random(seed)
        self._open: dict[asyncio.Task[None], tuple[asyncio.StreamWriter, ...]] = {}
        self._server: asyncio.Server | None = None
        self.flowing = asyncio.Event()
        self.flowing.set()
        self._radio_free_at = {"up": 0.0, "down": 0.0}
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def open_connections(self) -> int:
        return len(self._open)

    async def __aenter__(self) -> Proxy:
        self._loop = asyncio.get_running_loop()
        self._server = await asyncio.start_server(
            self._accept, "127.0.0.1", self.port, backlog=4096
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        await asyncio.gather(*self._open, return_exceptions=True)
        await self._server.wait_closed()

    # from its own loop or any other thread
    def cut(self) -> None:
        """Ends every connection at once, with a reset and no good-bye."""
        self._in_loop(self._cut)

    def hold(self) -> None:
        """No byte moves until `release`; connections stay open. New ones are accepted and wait."""
        self._in_loop(self.flowing.clear)

    def release(self) -> None:
        self._in_loop(self.flowing.set)

    def _in_loop(self, work: Callable[[], object]) -> None:
        assert self._loop is not None
        if asyncio._get_running_loop() is self._loop:
            work()
        else:
            self._loop.call_soon_threadsafe(work)

    def _cut(self) -> None:
        for task, writers in self._open.items():
            for writer in writers:
                _reset(writer)
            task.cancel()

    # one connection
    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.connections += 1
        self._open[task] = (writer,)
        try:
            await asyncio.sleep(
                2 * self.faults.delay
            )  # the handshake of a line as long as this one
            await self.flowing.wait()
            far_reader, far_writer = await asyncio.open_connection(*self._target)
            self._open[task] = (writer, far_writer)
            await self._pass_both_ways(reader, writer, far_reader, far_writer)
        except (OSError, asyncio.CancelledError, asyncio.IncompleteReadError):
            pass  # one side has gone: the other one is closed below
        finally:
            for one in self._open.pop(task):
                one.close()

    async def _pass_both_ways(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        far_reader: asyncio.StreamReader,
        far_writer: asyncio.StreamWriter,
    ) -> None:
        up = Way(self, "up", reader, far_writer, back=writer)
        down = Way(self, "down", far_reader, writer)
        up.other, down.other = down, up
        tasks = [asyncio.create_task(way.run()) for way in (up, down)]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def airtime(self, way: str, size: int) -> float:
        """Seconds until a piece has gone over the shared radio, which it books."""
        rate = self.faults.bytes_per_second
        if rate is None:
            return 0.0
        now = asyncio.get_running_loop().time()
        self._radio_free_at[way] = max(now, self._radio_free_at[way]) + size / rate
        return self._radio_free_at[way] - now

    def count(self, way: str, size: int) -> None:
        if way == "up":
            self.bytes_up += size
        else:
            self.bytes_down += size


def _reset(writer: asyncio.StreamWriter) -> None:
    wire = writer.get_extra_info("socket")
    if wire is not None:
        with suppress(OSError):
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NONE)
    writer.transport.abort()


class ThreadedProxy:
    """The same proxy with its event loop in a thread; every call may be made from a sync test."""

    def __init__(self, proxy: Proxy, loop: asyncio.AbstractEventLoop) -> None:
        self._proxy = proxy
        self._loop = loop
        self.cut = proxy.cut
        self.hold = proxy.hold
        self.release = proxy.release

    def call(self, work: Callable[[], T]) -> T:
        """Runs a function in the proxy's loop."""

        async def called() -> T:
            return work()

        return asyncio.run_coroutine_threadsafe(called(), self._loop).result(timeout=15)

    @property
    def faults(self) -> Faults:
        return self._proxy.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._proxy.faults = faults

    @property
    def port(self) -> int:
        return self._proxy.port

    @property
    def base_url(self) -> str:
        return self._proxy.base_url

    @property
    def bytes_up(self) -> int:
        return self._proxy.bytes_up

    @property
    def bytes_down(self) -> int:
        return self._proxy.bytes_down

    @property
    def connections(self) -> int:
        return self._proxy.connections

    @property
    def open_connections(self) -> int:
        return self._proxy.open_connections


@contextmanager
def proxy_in_thread(
    target_port: int,
    faults: Faults | None = None,
    *,
    target_host: str = "127.0.0.1",
    listen_port: int = 0,
    seed: int = 1,
) -> Iterator[ThreadedProxy]:
    """A running proxy for a test without an event loop."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="fault-proxy", daemon=True)
    thread.start()

    def run(work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, loop).result(timeout=15)

    async def make() -> Proxy:
        proxy = Proxy(
            target_port, faults, target_host=target_host, listen_port=listen_port, seed=seed
        )
        return await proxy.__aenter__()

    proxy = run(make())
    try:
        yield ThreadedProxy(proxy, loop)
    finally:
        run(proxy.__aexit__())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=5)
        loop.close()
