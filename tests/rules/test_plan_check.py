"""The plan check as a whole: what it covers, and how ready it says that a plan is (C1)."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.plan_check.check import SECTIONS, Readiness, by_phase, of_part, plan_check, readiness
from app.rules.plan_check.facts import Facts
from app.rules.plan_check.measures import MET, NOT_BEGUN, SHORT
from app.rules.plan_check.rule import PHASES
from tests.rules.plans import EMPTY, full_plan, having

RULES = [rule for rules in SECTIONS.values() for rule in rules]
LISTS = [field.name for field in fields(Facts)[2:]]


def test_a_plan_as_the_method_has_it_is_ready_before_the_day() -> None:
    checks = plan_check(full_plan())
    assert [one for one in checks if one.phase == "before" and one.state != MET] == []
    assert by_phase(checks)["before"].per_cent == 100


def test_an_empty_plan_is_not_begun_rather_than_wrong() -> None:
    checks = plan_check(EMPTY)
    assert {one.state for one in checks} == {NOT_BEGUN}
    assert readiness(checks).share == 0


def test_each_rule_has_an_id_of_its_own_and_a_phase() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    assert {rule.phase for rule in RULES} == set(PHASES)


def test_what_is_short_says_what_is_missing_and_what_is_met_says_nothing() -> None:
    for plan in (EMPTY, full_plan()):
        for name in LISTS:
            for one in plan_check(having(full_plan(), **{name: getattr(plan, name)[:1]})):
                assert (one.state == SHORT) == bool(one.findings), one


@pytest.mark.parametrize("name", LISTS)
def test_taking_a_part_away_makes_the_plan_no_readier(name: str) -> None:
    whole = readiness(plan_check(full_plan()))
    without = readiness(plan_check(having(full_plan(), **{name: ()})))
    assert without.all == whole.all
    assert without.share <= whole.share
    if name not in ("readings", "people"):
        later = name in ("pilots", "actions", "objectives", "key_results", "decisions")
        # People are measured through what they answer for; what comes after is not begun yet.
        assert without.met < whole.met or later


@given(st.sets(st.sampled_from(LISTS)))
def test_readiness_is_a_share_and_the_same_plan_always_gives_the_same(left_out: set[str]) -> None:
    plan = having(full_plan(), **dict.fromkeys(left_out, ()))
    first, again = plan_check(plan), plan_check(replace(plan))
    assert first == again
    assert 0 <= readiness(first).share <= 1
    assert sum(ready.all for ready in by_phase(first).values()) == len(RULES)


@given(*[st.integers(0, 500)] * 3)
def test_a_hundred_per_cent_is_said_when_everything_is_met(met: int, short: int, no: int) -> None:
    ready = Readiness(met, short, no)
    assert 0 <= ready.per_cent <= 100
    assert (ready.per_cent == 100) == (short == no == 0)


def test_the_checks_of_a_part_are_those_that_are_mended_there() -> None:
    assert {one.part for one in of_part(plan_check(EMPTY), "goals")} == {"goals"}
    assert len(of_part(plan_check(EMPTY), "goals")) >= 5
