"""Two who write in one section of the minutes at once: both together, and where they clash."""

from dataclasses import dataclass
from typing import Any

from app.models.minutes import MinutesLine
from app.rules.minutes import Draft

WRITTEN = ("text", "detail", "owner", "due", "left_out")  # what an editor can write of a line


@dataclass(frozen=True)
class Merged:
    """`clashes` are keys of lines ("" is the text above them) that both have changed: mine stand
    in it, until whoever saves says otherwise."""

    text: str
    lines: tuple[MinutesLine, ...]
    clashes: tuple[str, ...]


def merged(base: Draft | None, mine: Draft, theirs: Draft) -> Merged:
    """What I wrote upon `base`, with what somebody else has saved upon it meanwhile. Where nobody
    knows the base any more, all that differs is a clash."""
    before = {line.key: line for line in base.lines} if base else {}
    saved = {line.key: line for line in theirs.lines}
    text, both = _one(base.text if base else None, mine.text, theirs.text)
    clashes = [""] if both else []
    lines = []
    for line in mine.lines:
        there, was = saved.pop(line.key, None), before.get(line.key)
        if there is not None:
            stands, both = _line(was, line, there)
            lines.append(stands)
            clashes += [line.key] if both else []
        elif line != was:  # else they took it out, and I left it as it was
            lines.append(line)
    lines += [line for key, line in saved.items() if key not in before]
    return Merged(text, tuple(lines), tuple(clashes))


def _line(
    was: MinutesLine | None, mine: MinutesLine, theirs: MinutesLine
) -> tuple[MinutesLine, bool]:
    taken: dict[str, Any] = {"edited": mine.edited or theirs.edited}
    clash = False
    for name in WRITTEN:
        base = getattr(was, name) if was is not None else None
        taken[name], both = _one(base, getattr(mine, name), getattr(theirs, name))
        clash = clash or both
    return theirs.model_copy(update=taken), clash


def _one(base: Any, mine: Any, theirs: Any) -> tuple[Any, bool]:
    """What stands of one field, and whether both have changed it."""
    if mine in (theirs, base):
        return theirs, False
    return mine, theirs != base
