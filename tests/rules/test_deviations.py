"""What a weekly review goes through (F2), by table and by property.

Seen red: closed actions reviewed, new ones unconfirmed at once, overdue counted as red as well.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.deviations import WEIGHT, Judged, deviations, heaviest_first, week_of
from app.rules.status import shown_status

TODAY = date(2027, 3, 10)


def days(number: int | None) -> date | None:
    return None if number is None else TODAY + timedelta(days=number)


def judged(
    stated: str | None = None,
    said: int | None = None,
    due: int | None = None,
    made: int = -30,
    state: str = "open",
    *,
    owner: bool = True,
) -> tuple[str, ...]:
    shown = shown_status(
        stated=stated, stated_on=days(said), due=days(due), today=TODAY, state=state
    )
    made_on = TODAY + timedelta(days=made)
    return deviations(
        Judged(shown, owner, days(due), days(said), made_on, is_open=state == "open"), TODAY
    )


@pytest.mark.parametrize(
    "why, told",
    [
        ((), {"stated": "green", "said": -7, "due": 20}),
        ((), {"made": -7}),
        (("unconfirmed",), {"made": -8}),
        (("unconfirmed",), {"stated": "green", "said": -8, "due": 20}),
        (("red",), {"stated": "red", "said": -1, "due": 20}),
        (("yellow",), {"stated": "yellow", "said": -1}),
        (("overdue",), {"stated": "green", "said": -1, "due": -1}),
        (("overdue", "unconfirmed"), {"due": -1}),
        (("yellow", "unconfirmed"), {"stated": "green", "said": -9, "due": 3}),
        (("no_owner",), {"owner": False}),
        (("overdue", "no_owner"), {"owner": False, "due": -2}),
        ((), {"stated": "red", "said": -40, "due": -30, "state": "closed"}),
        ((), {"due": -30, "state": "replanned", "owner": False}),
    ],
)
def test_why_an_action_is_looked_at(why: tuple[str, ...], told: dict[str, object]) -> None:
    assert judged(**told) == why  # type: ignore[arg-type]


STATED = st.sampled_from([None, "green", "yellow", "red"])
DAY = st.one_of(st.none(), st.integers(-60, 60))


@given(STATED, st.one_of(st.none(), st.integers(-60, 0)), DAY, st.integers(-60, 0), st.booleans())
def test_reasons_come_once_and_the_heaviest_first(
    stated: str | None, said: int | None, due: int | None, made: int, owner: bool
) -> None:
    found = judged(stated, said, due, made, owner=owner)
    assert list(found) == sorted(set(found), key=WEIGHT.index)
    assert ("overdue" in found) == (due is not None and due < 0)
    assert judged(stated, said, due, made, "closed", owner=owner) == ()


@given(
    st.lists(
        st.tuples(
            st.uuids().map(str),
            st.lists(st.sampled_from(WEIGHT), unique=True).map(
                lambda some: tuple(sorted(some, key=WEIGHT.index))
            ),
            st.one_of(st.none(), st.dates()),
        ),
        unique_by=lambda one: one[0],
    )
)
def test_a_review_goes_through_all_that_deviates_once(
    found: list[tuple[str, tuple[str, ...], date | None]],
) -> None:
    order = heaviest_first(found)
    assert sorted(order) == sorted(id for id, why, _ in found if why)
    weights = {id: WEIGHT.index(why[0]) for id, why, _ in found if why}
    assert [weights[id] for id in order] == sorted(weights.values())


@given(st.dates(min_value=date(1900, 1, 8)))
def test_a_week_is_called_by_its_monday(day: date) -> None:
    monday = week_of(day)
    assert monday.weekday() == 0
    assert 0 <= (day - monday).days < 7
    assert week_of(monday) == monday
