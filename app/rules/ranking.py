"""The top five (L5): everyone orders up to five, a Borda count 5-4-3-2-1 makes the room's order.

Ties: more points go first; then more first places, then more second places, and so on. Those who
are still equal share the place, and the next place is as many further down (1, 1, 3). They are
listed in the order in which they were made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PLACES = 5


@dataclass(frozen=True)
class Ranked:
    """An entry and what it got; `counts_by_place[0]` is how often it was put first.

    `place` is None where nobody ranked it.
    """

    entry_id: str
    points: int
    place: int | None
    counts_by_place: tuple[int, ...]


def points_of(place: int, *, places: int = PLACES) -> int:
    """What a place is worth: the first as many points as there are places, the last one."""
    return places + 1 - place


def ranked(
    entry_ids: Sequence[str], counts: Mapping[tuple[str, int], int], *, places: int = PLACES
) -> tuple[Ranked, ...]:
    """The room's order of entries, given in the order in which they were made.

    `counts` maps (entry id, place) to the number of ballots, places from 1. What is not among the
    entries, or further down than `places`, counts nothing.
    """
    by_entry = {
        entry_id: tuple(counts.get((entry_id, place), 0) for place in range(1, places + 1))
        for entry_id in entry_ids
    }
    return tuple(_placed(sorted((_counted(*item) for item in by_entry.items()), key=_merit)))


def merged_ballot(
    ranks: Sequence[tuple[str, int]], into: Mapping[str, str]
) -> list[tuple[str, int]]:
    """A ballot of (entry id, place) as it counts after merges, best place first.

    Who had ranked both keeps the better place. The worse one stays empty, and what came after it
    keeps the place it was given: the facilitator's tidying changes the points of what was tidied,
    not those of anything else, and an undo (the same ballot with another mapping) is exact.
    """
    best: dict[str, int] = {}
    for entry_id, place in ranks:
        standing = stands_for(entry_id, into)
        best[standing] = min(place, best.get(standing, place))
    return sorted(best.items(), key=lambda rank: (rank[1], rank[0]))


def stands_for(entry_id: str, into: Mapping[str, str]) -> str:
    """The entry that this one was merged into, over as many merges as there were."""
    passed = {entry_id}
    while (following := into.get(entry_id, entry_id)) != entry_id:
        if following in passed:
            raise ValueError(f"merged in a circle: {sorted(passed)}")
        passed.add(following)
        entry_id = following
    return entry_id


def _counted(entry_id: str, by_place: tuple[int, ...]) -> Ranked:
    worth = (points_of(place, places=len(by_place)) for place in range(1, len(by_place) + 1))
    points = sum(n * each for n, each in zip(by_place, worth, strict=True))
    return Ranked(entry_id, points, None, by_place)


def _merit(entry: Ranked) -> tuple[int, ...]:
    """Sorts the better first; alike only where the tie rule finds no difference."""
    return (-entry.points, *(-n for n in entry.counts_by_place))


def _placed(entries: Sequence[Ranked]) -> list[Ranked]:
    """Sorted entries with their places; a place is one more than the number that are better."""
    placed: list[Ranked] = []
    for better, entry in enumerate(entries):
        place: int | None = better + 1
        if entry.points == 0:
            place = None
        elif placed and _merit(placed[-1]) == _merit(entry):
            place = placed[-1].place
        placed.append(Ranked(entry.entry_id, entry.points, place, entry.counts_by_place))
    return placed
