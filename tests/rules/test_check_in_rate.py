"""Check-ins week by week: each key result counts once a week, and a fall is seen."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.check_in_rate import MOST_WEEKS, check_in_weeks, is_falling

DAY = date(2027, 1, 12)


def on(number: int) -> date:
    return DAY + timedelta(days=number)


def test_each_key_result_counts_once_in_its_week() -> None:
    said = [("a", on(0)), ("a", on(3)), ("b", on(6)), ("a", on(7)), ("c", on(-1))]
    weeks = check_in_weeks(DAY, on(15), said, 4)
    assert [(one.number, one.checked, one.per_cent, one.is_open) for one in weeks] == [
        (1, 2, 50, False),
        (2, 1, 25, False),
        (3, 0, 0, True),
    ]
    assert is_falling(weeks)


@pytest.mark.parametrize(
    "counts, falling",
    [
        ([], False),
        ([3], False),
        ([10, 8], False),
        ([10, 7], True),
        ([0, 0], False),
        ([5, 9], False),
    ],
)
def test_a_fall_is_a_fifth_or_more(counts: list[int], falling: bool) -> None:
    said = [
        (f"{key_result}", on(7 * week))
        for week, count in enumerate(counts)
        for key_result in range(count)
    ]
    assert is_falling(check_in_weeks(DAY, on(7 * len(counts)), said, 12)) == falling


@given(
    st.integers(-10, 200),
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(-20, 200).map(on)), max_size=20),
)
def test_no_week_is_left_out_and_none_is_ahead(today: int, said: list[tuple[str, date]]) -> None:
    weeks = check_in_weeks(DAY, on(today), said, 3)
    assert [one.number for one in weeks] == list(range(1, len(weeks) + 1))
    assert len(weeks) <= MOST_WEEKS
    assert all(one.starts_on <= on(today) and one.checked <= one.all for one in weeks)
    assert (today >= 0) == bool(weeks)
