"""Every move of a facilitator in a room, by name: the room's own and those that kinds bring."""

from collections.abc import Mapping

from app.live import agenda, conduct, door, entries, groups, note, reset, undo
from app.live.activity import registry
from app.live.commands import Command


def table() -> Mapping[str, Command]:
    """The room's commands, and those of each kind, named `<kind>.<verb>`."""
    own = (agenda, conduct, door, entries, groups, note, reset, undo)
    found = {name: command for each in own for name, command in each.COMMANDS.items()}
    for kind, logic in registry().items():
        for verb, call in logic.commands.items():
            found[f"{kind}.{verb}"] = Command(
                call.run,
                call.permission,
                call.data,
                premise=call.premise,
                undoable=call.undoable,
                leaves_undo=call.leaves_undo,
            )
    return found
