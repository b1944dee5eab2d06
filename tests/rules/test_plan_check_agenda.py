"""Rules about the day, and about what has to stand before it (P16, C2)."""

from dataclasses import replace

import pytest

from app.rules.plan_check import facts_of_day as day
from tests.rules.plans import EMPTY, block, checked, codes, full_plan, having, state

MINUTES = [
    ("agenda.keynote", "keynote", 10, 15),
    ("agenda.risk_dialogue", "risk_discussion", 15, 30),
]


@pytest.mark.parametrize("id, kind, fewest, most", MINUTES)
def test_a_block_keeps_to_the_methods_minutes(id: str, kind: str, fewest: int, most: int) -> None:
    for minutes, expected in (
        (fewest - 1, "short"), (fewest, "met"), (most, "met"), (most + 1, "short"),
    ):  # fmt: skip
        found = checked(id, blocks=[block(0, kind, minutes)])
        assert found.state == expected, minutes
        if expected == "short":
            one = found.findings[0]
            assert (one.code, one.have, one.want) == ("minutes", minutes, (fewest, most))
    assert state(id, blocks=[block(0, "strategy", 30)]) == "not_begun"


def test_the_day_begins_with_an_opening_and_ends_with_a_closing() -> None:
    opening, closing = block(0, "opening", 10), block(9, "closing", 10)
    middle = block(1, "strategy", 30)
    assert state("agenda.ends", blocks=[opening, middle, closing]) == "met"
    assert codes("agenda.ends", blocks=[opening, middle]) == [("closing", "")]
    assert codes("agenda.ends", blocks=[middle, closing]) == [("opening", "")]
    assert len(codes("agenda.ends", blocks=[middle])) == 2
    assert state("agenda.ends") == "not_begun"


def test_a_block_without_a_timebox_is_named() -> None:
    short, own = block(0, "interactive", 2), block(1, "sprint", 30)
    two = [{"name": "introduce", "minutes": 10}, {"name": "work", "minutes": 20}]
    three = [*two, {"name": "conclude", "minutes": 5}]
    assert codes("agenda.timebox", blocks=[short]) == [("phases", "b0")]
    assert state("agenda.timebox", blocks=[own]) == "met"
    assert codes("agenda.timebox", blocks=[replace(own, phases=two)]) == [("phases", "b1")]
    assert state("agenda.timebox", blocks=[replace(own, phases=three)]) == "met"
    assert state("agenda.timebox", blocks=[block(0, "keynote", 15)]) == "not_begun"


def test_a_fixed_start_that_is_run_into_is_named_with_its_minutes() -> None:
    kickoff = replace(EMPTY.kickoff, starts_at="09:00")
    first = block(0, "opening", 31)
    lunch = replace(block(1, "break", 45), fixed_start="09:30")
    found = checked("agenda.fixed_starts", kickoff=kickoff, blocks=[first, lunch])
    assert [(one.code, one.have, one.where) for one in found.findings] == [
        ("runs_into_fixed_start", 1, "b1")
    ]
    on_time = [replace(first, minutes=30), lunch]
    assert state("agenda.fixed_starts", kickoff=kickoff, blocks=on_time) == "met"


@pytest.mark.parametrize("kind", ["keynote", "strategy", "interactive", "demonstration"])
def test_a_block_without_questions_after_it_is_named(kind: str) -> None:
    asked, questions = block(0, kind, 15), block(1, "questions_and_answers", 10)
    id = "agenda.questions_after_blocks"
    assert state(id, blocks=[asked, questions]) == "met"
    assert codes(id, blocks=[asked]) == [("no_questions", "b0")]
    assert codes(id, blocks=[asked, block(2, "break", 10), questions]) == [("no_questions", "b0")]
    # Two of a kind in a row share one round.
    assert state(id, blocks=[asked, replace(asked, id="b5"), questions]) == "met"


@pytest.mark.parametrize("minutes, expected", [(120, "met"), (121, "short")])
def test_nobody_sits_for_more_than_two_hours(minutes: int, expected: str) -> None:
    blocks = [block(0, "strategy", minutes), block(1, "break", 10)]
    assert state("agenda.breaks", blocks=blocks) == expected
    assert state("agenda.breaks") == "not_begun"


def test_a_block_says_why_it_is_there_who_has_it_and_what_customers_gain() -> None:
    poor = block(
        0, "sprint", 50, purpose=False, owner_id=False, customer_problem=False, goal_ids=[]
    )
    pause = day.BlockFact("b1", "Pause", "break", 15)
    assert codes("agenda.stated", blocks=[poor, pause]) == [("purpose", "b0"), ("owner_id", "b0")]
    assert codes("agenda.customer", blocks=[poor, pause]) == [("customer_problem", "b0")]
    assert codes("agenda.works_on", blocks=[poor, pause]) == [("works_on_nothing", "b0")]
    for name in ("goal_ids", "deliverable_ids", "kpi_ids", "risk_ids"):
        assert state("agenda.works_on", blocks=[having(poor, **{name: ["x"]})]) == "met"


def test_interactive_sessions_open_something_and_obstacles_are_ranked() -> None:
    blocks = [block(0, "interactive", 50), block(1, "keynote", 15)]
    assert codes("agenda.activities", blocks=blocks) == [("no_activity", "b0")]
    choice = day.ActivityFact("a", "", "b0", "choice")
    assert state("agenda.activities", blocks=blocks, activities=[choice]) == "met"
    assert state("agenda.obstacles", activities=[choice]) == "not_begun"
    ranking = replace(choice, kind="top_obstacles")
    assert state("agenda.obstacles", activities=[ranking]) == "met"


@pytest.mark.parametrize(
    "id, name",
    [
        ("order.stakeholders_before_agenda", "stakeholders"),
        ("order.risks_before_agenda", "risks"),
    ],
)
def test_who_and_what_may_happen_are_mapped_before_the_agenda(id: str, name: str) -> None:
    whole = full_plan()
    assert state(id, whole) == "met"
    assert codes(id, whole, **{name: ()}) == [("agenda_first", "")]
    assert state(id, whole, **{name: (), "blocks": ()}) == "not_begun"
    assert state(id, whole, blocks=()) == "met"


def test_raci_stands_before_group_work() -> None:
    id, whole = "order.raci_before_group_work", full_plan()
    assert state(id, whole) == "met"
    assert codes(id, whole, raci=()) == [("work_first", "")]
    responsible = [one for one in whole.raci if one.role == "R"]
    assert {code for code, _ in codes(id, whole, raci=responsible)} == {"no_accountable"}
    no_work = [one for one in whole.blocks if one.kind != "interactive"]
    assert state(id, whole, raci=(), blocks=no_work) == "not_begun"
