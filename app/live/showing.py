"""Showing the program of a block: one thing after the other on the projector, and what of it is
lit."""

from typing import Annotated

from pydantic import Field, StringConstraints

from app.access import Permission
from app.errors import Conflict, NotFound
from app.i18n import mark
from app.live import conduct, program
from app.live.activity import Model, OneActivity
from app.live.commands import Command, Move
from app.live.shown import ACTIVITY, PICTURE
from app.models.activities import ActivityStatus
from app.models.rooms import RoomStatus, Screen

_ID = r"[0-9a-f-]{36}"
Item = Annotated[
    str,
    StringConstraints(
        pattern=rf"^((page|activity):{_ID}|slide:{_ID}:\d{{1,3}}|picture:[a-z-]{{1,30}})?$"
    ),
]
Focus = Annotated[str, StringConstraints(pattern=rf"^(part:\d{{1,4}}|node:{_ID})?$")]


class Show(Model):
    """What comes on the projector: "" is the block itself. An activity is opened where nobody was
    asked yet."""

    item: Item
    focus: Focus = ""

    @property
    def activity(self) -> str | None:
        """The activity that is locked for it."""
        kind, _, rest = self.item.partition(":")
        return rest if kind == ACTIVITY else None


class Lit(Model):
    """A part or one node of the picture that is shown; "" is all of it."""

    focus: Focus = Field(description="part:N, from 0, or node:ID")


def show(move: Move, data: Show) -> None:
    room = move.room
    if room.status in (RoomStatus.LOBBY, RoomStatus.ENDED):
        raise Conflict(mark("The day is not running."))
    if data.activity is not None:
        activity = move.activity(data.activity)
        if activity.status == ActivityStatus.DRAFT:
            conduct.open_(move, OneActivity(activity=activity.id))
        conduct.stage(move, conduct.Staged(activity=activity.id))
        program.walk_to(move.session, room, data.item)
        return
    if data.item and not program.is_there(move.session, room.kickoff_id, data.item):
        raise NotFound(mark("There is nothing like that to show."))
    room.stage_activity_id = None
    room.stage_item, room.stage_focus = data.item, data.focus
    program.walk_to(move.session, room, data.item)
    room.screen = Screen.SHOW


def light(move: Move, data: Lit) -> None:
    if not move.room.stage_item.startswith(PICTURE) or move.room.stage_activity_id:
        raise Conflict(mark("No picture of the plan is on the projector."))
    move.room.stage_focus = data.focus


COMMANDS = {
    "stage.show": Command(show, Permission.FACILITATE, Show, undoable=True),
    "stage.light": Command(light, Permission.FACILITATE, Lit, undoable=True),
}
