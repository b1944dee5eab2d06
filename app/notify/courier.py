"""Takes what is in the outbox to where it goes: one task a process, owned by the application."""

import asyncio
import contextlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import orjson
import structlog

from app import clock
from app.database import Database
from app.errors import NotSaved, where
from app.models.webhooks import Speaks
from app.notify.addresses import Resolve, policy_of, resolved
from app.notify.attached import Attached, Papers, wants_paper
from app.notify.background import Background
from app.notify.deliver import deliver, signed
from app.notify.mail import mail_of, mail_server, send
from app.notify.sealing import opened
from app.notify.slack import slack_body
from app.notify.teams import teams_body
from app.notify.wording import Message, as_event, worded
from app.operations import outbox
from app.operations.letters import Outcome, Taken
from app.outputs.paper import PaperNotMade
from app.settings import Settings

AT_ONCE = 20  # each to another target
LEAVE_SECONDS = 3.0  # for what is under way when the process is asked to stop
TOO_LARGE = "answered_413"
NO_MAIL_SERVER = "no_mail_server"
TRIES_WITH_PAPER = 4

log = structlog.get_logger("kickoff.webhooks")


@dataclass(frozen=True)
class Letter:
    """A message that is made, and only to be taken there."""

    words: Message
    papers: tuple[Attached, ...] = ()


class Courier(Background):
    name = "webhooks"
    threads = 4

    def __init__(self, settings: Settings, database: Database, resolve: Resolve = resolved) -> None:
        super().__init__()
        self._key, self._before = settings.signing_key, settings.keys_before
        self._policy = policy_of(settings.webhook_networks)
        self._root = (settings.public_url or "").rstrip("/")
        self._language = settings.language
        self._mail_server = mail_server(settings)
        self._missed_a_mail_server = False
        self._database = database
        self._resolve = resolve
        self._under_way: set[asyncio.Task[None]] = set()
        self._one_is_back = asyncio.Event()
        self._papers = Papers(database)
        self._one_paper = asyncio.Lock()
        self._names = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="names")

    async def look(self) -> int:
        """Set out with what is due, as far as hands are free, and say how much that was."""
        taken = await self._in_thread(self._take, AT_ONCE - len(self._under_way))
        for one in taken:
            task = asyncio.create_task(self._bring(one), name=f"webhooks {one.id}")
            self._under_way.add(task)
            task.add_done_callback(self._back)
        return len(taken)

    async def round(self) -> int:
        """Set out with what is due now, and come back from it."""
        count = await self.look()
        await asyncio.gather(*self._under_way)
        return count

    async def stop(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=LEAVE_SECONDS)
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await super().stop()

    async def _pause(self) -> None:
        """Until somebody is back, whose target may have more; or until it is time to look."""
        self._one_is_back.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.until_next_look()):
                await self._one_is_back.wait()

    def _back(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._one_is_back.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            # The message is due again when its lease is over.
            log.error("webhook.failed", error=type(error).__name__)

    def _take(self, most: int) -> list[Taken]:
        if most <= 0:
            return []
        with self._database.reading() as session:
            if not outbox.any_due(session, clock.now()):
                return []
        with self._database.unit_of_work() as session:
            return outbox.take(session, clock.now(), most=most)

    async def _bring(self, message: Taken) -> None:
        try:
            outcome = await self._made_and_sent(message)
        except NotSaved:
            return  # the database is away: it is due again when its lease is over
        except Exception as error:
            # Whatever it is, it is this message's: what waits behind it is not to wait for it.
            log.error("webhook.not_made", message=message.id, **where(error))
            outcome = Outcome(outbox.NOT_MADE, None, is_the_targets=False)
        if outcome is None:
            return
        self._tell(message, outcome)
        await self._in_thread(self._note, message, outcome)

    def _tell(self, message: Taken, outcome: Outcome) -> None:
        if outcome.failure == NO_MAIL_SERVER:
            # Nothing is wrong with this mail: the operator hears of it once, and not for each.
            if not self._missed_a_mail_server:
                log.warning("webhook.no_mail_server", setting="KICKOFF_SMTP_URL")
            self._missed_a_mail_server = True
            return
        log.info("webhook", message=message.id, to=message.speaks, failure=outcome.failure or None)

    async def _made_and_sent(self, message: Taken) -> Outcome | None:
        """None where making it took so long that another may have it by now."""
        if message.speaks == Speaks.MAIL and self._mail_server is None:
            return Outcome(NO_MAIL_SERVER)
        words = await self._in_thread(self._worded, message)
        try:
            made = Letter(words, await self._papers_of(message, words))
        except PaperNotMade:
            return Outcome("paper_not_made", None, is_the_targets=False)
        if not outbox.has_time(message, clock.now()):
            return None
        return await self._sent(message, made)

    async def _sent(self, message: Taken, made: Letter) -> Outcome:
        if message.speaks == Speaks.MAIL:
            return await self._mailed(message, made)
        words = made.words
        url = opened(self._key, message.sealed_url, *self._before)
        if url is None:
            return Outcome("sealed_otherwise")
        if message.speaks == Speaks.SIGNED:
            return await self._signed(message, words, url)
        outcome = await self._posted(url, _chat_body(message.speaks, words))
        if outcome.failure == TOO_LARGE:
            outcome = await self._posted(url, _chat_body(message.speaks, words.shortened()))
        return outcome

    async def _signed(self, message: Taken, made: Message, url: str) -> Outcome:
        secret = opened(self._key, message.sealed_secret, *self._before)
        if secret is None:
            return Outcome("sealed_otherwise")
        content = message.change or as_event(message, made)
        body = orjson.dumps(content, option=orjson.OPT_UTC_Z).decode()
        return await self._posted(url, body, signed(secret, message.id, clock.now(), body))

    async def _posted(
        self, url: str, body: str | bytes, headers: Mapping[str, str] | None = None
    ) -> Outcome:
        return await deliver(
            url,
            body,
            headers or {},
            policy=self._policy,
            resolve=self._resolve,
            names=self._names,
        )

    async def _mailed(self, message: Taken, made: Letter) -> Outcome:
        assert self._mail_server is not None, "who has none makes no mail"
        assert message.reader is not None, "mail has a reader"
        try:
            mail = mail_of(made.words, message, message.reader, self._mail_server, made.papers)
        except ValueError:
            return Outcome("mail_refused", None, is_the_targets=False)  # no address to write to
        return await send(mail, message.reader, self._mail_server)

    async def _papers_of(self, message: Taken, words: Message) -> tuple[Attached, ...]:
        """The papers that go with it. A server that does not get to make one in several tries sends
        the words without it: they have a link to the same figures."""
        if message.speaks != Speaks.MAIL or not wants_paper(message):
            return ()
        try:
            async with self._one_paper:
                return await self._in_thread(self._papers.of, message, words.language)
        except PaperNotMade:
            if message.attempt < TRIES_WITH_PAPER:
                raise
            log.warning("webhook.without_paper", message=message.id)
            return ()

    def _worded(self, message: Taken) -> Message:
        return worded(message, key=self._key, root=self._root, language=self._language)

    def _note(self, message: Taken, outcome: Outcome) -> None:
        with contextlib.suppress(NotSaved), self._database.unit_of_work() as session:
            outbox.went(session, message, outcome, clock.now())


def _chat_body(speaks: Speaks, made: Message) -> Any:
    return orjson.dumps(slack_body(made)) if speaks == Speaks.SLACK else teams_body(made)
