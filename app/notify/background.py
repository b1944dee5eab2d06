"""A task of this process that comes round again, and whose database work is done in threads."""

import asyncio
import contextlib
import contextvars
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import structlog

from app.errors import NotSaved

Made = TypeVar("Made")

log = structlog.get_logger("kickoff.background")


class Background:
    """`look` says how much there was to do; where there was nothing it waits a while."""

    name = ""
    looks_every_seconds = 2.0
    threads = 1  # its own: what stands still elsewhere in the process is not waited for

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._in_threads: set[asyncio.Future[Any]] = set()
        self._own = ThreadPoolExecutor(self.threads, thread_name_prefix=self.name)

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name=self.name)

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        # A thread cannot be called off: it puts its connection back before the pool is closed.
        await asyncio.gather(*self._in_threads, return_exceptions=True)

    async def look(self) -> int:
        raise NotImplementedError

    async def _run(self) -> None:
        while True:
            found = 0
            try:
                found = await self.look()
            except NotSaved:
                pass  # the database is away: what is due stays due
            except Exception as error:
                # Whatever it is, it looks again: nobody else does what is due.
                log.error("background.look_failed", task=self.name, error=type(error).__name__)
            if not found:
                await self._pause()

    async def _pause(self) -> None:
        await asyncio.sleep(self.until_next_look())

    def until_next_look(self) -> float:
        """Processes that were started together do not all look at the same moment."""
        return self.looks_every_seconds * random.uniform(0.75, 1.25)  # noqa: S311 -- no secret

    async def _in_thread(self, work: Callable[..., Made], *given: Any) -> Made:
        spoken = contextvars.copy_context()  # with its language, as asyncio.to_thread does it
        running = asyncio.get_running_loop().run_in_executor(self._own, spoken.run, work, *given)
        self._in_threads.add(running)
        running.add_done_callback(self._in_threads.discard)
        return await asyncio.shield(running)
