"""What a retrospective opens with: its period's own data, so that nobody begins from memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.models.actions import Action, ActionState
from app.models.decisions import Decision
from app.models.kickoffs import Kickoff
from app.models.kpis import Kpi
from app.models.milestones import Milestone
from app.models.pulse_library import in_readers_words
from app.models.pulses import Pulse
from app.models.retrospectives import RetroNote, Retrospective
from app.operations.derived import today_in
from app.operations.okr import key_results_of
from app.operations.pulse_results import results
from app.operations.readings import readings_of

DAYS = {"biweekly": 14, "monthly": 30, "quarterly": 90}


@dataclass(frozen=True)
class Moved:
    """A figure over the period: where it stood as the period began and its latest in it."""

    id: str
    title: str
    unit: str
    first: float
    last: float
    target: float | None
    is_better: bool | None  # None where it stood still


@dataclass(frozen=True)
class Named:
    id: str
    title: str


@dataclass(frozen=True)
class Improvement:
    """What an earlier retrospective set out to change, and what was to be so when it is done."""

    id: str
    title: str
    expected: str
    is_settled: bool


@dataclass(frozen=True)
class PeriodData:
    starts_on: date
    ends_on: date
    key_results: tuple[Moved, ...]
    kpis: tuple[Moved, ...]
    pulses: tuple[Moved, ...]
    improvements: tuple[Improvement, ...]
    closed: tuple[Named, ...]
    late: tuple[Named, ...]
    reached: tuple[Named, ...]
    missed: tuple[Named, ...]
    decided: tuple[Named, ...]


def period_of(retrospective: Retrospective, kickoff: Kickoff, now: datetime) -> tuple[date, date]:
    """The period that was given; what is not given follows from how often it is held."""
    end = retrospective.ends_on or retrospective.held_on or today_in(kickoff, now)
    start = retrospective.starts_on or end - timedelta(days=DAYS[retrospective.cadence])
    return start, end


def period_data(
    session: Session, kickoff: Kickoff, retrospective: Retrospective, now: datetime
) -> PeriodData:
    start, end = period_of(retrospective, kickoff, now)
    team = retrospective.team_id
    actions = session.scalars(
        select(Action).where(col(Action.kickoff_id) == kickoff.id).order_by(col(Action.id))
    ).all()
    own = [one for one in actions if team is None or one.team_id == team]
    zone = ZoneInfo(kickoff.time_zone)
    begun = datetime.combine(start, time.min, zone)
    over = datetime.combine(end + timedelta(days=1), time.min, zone)
    milestones = session.scalars(
        select(Milestone).where(col(Milestone.kickoff_id) == kickoff.id).order_by(col(Milestone.id))
    ).all()
    steps = [one for one in milestones if team is None or one.team_id == team]
    return PeriodData(
        starts_on=start,
        ends_on=end,
        key_results=_worst_first(_key_results(session, kickoff, start, end, now)),
        kpis=_worst_first(_moved(session, kickoff, start, end)),
        pulses=_worst_first(_pulses(session, kickoff, begun, over)),
        improvements=tuple(_improvements(session, retrospective, start)),
        closed=_named(
            one for one in own if one.closed_at is not None and begun <= one.closed_at < over
        ),
        late=_named(
            one for one in own if one.state == ActionState.OPEN and one.due and one.due <= end
        ),
        reached=_named(one for one in steps if one.reached_on and start <= one.reached_on <= end),
        missed=_named(one for one in steps if not one.reached_on and one.due and one.due <= end),
        decided=_named(_decided(session, kickoff, start, end)),
    )


def _worst_first(moved: Iterable[Moved]) -> tuple[Moved, ...]:
    """What got worse, then what stood still: that is what there is to talk about."""
    return tuple(sorted(moved, key=lambda one: (False, None, True).index(one.is_better)))


def _key_results(
    session: Session, kickoff: Kickoff, start: date, end: date, now: datetime
) -> Iterator[Moved]:
    """Those of which somebody said something in the period."""
    for one in key_results_of(session, kickoff, now):
        said = [each for each in one.standing if each.on <= end]
        if not said or said[-1].on < start:
            continue
        before = [each.value for each in said if each.on < start]
        first, last = before[-1] if before else one.way.baseline, said[-1].value
        if first is None:
            first = said[0].value
        better = None if first == last else (last > first) == (one.way.direction == "up")
        yield Moved(one.id, one.title, one.unit, first, last, one.way.target, better)


def _pulses(session: Session, kickoff: Kickoff, begun: datetime, over: datetime) -> Iterator[Moved]:
    """The questions of the last wave that ended in the period, against the wave before it: levels
    of 100. The first wave of all moved from itself."""
    wanted = select(Pulse).where(col(Pulse.kickoff_id) == kickoff.id)
    for pulse in session.scalars(wanted.order_by(col(Pulse.position), col(Pulse.id))).all():
        found = results(session, pulse.id)
        ended = [
            wave.number
            for wave in (found.waves if found else ())
            if wave.closed_at is not None and begun <= wave.closed_at < over
        ]
        told = results(session, pulse.id, number=ended[-1]) if ended else None
        for one in told.questions if told else ():
            if one.figures is not None:
                first, last = round((one.before or one.figures).level), round(one.figures.level)
                better = None if first == last else last > first
                yield Moved(pulse.id, in_readers_words(one.text), "", first, last, None, better)


def _improvements(
    session: Session, retrospective: Retrospective, start: date
) -> Iterator[Improvement]:
    """What the retrospectives before this one set out to change: now it shows whether it did."""
    wanted = (
        select(Action)
        .join(RetroNote, col(RetroNote.action_id) == col(Action.id))
        .join(Retrospective, col(Retrospective.id) == col(RetroNote.retrospective_id))
        .where(
            col(Retrospective.kickoff_id) == retrospective.kickoff_id,
            col(Retrospective.id) < retrospective.id,
            col(Retrospective.team_id) == retrospective.team_id
            if retrospective.team_id
            else col(Retrospective.team_id).is_(None),
        )
    )
    for one in session.scalars(wanted.order_by(col(Action.id)).distinct()):
        is_recent = one.closed_at is None or one.closed_at.date() >= start
        if one.state == ActionState.OPEN or is_recent:
            yield Improvement(one.id, one.title, one.expected, one.state != ActionState.OPEN)


def _named(records: Iterable[Action | Milestone | Decision]) -> tuple[Named, ...]:
    return tuple(Named(one.id, one.title) for one in records)


def _decided(session: Session, kickoff: Kickoff, start: date, end: date) -> list[Decision]:
    wanted = (
        select(Decision)
        .where(col(Decision.kickoff_id) == kickoff.id)
        .where(col(Decision.decided_on) >= start, col(Decision.decided_on) <= end)
    )
    return list(session.scalars(wanted.order_by(col(Decision.id))))


def _moved(session: Session, kickoff: Kickoff, start: date, end: date) -> Iterable[Moved]:
    read = readings_of(session, kickoff.id, until=end)
    kpis = select(Kpi).where(col(Kpi.kickoff_id) == kickoff.id)
    for kpi in session.scalars(kpis.order_by(col(Kpi.position), col(Kpi.id))):
        figures = read.get(kpi.id, [])
        if not figures or figures[-1][0] < start:
            continue
        before = [value for on, value in figures if on <= start]
        first, last = (before[-1] if before else figures[0][1]), figures[-1][1]
        better = None if first == last else (last > first) == (kpi.direction == "up")
        yield Moved(kpi.id, kpi.title, kpi.unit, first, last, kpi.target, better)
