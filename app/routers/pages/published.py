"""The published answers as a page, made once for all who read it: a link that is sent to two
thousand people must not count a day's votes two thousand times."""

import asyncio
from dataclasses import dataclass
from time import monotonic
from typing import Any

from sqlmodel import col, select

from app import rendering
from app.database import Database
from app.i18n import language
from app.live.backlog import Stream, streams_of
from app.live.live import Live
from app.models.answers import PublishedAnswers
from app.models.kickoffs import Kickoff
from app.models.rooms import Room
from app.operations import publications
from app.rules.questions import QuestionState
from app.web import visit
from app.web.cached_page import CachedPage

VOTES_AGE = 5.0  # seconds: so old may the votes be that it tells
MOST_KEPT = 64


@dataclass(frozen=True)
class State:
    """What the page is made of. `settled` changes with what planners and facilitators do, which is
    shown at once; `votes` with what attendees send."""

    kickoff_id: str
    settled: tuple[Any, ...]
    votes: int


@dataclass(frozen=True)
class Kept:
    state: State
    made_at: float
    page: CachedPage

    def holds(self, state: State) -> bool:
        young = monotonic() - self.made_at < VOTES_AGE
        return self.state == state or (young and self.state.settled == state.settled)


class Published:
    """One process's pages, by link and language."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Kept] = {}
        self._making: dict[tuple[str, str], asyncio.Lock] = {}

    async def page(self, live: Live, secret: str) -> CachedPage:
        """As it is now; NotFound where the link leads nowhere."""
        state = await live.off_loop(_state, live.database, secret)
        which = secret, language()
        kept = self._kept.get(which)
        if kept is not None and kept.holds(state):
            return kept.page
        if which not in self._making and len(self._making) >= MOST_KEPT:
            self._making.clear()
            self._kept.clear()
        async with self._making.setdefault(which, asyncio.Lock()):
            kept = self._kept.get(which)
            if kept is None or not kept.holds(state):
                kept = Kept(state, monotonic(), await _made(live, state.kickoff_id))
                self._kept[which] = kept
        return kept.page


async def _made(live: Live, kickoff_id: str) -> CachedPage:
    kickoff, streams = await live.off_loop(_read, live.database, kickoff_id)
    shown = [(stream, one) for stream in streams for one in stream.questions if one.is_shown]
    with visit.standing_in():
        html = await rendering.render_apart(
            "questions/published.html",
            kickoff=kickoff,
            answered=[pair for pair in shown if pair[1].state == QuestionState.ANSWERED],
            working=[pair for pair in shown if pair[1].state != QuestionState.ANSWERED],
            is_open=any(stream.activity.status == "open" for stream in streams),
        )
    return await asyncio.to_thread(CachedPage, html)


def _state(database: Database, secret: str) -> State:
    with database.reading() as session:
        kickoff_id = publications.published_at(session, PublishedAnswers, secret).kickoff_id
        kickoff = session.get_one(Kickoff, kickoff_id)
        wanted = select(Room.id, Room.epoch, Room.revision, Room.answers).where(
            col(Room.kickoff_id) == kickoff_id
        )
        rooms = sorted(tuple(row) for row in session.execute(wanted))
    settled = (kickoff.version, *((room, epoch, seen - said) for room, epoch, seen, said in rooms))
    return State(kickoff_id, settled, sum(said for *_, said in rooms))


def _read(database: Database, kickoff_id: str) -> tuple[Kickoff, list[Stream]]:
    with database.reading() as session:
        return session.get_one(Kickoff, kickoff_id), streams_of(session, kickoff_id)
