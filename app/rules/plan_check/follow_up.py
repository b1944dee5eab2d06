"""On the day (L5, L11) and after it (F1–F6): what can be met only then.

Where the product does not keep what a figure is about yet, its rule is not begun.
"""

from collections import Counter
from collections.abc import Callable, Iterable

from app.rules import frames
from app.rules.findings import Finding
from app.rules.frames import Frame
from app.rules.indicators import is_ready
from app.rules.plan_check.facts import Facts
from app.rules.plan_check.facts_of_work import ActionFact
from app.rules.plan_check.measures import (
    MET,
    NOT_BEGUN,
    SHORT,
    TOO_FEW,
    Measured,
    all_of,
    counted,
    counted_for_each,
    each,
    lacks,
    share,
)
from app.rules.plan_check.rule import AFTER, ON_THE_DAY, Rule

_SETTLED_BY_DAY = 90
_LEADERSHIP = None  # whose objectives have no team


def _later(want: Frame) -> Callable[[Facts], Measured]:
    """What the plan knows nothing of yet."""
    return lambda _facts: Measured(NOT_BEGUN, want=want)


def _from(facts: Facts, source: str) -> list[ActionFact]:
    return [one for one in facts.actions if one.source == source]


def _decided(facts: Facts) -> Measured:
    """Decisions that still hold have somebody who sees to them."""
    return each([one for one in facts.decisions if not one.superseded_by_id], lacks("owner_id"))


def _objectives(facts: Facts) -> Measured:
    """Each team that has objectives has enough of them and not too many; leadership too."""
    if not facts.objectives:
        return Measured(NOT_BEGUN)
    counts = Counter(one.team_id for one in facts.objectives)
    teams = [team for team in facts.teams if counts[team.id]]
    found = list(counted_for_each(teams, counts, frames.OBJECTIVES).findings)
    leadership = counts[_LEADERSHIP]
    if leadership:
        found += counted(leadership, frames.OBJECTIVES).findings
    all_of_them = len(teams) + bool(leadership)
    state = SHORT if found else MET
    return Measured(state, all_of_them - len(found), (all_of_them, all_of_them), tuple(found))


def _key_results(facts: Facts) -> Measured:
    counts = Counter[str | None](one.objective_id for one in facts.key_results)
    return counted_for_each(facts.objectives, counts, frames.KEY_RESULTS)


def _teams_ready(facts: Facts) -> Measured:
    """How many per cent of the teams are ready with objectives and key results (day 30)."""
    key_results = Counter(one.objective_id for one in facts.key_results)
    ready = sum(
        is_ready([key_results[one.id] for one in facts.objectives if one.team_id == team.id])
        for team in facts.teams
    )
    begun = bool(facts.objectives and facts.teams)
    if begun and not ready:
        return Measured(SHORT, 0, frames.TEAMS_READY_PER_CENT, tuple(_too_few(0)))
    return share(ready, len(facts.teams), frames.TEAMS_READY_PER_CENT)


def _too_few(have: int) -> Iterable[Finding]:
    yield Finding(TOO_FEW, have, frames.TEAMS_READY_PER_CENT)


def _settled(facts: Facts) -> Measured:
    """How many per cent of the actions are closed or replanned, judged at day 90."""
    settled = sum(one.state != "open" for one in facts.actions)
    want = frames.ACTIONS_SETTLED_PER_CENT
    if facts.actions and 100 * settled >= want[0] * len(facts.actions):
        return share(settled, len(facts.actions), want)
    if facts.days_since is None or facts.days_since < _SETTLED_BY_DAY or not facts.actions:
        return Measured(NOT_BEGUN, 0, want)
    have = 100 * settled // len(facts.actions)
    return Measured(SHORT, have, want, (Finding(TOO_FEW, have, want),))


def _read(facts: Facts) -> Measured:
    """The KPIs of the map have a reading."""
    shown = [kpi for kpi in facts.kpis if kpi.on_map]
    return counted_for_each(
        shown, Counter[str | None](one.kpi_id for one in facts.readings), (1, 1_000_000)
    )


def _confirmed(facts: Facts) -> Measured:
    confirmed = sum(one.prioritised and one.confirmed_at for one in facts.deliverables)
    return counted(confirmed, frames.PRIORITISED_DELIVERABLES)


def _measured_steps(facts: Facts) -> Measured:
    done = [one for one in facts.steps if one.done_on]
    return each(done, lacks("opened", "attendance", "feedback"))


ON_THE_DAY_ITSELF = (
    Rule("day.deliverables_confirmed", "deliverables", _confirmed, ON_THE_DAY),
    Rule(
        "day.obstacles",
        "actions",
        lambda f: counted(len(_from(f, "obstacle")), frames.OBSTACLES_RANKED),
        ON_THE_DAY,
    ),
    Rule(
        "day.obstacles_owned",
        "actions",
        lambda f: each(_from(f, "obstacle"), lacks("owner_id", "due")),
        ON_THE_DAY,
    ),
    Rule("day.decisions", "decisions", _decided, ON_THE_DAY),
    Rule(
        "day.teams_closed",
        "actions",
        lambda f: each(_from(f, "team_close"), lacks("owner_id", "due")),
        ON_THE_DAY,
    ),
)
FOLLOW_UP = (
    Rule("after.minutes", "", _later(frames.MINUTES_WITHIN_HOURS), AFTER),
    Rule("after.map_published", "", _later(frames.MAP_PUBLISHED_PER_CENT), AFTER),
    Rule("actions.owned", "actions", lambda f: each(f.actions, lacks("owner_id", "due")), AFTER),
    Rule("objectives.count", "objectives", _objectives, AFTER),
    Rule("objectives.key_results", "key-results", _key_results, AFTER),
    Rule("objectives.teams_ready", "objectives", _teams_ready, AFTER),
    Rule("kpis.read", "readings", _read, AFTER),
    Rule("pilots.count", "pilots", lambda f: counted(len(f.pilots), frames.PILOTS), AFTER),
    Rule("pilots.learnt", "pilots", lambda f: each(f.pilots, lacks("result", "verdict")), AFTER),
    Rule("communication.measured", "communication-steps", _measured_steps, AFTER),
    Rule("after.standup", "", _later(frames.STANDUP_MINUTES), AFTER),
    Rule("after.okr_review", "", _later(frames.OKR_REVIEW_MINUTES), AFTER),
    Rule("after.retrospective", "", _later(frames.RETROSPECTIVE_MINUTES), AFTER),
    Rule("after.pulse", "", _later(frames.PULSE_QUESTIONS), AFTER),
    Rule("after.measures", "", _later(frames.MEASURES_CLOSED_WITHIN_WEEKS), AFTER),
    Rule(
        "cases.followed_up",
        "",
        lambda _facts: all_of(frames.MILESTONES, ()),
        AFTER,
    ),
    Rule("actions.settled", "actions", _settled, AFTER),
)
