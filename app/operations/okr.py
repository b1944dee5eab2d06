"""Objectives and key results as they stand (F4): what was said last, how far it is, and whether
anybody has said anything lately. Each table is asked once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.models.check_ins import CheckIn, check_ins_of
from app.models.goals import Goal
from app.models.kickoffs import Kickoff
from app.models.objectives import KeyResult, Objective
from app.models.people import Person, Team
from app.operations.derived import today_in
from app.rules import frames, okr
from app.rules.course import Course, course
from app.rules.frames import Frame
from app.rules.okr import Score, Way


@dataclass(frozen=True)
class Said:
    """A check-in. `counts`: it was not withdrawn, and nobody said another figure later that day."""

    id: str
    on: date
    value: float
    confidence: int | None
    note: str
    by: str
    withdrawn: bool
    version: int
    counts: bool = True


@dataclass(frozen=True)
class KeyResultState:
    """`said` are its check-ins from the first to the last, `silent` the days without a word."""

    id: str
    objective_id: str
    title: str
    unit: str
    owner_id: str | None
    owner: str
    way: Way
    due: date | None
    kpi_id: str | None
    said: tuple[Said, ...]
    course: Course
    trend: str | None
    silent: int | None

    @property
    def standing(self) -> list[Said]:
        return [one for one in self.said if one.counts]

    @property
    def last(self) -> Said | None:
        counting = self.standing
        return counting[-1] if counting else None

    @property
    def value(self) -> float | None:
        return self.last.value if self.last else None

    @property
    def confidence(self) -> int | None:
        """What was said of it last."""
        said = (one.confidence for one in reversed(self.standing))
        return next((one for one in said if one is not None), None)

    @property
    def score(self) -> float | None:
        return okr.score(self.way, self.value)

    @property
    def missing(self) -> tuple[str, ...]:
        return okr.missing(self.way, self.value)

    @property
    def contradicts(self) -> bool:
        return okr.contradicts(self.way)

    @property
    def is_silent(self) -> bool:
        return okr.is_silent(self.silent)


@dataclass(frozen=True)
class ObjectiveState:
    id: str
    title: str
    state: str
    team_id: str | None
    owner: str
    goal_id: str | None
    goal: str
    key_results: tuple[KeyResultState, ...]

    @property
    def score(self) -> Score:
        return okr.objective_score([one.score for one in self.key_results])

    @property
    def breaks_frame(self) -> bool:
        return not _within(len(self.key_results), frames.KEY_RESULTS)


@dataclass(frozen=True)
class Group:
    """A team's objectives; leadership's, where `team_id` is None."""

    team_id: str | None
    name: str
    objectives: tuple[ObjectiveState, ...]

    @property
    def score(self) -> Score:
        return okr.objective_score([one.score.value for one in self.objectives])

    @property
    def breaks_frame(self) -> bool:
        return not _within(len(self.objectives), frames.OBJECTIVES)


@dataclass(frozen=True)
class Board:
    """Leadership first, then the teams that have objectives; `without` are the others' names."""

    groups: tuple[Group, ...]
    without: tuple[tuple[str, str], ...]

    @property
    def key_results(self) -> list[KeyResultState]:
        return [
            key_result
            for group in self.groups
            for objective in group.objectives
            for key_result in objective.key_results
        ]

    @property
    def heard(self) -> int:
        """How many key results somebody has said something of lately."""
        return sum(one.last is not None and not one.is_silent for one in self.key_results)

    @property
    def silent(self) -> list[KeyResultState]:
        """Longest first."""
        found = [one for one in self.key_results if one.is_silent]
        return sorted(found, key=lambda one: -(one.silent or 0))


def board(session: Session, kickoff: Kickoff, now: datetime | None = None) -> Board:
    states = key_results_of(session, kickoff, now)
    by_objective: dict[str, list[KeyResultState]] = defaultdict(list)
    for state in states:
        by_objective[state.objective_id].append(state)
    people = names(session, Person, kickoff.id)
    goals = names(session, Goal, kickoff.id)
    wanted = select(Objective).where(col(Objective.kickoff_id) == kickoff.id)
    found = session.scalars(wanted.order_by(col(Objective.position), col(Objective.id))).all()
    by_team: dict[str | None, list[ObjectiveState]] = defaultdict(list)
    for one in found:
        by_team[one.team_id].append(_objective(one, by_objective[one.id], people, goals))
    teams = session.execute(
        select(Team.id, Team.name)
        .where(col(Team.kickoff_id) == kickoff.id)
        .order_by(col(Team.position), col(Team.id))
    ).all()
    groups = [Group(None, "", tuple(by_team[None]))] if None in by_team else []
    groups += [Group(id, name, tuple(by_team[id])) for id, name in teams if id in by_team]
    return Board(tuple(groups), tuple((id, name) for id, name in teams if id not in by_team))


def key_results_of(
    session: Session, kickoff: Kickoff, now: datetime | None = None, *, only: str | None = None
) -> list[KeyResultState]:
    """All of a kickoff's key results in their order, or `only` one."""
    wanted = select(KeyResult).where(col(KeyResult.kickoff_id) == kickoff.id)
    said = check_ins_of(kickoff.id)
    if only is not None:
        wanted = wanted.where(col(KeyResult.id) == only)
        said = said.where(col(CheckIn.key_result_id) == only)
    people = names(session, Person, kickoff.id)
    by_key_result: dict[str, list[CheckIn]] = defaultdict(list)
    for one in session.scalars(said):
        by_key_result[one.key_result_id].append(one)
    today = today_in(kickoff, now)
    ordered = wanted.order_by(col(KeyResult.position), col(KeyResult.id))
    return [
        _key_result(one, by_key_result[one.id], people, kickoff, today)
        for one in session.scalars(ordered)
    ]


def names(session: Session, table: Any, kickoff_id: str) -> dict[str, str]:
    """What a kickoff's records of this table are called, by their id."""
    name = table.name if hasattr(table, "name") else table.title
    found = session.execute(select(table.id, name).where(col(table.kickoff_id) == kickoff_id))
    return {row[0]: row[1] for row in found}


def _objective(
    one: Objective,
    key_results: Sequence[KeyResultState],
    people: Mapping[str, str],
    goals: Mapping[str, str],
) -> ObjectiveState:
    return ObjectiveState(
        id=one.id,
        title=one.title,
        state=str(one.state),
        team_id=one.team_id,
        owner=people.get(one.owner_id or "", ""),
        goal_id=one.goal_id,
        goal=goals.get(one.goal_id or "", ""),
        key_results=tuple(key_results),
    )


def _key_result(
    one: KeyResult,
    check_ins: Sequence[CheckIn],
    people: Mapping[str, str],
    kickoff: Kickoff,
    today: date,
) -> KeyResultState:
    way = Way(one.baseline, one.target, str(one.direction))
    said = _said(check_ins, people)
    counting = [each for each in said if each.counts]
    last = counting[-1] if counting else None
    return KeyResultState(
        id=one.id,
        objective_id=one.objective_id,
        title=one.title,
        unit=one.unit,
        owner_id=one.owner_id,
        owner=people.get(one.owner_id or "", ""),
        way=way,
        due=one.due,
        kpi_id=one.kpi_id,
        said=tuple(said),
        course=course(
            way, last.value if last else None, starts=kickoff.day, ends=one.due, today=today
        ),
        trend=okr.trend(way, [each.value for each in counting]),
        silent=okr.silent_days(last.on if last else None, _begun(one, kickoff), today),
    )


def _begun(one: KeyResult, kickoff: Kickoff) -> date | None:
    """Since when there is something to say: the kickoff's day, or when it was written later."""
    written = one.created_at.astimezone(ZoneInfo(kickoff.time_zone)).date()
    return max(kickoff.day, written) if kickoff.day is not None else None


def _said(check_ins: Sequence[CheckIn], people: Mapping[str, str]) -> list[Said]:
    said = [
        Said(
            id=one.id,
            on=one.said_on or one.created_at.date(),
            value=one.value,
            confidence=one.confidence,
            note=one.note,
            by=people.get(one.said_by_id or "", ""),
            withdrawn=one.withdrawn,
            version=one.version,
        )
        for one in check_ins
    ]
    counting = {one.id for one in okr.standing(said)}
    return [one if one.id in counting else replace(one, counts=False) for one in said]


def _within(have: int, frame: Frame) -> bool:
    return frame[0] <= have <= frame[1]
