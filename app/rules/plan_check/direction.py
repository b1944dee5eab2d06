"""Direction (P1–P6): why we gather, goals, strategic moves, KPIs and what leads to what."""

from collections import Counter
from collections.abc import Iterable

from app.rules import frames, smart
from app.rules.plan_check.facts import Facts
from app.rules.plan_check.facts_of_work import GoalFact
from app.rules.plan_check.measures import Measured, all_of, counted, counted_for_each, each, lacks
from app.rules.plan_check.rule import Rule

_WHY = ("challenge", "purpose", "expected_effect", "success_criteria", "vision")
_WHEN = ("day", "venue", "audience", "sponsor")


def _filled(facts: Facts, names: tuple[str, ...]) -> Measured:
    missing = lacks(*names)(facts.kickoff)
    return all_of(names, [name for name in names if name not in missing])


def _unmet(goal: GoalFact) -> Iterable[str]:
    return (one.code for one in smart.criteria(goal.stated) if not one.is_met)


def _on_the_map(facts: Facts) -> Measured:
    linked = {end for link in facts.links for end in (link.cause_goal_id, link.effect_goal_id)}
    return counted_for_each(facts.strategic, dict.fromkeys(linked, 1), (1, 1))


RULES = (
    Rule("kickoff.why", "edit", lambda facts: _filled(facts, _WHY)),
    Rule("kickoff.when", "edit", lambda facts: _filled(facts, _WHEN)),
    Rule(
        "goals.count", "goals", lambda facts: counted(len(facts.strategic), frames.STRATEGIC_GOALS)
    ),
    Rule("goals.smart", "goals", lambda facts: each(facts.below_vision, _unmet)),
    Rule("goals.owner", "goals", lambda facts: each(facts.below_vision, lacks("owner_id"))),
    Rule(
        "goals.involved", "goals", lambda facts: each(facts.below_vision, lacks("stakeholder_ids"))
    ),
    Rule("goals.hierarchy", "goals", lambda facts: each(facts.sub_goals, lacks("parent_id"))),
    Rule("goals.incentive", "goals", lambda facts: each(facts.strategic, lacks("incentive"))),
    Rule(
        "moves.per_goal",
        "strategic-moves",
        lambda facts: counted_for_each(
            facts.strategic,
            Counter(move.goal_id for move in facts.moves),
            frames.MOVES_PER_GOAL,
        ),
    ),
    Rule(
        "kpis.per_sub_goal",
        "kpis",
        lambda facts: counted_for_each(
            facts.sub_goals,
            Counter(kpi.goal_id for kpi in facts.kpis),
            frames.KPIS_PER_SUB_GOAL,
        ),
    ),
    Rule(
        "kpis.stated",
        "kpis",
        lambda facts: each(facts.kpis, lacks("unit", "baseline", "target", "target_date")),
    ),
    Rule(
        "kpis.on_map",
        "kpis",
        lambda facts: counted(sum(kpi.on_map for kpi in facts.kpis), frames.KPIS_ON_THE_MAP),
    ),
    Rule("map.connected", "cause-effect-links", _on_the_map),
)
