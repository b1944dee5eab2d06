"""What is made once for all who ask for it: a link that is sent to two thousand people must not
count a day's votes two thousand times."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from time import monotonic
from typing import Any, Generic, TypeVar

from sqlmodel import Session, col, select

from app import rendering
from app.models.kickoffs import Kickoff
from app.models.rooms import Room
from app.web import visit
from app.web.cached_page import CachedPage

VOTES_AGE = 5.0  # seconds: so old may the votes be that it tells
MOST_KEPT = 64
Made = TypeVar("Made")


@dataclass(frozen=True)
class State:
    """What it is made of. `settled` changes with what planners and facilitators do, which is shown
    at once; `votes` with what attendees send."""

    settled: tuple[Any, ...]
    votes: int = 0


@dataclass(frozen=True)
class Kept(Generic[Made]):
    state: State
    made_at: float
    made: Made


class Shared(Generic[Made]):
    """One process's, by what was asked for. `oldest`: so many seconds old may be what is kept, in
    whatever state; None: as long as the state is the same."""

    def __init__(self, *, most_kept: int = MOST_KEPT, oldest: float | None = None) -> None:
        self._most_kept = most_kept
        self._oldest = oldest
        self._kept: dict[Hashable, Kept[Made]] = {}
        self._making: dict[Hashable, asyncio.Lock] = {}

    async def get(self, which: Hashable, state: State, make: Callable[[], Awaitable[Made]]) -> Made:
        kept = self._kept.get(which)
        if kept is not None and self._holds(kept, state):
            return kept.made
        if which not in self._making and len(self._making) >= self._most_kept:
            self._making.clear()
            self._kept.clear()
        async with self._making.setdefault(which, asyncio.Lock()):
            kept = self._kept.get(which)
            if kept is None or not self._holds(kept, state):
                kept = Kept(state, monotonic(), await make())
                self._kept[which] = kept
        return kept.made

    def _holds(self, kept: Kept[Made], state: State) -> bool:
        age = monotonic() - kept.made_at
        if self._oldest is not None and age >= self._oldest:
            return False
        young = age < VOTES_AGE
        return kept.state == state or (young and kept.state.settled == state.settled)


async def shared_page(template: str, **values: Any) -> CachedPage:
    """A page without a reader: nonce and form token are put in for each."""
    with visit.standing_in():
        html = await rendering.render_apart(template, **values)
    return await asyncio.to_thread(CachedPage, html)


def state_of(session: Session, kickoff_id: str) -> State:
    """A kickoff's, as far as its rooms are told of it."""
    kickoff = session.get_one(Kickoff, kickoff_id)
    wanted = select(Room.id, Room.epoch, Room.revision, Room.answers).where(
        col(Room.kickoff_id) == kickoff_id
    )
    rooms = sorted(tuple(row) for row in session.execute(wanted))
    settled = (kickoff.version, *((room, epoch, seen - said) for room, epoch, seen, said in rooms))
    return State(settled, sum(said for *_, said in rooms))
