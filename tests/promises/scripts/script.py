"""What a script is: sentences of attendees, the registers that they write, and what follows."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from app.rehearsal import frames
from app.rehearsal.client import Facilitator, Phone
from app.rehearsal.journal import Journal, Operation, Outcome
from app.rehearsal.judge import marks_in
from tests.promises.moves import create, push
from tests.promises.stage import at_most

Data = Mapping[str, Any]
Register = Hashable
Fact = Hashable
Answer = asyncio.Future[Mapping[str, Any]]
CONSOLE = -1
"""the client that a facilitator is"""
FIRST = 0
"""the turn in which a hall prepares; what is said in all later ones may come in any order"""


@dataclass(frozen=True)
class Said:
    operation: Operation
    data: Data


class Script(ABC):
    """One activity while it is played. Every text that it sends is said once."""

    kind: ClassVar[str]
    mode: ClassVar[str] = "named"
    config: ClassVar[Mapping[str, Any]] = {}

    def __init__(self) -> None:
        self.said: list[Said] = []
        self.activity = ""
        self.ids: dict[str, str] = {}  # by what was written: its entry
        self._journal = Journal()

    # -- what each kind says ----------------------------------------------------------------------

    def prepare(self, number: int) -> Data | None:
        """What an attendee writes first of all."""
        return None

    @abstractmethod
    def say(self, number: int, turn: int) -> Data:
        """What an attendee sends at that turn. Whatever of it comes late or twice: of what was
        said of one thing the last stands."""

    @abstractmethod
    def writes(self, said: Said) -> Iterable[tuple[Register, Hashable]]:
        """What becomes another by it. A register is one attendee's or everybody's."""

    def due(self, standing: Mapping[Register, frozenset[Any]]) -> dict[Fact, frozenset[Any]]:
        """What the room must show; of what several wrote at the same moment, one of these."""
        return dict(standing)

    @abstractmethod
    def shown(self, result: Data, entries: Sequence[Data]) -> Iterable[tuple[Fact, Any]]:
        """What it does show."""

    async def set_up(self, console: Facilitator) -> None:  # noqa: B027 (most do nothing)
        """What a facilitator does between writing and what comes then."""

    async def meanwhile(self, console: Facilitator) -> None:  # noqa: B027 (likewise)
        """What a facilitator does while people send."""

    def counts(self, said: Said) -> bool:
        """Whether who said this has answered."""
        return True

    # -- how they are played ----------------------------------------------------------------------

    async def begin(self, console: Facilitator, phones: Sequence[Phone]) -> None:
        options = {"config": dict(self.config), "live": True}
        self.activity = await create(console, self.kind, mode=self.mode, **options)
        prepared = [(phone, self.prepare(phone.number)) for phone in phones]
        answers = [self.send(phone, data) for phone, data in prepared if data is not None]
        await asyncio.gather(*answers)
        shown = await console.until(
            lambda state: self._are_there(state, len(answers)), within=at_most(10)
        )
        self.ids = {entry["text"]: entry["id"] for entry in self._entries(shown) or ()}
        await self.set_up(console)

    def send(self, phone: Phone, data: Data) -> Answer:
        operation, answer = phone.send(self.activity, data)
        self.said.append(Said(operation, data))
        return answer

    def note(self, client: int, id: str, seq: int, data: Data) -> Operation:
        """Begun, by whatever way it goes."""
        operation = self._journal.invoke(client, self.activity, id, seq, marks_in(data))
        self.said.append(Said(operation, data))
        return operation

    async def push(self, console: Facilitator, verb: str, data: Data, *, as_if: Data) -> None:
        """A facilitator's command, which does what an attendee's sentence would."""
        operation = self.note(CONSOLE, frames.fresh_id(), len(self.said), as_if)
        await push(console, f"{self.kind}.{verb}", {"activity": self.activity, **data})
        self._journal.ok(operation)

    async def merge(self, console: Facilitator, part: str, into: str) -> None:
        wanted = {"activity": self.activity, "into": self.ids[into], "entries": [self.ids[part]]}
        await push(console, "entry.merge", wanted)

    def answered(self) -> int:
        """How many attendees have, by what was acknowledged."""
        return len({s.operation.client for s in self.acknowledged if self.counts(s)} - {CONSOLE})

    @property
    def acknowledged(self) -> list[Said]:
        return [said for said in self.said if said.operation.outcome is Outcome.OK]

    def refusals(self) -> set[str]:
        return {code for said in self.said if (code := said.operation.code) is not None}

    def faults(self, result: Data, entries: Sequence[Data]) -> list[str]:
        """In words; none is the only pass."""
        due = {**self.due(standing(self)), "answered": frozenset([self.answered()])}
        shown = [("answered", result["answered"]), *self.shown(result, entries)]
        return [f"{self.kind}: {fault}" for fault in _compared(due, shown)]

    def _entries(self, state: Data) -> Sequence[Data] | None:
        for activity in state["activities"]:
            if activity["id"] == self.activity:
                return activity.get("entries")  # type: ignore[no-any-return]
        return None

    def _are_there(self, state: Data, number: int) -> bool:
        return not number or len(self._entries(state) or ()) >= number


def standing(script: Script) -> dict[Register, frozenset[Any]]:
    """By register: what may stand in it after all.

    Nothing that was refused. Of one attendee the last in its order; of several the last to be
    committed, which is known from outside only as far as one was begun when the other had been
    acknowledged.
    """
    by_register: dict[Register, list[tuple[Operation, Any]]] = {}
    for said in script.said:
        if said.operation.outcome is not Outcome.FAIL:
            for register, value in script.writes(said):
                by_register.setdefault(register, []).append((said.operation, value))
    return {register: frozenset(_last_of(writes)) for register, writes in by_register.items()}


def _last_of(writes: Sequence[tuple[Operation, Any]]) -> Iterable[Any]:
    newest: dict[int, int] = {}
    for one, _ in writes:
        if one.outcome is Outcome.OK:
            newest[one.client] = max(one.seq, newest.get(one.client, one.seq))
    # What was older than its sender's newest may have been acknowledged without having been done.
    done = [one for one, _ in writes if one.outcome is Outcome.OK and one.seq == newest[one.client]]
    for one, value in writes:
        is_old = one.seq < newest.get(one.client, one.seq)
        ended = one.answered_at
        if not is_old and not any(ended is not None and ended < o.invoked_at for o in done):
            yield value


def _compared(
    due: Mapping[Fact, frozenset[Any]], shown: Sequence[tuple[Fact, Any]]
) -> Iterable[str]:
    seen: dict[Fact, Any] = {}
    for fact, value in shown:
        if fact in seen:
            yield f"doubled: {fact}"
        elif fact not in due:
            yield f"made up: {fact} = {value}"
        elif value not in due[fact]:
            yield f"{fact} is {value}, not {sorted(map(str, due[fact]))}"
        seen[fact] = value
    for fact in due.keys() - seen.keys():
        yield f"lost: {fact} = {sorted(map(str, due[fact]))}"
