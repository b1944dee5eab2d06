"""Capacity is measured against the portfolio (P7): a team's people are promised once."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.capacity import (
    MOST_MONTHS,
    Gives,
    Load,
    Takes,
    capacity_findings,
    loads,
    months_shown,
)
from app.rules.findings import Finding

JANUARY, FEBRUARY, MARCH = date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1)
KICKOFF = date(2027, 1, 12)


def day(text: str) -> date | None:
    """ "1-12" is the twelfth of January 2027, "" no date."""
    if not text:
        return None
    month, number = text.split("-")
    return date(2027, int(month), int(number))


def takes(
    id: str, people: float | None, starts: str, ends: str, team: str | None = "salg"
) -> Takes:
    return Takes(id, team, people, day(starts), day(ends))


TEAM = Gives("salg", 3)


@pytest.mark.parametrize(
    "initiatives, load",
    [
        ([], Load(JANUARY)),
        ([takes("a", 2, "1-1", "1-31")], Load(JANUARY, 2, ("a",))),
        ([takes("a", 3, "1-1", "1-31")], Load(JANUARY, 3, ("a",))),
        ([takes("a", 4, "1-1", "1-31")], Load(JANUARY, 4, ("a",), 1)),
        # One after the other do not add up, two that share one day do.
        ([takes("a", 2, "1-1", "1-14"), takes("b", 2, "1-15", "1-31")], Load(JANUARY, 2, ("a",))),
        (
            [takes("a", 2, "1-1", "1-15"), takes("b", 2, "1-15", "1-31")],
            Load(JANUARY, 4, ("a", "b"), 1),
        ),
        # What began before the month and ends after it takes people in it.
        ([Takes("a", "salg", 5, date(2026, 12, 5), date(2027, 3, 2))], Load(JANUARY, 5, ("a",), 2)),
        ([takes("a", 9, "2-1", "2-1")], Load(JANUARY)),
        ([takes("a", 9, "1-1", "1-31", team="drift")], Load(JANUARY)),
        ([takes("a", None, "1-1", "1-31")], Load(JANUARY)),
        ([takes("a", 9, "", "1-31"), takes("b", 9, "1-5", "")], Load(JANUARY)),
        ([takes("a", 9, "1-31", "1-1")], Load(JANUARY)),
    ],
)
def test_a_month_is_judged_by_its_fullest_day(initiatives: list[Takes], load: Load) -> None:
    assert loads(TEAM, initiatives, [JANUARY]) == (load,)


def test_tenths_that_add_up_to_what_there_is_are_not_too_many() -> None:
    both = [takes("a", 0.1, "1-1", "1-31"), takes("b", 0.2, "1-1", "1-31")]
    assert loads(Gives("salg", 0.3), both, [JANUARY])[0].over == 0


def test_what_is_missing_or_too_much_is_named() -> None:
    teams = [TEAM, Gives("drift", None), Gives("idle", None)]
    initiatives = [
        takes("a", 4, "1-10", "2-10"),
        takes("b", 1, "1-1", "1-31", team="drift"),
        takes("c", None, "", "", team=None),
        takes("d", 1, "3-1", "2-1"),
    ]
    assert capacity_findings(teams, initiatives, [JANUARY, FEBRUARY, MARCH]) == [
        Finding("overbooked", 2, where="salg"),
        Finding("team_without_capacity", 1, where="drift"),
        Finding("no_team", where="c"),
        Finding("no_capacity", where="c"),
        Finding("no_dates", where="c"),
        Finding("ends_before_it_starts", where="d"),
    ]


@pytest.mark.parametrize(
    "initiatives, months",
    [
        ([], ()),
        ([takes("a", 1, "", "")], ()),
        ([takes("a", 1, "1-31", "3-1")], (JANUARY, FEBRUARY, MARCH)),
        ([takes("a", 1, "2-3", "2-4")], (FEBRUARY,)),
        ([Takes("a", "salg", 1, date(1027, 1, 1), date(1027, 3, 1))], ()),
    ],
)
def test_the_months_are_those_in_which_somebody_works(
    initiatives: list[Takes], months: tuple[date, ...]
) -> None:
    assert months_shown(initiatives, KICKOFF) == months


dates = st.dates()
initiatives_of = st.builds(
    Takes,
    id=st.text(min_size=1, max_size=3),
    team_id=st.sampled_from(["salg", "drift", None]),
    capacity=st.none() | st.floats(0, 50),
    starts_on=st.none() | st.dates(date(2026, 11, 1), date(2027, 6, 1)),
    ends_on=st.none() | st.dates(date(2026, 11, 1), date(2027, 6, 1)),
)


@given(dates, dates, dates)
def test_a_mistyped_year_never_stretches_the_picture(one: date, other: date, around: date) -> None:
    shown = months_shown([Takes("a", "salg", 1, min(one, other), max(one, other))], around)
    assert len(shown) <= MOST_MONTHS
    assert all(month.day == 1 for month in shown)
    assert list(shown) == sorted(set(shown))
    loads(TEAM, [Takes("a", "salg", 1, min(one, other), max(one, other))], shown)


@given(st.lists(initiatives_of, max_size=8), st.none() | st.floats(0, 20))
def test_a_month_takes_what_its_fullest_day_does_counted_day_by_day(
    initiatives: list[Takes], capacity: float | None
) -> None:
    (load,) = loads(Gives("salg", capacity), initiatives, [JANUARY])
    counted = [one for one in initiatives if one.is_counted and one.team_id == "salg"]
    fullest = max(
        sum(one.capacity or 0 for one in counted if one.covers(today, today))
        for today in (JANUARY + timedelta(days=n) for n in range(31))
    )
    assert load.taken == pytest.approx(fullest)
    if capacity is None:
        assert load.over == 0
    else:
        assert load.over == pytest.approx(max(0, fullest - capacity), abs=1e-6)
