"""The day as it is planned (P16), and what has to stand before it is set (C2: order)."""

from collections.abc import Callable, Iterable, Sequence

from app.rules import frames
from app.rules.agenda_warnings import (
    ABOUT_CUSTOMERS,
    longest_stretch,
    without_questions,
)
from app.rules.findings import Finding
from app.rules.plan_check.delivery import of_raci
from app.rules.plan_check.facts import Facts
from app.rules.plan_check.facts_of_day import BlockFact
from app.rules.plan_check.measures import (
    MET,
    NOT_BEGUN,
    SHORT,
    TOO_MANY,
    Measured,
    all_of,
    counted,
    each,
    from_findings,
    is_empty,
    lacks,
)
from app.rules.plan_check.rule import Rule
from app.rules.timebox import PHASED_KINDS, minute_of_day, phases, schedule

_BREAK = "break"
_WORKS_ON = ("goal_ids", "deliverable_ids", "kpi_ids", "risk_ids")


def _blocks(facts: Facts, *kinds: str) -> Sequence[BlockFact]:
    """Those of these kinds; of none named: all but the breaks."""
    return [one for one in facts.blocks if (one.kind in kinds if kinds else one.kind != _BREAK)]


def _ends(facts: Facts) -> Measured:
    kinds = [one.kind for one in facts.blocks]
    there = {*kinds[:1], *kinds[-1:]} & {"opening", "closing"}
    if not kinds:
        return Measured(NOT_BEGUN)
    measured = all_of(("opening", "closing"), there)
    return measured if there else Measured(SHORT, 0, (2, 2), tuple(_both_ends()))


def _both_ends() -> Iterable[Finding]:
    return (Finding("opening"), Finding("closing"))


def _minutes(kind: str, frame: frames.Frame) -> Callable[[Facts], Measured]:
    """Whether each block of the kind keeps to its minutes."""

    def measure(facts: Facts) -> Measured:
        blocks = _blocks(facts, kind)
        found = (
            Finding("minutes", one.minutes, frame, one.id)
            for one in blocks
            if not frame[0] <= one.minutes <= frame[1]
        )
        return from_findings(found, blocks)

    return measure


def _timebox(facts: Facts) -> Measured:
    """Blocks in which people work are introduced, worked and concluded."""
    fewest, _ = frames.TIMEBOX_PHASES
    blocks = _blocks(facts, *PHASED_KINDS)
    counts = [(one, len(phases(one.kind, one.minutes, one.phases))) for one in blocks]
    found = (
        Finding("phases", count, frames.TIMEBOX_PHASES, one.id)
        for one, count in counts
        if count < fewest
    )
    return from_findings(found, blocks)


def _fixed_starts(facts: Facts) -> Measured:
    """Whether what stands before a fixed start is over by then."""
    planned = [
        (one.minutes, minute_of_day(one.fixed_start) if one.fixed_start else None)
        for one in facts.blocks
    ]
    slots = schedule(minute_of_day(facts.kickoff.starts_at), planned)
    found = (
        Finding("runs_into_fixed_start", -slot.slack, where=one.id)
        for one, slot in zip(facts.blocks, slots, strict=True)
        if slot.slack < 0
    )
    return from_findings(found, facts.blocks)


def _questions(facts: Facts) -> Measured:
    asked, missing = without_questions(facts.blocks)
    found = (Finding("no_questions", where=one.id) for one in missing)
    return from_findings(found, asked)


def _breaks(facts: Facts) -> Measured:
    if not facts.blocks:
        return Measured(NOT_BEGUN)
    longest, most = longest_stretch(facts.blocks), frames.MINUTES_WITHOUT_A_BREAK
    found = (Finding(TOO_MANY, longest, (0, most)),) if longest > most else ()
    return Measured(SHORT if found else MET, longest, (0, most), found)


def _works_on(facts: Facts) -> Measured:
    return each(
        _blocks(facts, *ABOUT_CUSTOMERS),
        lambda one: (
            ("works_on_nothing",) if all(is_empty(getattr(one, name)) for name in _WORKS_ON) else ()
        ),
    )


def _opens_something(facts: Facts) -> Measured:
    opening = {one.block_id for one in facts.activities}
    return each(
        _blocks(facts, "interactive"),
        lambda one: () if one.id in opening else ("no_activity",),
    )


def _obstacles(facts: Facts) -> Measured:
    ranked = sum(one.kind == "top_obstacles" for one in facts.activities)
    return Measured(MET if ranked else NOT_BEGUN, 5 * bool(ranked), frames.OBSTACLES_RANKED)


def _before_agenda(has: Callable[[Facts], object]) -> Callable[[Facts], Measured]:
    """What must stand by the time the agenda does. An agenda that came with the frame of the method
    was not set against it, so what stands now counts and not what was written first."""

    def measure(facts: Facts) -> Measured:
        if has(facts):
            return Measured(MET)
        if not facts.blocks:
            return Measured(NOT_BEGUN)
        return Measured(SHORT, findings=(Finding("agenda_first"),))

    return measure


def _raci_before_work(facts: Facts) -> Measured:
    """Group work is on deliverables that somebody answers for and somebody does."""
    work = _blocks(facts, "sprint", "interactive")
    if not work:
        return Measured(NOT_BEGUN)
    letters = of_raci(facts, "no_accountable", "no_responsible")
    if letters.state == NOT_BEGUN:
        return Measured(SHORT, findings=(Finding("work_first"),))
    return letters


AGENDA = (
    Rule("agenda.ends", "agenda", _ends),
    Rule("agenda.keynote", "agenda", _minutes("keynote", frames.KEYNOTE_MINUTES)),
    Rule(
        "agenda.interactive",
        "agenda",
        lambda f: counted(len(_blocks(f, "interactive")), frames.INTERACTIVE_BLOCKS),
    ),
    Rule("agenda.timebox", "agenda", _timebox),
    Rule("agenda.fixed_starts", "agenda", _fixed_starts),
    Rule(
        "agenda.risk_dialogue",
        "agenda",
        _minutes("risk_discussion", frames.RISK_DIALOGUE_MINUTES),
    ),
    Rule("agenda.questions_after_blocks", "agenda", _questions),
    Rule("agenda.breaks", "agenda", _breaks),
    Rule("agenda.stated", "agenda", lambda f: each(_blocks(f), lacks("purpose", "owner_id"))),
    Rule(
        "agenda.customer",
        "agenda",
        lambda f: each(_blocks(f, *ABOUT_CUSTOMERS), lacks("customer_problem", "effect_indicator")),
    ),
    Rule("agenda.works_on", "agenda", _works_on),
    Rule("agenda.activities", "agenda", _opens_something),
    Rule("agenda.obstacles", "agenda", _obstacles),
)
ORDER = (
    Rule(
        "order.stakeholders_before_agenda",
        "stakeholders",
        _before_agenda(lambda f: f.stakeholders),
    ),
    Rule("order.risks_before_agenda", "risks", _before_agenda(lambda f: f.risks)),
    Rule("order.raci_before_group_work", "raci", _raci_before_work),
)
