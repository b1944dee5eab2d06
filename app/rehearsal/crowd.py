"""The people of a rehearsal in a room: each joins, looks, thinks, answers, and now and then thinks
again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from app.rehearsal import people, phrases
from app.rehearsal.address import RoomAddress
from app.rehearsal.client import Phone
from app.rehearsal.exchange import Pool
from app.rehearsal.frames import SharedFrames
from app.rehearsal.journal import Journal
from app.rehearsal.link import Refused
from app.rehearsal.people import Imagine, Temperament, by_shape


class Person:
    """A phone with somebody behind it."""

    def __init__(self, phone: Phone, *, imagine: Imagine, pace: float, rng: Random) -> None:
        self.phone = phone
        self.temperament = Temperament.drawn(rng)
        self._imagine = imagine
        self._pace = pace
        self._rng = rng
        self._considered: set[tuple[Any, ...]] = set()
        self._thoughts: set[asyncio.Task[None]] = set()
        phone.link.watchers.append(self.look)

    @property
    def thinking(self) -> bool:
        return bool(self._thoughts)

    def look(self, state: Mapping[str, Any]) -> None:
        """Takes up each question once: by activity, stage and round."""
        for activity in state.get("activities", ()):
            question = _question(activity)
            if activity["status"] == "open" and question not in self._considered:
                self._considered.add(question)
                if self._rng.random() >= self.temperament.silent:
                    self._begin(self._answer(activity))

    def stop_thinking(self) -> None:
        """Says nothing new; what was sent already still gets its answer."""
        self.phone.link.watchers.remove(self.look)
        for thought in tuple(self._thoughts):
            thought.cancel()

    async def leave(self) -> None:
        for thought in tuple(self._thoughts):
            thought.cancel()
        await asyncio.gather(*self._thoughts, return_exceptions=True)
        await self.phone.close()

    def _begin(self, thought: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(thought)
        self._thoughts.add(task)
        task.add_done_callback(self._thoughts.discard)

    async def _answer(self, activity: Mapping[str, Any]) -> None:
        try:
            await asyncio.sleep(
                people.thinking_seconds(self.temperament, activity, self._rng) / self._pace
            )
            said = await self._say(activity)
            if said and self._rng.random() < self.temperament.wavers:
                await asyncio.sleep(people.second_thoughts_seconds(self._rng) / self._pace)
                await self._say(activity)
            while said > 1 and activity.get("stage") is None:
                # Where one could say several things one finds more to say, as long as it is open.
                await asyncio.sleep(people.until_more_seconds(self._rng) / self._pace)
                said = await self._say(activity)
        except Refused:
            pass  # closed meanwhile, most often; the journal has the code

    async def _say(self, question: Mapping[str, Any]) -> int:
        """Answers what the phone shows by now, one thing after the other; nothing when the question
        has gone. How many things it said."""
        shown = (self.phone.state or {}).get("activities", ())
        activity = next((one for one in shown if _is_asked(one, question)), None)
        if activity is None:
            return 0
        opinions = self._imagine(activity["kind"], activity, self._rng)
        for number, opinion in enumerate(opinions):
            if number:
                await asyncio.sleep(people.between_seconds(self._rng) / self._pace)
            await self.phone.submit(activity["id"], opinion)
        return len(opinions)


def _question(activity: Mapping[str, Any]) -> tuple[Any, ...]:
    """Another one at each stage and in each round."""
    return (activity["id"], activity.get("stage"), activity.get("round"))


def _is_asked(shown: Mapping[str, Any], question: Mapping[str, Any]) -> bool:
    return shown["status"] == "open" and _question(shown) == _question(question)


@dataclass
class Crowd:
    """All attendees of one rehearsal, with one journal."""

    address: RoomAddress
    attendees: int
    imagine: Imagine = by_shape
    within: float = 20.0
    """seconds in which they arrive"""
    pace: float = 1.0
    """how many times faster than people they think"""
    seed: int = 1
    page: bool = True
    journal: Journal = field(default_factory=Journal)
    people: list[Person] = field(default_factory=list)
    turned_away: list[str] = field(default_factory=list)
    """why some could not join"""

    def __post_init__(self) -> None:
        self._rng = Random(self.seed)  # noqa: S311 (plausible people, no secrets)
        self._shared = SharedFrames()
        self._pool = Pool(self.address, size=64)
        self._entrance = asyncio.Semaphore(200)

    async def arrive(self) -> None:
        """Returns when everybody has joined or been turned away."""
        moments = people.arrivals(self.attendees, within=self.within, rng=self._rng)
        await asyncio.gather(
            *(self._enter(number, moment) for number, moment in enumerate(moments))
        )

    async def leave(self) -> None:
        await asyncio.gather(*(person.leave() for person in self.people))
        self._pool.close()

    @property
    def joined(self) -> list[Phone]:
        return [person.phone for person in self.people if person.phone.joined_after is not None]

    @property
    def quiet(self) -> bool:
        """Nobody thinks, and nothing waits for its answer."""
        return not any(person.thinking or person.phone.link.unanswered for person in self.people)

    @property
    def ended(self) -> bool:
        """The room is over, by what most phones show."""
        over = sum(1 for phone in self.joined if phone.state and phone.state["status"] == "ended")
        return bool(self.joined) and over * 2 > len(self.joined)

    async def _enter(self, number: int, moment: float) -> None:
        await asyncio.sleep(moment)
        rng = Random(self.seed * 1_000_003 + number)  # noqa: S311
        phone = Phone(self.address, number, journal=self.journal, rng=rng, shared=self._shared)
        person = Person(phone, imagine=self.imagine, pace=self.pace, rng=rng)
        self.people.append(person)
        name = phrases.name(rng) if person.temperament.named else None
        async with self._entrance:
            try:
                await phone.arrive(self._pool, page=self.page, name=name)
            except (Refused, OSError, TimeoutError) as fault:
                self.turned_away.append(str(fault) or type(fault).__name__)
