"""The timebox of a block (P16): introduce, work, conclude as 10-30-10, scaled to its minutes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PHASE_NAMES = ("introduce", "work", "conclude")
PHASED_KINDS = frozenset({"interactive", "sprint"})


@dataclass(frozen=True)
class Phase:
    """One part of a block; `name` is a code, "" where the block has a single phase."""

    name: str
    minutes: int


def phases(
    kind: str, minutes: int, own: Sequence[Mapping[str, object]] | None = None
) -> tuple[Phase, ...]:
    """Its own phases, or 20/60/20 of its minutes for interactive blocks and sprints."""
    if own:
        return tuple(Phase(str(p.get("name", "")), int(str(p["minutes"]))) for p in own)
    if kind not in PHASED_KINDS or minutes < 3:
        return (Phase("", minutes),)
    edge = max(1, round(minutes * 0.2))
    return tuple(map(Phase, PHASE_NAMES, (edge, minutes - 2 * edge, edge)))


@dataclass(frozen=True)
class Slot:
    """Where a block lies in the day, in minutes after midnight; `slack` is the free time before it.

    A negative slack means that what comes before runs into a fixed start.
    """

    starts: int
    ends: int
    slack: int = 0


def schedule(day_starts: int, blocks: Sequence[tuple[int, int | None]]) -> tuple[Slot, ...]:
    """Lay blocks of (minutes, fixed start or None) after one another; a fixed start is kept.

    What follows a fixed start that was run into begins when both are over: the day has one room.
    """
    slots = []
    at = day_starts
    for minutes, fixed in blocks:
        starts = at if fixed is None else fixed
        slots.append(Slot(starts, starts + minutes, starts - at))
        at = max(at, starts + minutes)
    return tuple(slots)


def minute_of_day(clock_text: str) -> int:
    """ "09:30" as minutes after midnight."""
    hours, minutes = clock_text.split(":")
    return int(hours) * 60 + int(minutes)


def time_of(minute: int) -> str:
    """Minutes after midnight as "09:30": what `minute_of_day` reads."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
