"""The wall of a retrospective (F7): notes in three columns, and which of them weigh most."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WORKED, DID_NOT, ADJUST = "worked", "did_not", "adjust"
COLUMNS = (WORKED, DID_NOT, ADJUST)
HEAVIEST = 3  # so many are named beside all others
MOST_TIED = HEAVIEST + 2  # where more share a place, that place has not been decided yet


@dataclass(frozen=True)
class Note:
    """`votes` of phones, `table_votes` of those who share one; `others` say the same in words of
    their own."""

    id: str
    column: str
    text: str
    votes: int = 0
    table_votes: int = 0
    others: int = 0

    @property
    def weight(self) -> int:
        return self.votes + self.table_votes


def column_of(place: str | None) -> str:
    """Where a note stands; one whose place nobody knows is not lost."""
    return place if place in COLUMNS else COLUMNS[0]


def in_columns(notes: Iterable[Note], *, by_votes: bool) -> list[tuple[str, list[Note]]]:
    """Every column with its notes: most votes first, or in an order that tells nothing."""
    listed = sorted(notes, key=lambda one: (-one.weight if by_votes else 0, one.id))
    return [(column, [one for one in listed if one.column == column]) for column in COLUMNS]


def by_weight(notes: Iterable[Note]) -> list[Note]:
    """All of them, most votes first, wherever they stand."""
    return sorted(notes, key=lambda one: (-one.weight, one.id))


def heaviest(notes: Sequence[Note]) -> frozenset[str]:
    """The three that weigh most, with those that weigh as much; no note without a vote is one."""
    weights = sorted((one.weight for one in notes if one.weight), reverse=True)
    if not weights:
        return frozenset()
    least = weights[:HEAVIEST][-1]
    found = [one for one in notes if one.weight >= least]
    if len(found) > MOST_TIED:
        found = [one for one in notes if one.weight > least]
    return frozenset(one.id for one in found)
