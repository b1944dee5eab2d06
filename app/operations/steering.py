"""Steering by figures (F4): which KPIs have left their line and what is done about it, and which
actions lift a key result most."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.i18n import gettext
from app.models.actions import Action, ActionSource, ActionState
from app.models.goals import Goal
from app.models.kickoffs import Kickoff
from app.models.kpis import Kpi
from app.models.people import Person
from app.operations import records
from app.operations.actions import create_action
from app.operations.derived import today_in
from app.operations.entities import KPIS
from app.operations.okr import key_results_of, names
from app.operations.readings import Read, readings_of
from app.rules import lift, okr
from app.rules.course import Course, course
from app.rules.okr import Way


@dataclass(frozen=True)
class Tied:
    """An open action that is tied to a KPI."""

    id: str
    title: str
    owner: str
    due: date | None


@dataclass(frozen=True)
class KpiState:
    """`read_on`: the day of its last reading. `course` says where it should be by now."""

    id: str
    title: str
    unit: str
    goal_id: str | None
    goal: str
    way: Way
    due: date | None
    read_on: date | None
    course: Course
    trend: str | None
    actions: tuple[Tied, ...]

    @property
    def wants_an_action(self) -> bool:
        return self.course.deviates and not self.actions


@dataclass(frozen=True)
class RankedAction:
    """`score` is its key result's, `share` in per cent, as it was written."""

    id: str
    title: str
    owner: str
    due: date | None
    key_result_id: str | None
    key_result: str
    share: int | None
    days: float | None
    lift: lift.Lift


def kpi_states(session: Session, kickoff: Kickoff, now: datetime | None = None) -> list[KpiState]:
    """Those that deviate first, the furthest behind at the top; the others in their order."""
    today = today_in(kickoff, now)
    read = readings_of(session, kickoff.id, until=today)
    tied = _tied(session, kickoff)
    goals = names(session, Goal, kickoff.id)
    wanted = select(Kpi).where(col(Kpi.kickoff_id) == kickoff.id)
    ordered = wanted.order_by(col(Kpi.position), col(Kpi.id))
    states = [
        _kpi(
            one,
            read.get(one.id, ()),
            tied[one.id],
            goals.get(one.goal_id or "", ""),
            kickoff,
            today,
        )
        for one in session.scalars(ordered)
    ]
    return sorted(
        states,
        key=lambda one: (not one.course.deviates, -(one.course.behind or 0) * one.course.deviates),
    )


def ranked_actions(
    session: Session, kickoff: Kickoff, now: datetime | None = None
) -> list[RankedAction]:
    """The open actions, what lifts most first; then those of which something is not known."""
    states = {one.id: one for one in key_results_of(session, kickoff, now)}
    people = names(session, Person, kickoff.id)
    found = {one.id: one for one in session.scalars(_open(kickoff))}
    effects = []
    for one in found.values():
        state = states.get(one.key_result_id or "")
        effects.append(
            lift.Effect(
                one.id,
                gap=lift.gap(state.score) if state else None,
                share=None if one.gap_share is None else one.gap_share / 100,
                days=one.effort_days,
                has_key_result=state is not None,
            )
        )
    return [
        _ranked(found[each.effect.id], each, people, states[key].title if key in states else "")
        for each in lift.ranked(effects)
        for key in (found[each.effect.id].key_result_id or "",)
    ]


def tie_an_action(session: Session, kickoff: Kickoff, kpi_id: str) -> Action:
    """The action that a deviation gets, once: where an open one is tied to the KPI already, that
    is the one. The KPI is locked, so that two who press at once make one."""
    kpi = records.find(session, KPIS, kickoff.id, kpi_id, to_write=True)
    assert isinstance(kpi, Kpi)
    there = session.scalars(_open(kickoff).where(col(Action.kpi_id) == kpi.id).limit(1)).first()
    if there is not None:
        return there
    title = gettext("Bring «%(name)s» back on its line") % {"name": kpi.title}
    owner = _owner_of(session, kpi)
    return create_action(
        session,
        kickoff.id,
        source=ActionSource.KPI_DEVIATION,
        title=title[:200],
        kpi_id=kpi.id,
        owner_id=owner,
    )


def _owner_of(session: Session, kpi: Kpi) -> str | None:
    """Whoever owns the goal that the KPI tells of."""
    goal = session.get(Goal, kpi.goal_id) if kpi.goal_id else None
    return goal.owner_id if goal else None


def _open(kickoff: Kickoff) -> SelectOfScalar[Action]:
    wanted = select(Action).where(col(Action.kickoff_id) == kickoff.id)
    return wanted.where(col(Action.state) == ActionState.OPEN).order_by(col(Action.id))


def _tied(session: Session, kickoff: Kickoff) -> dict[str, list[Tied]]:
    people = names(session, Person, kickoff.id)
    found: dict[str, list[Tied]] = defaultdict(list)
    for one in session.scalars(_open(kickoff).where(col(Action.kpi_id).is_not(None))):
        owner = people.get(one.owner_id or "", "")
        found[one.kpi_id or ""].append(Tied(one.id, one.title, owner, one.due))
    return found


def _kpi(
    one: Kpi,
    readings: Sequence[Read],
    tied: Sequence[Tied],
    goal: str,
    kickoff: Kickoff,
    today: date,
) -> KpiState:
    way = Way(one.baseline, one.target, str(one.direction))
    read_on, value = readings[-1] if readings else (None, None)
    return KpiState(
        id=one.id,
        title=one.title,
        unit=one.unit,
        goal_id=one.goal_id,
        goal=goal,
        way=way,
        due=one.target_date,
        read_on=read_on,
        course=course(
            way,
            value,
            starts=kickoff.day,
            ends=one.target_date,
            today=today,
        ),
        trend=okr.trend(way, [read for _, read in readings]),
        actions=tuple(tied),
    )


def _ranked(one: Action, found: lift.Lift, people: dict[str, str], key_result: str) -> RankedAction:
    return RankedAction(
        id=one.id,
        title=one.title,
        owner=people.get(one.owner_id or "", ""),
        due=one.due,
        key_result_id=one.key_result_id,
        key_result=key_result,
        share=one.gap_share,
        days=one.effort_days,
        lift=found,
    )
