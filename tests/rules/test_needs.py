"""What cannot wait: one need for each thing, the heaviest first."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.rules.needs import DEVIATES, NO_OWNER, OFF_TRACK, OVERDUE, Thing, needs

TODAY = date(2027, 2, 1)


def thing(id: str, *, owner: str = "Kari", late: int | None = None, red: bool = False) -> Thing:
    due = TODAY - timedelta(days=late) if late is not None else None
    return Thing("actions", id, id, owner, due, red)


def test_what_nobody_owns_comes_before_what_is_late_and_that_before_what_is_off_track() -> None:
    found = needs(
        [
            thing("red", red=True),
            thing("late", late=2),
            thing("later", late=9, red=True),
            thing("nobody's", owner="", late=1),
            thing("today", late=0),
            thing("well"),
        ],
        TODAY,
    )
    assert [(one.thing.id, one.why, one.days_late) for one in found] == [
        ("nobody's", NO_OWNER, 1),
        ("later", OVERDUE, 9),
        ("late", OVERDUE, 2),
        ("red", OFF_TRACK, 0),
    ]


def test_a_kpi_off_its_line_comes_before_what_its_owner_says_the_furthest_behind_first() -> None:
    kpis = [Thing("kpis", id, id, behind=behind) for id, behind in (("a", 12), ("b", 40))]
    found = needs([thing("red", red=True), *kpis, thing("late", late=1)], TODAY)
    assert [(one.thing.id, one.why) for one in found] == [
        ("late", OVERDUE),
        ("b", DEVIATES),
        ("a", DEVIATES),
        ("red", OFF_TRACK),
    ]


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "Kari"]), st.none() | st.integers(-5, 5), st.booleans()),
        max_size=12,
    )
)
def test_each_thing_has_one_need_at_most_and_none_is_lost(
    drawn: list[tuple[str, int | None, bool]],
) -> None:
    things = [thing(str(n), owner=o, late=late, red=r) for n, (o, late, r) in enumerate(drawn)]
    found = needs(things, TODAY)
    named = [one.thing.id for one in found]
    assert len(named) == len(set(named))
    assert set(named) == {
        one.id for one in things if not one.owner or one.is_red or (one.due and one.due < TODAY)
    }
