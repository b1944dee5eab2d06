"""Rules about each record: what it lacks is named, with the record (C2's pitfalls among them)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.rules.plan_check import facts_of_day as day
from app.rules.plan_check import facts_of_work as work
from tests.rules.plans import DAY, EMPTY, KICKOFF, checked, codes, full_plan, goals, having, state

# Rule, where its records are, and the fields without which one of them is short.
EACH: list[tuple[str, str, tuple[str, ...]]] = [
    ("goals.owner", "goals", ("owner_id",)),
    ("goals.involved", "goals", ("stakeholder_ids",)),
    ("kpis.stated", "kpis", ("unit", "baseline", "target", "target_date")),
    ("focus.reason", "focus", ("reason",)),
    ("initiatives.stated", "initiatives", ("owner_id", "capacity", "competence", "budget")),
    ("stakeholders.involved", "stakeholders", ("before", "during", "after")),
    ("stakeholders.stated", "stakeholders", ("needs", "owner_id")),
    ("segments.expectations", "segments", ("expectations",)),
    ("sponsors.commitment", "sponsors", ("commitment",)),
    ("ambassadors.trained", "ambassadors", ("knows_messages", "knows_faq", "has_pitch")),
    ("risks.mitigation", "risks", ("mitigation",)),
    ("risks.owner_and_deadline", "risks", ("owner_id", "due")),
    ("deliverables.owner", "deliverables", ("owner_id",)),
    ("deliverables.supporters", "deliverables", ("supporter_ids",)),
    ("deliverables.stated", "deliverables", ("goal_id", "kpi_id", "due", "done_criteria")),
    (
        "milestones.stated",
        "milestones",
        ("due", "owner_id", "deliverable_id", "kpi_id", "done_criteria"),
    ),
    (
        "narrative.examples",
        "narratives",
        ("customer_example", "operations_example", "culture_example"),
    ),
    ("cases.stated", "cases", ("goal_id", "owner_id", "today", "afterwards")),
    ("faq.answered", "faq", ("answer",)),
    ("glossary.explained", "terms", ("meaning", "example")),
    ("channels.reach", "channels", ("reach", "owner_id")),
    ("communication.stated", "steps", ("due", "channel_id", "segment_id", "owner_id")),
]
EMPTY_OF: dict[str, Any] = {"stakeholder_ids": [], "supporter_ids": [], "capacity": None}


@pytest.mark.parametrize("id, name, lacking", EACH)
def test_each_record_is_looked_at_and_what_it_lacks_is_named(
    id: str, name: str, lacking: tuple[str, ...]
) -> None:
    whole = full_plan()
    assert state(id, whole) == "met"
    records = list(getattr(whole, name))
    for field in lacking:
        empty: Any = EMPTY_OF.get(field, False if field != "owner_id" else None)
        poor = having(records[-1], **{field: empty})
        found = checked(id, whole, **{name: [*records[:-1], poor]})
        assert found.state == "short"
        assert [(one.code, one.where) for one in found.findings] == [(field, poor.id)]
        assert found.have == found.want[0] - 1 if found.want else False
    assert state(id, whole, **{name: ()}) == "not_begun"


# Rule, where its records are, the field whose choices must all be there.
ALL_OF = [
    ("stakeholders.sides", "stakeholders", "side", {"internal", "external"}),
    ("ambassadors.functions", "ambassadors", "function", {"sales", "product", "operations", "hr"}),
    ("risks.areas", "risks", "area", {"delivery", "capacity", "dependency"}),
    ("risks.opportunities", "risks", "kind", {"risk", "opportunity"}),
    ("milestones.steps", "milestones", "window", {"30", "60", "90"}),
    ("narrative.levels", "narratives", "level", {"organisation", "team", "role"}),
    ("communication.days", "steps", "day", {"0", "30", "60", "90"}),
]


@pytest.mark.parametrize("id, name, field, wanted", ALL_OF)
def test_what_is_missing_of_a_kind_is_named(
    id: str, name: str, field: str, wanted: set[str]
) -> None:
    whole = full_plan()
    assert state(id, whole) == "met"
    for one in wanted:
        left = [record for record in getattr(whole, name) if getattr(record, field) != one]
        assert codes(id, whole, **{name: left}) == [(one, "")]


def test_an_unclear_goal_is_named_with_the_criteria_that_it_does_not_meet() -> None:
    poor = goals(1, measurable="bedre enn før", due=None)
    assert codes("goals.smart", goals=poor) == [("measurable", "g0"), ("due", "g0")]
    vision = [replace(poor[0], level="vision")]
    assert state("goals.smart", goals=vision) == "not_begun"


def test_a_sub_goal_serves_a_goal() -> None:
    alone = [replace(one, parent_id=None) for one in goals(1, 1)]
    assert codes("goals.hierarchy", goals=alone) == [("parent_id", "d0")]


def test_the_kickoff_says_why_and_when() -> None:
    assert state("kickoff.why", EMPTY) == state("kickoff.when", EMPTY) == "not_begun"
    poor = replace(KICKOFF, vision=False, day=None)
    assert codes("kickoff.why", kickoff=poor) == [("vision", "")]
    assert codes("kickoff.when", kickoff=poor) == [("day", "")]


def test_a_goal_that_leads_to_nothing_on_the_map_is_named() -> None:
    whole = full_plan()
    effect = work.LinkFact("l9", "", None, "g1")
    links = [one for one in whole.links if one.cause_goal_id != "g1"]
    assert checked("map.connected", whole, links=links).where == ("g1",)
    assert state("map.connected", whole, links=[*links, effect]) == "met"


def test_a_key_group_that_is_left_out_is_named_and_others_are_not() -> None:
    left_out = day.StakeholderFact("s1", influence="high", needs=True)
    others = day.StakeholderFact("s2", influence="medium")
    stakeholders = [left_out, others]
    assert codes("stakeholders.key_involved", stakeholders=stakeholders) == [
        ("no_involvement", "s1")
    ]
    for when in ("before", "during", "after"):
        involved = [having(left_out, **{when: True}), others]
        assert state("stakeholders.key_involved", stakeholders=involved) == "met"


def test_a_sponsor_is_seen_in_plenary_and_in_a_group() -> None:
    whole = full_plan()
    plenary = [one for one in whole.appearances if one.setting == "plenary"]
    assert codes("sponsors.appearances", whole, appearances=plenary) == [("no_group", "sp")]
    unplanned = [replace(one, planned_on=False) for one in whole.appearances]
    assert len(codes("sponsors.appearances", whole, appearances=unplanned)) == 2
    held = [replace(one, planned_on=False, held_on=True) for one in whole.appearances]
    assert state("sponsors.appearances", whole, appearances=held) == "met"


@pytest.mark.parametrize("minutes, expected", [(44, "short"), (45, "met"), (46, "short")])
def test_a_dry_run_takes_forty_five_minutes(minutes: int, expected: str) -> None:
    run = day.DryRunFact("dr", "", minutes, True, True)
    assert state("dry_runs.one", dry_runs=[run]) == expected


def test_one_dry_run_as_the_method_has_it_is_enough() -> None:
    good, poor = day.DryRunFact("a", "", 45, True, True), day.DryRunFact("b", "", 45, False, True)
    assert state("dry_runs.one", dry_runs=[poor, good]) == "met"
    assert codes("dry_runs.one", dry_runs=[poor]) == [("has_questions", "b")]


def test_a_team_that_is_promised_twice_is_named() -> None:
    whole = full_plan()
    more = replace(whole.initiatives[0], id="i2")
    assert state("initiatives.capacity", whole) == "met"
    assert codes("initiatives.capacity", whole, initiatives=[*whole.initiatives, more]) == [
        ("overbooked", "t1")
    ]
    unknown = [replace(whole.teams[0], capacity=None)]
    assert codes("initiatives.capacity", whole, teams=unknown) == [("team_without_capacity", "t1")]


RACI = [
    ("raci.one_accountable", [("p2", "R")], "no_accountable"),
    ("raci.one_accountable", [("p1", "A"), ("p2", "A"), ("p2", "R")], "several_accountable"),
    ("raci.responsible", [("p1", "A"), ("p2", "C")], "no_responsible"),
    ("raci.everybody", [("p2", "A"), ("p2", "R")], "owner_without_letter"),
    ("raci.everybody", [("p1", "A"), ("p1", "R")], "supporters_without_letter"),
]


@pytest.mark.parametrize("id, letters, code", RACI)
def test_work_without_raci_is_named(id: str, letters: list[tuple[str, str]], code: str) -> None:
    whole = full_plan()
    assert state(id, whole) == "met"
    others = [one for one in whole.raci if one.deliverable_id != "v0"]
    poor = [work.RaciFact(f"x{who}{what}", "", "v0", who, what) for who, what in letters]
    assert codes(id, whole, raci=[*others, *poor]) == [(code, "v0")]
    assert state(id, whole, raci=()) == "not_begun"


@pytest.mark.parametrize("many, expected", [(5, "met"), (6, "short")])
def test_nobody_carries_more_than_five_at_once(many: int, expected: str) -> None:
    deliverables = [work.DeliverableFact(f"v{n}") for n in range(many)]
    raci = [work.RaciFact(f"r{n}", "", f"v{n}", "p1", "A") for n in range(many)]
    found = checked("raci.overloaded", deliverables=deliverables, raci=raci)
    assert found.state == expected
    assert found.where == (("p1",) if expected == "short" else ())


def test_a_risk_that_is_closed_needs_nothing_more() -> None:
    closed = day.RiskFact("r", state="closed")
    assert state("risks.owner_and_deadline", risks=[closed]) == "met"
    assert codes("risks.owner_and_deadline", risks=[replace(closed, state="open")]) == [
        ("owner_id", "r"),
        ("due", "r"),
    ]


def test_a_core_message_that_no_block_repeats_is_named() -> None:
    whole = full_plan()
    blocks = [replace(one, message_ids=["msg0", "msg2"]) for one in whole.blocks]
    assert checked("messages.repeated_by_a_block", whole, blocks=blocks).where == ("msg1",)
    assert state("messages.repeated_by_a_block", whole) == "met"


def test_each_audience_is_told_what_it_means() -> None:
    whole = full_plan()
    untold = [*whole.segments, day.SegmentFact("seg2", "", True)]
    assert codes("messages.consequences", whole, segments=untold) == [("no_consequence", "seg2")]
    half = [replace(whole.consequences[0], priorities=False)]
    assert codes("messages.consequences", whole, consequences=half) == [("no_consequence", "seg")]


def test_one_of_the_cases_is_a_customer_journey() -> None:
    whole = full_plan()
    others = [replace(one, kind="other") for one in whole.cases]
    assert state("cases.journey", whole) == "met"
    assert state("cases.journey", whole, cases=others) == "short"
    assert state("cases.journey", whole, cases=()) == "not_begun"


def settled(today: date, closed: int, still_open: int) -> str:
    actions = [
        work.ActionFact(f"a{n}", "", True, True, "closed" if n < closed else "open")
        for n in range(closed + still_open)
    ]
    return state("actions.settled", today=today, kickoff=KICKOFF, actions=actions)


def test_four_of_five_actions_are_settled_by_day_ninety() -> None:
    eve, ninety = date(2027, 5, 3), date(2027, 5, 4)
    assert (ninety - DAY).days == 90
    assert settled(eve, 7, 3) == "not_begun"
    assert settled(ninety, 7, 3) == "short"
    assert settled(ninety, 8, 2) == settled(eve, 8, 2) == "met"
    assert settled(ninety, 79, 21) == "short"
    assert state("actions.settled", today=ninety, kickoff=KICKOFF) == "not_begun"
    assert state("actions.settled", actions=[work.ActionFact("a")]) == "not_begun"


@pytest.mark.parametrize(
    "ready, teams, expected", [(9, 10, "met"), (8, 9, "short"), (0, 1, "short")]
)
def test_nine_of_ten_teams_are_ready_at_day_thirty(ready: int, teams: int, expected: str) -> None:
    objectives = [
        work.ObjectiveFact(f"o{t}{n}", "", f"t{t}") for t in range(teams) for n in range(3)
    ]
    key_results = [
        work.KeyResultFact(f"k{t}{n}{i}", "", f"o{t}{n}")
        for t in range(ready)
        for n in range(3)
        for i in range(3)
    ]
    plan = replace(EMPTY, teams=[day.TeamFact(f"t{t}") for t in range(teams)])
    found = checked("objectives.teams_ready", plan, objectives=objectives, key_results=key_results)
    assert found.state == expected
    two_each = [one for one in key_results if not one.id.endswith("2")]
    fewer = state("objectives.teams_ready", plan, objectives=objectives, key_results=two_each)
    assert fewer == "short"


def test_what_the_product_does_not_keep_yet_is_not_begun() -> None:
    for id in ("minutes", "map_published", "standup", "okr_review", "retrospective", "pulse"):
        found = checked(f"after.{id}", full_plan())
        assert (found.state, found.part) == ("not_begun", "")
        assert found.want
    decisions = [day.DecisionFact("d1"), day.DecisionFact("d2", superseded_by_id=True)]
    assert codes("day.decisions", decisions=decisions) == [("owner_id", "d1")]
