"""The three series lie on working days within the 90, in the method's cadence; who leads goes
round; each meeting begins with open actions; a blocker gets an owner the same day, or is flagged.

Seen red with: meetings laid without asking whether anybody works on the day.
"""

import itertools
from collections import Counter
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.meetings import MeetingKind
from app.rules.meetings import (
    MINUTES,
    STARTS,
    agenda,
    is_within,
    leads,
    one_place,
    ownerless,
    planned,
)

NORWAY = holidays.country_holidays("NO")


def is_off(day: date) -> bool:
    return day.weekday() >= 5 or day in NORWAY


DAYS = st.dates(date(2024, 1, 1), date(2035, 12, 31))


@given(day=DAYS)
def test_the_series_lie_on_working_days_within_the_90(day: date) -> None:
    found = planned(day, is_off)
    assert all(not is_off(one.day) for one in found)
    assert all(day < one.day <= day + timedelta(days=90) for one in found)
    assert found == sorted(found, key=lambda one: one.day)


def test_two_meetings_of_one_day_do_not_collide() -> None:
    """Seen red with: all of them beginning at nine."""
    spans = sorted((_minutes(STARTS[kind]), MINUTES[kind]) for kind in MeetingKind)
    for (begins, (_, longest)), (follows, _) in itertools.pairwise(spans):
        assert begins + longest <= follows


def _minutes(starts: str) -> int:
    hours, minutes = starts.split(":")
    return int(hours) * 60 + int(minutes)


@given(day=DAYS)
def test_the_cadence_is_weekly_monthly_and_quarterly(day: date) -> None:
    found = planned(day, is_off)
    of_kind = Counter(one.kind for one in found)
    assert of_kind[MeetingKind.OKR_REVIEW] == 3
    assert of_kind[MeetingKind.RETROSPECTIVE] == 1
    assert of_kind[MeetingKind.STANDUP] >= 11
    weeks = [one.day.isocalendar()[:2] for one in found if one.kind is MeetingKind.STANDUP]
    assert len(weeks) == len(set(weeks))
    reviews = [one.day for one in found if one.kind is MeetingKind.OKR_REVIEW]
    back = next(one.day for one in found if one.kind is MeetingKind.RETROSPECTIVE)
    for number, review in zip((30, 60, 90), reviews, strict=True):
        assert timedelta(0) <= day + timedelta(days=number) - review <= timedelta(days=12)
    assert reviews[-1] < back


def test_a_standup_moves_off_a_holiday_within_its_week() -> None:
    standups = [
        one.day for one in planned(date(2027, 3, 3), is_off) if one.kind is MeetingKind.STANDUP
    ]
    assert date(2027, 3, 29) not in standups  # Easter Monday
    assert date(2027, 3, 30) in standups
    assert date(2027, 5, 17) not in standups
    assert date(2027, 5, 18) in standups


def test_a_week_in_which_nobody_works_has_no_standup() -> None:
    off = {date(2027, 3, 8) + timedelta(days=number) for number in range(7)}
    found = planned(date(2027, 3, 3), lambda day: day.weekday() >= 5 or day in off)
    standups = [one.day for one in found if one.kind is MeetingKind.STANDUP]
    assert standups[0] == date(2027, 3, 15)
    assert planned(date(2027, 3, 3), lambda _: True) == []


@given(
    leaders=st.lists(st.integers(), min_size=1, max_size=7, unique=True),
    number=st.integers(0, 100),
)
def test_everybody_leads_once_before_anybody_leads_again(leaders: list[int], number: int) -> None:
    turn = [leads(leaders, number + each) for each in range(len(leaders))]
    assert set(turn) == set(leaders)
    assert leads([], number) is None


@given(kind=st.sampled_from(MeetingKind), minutes=st.integers(5, 600))
def test_an_agenda_begins_with_open_actions_and_fills_the_time(
    kind: MeetingKind, minutes: int
) -> None:
    parts = agenda(kind, minutes)
    assert parts[0].code == "open_actions"
    assert "cases" in {part.code for part in parts}
    assert sum(part.minutes for part in parts) == minutes
    assert all(part.minutes >= 0 for part in parts)


@pytest.mark.parametrize("kind", MeetingKind)
def test_the_methods_lengths_are_kept(kind: MeetingKind) -> None:
    low, high = MINUTES[kind]
    assert [is_within(kind, each) for each in (low - 1, low, high, high + 1)] == [
        False, True, True, False,
    ]  # fmt: skip


TODAY = date(2027, 3, 3)
EARLIER = TODAY - timedelta(days=1)


@pytest.mark.parametrize(
    "owner, raised_on, state, flag",
    [
        (None, TODAY, "open", "yellow"),
        (None, EARLIER, "open", "red"),
        (None, None, "open", "yellow"),
        ("kari", EARLIER, "open", ""),
        (None, EARLIER, "closed", ""),
    ],
)
def test_a_blocker_gets_an_owner_the_same_day_or_is_flagged(
    owner: str | None, raised_on: date | None, state: str, flag: str
) -> None:
    assert ownerless(owner=owner, raised_on=raised_on, today=TODAY, state=state) == flag


@pytest.mark.parametrize(
    "which, steps, then",
    [
        ("a", 1, "bacd"),
        ("a", -1, "abcd"),
        ("d", -1, "abdc"),
        ("d", 1, "abcd"),
        ("c", -1, "acbd"),
        ("x", 1, "abcd"),
    ],
)
def test_who_leads_is_moved_by_one_place_and_ends_are_ends(
    which: str, steps: int, then: str
) -> None:
    assert "".join(one_place("abcd", which, steps)) == then
