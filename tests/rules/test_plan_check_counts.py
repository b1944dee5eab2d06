"""Rules that count: met within the method's frame, short on both sides of it, not begun at none."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.plan_check import facts_of_day as day
from app.rules.plan_check import facts_of_work as work
from tests.rules.plans import block, checked, full_plan, goals, state

Many = Callable[[int], dict[str, Any]]

# Rule, fewest, most, and a plan that has so many.
COUNTS: dict[str, tuple[int, int, Many]] = {
    "goals.count": (3, 5, lambda n: {"goals": goals(n)}),
    "kpis.on_map": (
        3,
        5,
        lambda n: {"kpis": [work.KpiFact(str(i), on_map=True) for i in range(n)]},
    ),
    "focus.count": (3, 3, lambda n: {"focus": [work.FocusFact(str(i)) for i in range(n)]}),
    "deliverables.prioritised": (
        3,
        3,
        lambda n: {
            "deliverables": [work.DeliverableFact(str(i), prioritised=True) for i in range(n)]
        },
    ),
    "ambassadors.count": (
        5,
        7,
        lambda n: {"ambassadors": [day.AmbassadorFact(str(i)) for i in range(n)]},
    ),
    "narrative.one": (
        1,
        1,
        lambda n: {"narratives": [day.NarrativeFact(str(i)) for i in range(n)]},
    ),
    "narrative.points": (3, 3, lambda n: {"points": [day.PointFact(str(i)) for i in range(n)]}),
    "messages.count": (3, 5, lambda n: {"messages": [day.MessageFact(str(i)) for i in range(n)]}),
    "cases.count": (3, 3, lambda n: {"cases": [day.CaseFact(str(i)) for i in range(n)]}),
    "agenda.interactive": (
        2,
        3,
        lambda n: {"blocks": [block(i, "interactive", 50) for i in range(n)]},
    ),
    "pilots.count": (2, 2, lambda n: {"pilots": [work.PilotFact(str(i)) for i in range(n)]}),
    "day.obstacles": (
        5,
        5,
        lambda n: {"actions": [work.ActionFact(str(i), source="obstacle") for i in range(n)]},
    ),
    "day.deliverables_confirmed": (
        3,
        3,
        lambda n: {
            "deliverables": [
                work.DeliverableFact(str(i), prioritised=True, confirmed_at=True) for i in range(n)
            ]
        },
    ),
}
# The same for each of one record: strategic moves of a goal, pages of a theme …
OF_ONE: dict[str, tuple[int, int, Many]] = {
    "moves.per_goal": (
        2,
        2,
        lambda n: {"goals": goals(1), "moves": [work.MoveFact(str(i), "", "g0") for i in range(n)]},
    ),
    "kpis.per_sub_goal": (
        1,
        3,
        lambda n: {
            "goals": goals(1, 1),
            "kpis": [work.KpiFact(str(i), "", "d0") for i in range(n)],
        },
    ),
    "messages.per_theme": (
        1,
        3,
        lambda n: {
            "themes": [day.ThemeFact("th")],
            "messages": [day.MessageFact(str(i), "", "th") for i in range(n)],
        },
    ),
    "themes.pages": (
        1,
        1,
        lambda n: {
            "themes": [day.ThemeFact("th")],
            "pages": [day.PageFact(str(i), "", "th") for i in range(n)],
        },
    ),
    "objectives.count": (
        3,
        5,
        lambda n: {
            "teams": [day.TeamFact("t")],
            "objectives": [work.ObjectiveFact(str(i), "", "t") for i in range(n)],
        },
    ),
    "objectives.key_results": (
        2,
        4,
        lambda n: {
            "objectives": [work.ObjectiveFact("o")],
            "key_results": [work.KeyResultFact(str(i), "", "o") for i in range(n)],
        },
    ),
}
ALL = COUNTS | OF_ONE


@pytest.mark.parametrize("id", ALL)
def test_a_number_is_met_within_its_frame_and_short_on_both_sides(id: str) -> None:
    fewest, most, plan = ALL[id]
    assert state(id, **plan(0)) == "not_begun"
    for few in range(1, fewest):
        assert state(id, **plan(few)) == "short"
        assert checked(id, **plan(few)).findings[0].code == "too_few"
    for enough in range(fewest, most + 1):
        assert state(id, **plan(enough)) == "met"
    found = checked(id, **plan(most + 1))
    assert found.state == "short"
    assert found.findings[0].code == "too_many"
    assert (found.findings[0].have, found.findings[0].want) == (most + 1, (fewest, most))


@given(st.sampled_from(sorted(ALL)), st.integers(0, 8))
def test_adding_what_is_asked_for_never_makes_it_worse(id: str, have: int) -> None:
    _, most, plan = ALL[id]
    better = ["not_begun", "short", "met"]
    if have < most:
        before, after = state(id, **plan(have)), state(id, **plan(have + 1))
        assert better.index(after) >= better.index(before)


@pytest.mark.parametrize("id", COUNTS)
def test_how_many_there_are_and_should_be_is_told(id: str) -> None:
    fewest, most, plan = COUNTS[id]
    found = checked(id, **plan(fewest + 1))
    assert (found.have, found.want) == (fewest + 1, (fewest, most))


def test_a_record_that_has_none_is_named_once_others_have_some() -> None:
    whole = full_plan()
    moves = [move for move in whole.moves if move.goal_id != "g1"]
    found = checked("moves.per_goal", replace(whole, moves=moves))
    assert (found.have, found.want, found.where) == (2, (3, 3), ("g1",))


def test_leadership_is_measured_as_a_team_is() -> None:
    objectives = [work.ObjectiveFact(str(i), "", None) for i in range(2)]
    found = checked("objectives.count", objectives=objectives)
    assert (found.state, found.have, found.want) == ("short", 0, (1, 1))
