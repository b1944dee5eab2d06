"""Takes what is in the outbox to the webhooks: one task a process, owned by the application."""

import asyncio
import contextlib
import random
from collections.abc import Callable
from typing import Any, TypeVar

import orjson
import structlog

from app import clock
from app.database import Database
from app.errors import NotSaved
from app.notify.addresses import Resolve, policy_of, resolved
from app.notify.deliver import deliver
from app.notify.sealing import opened
from app.operations import outbox
from app.operations.outbox import Taken
from app.settings import Settings

AT_ONCE = 10
LOOKS_EVERY_SECONDS = 2.0

Made = TypeVar("Made")

log = structlog.get_logger("kickoff.webhooks")


class Courier:
    def __init__(self, settings: Settings, database: Database, resolve: Resolve = resolved) -> None:
        self._key = settings.signing_key
        self._policy = policy_of(settings.webhook_networks)
        self._database = database
        self._resolve = resolve
        self._task: asyncio.Task[None] | None = None
        self._in_threads: set[asyncio.Future[Any]] = set()

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="webhooks")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        # A thread cannot be called off: it puts its connection back before the pool is closed.
        await asyncio.gather(*self._in_threads, return_exceptions=True)

    async def round(self) -> int:
        """Deliver what is due, and say how much that was."""
        taken = await self._in_thread(self._take)
        await asyncio.gather(*(self._bring(one) for one in taken))
        return len(taken)

    async def _run(self) -> None:
        while True:
            brought = 0
            try:
                brought = await self.round()
            except NotSaved:
                pass  # the database is away: what is due stays due
            except Exception as error:
                # Whatever it is, the next round is tried: nobody else brings what is due.
                log.error("webhooks.round_failed", error=type(error).__name__)
            if not brought:
                # Processes that were started together do not all look at the same moment.
                await asyncio.sleep(LOOKS_EVERY_SECONDS * random.uniform(0.75, 1.25))  # noqa: S311 -- no secret

    def _take(self) -> list[Taken]:
        with self._database.reading() as session:
            if not outbox.any_due(session, clock.now()):
                return []
        with self._database.unit_of_work() as session:
            return outbox.take(session, clock.now(), most=AT_ONCE)

    async def _bring(self, message: Taken) -> None:
        url = opened(self._key, message.sealed_url)
        secret = opened(self._key, message.sealed_secret)
        if url is None or secret is None:
            failure = "sealed_otherwise"
        else:
            body = orjson.dumps(message.content, option=orjson.OPT_UTC_Z).decode()
            failure = await deliver(
                url,
                secret,
                message_id=message.id,
                at=clock.now(),
                body=body,
                policy=self._policy,
                resolve=self._resolve,
            )
        log.info("webhook", message=message.id, failure=failure or None)
        await self._in_thread(self._note, message.id, failure)

    async def _in_thread(self, work: Callable[..., Made], *given: Any) -> Made:
        running = asyncio.ensure_future(asyncio.to_thread(work, *given))
        self._in_threads.add(running)
        running.add_done_callback(self._in_threads.discard)
        return await asyncio.shield(running)

    def _note(self, message_id: str, failure: str) -> None:
        with contextlib.suppress(NotSaved), self._database.unit_of_work() as session:
            outbox.went(session, message_id, failure, clock.now())
