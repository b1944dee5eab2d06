"""Counting marks: what every kind's result is computed from. Order of ballots never matters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Source(StrEnum):
    """Who a figure comes from; figures of different sources are shown side by side, never mixed."""

    PHONES = "phones"
    TABLES = "tables"  # one phone for a table: counts the people at it
    HANDS = "hands"  # a counted show of hands


@dataclass(frozen=True)
class Figures:
    """Counts of one source. `answered` is people; `counts` maps (entry id, value) to marks; `teams`
    are the same by team, where that is told."""

    answered: int
    counts: Mapping[tuple[str, int], int]
    teams: Mapping[str, Mapping[tuple[str, int], int]] = field(default_factory=dict)

    def of_entry(self, entry_id: str) -> int:
        """Marks on an entry, whatever their value."""
        return sum(n for (entry, _), n in self.counts.items() if entry == entry_id)

    def by_value(self, entry_id: str) -> dict[int, int]:
        """Marks on an entry, by value."""
        return {value: n for (entry, value), n in self.counts.items() if entry == entry_id}

    def entries(self) -> dict[str, int]:
        """Marks by entry, whatever their value."""
        by_entry: dict[str, int] = {}
        for (entry, _), n in self.counts.items():
            by_entry[entry] = by_entry.get(entry, 0) + n
        return by_entry

    def values(self) -> dict[int, int]:
        """Marks by value, whatever their entry."""
        by_value: dict[int, int] = {}
        for (_, value), n in self.counts.items():
            by_value[value] = by_value.get(value, 0) + n
        return by_value


NO_FIGURES = Figures(0, {})


def told(
    *, phones: int, table_phones: int, minimum_group: int, anonymous: bool
) -> frozenset[Source]:
    """Of phones and tables those whose figures may be told; both are numbers of ballots.

    They are told apart. So where nobody may know who answered what, neither is told of one ballot
    alone: the facilitator decides which phone is a table's, and could set one apart from all
    others.
    """
    least = max(minimum_group, 2) if anonymous and table_phones else minimum_group
    enough = {Source.PHONES: phones >= least, Source.TABLES: table_phones >= max(least, 1)}
    return frozenset(source for source, holds in enough.items() if holds)


def figures(answered: int, rows: Iterable[tuple[str, int, int]]) -> Figures:
    """Figures from (entry id, value, count) rows, which may name the same pair twice."""
    counts: dict[tuple[str, int], int] = {}
    for entry_id, value, count in rows:
        counts[entry_id, value] = counts.get((entry_id, value), 0) + count
    return Figures(answered, counts)


def mean(values: Mapping[int, int]) -> float | None:
    """The mean of values by count, or None where nobody answered."""
    total = sum(values.values())
    return sum(value * n for value, n in values.items()) / total if total else None
