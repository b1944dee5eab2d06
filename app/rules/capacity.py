"""Capacity against the portfolio (P7): whether a team's people are promised more than once.

What an initiative takes and what a team can give are both people at a time, so a month is judged by
its fullest day: two that follow one another in it do not add up, two that overlap do.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.rules.findings import Finding

MOST_MONTHS = 18  # how much of a portfolio one picture shows
_MONTHS_BEFORE = 2
_LEAST = 1e-9  # what floats make of 0.1 + 0.2 is not over-booked


@dataclass(frozen=True)
class Gives:
    """A team, and how many people it can give at a time (None: nobody has said)."""

    id: str
    capacity: float | None


@dataclass(frozen=True)
class Takes:
    """An initiative as the rule sees it: whose people, how many of them, from when to when."""

    id: str
    team_id: str | None
    capacity: float | None
    starts_on: date | None
    ends_on: date | None

    @property
    def is_counted(self) -> bool:
        return bool(self.team_id and self.capacity and self._lasts)

    @property
    def _lasts(self) -> bool:
        return bool(self.starts_on and self.ends_on and self.starts_on <= self.ends_on)

    def covers(self, first: date, last: date) -> bool:
        """Whether it takes people on any day from `first` to `last`."""
        if not self.is_counted:
            return False
        assert self.starts_on is not None
        assert self.ends_on is not None
        return self.starts_on <= last and first <= self.ends_on


@dataclass(frozen=True)
class Load:
    """A team's month: the people taken on its fullest day, and by which initiatives on that day.
    `over` is by how much that is more than the team can give."""

    month: date
    taken: float = 0.0
    by: tuple[str, ...] = ()
    over: float = 0.0


def months_shown(initiatives: Collection[Takes], around: date) -> tuple[date, ...]:
    """The first of each month in which initiatives take people, seen from the month of `around`:
    a year that somebody mistyped does not stretch the picture over centuries."""
    dated = [one for one in initiatives if one.is_counted]
    if not dated:
        return ()
    here = _number(around)
    earliest = max(here - _MONTHS_BEFORE, _number(date.min))
    latest = min(earliest + MOST_MONTHS, _number(date.max)) - 1
    first = min(_number(one.starts_on) for one in dated if one.starts_on)
    last = max(_number(one.ends_on) for one in dated if one.ends_on)
    return tuple(map(_first_of, range(max(first, earliest), min(last, latest) + 1)))


def loads(team: Gives, initiatives: Collection[Takes], months: Sequence[date]) -> tuple[Load, ...]:
    """The team's load in each of these months."""
    own = [one for one in initiatives if one.team_id == team.id]
    return tuple(_load(team, own, month) for month in months)


def capacity_findings(
    teams: Sequence[Gives], initiatives: Sequence[Takes], months: Sequence[date]
) -> list[Finding]:
    """Teams that are over-booked (`have`: in how many months), teams whose capacity nobody has
    said though they have work, then what of each initiative is missing for it to be counted."""
    working = defaultdict[str, list[Takes]](list)
    for one in initiatives:
        working[one.team_id or ""].append(one)
    found = []
    for team in teams:
        own = working[team.id]
        if team.capacity is None and own:
            found.append(Finding("team_without_capacity", len(own), where=team.id))
        over = sum(load.over > 0 for load in loads(team, own, months))
        if over:
            found.append(Finding("overbooked", over, where=team.id))
    return [*found, *(missing for one in initiatives for missing in _missing(one))]


def _missing(initiative: Takes) -> Iterator[Finding]:
    if initiative.team_id is None:
        yield Finding("no_team", where=initiative.id)
    if initiative.capacity is None:
        yield Finding("no_capacity", where=initiative.id)
    if initiative.starts_on is None or initiative.ends_on is None:
        yield Finding("no_dates", where=initiative.id)
    elif initiative.starts_on > initiative.ends_on:
        yield Finding("ends_before_it_starts", where=initiative.id)


def _load(team: Gives, own: Collection[Takes], month: date) -> Load:
    last = _first_of(_number(month) + 1) - timedelta(days=1)
    within = [one for one in own if one.covers(month, last)]
    # The fullest day is one on which something begins, or the month itself does.
    begins = sorted({max(one.starts_on, month) for one in within if one.starts_on})
    taken, by = 0.0, tuple[str, ...]()
    for day in begins:
        busy = [one for one in within if one.covers(day, day)]
        sum_of_day = sum(one.capacity or 0.0 for one in busy)
        if sum_of_day > taken:
            taken, by = sum_of_day, tuple(one.id for one in busy)
    over = taken - team.capacity if team.capacity is not None else 0.0
    return Load(month, taken, by, over if over > _LEAST else 0.0)


def _number(day: date) -> int:
    """A month as a whole number, so that months can be counted."""
    return day.year * 12 + day.month - 1


def _first_of(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)
