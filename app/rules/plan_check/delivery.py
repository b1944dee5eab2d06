"""Portfolio and delivery (P7, P8, P12): focus, initiatives, deliverables, RACI and milestones."""

from app.rules import capacity, frames
from app.rules.plan_check.facts import Facts
from app.rules.plan_check.measures import (
    NOT_BEGUN,
    Measured,
    all_of,
    counted,
    each,
    from_findings,
    lacks,
)
from app.rules.plan_check.rule import Rule


def _over_booked(facts: Facts) -> Measured:
    """Teams whose people are promised more than once, in the months that the picture shows too."""
    takes = [
        capacity.Takes(one.id, one.team_id, one.capacity, one.starts_on, one.ends_on)
        for one in facts.initiatives
    ]
    gives = [capacity.Gives(team.id, team.capacity) for team in facts.teams]
    months = capacity.months_shown(takes, facts.kickoff.day or facts.today)
    found = [
        one
        for one in capacity.capacity_findings(gives, takes, months)
        if one.code in ("overbooked", "team_without_capacity")
    ]
    busy = {one.team_id for one in takes}
    return from_findings(found, [team for team in facts.teams if team.id in busy])


def of_raci(facts: Facts, *codes: str) -> Measured:
    """What of the RACI's faults these codes name; without any letter it is not begun."""
    if not facts.raci:
        return Measured(NOT_BEGUN)
    found = (one for one in facts.faults_of_raci if one.code in codes)
    return from_findings(found, facts.deliverables)


PORTFOLIO = (
    Rule("focus.count", "focus-areas", lambda f: counted(len(f.focus), frames.FOCUS_AREAS)),
    Rule("focus.reason", "focus-areas", lambda f: each(f.focus, lacks("reason"))),
    Rule(
        "initiatives.stated",
        "initiatives",
        lambda f: each(f.initiatives, lacks("owner_id", "capacity", "competence", "budget")),
    ),
    Rule("initiatives.capacity", "teams", _over_booked),
)
DELIVERY = (
    Rule("deliverables.owner", "deliverables", lambda f: each(f.deliverables, lacks("owner_id"))),
    Rule(
        "deliverables.supporters",
        "deliverables",
        lambda f: each(f.deliverables, lacks("supporter_ids")),
    ),
    Rule(
        "deliverables.stated",
        "deliverables",
        lambda f: each(f.deliverables, lacks("goal_id", "kpi_id", "due", "done_criteria")),
    ),
    Rule(
        "deliverables.prioritised",
        "deliverables",
        lambda f: counted(
            sum(one.prioritised for one in f.deliverables), frames.PRIORITISED_DELIVERABLES
        ),
    ),
    Rule(
        "raci.one_accountable",
        "raci",
        lambda f: of_raci(f, "no_accountable", "several_accountable"),
    ),
    Rule("raci.responsible", "raci", lambda f: of_raci(f, "no_responsible")),
    Rule(
        "raci.everybody",
        "raci",
        lambda f: of_raci(f, "owner_without_letter", "supporters_without_letter"),
    ),
    Rule("raci.overloaded", "raci", lambda f: of_raci(f, "overloaded")),
    Rule(
        "milestones.steps",
        "milestones",
        lambda f: all_of(frames.MILESTONES, {one.window for one in f.milestones}),
    ),
    Rule(
        "milestones.stated",
        "milestones",
        lambda f: each(
            f.milestones, lacks("due", "owner_id", "deliverable_id", "kpi_id", "done_criteria")
        ),
    ),
)
