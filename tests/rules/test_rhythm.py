"""The rhythm: dates counted from the kickoff's day go with it, all others stay."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import rhythm

DAY = date(2027, 1, 12)
# So that 90 days more are in the calendar.
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2999, 1, 1))
own_days = st.sampled_from(rhythm.DAYS)


@pytest.mark.parametrize(
    "after, expected",
    [(0, "2027-01-12"), (30, "2027-02-11"), (60, "2027-03-13"), (90, "2027-04-12")],
)
def test_dates_are_counted_in_calendar_days(after: int, expected: str) -> None:
    assert rhythm.on_day(DAY, after) == date.fromisoformat(expected)


def test_without_a_day_and_past_the_calendar_there_is_no_date() -> None:
    assert rhythm.on_day(None, 30) is None
    assert rhythm.on_day(date.max, 0) == date.max
    assert rhythm.on_day(date.max - timedelta(days=29), 30) is None


@given(before=days, now=days, after=own_days, own=own_days)
def test_what_lies_on_a_day_of_the_rhythm_goes_with_the_day(
    before: date, now: date, after: int, own: int
) -> None:
    due = before + timedelta(days=after)
    moved = rhythm.follows_to(due, own=own, before=before, now=now)
    assert moved == (None if before == now else now + timedelta(days=after))


@given(before=days, now=days, after=st.integers(-400, 400), own=own_days)
def test_any_other_date_is_somebodys_own_and_stays(
    before: date, now: date, after: int, own: int
) -> None:
    if after not in rhythm.DAYS:
        due = before + timedelta(days=after)
        assert rhythm.follows_to(due, own=own, before=before, now=now) is None


@given(now=days, own=own_days, due=st.none() | days)
def test_the_first_day_gives_a_date_to_what_has_none(now: date, own: int, due: date | None) -> None:
    first = rhythm.follows_to(due, own=own, before=None, now=now)
    assert first == (None if due else now + timedelta(days=own))


@given(before=st.none() | days, own=own_days, due=st.none() | days)
def test_a_day_that_was_taken_away_moves_nothing(
    before: date | None, own: int, due: date | None
) -> None:
    assert rhythm.follows_to(due, own=own, before=before, now=None) is None


def test_a_date_that_somebody_cleared_stays_cleared() -> None:
    moved = rhythm.follows_to(None, own=30, before=DAY, now=DAY + timedelta(days=7))
    assert moved is None
