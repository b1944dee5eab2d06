"""Risks and opportunities (P13): what may happen, and who does what about it by when."""

from collections.abc import Sequence

from app.rules.plan_check.facts import Facts
from app.rules.plan_check.facts_of_day import RiskFact
from app.rules.plan_check.measures import NOT_BEGUN, Measured, all_of, each, lacks
from app.rules.plan_check.rule import Rule

_AREAS = ("delivery", "capacity", "dependency")


def _open(facts: Facts) -> Sequence[RiskFact]:
    """What is closed needs nothing more."""
    return [one for one in facts.risks if one.state == "open"]


def _looked_for_both(facts: Facts) -> Measured:
    return all_of(("risk", "opportunity"), {one.kind for one in facts.risks})


def _handled(facts: Facts, *names: str) -> Measured:
    if facts.risks and not _open(facts):
        return each(facts.risks, lambda _: ())
    return each(_open(facts), lacks(*names)) if facts.risks else Measured(NOT_BEGUN)


RULES = (
    Rule("risks.areas", "risks", lambda f: all_of(_AREAS, {one.area for one in f.risks})),
    Rule("risks.opportunities", "risks", _looked_for_both),
    Rule("risks.mitigation", "risks", lambda f: _handled(f, "mitigation")),
    Rule("risks.owner_and_deadline", "risks", lambda f: _handled(f, "owner_id", "due")),
)
