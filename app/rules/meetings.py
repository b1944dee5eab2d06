"""Meetings of the 90 days (F5): on which days, who leads, what is talked about, and what blocks.

`is_off` says whether nobody works on a day: weekends, and public holidays where the kickoff is.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from app.models.meetings import MeetingKind
from app.rules.frames import OKR_REVIEW_MINUTES, RETROSPECTIVE_MINUTES, STANDUP_MINUTES, Frame

IsOff = Callable[[date], bool]
T = TypeVar("T")

LAST = 90
REVIEWS = (30, 60, 90)
WORKING_WEEK = 5
MINUTES: dict[MeetingKind, Frame] = {
    MeetingKind.STANDUP: STANDUP_MINUTES,
    MeetingKind.OKR_REVIEW: OKR_REVIEW_MINUTES,
    MeetingKind.RETROSPECTIVE: RETROSPECTIVE_MINUTES,
}
# When each of them begins, until somebody says otherwise: two that fall on one day do not collide.
STARTS: dict[MeetingKind, str] = {
    MeetingKind.STANDUP: "09:00",
    MeetingKind.OKR_REVIEW: "10:00",
    MeetingKind.RETROSPECTIVE: "13:00",
}
# What a meeting talks about, in this order, with its share of the time. Each begins with what was
# agreed before, and each has the case follow-ups that are due.
PARTS: dict[MeetingKind, tuple[tuple[str, int], ...]] = {
    MeetingKind.STANDUP: (
        ("open_actions", 3),
        ("key_results", 3),
        ("blockers", 4),
        ("deviations", 2),
        ("cases", 1),
    ),
    MeetingKind.OKR_REVIEW: (
        ("open_actions", 2),
        ("key_results", 5),
        ("deviations", 3),
        ("blockers", 2),
        ("cases", 1),
    ),
    MeetingKind.RETROSPECTIVE: (
        ("open_actions", 2),
        ("key_results", 2),
        ("looking_back", 6),
        ("blockers", 1),
        ("cases", 1),
    ),
}


@dataclass(frozen=True)
class Planned:
    kind: MeetingKind
    day: date


@dataclass(frozen=True)
class Part:
    """A part of the agenda, and how many minutes it has."""

    code: str
    minutes: int


def planned(day: date, is_off: IsOff) -> list[Planned]:
    """The three series over the 90 days after the kickoff's day, on working days alone: a standup
    each week, an OKR review about day 30, 60 and 90, and the retrospective at the quarter's end.
    The retrospective looks back on the last review, so that comes on a day before it."""
    end = day + timedelta(days=LAST)
    looking_back = _on_or_before(end, is_off, after=day)
    found = [Planned(MeetingKind.STANDUP, one) for one in _weekly(day, end, is_off)]
    taken = [looking_back] if looking_back else []
    for number in REVIEWS:
        wanted = day + timedelta(days=number)
        review = _on_or_before(wanted, is_off, after=day, but=taken)
        if review is not None:
            taken.append(review)
            found.append(Planned(MeetingKind.OKR_REVIEW, review))
    if looking_back is not None:
        found.append(Planned(MeetingKind.RETROSPECTIVE, looking_back))
    return sorted(found, key=lambda one: (one.day, list(MeetingKind).index(one.kind)))


def _weekly(day: date, end: date, is_off: IsOff) -> list[date]:
    """Mondays from the week after; in a week whose Monday is off the first working day. A week in
    which nobody works has none."""
    monday = day + timedelta(days=7 - day.weekday())
    found = []
    while monday <= end:
        week = (monday + timedelta(days=number) for number in range(WORKING_WEEK))
        first = next((one for one in week if one <= end and not is_off(one)), None)
        if first is not None:
            found.append(first)
        monday += timedelta(days=7)
    return found


def _on_or_before(
    wanted: date, is_off: IsOff, *, after: date, but: Collection[date] = ()
) -> date | None:
    one = wanted
    while one > after:
        if not is_off(one) and one not in but:
            return one
        one -= timedelta(days=1)
    return None


def leads(leaders: Sequence[T], number: int) -> T | None:
    """Who leads the meeting of that number (from 0) of its series: each in turn."""
    return leaders[number % len(leaders)] if leaders else None


def one_place(order: Sequence[T], which: T, steps: int) -> list[T]:
    """The order with one of them moved so many places; who stands at an end stays there."""
    if which not in order:
        return list(order)
    others = [one for one in order if one != which]
    place = max(0, order.index(which) + steps)
    return [*others[:place], which, *others[place:]]


def agenda(kind: MeetingKind | str, minutes: int) -> tuple[Part, ...]:
    """The parts with whole minutes that add up to the meeting's."""
    shares = PARTS[MeetingKind(kind)]
    whole = sum(share for _, share in shares)
    exact = [(code, minutes * share / whole) for code, share in shares]
    given = {code: int(value) for code, value in exact}
    left = minutes - sum(given.values())
    for code, _ in sorted(exact, key=lambda one: int(one[1]) - one[1])[:left]:
        given[code] += 1
    return tuple(Part(code, given[code]) for code, _ in shares)


def is_within(kind: MeetingKind | str, minutes: int) -> bool:
    """Whether it is as long as the method has it."""
    low, high = MINUTES[MeetingKind(kind)]
    return low <= minutes <= high


def ownerless(
    *, owner: str | None, raised_on: date | None, today: date, state: str = "open"
) -> str:
    """How it stands with a blocker that nobody owns: it gets one the same day. "yellow" while that
    day lasts, "red" afterwards; "" where there is nothing to flag."""
    if state != "open" or owner is not None:
        return ""
    return "red" if raised_on is not None and raised_on < today else "yellow"
