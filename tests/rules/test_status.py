"""F2's rule: the owner's word, and what the dates make of it."""

from datetime import date, timedelta

import pytest

from app.rules.status import Shown, shown_status, window_of

TODAY = date(2026, 3, 10)


def in_days(days: int | None) -> date | None:
    return None if days is None else TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    "stated, stated_days_ago, due_in, state, expected",
    [
        # Nobody has said anything, and nothing is due.
        (None, None, None, "open", Shown("")),
        (None, None, 30, "open", Shown("")),
        # The owner's word stands while there is time.
        ("green", 0, None, "open", Shown("green")),
        ("green", 40, 4, "open", Shown("green")),
        ("yellow", 40, 4, "open", Shown("yellow")),
        ("red", 1, 30, "open", Shown("red")),
        # Due soon: a word within the last 7 days stands, an older one or none is at least yellow.
        ("green", 0, 3, "open", Shown("green")),
        ("green", 7, 3, "open", Shown("green")),
        ("green", 8, 3, "open", Shown("yellow", ("due_soon",))),
        ("green", 8, 0, "open", Shown("yellow", ("due_soon",))),
        ("yellow", 8, 1, "open", Shown("yellow", ("due_soon",))),
        ("red", 8, 1, "open", Shown("red", ("due_soon",))),
        (None, None, 3, "open", Shown("yellow", ("due_soon",))),
        (None, None, 4, "open", Shown("")),
        # Overdue is red, whatever was said and however lately.
        ("green", 0, -1, "open", Shown("red", ("overdue",))),
        ("red", 0, -1, "open", Shown("red", ("overdue",))),
        (None, None, -90, "open", Shown("red", ("overdue",))),
        # What is closed is done, late or not; what is replanned is judged where it went.
        ("red", 90, -30, "closed", Shown("done")),
        (None, None, None, "closed", Shown("done")),
        ("green", 0, -1, "replanned", Shown("replanned")),
    ],
)
def test_the_owners_word_and_the_dates(
    stated: str | None,
    stated_days_ago: int | None,
    due_in: int | None,
    state: str,
    expected: Shown,
) -> None:
    shown = shown_status(
        stated=stated,
        stated_on=None if stated_days_ago is None else TODAY - timedelta(days=stated_days_ago),
        due=in_days(due_in),
        today=TODAY,
        state=state,
    )
    assert shown == expected


@pytest.mark.parametrize(
    "due_in, window",
    [
        (-3, "30"),
        (0, "30"),
        (30, "30"),
        (31, "60"),
        (60, "60"),
        (61, "90"),
        (90, "90"),
        (200, "90"),
    ],
)
def test_a_due_date_is_in_a_third_of_the_ninety_days(due_in: int, window: str) -> None:
    assert window_of(in_days(due_in), TODAY) == window


def test_without_a_date_or_a_day_there_is_no_window() -> None:
    assert window_of(None, TODAY) is None
    assert window_of(TODAY, None) is None
