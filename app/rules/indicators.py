"""The launch indicators (F3): what is to be so at day 7, 30, 60 and 90, measured from the records.

Before its day an indicator is not due: it says the figure found so far, and judges nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.rules import frames
from app.rules.frames import Frame

NOT_DUE, MET, SHORT, NO_DAY = "not_due", "met", "short", "no_day"
PER_CENT, COUNT = "per_cent", "count"
PILOTS_BY_DAY_60: Frame = (2, 1_000_000)
HELD: Frame = (1, 1_000_000)
LAST_THIRD_AFTER = timedelta(days=60)  # a retrospective of day 30 does not look back at the 90

Where = tuple[str, str]  # a collection and a record's id


@dataclass(frozen=True)
class TeamFacts:
    """How many key results each of a team's objectives has."""

    id: str
    key_results: tuple[int, ...]


@dataclass(frozen=True)
class PilotFacts:
    """`learnt`: it has a note of what was learnt, and a decision."""

    id: str
    initiative_id: str | None
    begun: bool
    learnt: bool


@dataclass(frozen=True)
class LaunchFacts:
    """`map_drawn` and `okr_drafted`: there is something to publish; `published`: it is at a link
    that everybody in the kickoff may open."""

    day: date | None
    today: date
    published: bool
    map_drawn: bool
    okr_drafted: bool
    teams: Sequence[TeamFacts]
    pilots: Sequence[PilotFacts]
    retrospectives: Sequence[tuple[str, date]]  # those that were held, and when
    settled: Sequence[str]  # actions that are closed or replanned
    unsettled: Sequence[str]


@dataclass(frozen=True)
class Indicator:
    """`have` against `want`, both in `unit`; `role` answers for it. `behind` are the records that
    the figure is made of, `lacking` those of them that are short."""

    id: str
    by_day: int
    due_on: date | None
    role: str
    state: str
    unit: str
    have: int
    want: Frame
    behind: tuple[Where, ...] = ()
    lacking: tuple[Where, ...] = ()


def is_ready(key_results: Sequence[int]) -> bool:
    """A team is ready with three to five objectives that have three or four key results each."""
    fewest, most = frames.OBJECTIVES
    least, greatest = frames.KEY_RESULTS_WHEN_READY
    enough = all(least <= count <= greatest for count in key_results)
    return fewest <= len(key_results) <= most and enough


def indicators(facts: LaunchFacts) -> list[Indicator]:
    """In the order of their days."""
    return [
        _published(facts),
        _teams_ready(facts),
        _pilots(facts),
        _learnt(facts),
        _retrospective(facts),
        _settled(facts),
    ]


def per_cent(have: int, of: int) -> int:
    """Rounded down: 89.9 are not yet 90."""
    return 100 * have // of if of else 0


def _published(facts: LaunchFacts) -> Indicator:
    there = facts.published * (facts.map_drawn + facts.okr_drafted)
    return _one(
        facts,
        "launch.map_published",
        7,
        "strategy_team",
        PER_CENT,
        per_cent(there, 2),
        frames.MAP_PUBLISHED_PER_CENT,
    )


def _teams_ready(facts: LaunchFacts) -> Indicator:
    lacking = tuple(("teams", one.id) for one in facts.teams if not is_ready(one.key_results))
    ready = len(facts.teams) - len(lacking)
    behind = tuple(("teams", one.id) for one in facts.teams)
    have, want = per_cent(ready, len(facts.teams)), frames.TEAMS_READY_PER_CENT
    return _one(
        facts, "okr.teams_ready", 30, "line_managers", PER_CENT, have, want, behind, lacking
    )


def _pilots(facts: LaunchFacts) -> Indicator:
    """Pilots that have begun, on different initiatives; one that names none is one by itself."""
    begun = [one for one in facts.pilots if one.begun]
    have = len({one.initiative_id or one.id for one in begun})
    behind = tuple(("pilots", one.id) for one in facts.pilots)
    lacking = tuple(("pilots", one.id) for one in facts.pilots if not one.begun)
    return _one(
        facts,
        "pilots.begun",
        60,
        "product_management",
        COUNT,
        have,
        PILOTS_BY_DAY_60,
        behind,
        lacking,
    )


def _learnt(facts: LaunchFacts) -> Indicator:
    """Each pilot that has begun has its note and its decision."""
    begun = [one for one in facts.pilots if one.begun]
    lacking = tuple(("pilots", one.id) for one in begun if not one.learnt)
    behind = tuple(("pilots", one.id) for one in begun)
    have = len(begun) - len(lacking)
    want = (max(len(begun), PILOTS_BY_DAY_60[0]), 1_000_000)
    return _one(
        facts, "pilots.learnt", 60, "product_management", COUNT, have, want, behind, lacking
    )


def _retrospective(facts: LaunchFacts) -> Indicator:
    """Of the whole: one of the last third."""
    after = facts.day + LAST_THIRD_AFTER if facts.day else date.min
    behind = tuple(("retrospectives", id) for id, held in facts.retrospectives if held > after)
    return _one(facts, "retrospective.held", 90, "pmo", COUNT, len(behind), HELD, behind)


def _settled(facts: LaunchFacts) -> Indicator:
    have = per_cent(len(facts.settled), len(facts.settled) + len(facts.unsettled))
    lacking = tuple(("actions", id) for id in facts.unsettled)
    behind = (*(("actions", id) for id in facts.settled), *lacking)
    want = frames.ACTIONS_SETTLED_PER_CENT
    return _one(facts, "actions.settled", 90, "pmo", PER_CENT, have, want, behind, lacking)


def _one(
    facts: LaunchFacts,
    id: str,
    by_day: int,
    role: str,
    unit: str,
    have: int,
    want: Frame,
    behind: tuple[Where, ...] = (),
    lacking: tuple[Where, ...] = (),
) -> Indicator:
    due = _after(facts.day, by_day)
    if due is None:
        state = NO_DAY
    elif facts.today < due:
        state = NOT_DUE
    else:
        state = MET if have >= want[0] else SHORT
    return Indicator(id, by_day, due, role, state, unit, have, want, behind, lacking)


def _after(day: date | None, days: int) -> date | None:
    if day is None or (date.max - day).days < days:
        return None
    return day + timedelta(days=days)
