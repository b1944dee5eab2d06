"""Every move of a facilitator in a room, by name: the room's own and those that kinds bring."""

from collections.abc import Mapping
from typing import Any

from app.errors import NotFound
from app.i18n import mark
from app.live import agenda, conduct, door, entries, groups, note, reset, showing, undo
from app.live.activity import registry
from app.live.commands import Command, Move, Run


def table() -> Mapping[str, Command]:
    """The room's commands, and those of each kind, named `<kind>.<verb>`."""
    own = (agenda, conduct, door, entries, groups, note, reset, showing, undo)
    found = {name: command for each in own for name, command in each.COMMANDS.items()}
    for kind, logic in registry().items():
        for verb, call in logic.commands.items():
            found[f"{kind}.{verb}"] = Command(
                _of_kind(kind, call.run),
                call.permission,
                call.data,
                premise=call.premise,
                undoable=call.undoable,
                leaves_undo=call.leaves_undo,
            )
    return found


def _of_kind(kind: str, run: Run) -> Run:
    """A kind's moves are for what is of that kind: what they do means nothing to another's."""

    def checked(move: Move, data: Any) -> dict[str, Any] | None:
        named = getattr(data, "activity", None)
        if named is not None and move.activity(named).kind != kind:
            raise NotFound(mark("There is no such activity in this room."))
        return run(move, data)

    return checked
