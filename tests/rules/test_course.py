"""Figures and their lines (F4). Seen red with no tolerance, and with ahead as a deviation."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.course import TOLERANCE, course
from app.rules.okr import DOWN, UP, Way

DAY = date(2027, 1, 12)


def on_day(
    number: int, way: Way, value: float | None, *, ends: int | None = 100
) -> tuple[object, ...]:
    last = None if ends is None else DAY + timedelta(days=ends)
    found = course(way, value, starts=DAY, ends=last, today=DAY + timedelta(days=number))
    return found.expected, found.deviates, found.missing


@pytest.mark.parametrize(
    "day, way, value, expected, deviates",
    [
        (0, Way(0, 100), 0, 0, False),
        (50, Way(0, 100), 50, 50, False),
        (50, Way(0, 100), 40, 50, False),  # a tenth of the way behind is within the tolerance
        (50, Way(0, 100), 39, 50, True),
        (50, Way(0, 100), 90, 50, False),  # ahead is no deviation
        (50, Way(11, 1, DOWN), 6, 6, False),
        (50, Way(11, 1, DOWN), 8, 6, True),
        (-10, Way(0, 100), 0, 0, False),  # before its first day it is to be where it was
        (-10, Way(0, 100), -11, 0, True),
        (100, Way(0, 100), 91, 100, False),
        (300, Way(0, 100), 89, 100, True),  # after its last day the target is what counts
        (10, Way(95, 95), 95, 95, False),  # a level that is held
        (10, Way(95, 95), 94, 95, True),
        (10, Way(2, 2, DOWN), 1, 2, False),
    ],
)
def test_more_than_a_tenth_of_the_way_behind_its_line_deviates(
    day: int, way: Way, value: float, expected: float, deviates: bool
) -> None:
    assert on_day(day, way, value) == (pytest.approx(expected), deviates, ())


@pytest.mark.parametrize(
    "way, value, ends, missing",
    [
        (Way(None, 1), 1, 100, ("baseline",)),
        (Way(1, None), 1, 100, ("target",)),
        (Way(1, 2), None, 100, ("value",)),
        (Way(1, 2), 1, None, ("ends",)),
        (Way(None, None), None, None, ("baseline", "target", "value", "ends")),
    ],
)
def test_what_there_is_no_line_without_is_named(
    way: Way, value: float | None, ends: int | None, missing: tuple[str, ...]
) -> None:
    assert on_day(50, way, value, ends=ends) == (None, False, missing)


def test_a_line_of_one_day_is_due_on_that_day() -> None:
    assert on_day(-1, Way(0, 10), 0, ends=0) == (0, False, ())
    assert on_day(0, Way(0, 10), 5, ends=0) == (10, True, ())


@given(st.integers(-50, 200), st.floats(-500, 500), st.sampled_from([UP, DOWN]))
def test_on_its_line_it_never_deviates_and_further_behind_it_always_does(
    day: int, baseline: float, direction: str
) -> None:
    baseline = round(baseline, 2)
    way = Way(baseline, baseline + (40 if direction == UP else -40), direction)
    at = {"starts": DAY, "ends": DAY + timedelta(days=100), "today": DAY + timedelta(days=day)}
    on_line = course(way, baseline, **at).expected
    assert on_line is not None
    assert not course(way, on_line, **at).deviates
    behind = (TOLERANCE + 0.01) * 40
    assert course(way, on_line - behind if direction == UP else on_line + behind, **at).deviates
