"""What a retrospective opens with: its period's own data, so that nobody begins from memory; and
what a room's wall becomes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.models.actions import Action, ActionState
from app.models.decisions import Decision
from app.models.kickoffs import Kickoff
from app.models.kpis import Kpi
from app.models.milestones import Milestone
from app.models.retrospectives import Cause, RetroNote, Retrospective
from app.operations import records
from app.operations.derived import today_in
from app.operations.entities import RETRO_NOTES, RETROSPECTIVES
from app.operations.readings import readings_of
from app.rules import causes

DAYS = {"biweekly": 14, "monthly": 30, "quarterly": 90}


@dataclass(frozen=True)
class Moved:
    """A KPI over the period: its figure as the period began and its latest in it."""

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
class Said:
    """A note of a room's wall. `votes`: what the room gave it; None where it was not asked."""

    column: str
    text: str
    votes: int | None = None


@dataclass(frozen=True)
class PeriodData:
    starts_on: date
    ends_on: date
    kpis: tuple[Moved, ...]
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
        kpis=tuple(_moved(session, kickoff, start, end)),
        closed=_named(
            one for one in own if one.state == ActionState.CLOSED and begun <= one.updated_at < over
        ),
        late=_named(
            one for one in own if one.state == ActionState.OPEN and one.due and one.due <= end
        ),
        reached=_named(one for one in steps if one.reached_on and start <= one.reached_on <= end),
        missed=_named(one for one in steps if not one.reached_on and one.due and one.due <= end),
        decided=_named(_decided(session, kickoff, start, end)),
    )


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


def kept_from(session: Session, activity_id: str) -> Retrospective | None:
    """What a room's wall has become, if it has."""
    wanted = select(Retrospective).where(col(Retrospective.source_activity_id) == activity_id)
    return session.scalars(wanted).first()


def keep(
    session: Session,
    kickoff: Kickoff,
    notes: Iterable[Said],
    *,
    activity_id: str,
    title: str,
    now: datetime,
) -> Retrospective:
    """A retrospective held today, with these notes in this order. Its period follows from how
    often it is held, as that of one which is begun by hand; a wall is kept once."""
    there = kept_from(session, activity_id)
    if there is not None:
        return there
    said = {
        "title": title,
        "held_on": today_in(kickoff, now),
        "source_activity_id": activity_id,
    }
    made = records.create(session, RETROSPECTIVES, kickoff.id, said)
    assert isinstance(made, Retrospective), "RETROSPECTIVES are retrospectives"
    for note in notes:
        about = {"retrospective_id": made.id, "column": note.column}
        said = {**about, "text": note.text, "votes": note.votes}
        records.create(session, RETRO_NOTES, kickoff.id, said)
    return made


def notes_of(session: Session, retrospective: Retrospective) -> list[RetroNote]:
    wanted = select(RetroNote).where(col(RetroNote.retrospective_id) == retrospective.id)
    return list(session.scalars(wanted.order_by(col(RetroNote.id))))


def causes_of(session: Session, notes: Iterable[RetroNote]) -> dict[str, list[causes.Cause]]:
    """By the note that they explain."""
    ids = [note.id for note in notes]
    found: dict[str, list[causes.Cause]] = defaultdict(list)
    wanted = select(Cause).where(col(Cause.retro_note_id).in_(ids)).order_by(col(Cause.id))
    for one in session.scalars(wanted):
        found[one.retro_note_id].append(
            causes.Cause(one.id, one.text, one.kind, one.because_of_id or "")
        )
    return found
