"""The bus says only "look at room R". A lost message costs two seconds, never truth (D10)."""

import asyncio
import contextlib
import random
from collections.abc import Callable
from typing import Protocol

import structlog
from redis import asyncio as redis
from redis.exceptions import RedisError

log = structlog.get_logger()

CHANNEL = "kickoff:look"
SILENCE = 3.0  # seconds without a word, after which the line is asked whether it lives


class Bus(Protocol):
    """How processes tell each other where to look."""

    def announce(self, room_ids: set[str]) -> None: ...

    async def run(self, heard: Callable[[set[str]], None]) -> None: ...

    async def answers(self) -> bool: ...


class LocalBus:
    """One process: whoever announces has already looked."""

    def announce(self, room_ids: set[str]) -> None:
        """Nobody else to tell."""

    async def run(self, heard: Callable[[set[str]], None]) -> None:  # noqa: ARG002 -- a Bus's
        await asyncio.Event().wait()

    async def answers(self) -> bool:
        return True


class RedisBus:
    """Several processes. Announcements are gathered for a moment and sent by one task.

    A subscriber goes deaf without an error when its server restarts (redis-py issue 2089): so it
    asks
    for a sign of life when it has heard nothing for a while, and starts over if none comes.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._redis = redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
        self._to_tell: set[str] = set()
        self._something = asyncio.Event()

    def announce(self, room_ids: set[str]) -> None:
        self._to_tell |= room_ids
        self._something.set()

    async def run(self, heard: Callable[[set[str]], None]) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._tell())
            tasks.create_task(self._listen(heard))

    async def answers(self) -> bool:
        try:
            return bool(await self._redis.ping())
        except (RedisError, OSError):
            return False

    async def _tell(self) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            rooms, self._to_tell = self._to_tell, set()
            # What could not be told is found by the other processes' own looking.
            with contextlib.suppress(RedisError, OSError):
                await self._redis.publish(CHANNEL, ",".join(rooms))
            await asyncio.sleep(0.01)

    async def _listen(self, heard: Callable[[set[str]], None]) -> None:
        while True:
            try:
                await self._hear(heard)
            except (RedisError, OSError) as error:
                log.warning("bus.lost", error=type(error).__name__)
            await asyncio.sleep(random.uniform(0.1, 0.5))  # noqa: S311 -- spread, not secrecy

    async def _hear(self, heard: Callable[[set[str]], None]) -> None:
        async with (
            redis.Redis.from_url(self._url, socket_connect_timeout=2) as line,
            line.pubsub() as ear,
        ):
            await ear.subscribe(CHANNEL)
            asked = False
            while True:
                message = await ear.get_message(timeout=SILENCE)
                if message is None:
                    if asked:
                        raise ConnectionError("the bus does not answer")
                    asked = True
                    await asyncio.wait_for(ear.ping(), 2)
                    continue
                asked = False
                if message["type"] == "message":
                    heard(set(message["data"].decode().split(",")))
