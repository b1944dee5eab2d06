"""Taking back the last push: the room's clock, and the activities it touched, as they stood."""

from typing import Any

from app.access import Permission
from app.errors import Conflict
from app.i18n import mark
from app.live.activity import Model
from app.live.commands import ACTIVITY_STATE, ROOM_CLOCK, Command, Move
from app.models.activities import Activity, ActivityStatus
from app.operations import activities


def undo(move: Move, _: Model) -> None:
    kept = move.room.undo
    if not kept:
        raise Conflict(mark("There is nothing to undo."))
    for state in kept.get("activities", ()):
        activity = move.activity(state["id"])
        if activity.status == ActivityStatus.FROZEN or (
            activity.scrubbed and state["status"] == ActivityStatus.OPEN
        ):
            if kept["name"] == "room.end":
                continue  # the day goes on all the same; what became counts stays closed
            raise Conflict(mark("Its ballots are counts by now: open a new round instead."))
        _put_back(move, activity, state)
    for column in ROOM_CLOCK:
        setattr(move.room, column, kept["room"][column])
    move.event_data["undone"] = kept["name"]


def _put_back(move: Move, activity: Activity, state: dict[str, Any]) -> None:
    """An activity as it was; but what has been answered is never a draft again: drafts keep their
    key and are not scrubbed, so that its ballots would stay linkable for good."""
    was_open = activity.status == ActivityStatus.OPEN
    if (
        was_open
        and state["status"] == ActivityStatus.DRAFT
        and activities.has_ballots(move.session, activity.id)
    ):
        activities.close(activity, move.now_ms)
        activity.revealed = activity.live = False
        return
    for column in ACTIVITY_STATE:
        setattr(activity, column, state[column])
    activity.has_changed()


COMMANDS = {"room.undo": Command(undo, Permission.FACILITATE)}
