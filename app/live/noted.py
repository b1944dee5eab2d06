"""The notes of a retrospective's wall (F7) as views and moves find them, and what the wall becomes.
What attendees may send, and who sees what, is the kind's: `activities/retro_wall`."""

from typing import Any

from app import clock
from app.errors import Conflict
from app.i18n import mark
from app.live import together
from app.live.activity import BaseResult, Model, OneActivity
from app.live.commands import Move
from app.live.snapshot import ActivityView
from app.models.activities import ActivityStatus
from app.models.kickoffs import Kickoff
from app.models.retrospectives import RetroColumn
from app.operations import retrospectives
from app.rules import retro_wall as wall
from app.rules.retro_wall import Note

DONE = "done"  # the last stage


class WallNote(Model):
    id: str
    column: RetroColumn
    text: str
    votes: int


class RetroWallResult(BaseResult):
    """`notes` are those that stand, most votes first."""

    notes: list[WallNote]
    more: int = 0  # beyond what is told


def keep(move: Move, data: OneActivity) -> dict[str, Any]:
    """The wall becomes a retrospective of the kickoff, once."""
    activity = move.activity(data.activity)
    if activity.stage != DONE and activity.status in (ActivityStatus.OPEN, ActivityStatus.DRAFT):
        raise Conflict(mark("Everybody writes and votes first."))
    view = together.view_of(move, activity.id)
    notes = wall.by_weight(notes_of(view))
    if not notes:
        raise Conflict(mark("There is nothing on the wall."))
    asked = any(one.weight for one in notes)
    kept = retrospectives.keep(
        move.session,
        move.session.get_one(Kickoff, move.room.kickoff_id),
        [retrospectives.Said(n.column, n.text, n.weight if asked else None) for n in notes],
        activity_id=activity.id,
        title=activity.title,
        now=clock.now(),
    )
    move.event_data["title"] = kept.title
    return {"retrospective": kept.id}


def notes_of(activity: ActivityView) -> list[Note]:
    """What stands on the wall, with the votes that may be told."""
    phones, tables = _votes(activity.result), _votes(activity.tables)
    others = together.others(activity)
    return [
        Note(
            id=entry.id,
            column=wall.column_of(entry.place),
            text=entry.text,
            votes=phones.get(entry.id, 0),
            table_votes=tables.get(entry.id, 0),
            others=others.get(entry.id, 0),
        )
        for entry in together.standing(activity)
    ]


def _votes(result: BaseResult | None) -> dict[str, int]:
    return {n.id: n.votes for n in result.notes} if isinstance(result, RetroWallResult) else {}
