"""The launch indicators (F3) as a table. Seen red with the days left out, and with 89.9 as 90."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.rules.indicators import Indicator, LaunchFacts, PilotFacts, TeamFacts, indicators, per_cent

DAY = date(2027, 1, 12)
READY, SHORT_OF = (3, 3, 4), (3, 2, 3)
GOOD = LaunchFacts(
    day=DAY,
    today=DAY + timedelta(days=95),
    published=True,
    map_drawn=True,
    okr_drafted=True,
    teams=[TeamFacts(str(number), READY) for number in range(10)],
    pilots=[PilotFacts("p", "i", True, True), PilotFacts("q", "j", True, True)],
    retrospectives=[("r", DAY + timedelta(days=61))],
    settled=["a", "b", "c", "d"],
    unsettled=["e"],
)


def found(facts: LaunchFacts, id: str) -> Indicator:
    return next(one for one in indicators(facts) if one.id == id)


def test_what_meets_every_threshold_is_met_with_its_responsible_role() -> None:
    told = [(one.by_day, one.role, one.state) for one in indicators(GOOD)]
    assert told == [
        (7, "strategy_team", "met"),
        (30, "line_managers", "met"),
        (60, "product_management", "met"),
        (60, "product_management", "met"),
        (90, "pmo", "met"),
        (90, "pmo", "met"),
    ]


@pytest.mark.parametrize(
    "id, changed, have, state",
    [
        ("launch.map_published", {"published": False}, 0, "short"),
        ("launch.map_published", {"map_drawn": False}, 50, "short"),
        ("launch.map_published", {"okr_drafted": False}, 50, "short"),
        ("okr.teams_ready", {"teams": []}, 0, "short"),
        ("okr.teams_ready", {"teams": [TeamFacts("a", READY), TeamFacts("b", ())]}, 50, "short"),
        ("okr.teams_ready", {"teams": [TeamFacts("a", SHORT_OF)]}, 0, "short"),
        ("okr.teams_ready", {"teams": [TeamFacts("a", (3,) * 6)]}, 0, "short"),  # six objectives
        ("pilots.begun", {"pilots": [PilotFacts("p", "i", True, True)]}, 1, "short"),
        (
            "pilots.begun",
            {"pilots": [PilotFacts("p", "i", True, True), PilotFacts("q", "i", True, True)]},
            1,  # two on one initiative
            "short",
        ),
        (
            "pilots.begun",
            {"pilots": [PilotFacts("p", "i", True, True), PilotFacts("q", "j", False, True)]},
            1,
            "short",
        ),
        (
            "pilots.learnt",
            {"pilots": [PilotFacts("p", "i", True, True), PilotFacts("q", "j", True, False)]},
            1,
            "short",
        ),
        ("retrospective.held", {"retrospectives": []}, 0, "short"),
        (
            "retrospective.held",
            {"retrospectives": [("r", DAY + timedelta(days=60))]},  # of the second third
            0,
            "short",
        ),
        ("actions.settled", {"settled": ["a"], "unsettled": ["b"]}, 50, "short"),
        ("actions.settled", {"settled": [], "unsettled": []}, 0, "short"),
    ],
)
def test_what_is_short_says_the_figure_found(
    id: str, changed: dict[str, object], have: int, state: str
) -> None:
    one = found(replace(GOOD, **changed), id)  # type: ignore[arg-type]  # fields of the table
    assert (one.have, one.state) == (have, state)


def test_ninety_per_cent_is_not_reached_by_rounding() -> None:
    teams = [TeamFacts(str(n), READY if n < 899 else ()) for n in range(1000)]
    one = found(replace(GOOD, teams=teams), "okr.teams_ready")
    assert (one.have, one.state, len(one.lacking)) == (89, "short", 101)
    assert per_cent(0, 0) == 0


@pytest.mark.parametrize("by_day", [7, 30, 60, 90])
def test_before_its_day_it_is_not_due_and_on_its_day_it_is(by_day: int) -> None:
    bad = replace(GOOD, published=False, teams=[], pilots=[], retrospectives=[], settled=[])

    def states(number: int) -> set[str]:
        facts = replace(bad, today=DAY + timedelta(days=number))
        return {one.state for one in indicators(facts) if one.by_day == by_day}

    assert states(by_day - 1) == {"not_due"}
    assert states(by_day) == {"short"}


def test_without_a_day_nothing_is_due() -> None:
    assert {one.state for one in indicators(replace(GOOD, day=None))} == {"no_day"}
