"""Which groups of a pulse may be told: none under five, and none of which others give one away.

What is told are sums over sets of people: all of them, each team, each function, each site. Whoever
reads them can add and take away: all less every team but one, a site less the teams that are only
there. So it is not enough to leave out small groups. A set of fewer than five is given away exactly
when its indicator is a linear combination of those that are told; this looks for one, leaves out
the smallest group of the combination, and looks again until there is none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random

MINIMUM = 5
# Crossings of groups with so few people that they might be given away. Beyond that the search takes
# long, and the last dimension is left out.
MOST_SMALL = 400

_PRIME = 2**61 - 1

Cell = tuple[str, ...]  # a label in each dimension; "" where a person belongs to none


@dataclass(frozen=True, order=True)
class Group:
    dimension: int
    label: str


@dataclass(frozen=True)
class _Told:
    """What is told, as equations over the crossings that it can tell apart."""

    groups: tuple[Group, ...]
    crossings: tuple[frozenset[int], ...]  # by crossing: the groups that it is in
    counts: tuple[int, ...]

    @property
    def small(self) -> list[int]:
        return [place for place, count in enumerate(self.counts) if count < MINIMUM]


def tellable(counts: Mapping[Cell, int]) -> frozenset[Group]:
    """The groups whose figures may be told, of those who answered, counted by crossing."""
    cells = {cell: count for cell, count in counts.items() if count > 0}
    if sum(cells.values()) < MINIMUM:
        return frozenset()
    sizes = sizes_of(cells)
    large = {group for group, size in sizes.items() if size >= MINIMUM}
    while len(_told(large, cells).small) > MOST_SMALL:
        last = max(group.dimension for group in large)
        large = {group for group in large if group.dimension != last}
    groups = set(large)
    while involved := _giving_away(_told(groups, cells)):
        # The smallest tells least. One of them is always there: all together give nothing away.
        groups.remove(min(involved, key=lambda group: (sizes[group], group)))
    # What gives nothing away after all, now that others are left out.
    for group in sorted(large - groups, key=lambda group: (-sizes[group], group)):
        if not _giving_away(_told(groups | {group}, cells)):
            groups.add(group)
    return frozenset(groups)


def sizes_of(counts: Mapping[Cell, int]) -> dict[Group, int]:
    """How many are in each group."""
    sizes: dict[Group, int] = {}
    for cell, count in counts.items():
        for group in groups_of(cell):
            sizes[group] = sizes.get(group, 0) + count
    return sizes


def groups_of(cell: Cell) -> Iterator[Group]:
    return (Group(dimension, label) for dimension, label in enumerate(cell) if label)


def _told(groups: set[Group], cells: Mapping[Cell, int]) -> _Told:
    """Crossings that are in the same groups are one: nothing that is told tells them apart."""
    order = tuple(sorted(groups))
    place = {group: number for number, group in enumerate(order)}
    merged: dict[frozenset[int], int] = {}
    for cell, count in cells.items():
        member = frozenset(place[group] for group in groups_of(cell) if group in place)
        merged[member] = merged.get(member, 0) + count
    crossings = tuple(sorted(merged, key=sorted))
    return _Told(order, crossings, tuple(merged[one] for one in crossings))


def _giving_away(told: _Told) -> list[Group]:
    """The groups of a combination that gives fewer than five people away, if there is one."""
    rows, pivots = _reduced(told)
    found = _nothing_in(_hidden(rows, pivots, len(told.counts)), told)
    if found is None:
        return []
    used: dict[int, int] = {}
    for row, pivot in zip(rows, pivots, strict=True):
        if pivot in found:
            for number, times in enumerate(row[len(told.counts) :]):
                used[number] = (used.get(number, 0) + times) % _PRIME
    # The last of the equations is all of them together.
    return [group for number, group in enumerate(told.groups) if used.get(number)]


def _reduced(told: _Told) -> tuple[list[list[int]], list[int]]:
    """The equations in reduced form, each with what it was made of behind it."""
    width, height = len(told.counts), len(told.groups) + 1
    rows: list[list[int]] = []
    for number in range(height):
        everybody = number == height - 1
        row = [int(everybody or number in member) for member in told.crossings]
        rows.append(row + [int(number == other) for other in range(height)])
    pivots: list[int] = []
    for column in range(width):
        top = len(pivots)
        chosen = next((n for n in range(top, height) if rows[n][column]), None)
        if chosen is None:
            continue
        rows[top], rows[chosen] = rows[chosen], rows[top]
        inverse = pow(rows[top][column], -1, _PRIME)
        pivot = rows[top] = [value * inverse % _PRIME for value in rows[top]]
        for n in range(height):
            if n != top and (times := rows[n][column]):
                rows[n] = [(a - times * b) % _PRIME for a, b in zip(rows[n], pivot, strict=True)]
        pivots.append(column)
    return rows[: len(pivots)], pivots


def _hidden(rows: Sequence[Sequence[int]], pivots: Sequence[int], width: int) -> list[int]:
    """A change of the figures, crossing by crossing, that nothing of what is told would show.

    It is drawn at random among all such changes (with a seed of its own, so that the answer is the
    same each time): what it leaves alone, they all leave alone, but once in 2**61.
    """
    random = Random(5)  # noqa: S311 -- nothing is kept secret by it
    change = [random.randrange(1, _PRIME) for _ in range(width)]
    for pivot in pivots:
        change[pivot] = 0
    free = [place for place in range(width) if change[place]]
    for row, pivot in zip(rows, pivots, strict=True):
        change[pivot] = -sum(row[place] * change[place] for place in free) % _PRIME
    return change


def _nothing_in(change: Sequence[int], told: _Told) -> frozenset[int] | None:
    """Crossings with fewer than five people together, in which the change adds up to nothing: then
    what they answered is determined by what is told."""
    counts, small = told.counts, told.small
    sums: dict[int, list[tuple[int, ...]]] = {}
    for size in (1, 2):
        for few in combinations(small, size):
            if sum(counts[one] for one in few) < MINIMUM:
                total = sum(change[one] for one in few) % _PRIME
                if total == 0:
                    return frozenset(few)
                sums.setdefault(total, []).append(few)
    for total, several in sums.items():
        for others in sums.get(-total % _PRIME, ()):
            for few in several:
                both = frozenset(few + others)
                apart = len(both) == len(few) + len(others)
                if apart and sum(counts[one] for one in both) < MINIMUM:
                    return both
    return None
