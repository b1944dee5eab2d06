"""Takes what is in the outbox to the webhooks: one task a process, owned by the application."""

import asyncio
import contextlib

import orjson
import structlog

from app import clock
from app.database import Database
from app.errors import NotSaved
from app.notify.addresses import Resolve, policy_of, resolved
from app.notify.background import Background
from app.notify.deliver import deliver
from app.notify.sealing import opened
from app.operations import outbox
from app.operations.outbox import Taken
from app.settings import Settings

AT_ONCE = 10

log = structlog.get_logger("kickoff.webhooks")


class Courier(Background):
    name = "webhooks"

    def __init__(self, settings: Settings, database: Database, resolve: Resolve = resolved) -> None:
        super().__init__()
        self._key, self._before = settings.signing_key, settings.keys_before
        self._policy = policy_of(settings.webhook_networks)
        self._database = database
        self._resolve = resolve

    async def round(self) -> int:
        """Deliver what is due, and say how much that was."""
        taken = await self._in_thread(self._take)
        await asyncio.gather(*(self._bring(one) for one in taken))
        return len(taken)

    def _take(self) -> list[Taken]:
        with self._database.reading() as session:
            if not outbox.any_due(session, clock.now()):
                return []
        with self._database.unit_of_work() as session:
            return outbox.take(session, clock.now(), most=AT_ONCE)

    async def _bring(self, message: Taken) -> None:
        url = opened(self._key, message.sealed_url, *self._before)
        secret = opened(self._key, message.sealed_secret, *self._before)
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

    def _note(self, message_id: str, failure: str) -> None:
        with contextlib.suppress(NotSaved), self._database.unit_of_work() as session:
            outbox.went(session, message_id, failure, clock.now())
