"""A kickoff's dashboard, watched: its page is told that something changed, and fetches itself anew.

Nothing of the plan goes over this socket. Every process looks by itself at the newest changes of
the kickoffs that somebody watches, so it needs no message from the one that wrote.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from sqlalchemy import literal, union_all
from sqlmodel import Session, col, select

from app.access import Actor, Permission, require
from app.database import Database
from app.errors import NotAllowed, NotFound
from app.live.protocol import LiveProtocol, text_frame
from app.models.answers import PublishedPlan
from app.models.history import RecordChange
from app.models.pulse_waves import PulseWave

MOST_WATCHERS = 500  # of one process; who comes later reloads the page by hand
MOST_HEARD = 20  # messages from one watcher, who has nothing to say
# Ids of two processes within a millisecond are in no order: the newest few tell, not the newest.
NEWEST = 8
CHANGED = text_frame(orjson.dumps({"type": "changed"}))


Who = Callable[[], Actor]
Marks = frozenset[tuple[str, int]]
OffLoop = Callable[..., Awaitable[Any]]


class Watcher:
    """Hears one socket of somebody who may see the kickoff."""

    def __init__(
        self, watching: "Watching", line: LiveProtocol, kickoff: tuple[str, str], who: Who
    ) -> None:
        self.line = line
        self.kickoff_id, self.organisation_id = kickoff
        self.who = who
        self._watching = watching
        self._heard = 0

    def received(self, _text: bytes) -> None:
        self._heard += 1
        if self._heard > MOST_HEARD:
            self.line.finish(1008)

    def received_binary(self) -> None:
        self.line.finish(1003)

    def unready(self) -> None:
        pass  # it is asked before each frame

    def lost(self) -> None:
        self._watching.leave(self)


class Watching:
    """Who watches what in this process."""

    def __init__(self, database: Database, off_loop: OffLoop) -> None:
        self._database = database
        self._off_loop = off_loop
        self._watchers: dict[str, set[Watcher]] = {}
        self._seen: dict[str, Marks] = {}

    def enter(self, watcher: Watcher) -> None:
        self._watchers.setdefault(watcher.kickoff_id, set()).add(watcher)
        # What changed between the page and its socket is told at once.
        watcher.line.write_frame(CHANGED)

    def leave(self, watcher: Watcher) -> None:
        others = self._watchers.get(watcher.kickoff_id, set())
        others.discard(watcher)
        if not others:
            self._watchers.pop(watcher.kickoff_id, None)
            self._seen.pop(watcher.kickoff_id, None)

    @property
    def is_full(self) -> bool:
        return sum(map(len, self._watchers.values())) >= MOST_WATCHERS

    async def look(self) -> None:
        """Tell those whose kickoff has changed since the last look."""
        for kickoff_id in list(self._watchers):
            newest = await self._off_loop(_newest, self._database, kickoff_id)
            before = self._seen.get(kickoff_id)
            self._seen[kickoff_id] = newest
            # At the first look too: the page may have fetched itself before what is found now.
            if newest != before:
                for watcher in list(self._watchers.get(kickoff_id, ())):
                    await self._tell(watcher)

    async def _tell(self, watcher: Watcher) -> None:
        if not await self._off_loop(may_watch, watcher.who, _kickoff(watcher)):
            watcher.line.finish(1008)
        elif not watcher.line.unready:
            watcher.line.write_frame(CHANGED)


def may_watch(who: Who, kickoff: tuple[str, str]) -> bool:
    """Whether they may see the plan now. Blocks."""
    try:
        require(who(), Permission.SEE_PLAN, kickoff_id=kickoff[0], organisation_id=kickoff[1])
    except (NotAllowed, NotFound):
        return False
    return True


def _kickoff(watcher: Watcher) -> tuple[str, str]:
    return watcher.kickoff_id, watcher.organisation_id


def _newest(database: Database, kickoff_id: str) -> Marks:
    with database.reading() as session:
        return _marks(session, kickoff_id)


def _marks(session: Session, kickoff_id: str) -> Marks:
    """Another answer whenever the dashboard may show something else: the newest changes of the
    plan, and what is no change of the plan, a pulse that opens or settles and the plan's link."""
    newest = (
        select(RecordChange.id)
        .where(col(RecordChange.kickoff_id) == kickoff_id)
        .order_by(col(RecordChange.id).desc())
        .limit(NEWEST)
        .subquery()
    )
    wanted = union_all(
        select(newest.c.id, literal(0)),
        select(col(PulseWave.id), col(PulseWave.version)).where(
            col(PulseWave.kickoff_id) == kickoff_id
        ),
        select(col(PublishedPlan.secret), literal(0)).where(
            col(PublishedPlan.kickoff_id) == kickoff_id
        ),
    )
    return frozenset((str(id), int(version)) for id, version in session.execute(wanted))
