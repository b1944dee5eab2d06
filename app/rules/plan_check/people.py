"""Whom it concerns (P9, P14): stakeholders, segments, sponsors, ambassadors and dry runs."""

from collections.abc import Iterable

from app.rules import frames
from app.rules.findings import Finding
from app.rules.plan_check.facts import Facts
from app.rules.plan_check.facts_of_day import StakeholderFact
from app.rules.plan_check.measures import (
    MET,
    NOT_BEGUN,
    SHORT,
    Measured,
    all_of,
    counted,
    each,
    from_findings,
    lacks,
)
from app.rules.plan_check.rule import Rule


def _left_out(stakeholder: StakeholderFact) -> Iterable[str]:
    """Of a key stakeholder: whether there is no involvement at all."""
    involved = stakeholder.before or stakeholder.during or stakeholder.after
    return () if involved else ("no_involvement",)


def _key_involved(facts: Facts) -> Measured:
    return each([one for one in facts.stakeholders if one.influence == "high"], _left_out)


def _appearances(facts: Facts) -> Measured:
    """Each sponsor is seen in plenary and in a group: planned, or held already."""
    seen = {
        (one.sponsor_id, one.setting) for one in facts.appearances if one.planned_on or one.held_on
    }
    found = (
        Finding(f"no_{setting}", where=sponsor.id)
        for sponsor in facts.sponsors
        for setting in ("plenary", "group")
        if (sponsor.id, setting) not in seen
    )
    return from_findings(found, facts.sponsors)


def _dry_run(facts: Facts) -> Measured:
    """One that is as the method has it is enough; others may be as they like."""
    if not facts.dry_runs:
        return Measured(NOT_BEGUN, want=frames.DRY_RUN_MINUTES)
    fewest, most = frames.DRY_RUN_MINUTES
    found = []
    for one in facts.dry_runs:
        missing = lacks("planned_on", "has_questions")(one)
        if not fewest <= one.minutes <= most:
            missing.append("minutes")
        if not missing:
            return Measured(MET, one.minutes, frames.DRY_RUN_MINUTES)
        found += [Finding(code, where=one.id) for code in missing]
    return Measured(SHORT, facts.dry_runs[0].minutes, frames.DRY_RUN_MINUTES, tuple(found))


RULES = (
    Rule(
        "stakeholders.sides",
        "stakeholders",
        lambda f: all_of(("internal", "external"), {one.side for one in f.stakeholders}),
    ),
    Rule("stakeholders.key_involved", "stakeholders", _key_involved),
    Rule(
        "stakeholders.involved",
        "stakeholders",
        lambda f: each(f.stakeholders, lacks("before", "during", "after")),
    ),
    Rule(
        "stakeholders.stated",
        "stakeholders",
        lambda f: each(f.stakeholders, lacks("needs", "owner_id")),
    ),
    Rule("segments.expectations", "segments", lambda f: each(f.segments, lacks("expectations"))),
    Rule("sponsors.appearances", "appearances", _appearances),
    Rule("sponsors.commitment", "sponsors", lambda f: each(f.sponsors, lacks("commitment"))),
    Rule(
        "ambassadors.count",
        "ambassadors",
        lambda f: counted(len(f.ambassadors), frames.AMBASSADORS),
    ),
    Rule(
        "ambassadors.functions",
        "ambassadors",
        lambda f: all_of(frames.AMBASSADOR_FUNCTIONS, {one.function for one in f.ambassadors}),
    ),
    Rule(
        "ambassadors.trained",
        "ambassadors",
        lambda f: each(f.ambassadors, lacks("knows_messages", "knows_faq", "has_pitch")),
    ),
    Rule("dry_runs.one", "dry-runs", _dry_run),
)
