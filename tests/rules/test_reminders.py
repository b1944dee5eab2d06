"""When somebody is reminded, as a table over the days.

Seen red with a week that is asked for in its first days, and with a fifth reminder.
"""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.rules.reminders import (
    ask_to_check_in,
    day_reached,
    due_reminder,
    quarter_is_over_soon,
    report_on,
)

DAY = date(2027, 1, 4)


def days(first: int, last: int) -> list[date]:
    return [DAY + timedelta(days=number) for number in range(first, last + 1)]


def test_an_owner_hears_once_before_and_four_times_after() -> None:
    due = DAY
    found = [due_reminder(due, today) for today in days(-10, 60)]
    said = [one for one in dict.fromkeys(found) if one]
    assert [kind for kind, _ in said] == ["due", "overdue", "overdue", "overdue", "overdue"]
    assert found[:7] == [None] * 7  # four days ahead and earlier


def test_check_ins_are_asked_for_late_in_each_week_but_the_first() -> None:
    found = [ask_to_check_in(DAY, today) for today in days(-3, 120)]
    assert list(dict.fromkeys(one for one in found if one)) == list(range(2, 14))
    assert [ask_to_check_in(DAY, today) for today in days(7, 14)] == [None] * 4 + [2] * 3 + [None]


def test_each_week_is_reported_when_it_is_over() -> None:
    found = [report_on(DAY, today) for today in days(-3, 120)]
    assert list(dict.fromkeys(one for one in found if one)) == list(range(1, 14))
    assert [report_on(DAY, today) for today in days(6, 10)] == [None, 1, 1, 1, None]


def test_the_quarter_is_called_a_week_ahead() -> None:
    called = [today for today in days(0, 120) if quarter_is_over_soon(DAY, today)]
    assert (called[0], called[-1]) == (DAY + timedelta(days=83), DAY + timedelta(days=89))


@given(st.integers(-400, 400), st.sampled_from([30, 60, 90]))
def test_a_day_is_news_for_one_week(number: int, of: int) -> None:
    assert day_reached(DAY, of, DAY + timedelta(days=number)) == (of <= number < of + 7)
