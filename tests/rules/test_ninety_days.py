"""The 90 days: counted from the kickoff's day, in thirds that leave no day out."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.ninety_days import LAST, THIRDS, now_on

DAY = date(2027, 1, 12)


@pytest.mark.parametrize(
    "number, third", [(-1, ""), (0, "30"), (30, "30"), (31, "60"), (60, "60"), (61, "90"), (91, "")]
)
def test_each_day_is_in_its_third(number: int, third: str) -> None:
    found = now_on(DAY, DAY + timedelta(days=number))
    assert (found.number, found.third) == (number, third)
    assert (found.is_ahead, found.is_over) == (number < 0, number > LAST)


@given(st.integers(0, LAST))
def test_the_line_is_walked_in_even_steps(number: int) -> None:
    found = now_on(DAY, DAY + timedelta(days=number))
    assert found.share == pytest.approx(number / LAST)
    assert found.third in THIRDS


@pytest.mark.parametrize("number, share", [(-40, 0.0), (400, 1.0)])
def test_before_and_after_it_stands_at_an_end(number: int, share: float) -> None:
    assert now_on(DAY, DAY + timedelta(days=number)).share == share
