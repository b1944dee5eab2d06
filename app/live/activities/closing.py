"""The end of the day: the three deliverables of the first 30 days, confirmed with their owners on
stage (L11); then what happens tomorrow and who owns what, from the plan's own records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Annotated, Any, ClassVar

from pydantic import Field
from sqlmodel import col, select

from app.access import Permission
from app.errors import Conflict, NotFound
from app.i18n import mark
from app.live.activity import (
    Activity,
    BallotState,
    BaseResult,
    Change,
    CommandCall,
    EntryView,
    Model,
    Said,
    Seen,
)
from app.live.commands import Move
from app.live.ready import Ready, Use
from app.live.snapshot import ActionView, DeliverableView, RoomSnapshot
from app.models.activities import NO_ENTRY
from app.models.deliverables import Deliverable
from app.models.fields import Id, Line
from app.operations import deliverables, people
from app.operations.entities import DELIVERABLES
from app.operations.records import change, find
from app.rules.tally import Figures

PRIORITISED = 3  # the method's figure
CONFIRM, TOMORROW = "confirm", "tomorrow"


class ClosingSubmission(Model):
    """Whether one knows what one does tomorrow: 1 or 0."""

    clear: int = Field(ge=0, le=1)


class ClosingResult(BaseResult):
    clear: int
    not_yet: int


class Pick(Model):
    """Which of the plan's deliverables are the three of the first 30 days."""

    activity: str = Field(max_length=36)
    deliverables: list[Annotated[str, Field(max_length=36)]] = Field(max_length=PRIORITISED)


class Confirm(Model):
    """The owner stands up for it, somebody on the list or named now; with `confirmed` false it
    was a slip."""

    activity: str = Field(max_length=36)
    deliverable: str = Field(max_length=36)
    owner_id: Annotated[Id | None, Said] = None
    owner_name: Line = ""
    confirmed: bool = True


@dataclass(frozen=True)
class Owned:
    """What one person has to do next; what is due first first."""

    owner: str
    actions: tuple[ActionView, ...]


def pick(move: Move, data: Pick) -> None:
    wanted = set(data.deliverables)
    every = select(Deliverable).where(col(Deliverable.kickoff_id) == move.room.kickoff_id)
    rows = {row.id: row for row in move.session.scalars(every.with_for_update())}
    if not wanted <= rows.keys():
        raise NotFound(mark("There is no such deliverable."))
    for row in rows.values():
        if row.prioritised != (row.id in wanted):
            _remember(move, row)
            change(move.session, DELIVERABLES, row, {"prioritised": row.id in wanted})


def confirm(move: Move, data: Confirm) -> dict[str, Any]:
    kickoff_id = move.room.kickoff_id
    row = find(move.session, DELIVERABLES, kickoff_id, data.deliverable, to_write=True)
    assert isinstance(row, Deliverable)
    _remember(move, row)
    owner_id = people.meant(move.session, kickoff_id, person_id=data.owner_id, name=data.owner_name)
    if owner_id is not None and owner_id != row.owner_id:
        change(move.session, DELIVERABLES, row, {"owner_id": owner_id})
    if data.confirmed and row.owner_id is None:
        raise Conflict(mark("It needs a named owner first."))
    deliverables.confirm(move.session, row, confirmed=data.confirmed)
    move.event_data["title"] = row.title
    return {"owner": row.owner_id}


def _remember(move: Move, row: Deliverable) -> None:
    """As it was before: after a rehearsal it is so again (reset)."""
    before = move.event_data.setdefault(deliverables.BEFORE, [])
    before.append(deliverables.as_it_was(row))


class Closing(Activity):
    kind = "closing"
    name = mark("Closing")
    icon = "flag"
    Submission, Result = ClosingSubmission, ClosingResult
    ready = (
        Ready(Use.WORK, mark("Closing of the day"), mark("The first 30 days"), "flag", asks=False),
    )
    stages = (CONFIRM, TOMORROW)
    tells_plan = True
    reveals = False  # the three stand on the wall at once, and how many know as they say so
    commands: ClassVar[Mapping[str, CommandCall]] = {
        "pick": CommandCall(pick, Permission.FACILITATE, Pick, premise=False),
        "confirm": CommandCall(confirm, Permission.FACILITATE, Confirm, premise=False),
    }

    def accept(self, config: Any, state: BallotState, submission: ClosingSubmission) -> Change:
        return Change(marks=[(NO_ENTRY, submission.clear)])

    def result(self, config: Any, entries: Sequence[EntryView], figures: Figures) -> ClosingResult:
        values = figures.values()
        return ClosingResult(
            answered=figures.answered, clear=values.get(1, 0), not_yet=values.get(0, 0)
        )

    def answer(
        self, entries: Mapping[str, EntryView], marks: Sequence[tuple[str, int]]
    ) -> dict[str, Any]:
        return {"clear": marks[0][1]} if marks else {}

    def imagine(self, seen: Seen, random: Random) -> dict[str, Any]:
        return {"clear": int(random.random() < 0.8)}

    def console_forms(self, activity: Any) -> Sequence[str]:
        return [f"pick-{activity.id}", *(f"confirm-{activity.id}-{n}" for n in range(PRIORITISED))]

    @staticmethod
    def three(room: RoomSnapshot) -> tuple[DeliverableView, ...]:
        """The deliverables of the first 30 days."""
        return tuple(one for one in room.deliverables if one.prioritised)[:PRIORITISED]

    @staticmethod
    def by_owner(room: RoomSnapshot) -> tuple[Owned, ...]:
        """Who owns what; whose next is due first comes first, and what nobody owns comes last."""
        found: dict[str, list[ActionView]] = {}
        for action in room.actions:
            found.setdefault(action.owner, []).append(action)
        owned = [Owned(owner, tuple(actions)) for owner, actions in found.items() if owner]
        unowned = [Owned("", tuple(found[""]))] if "" in found else []
        return (*owned, *unowned)
