"""What a room answered, by team, as far as it may be told: by the rule of the pulses.

No team of fewer than five, and no team whose figures would give away fewer than five others when
they are taken off those of the whole room.
"""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from app.rules.pulse_groups import Group, tellable

TEAM = 0  # the one dimension


class Said(NamedTuple):
    """One mark. `team` is "" where somebody is in none."""

    team: str
    entry_id: str
    value: int


def told(said: Mapping[Said, int]) -> dict[Said, int]:
    """How many of each team said what, of teams that may be told. Each entry is looked at by
    itself: who said nothing of it is not among those who did."""
    cells: dict[str, Counter[tuple[str, ...]]] = {}
    for one, count in said.items():
        cells.setdefault(one.entry_id, Counter())[one.team,] += count
    known = {entry_id: tellable(counts) for entry_id, counts in cells.items()}
    return {
        one: count
        for one, count in said.items()
        if one.team and Group(TEAM, one.team) in known[one.entry_id]
    }
