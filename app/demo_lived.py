"""The demo's other kickoffs, on day 37 and on day 90, as if their plan had been followed: so that
every page of the follow-up shows what it is for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TypeVar

from sqlmodel import Session, col, select

from app import clock, demo_plan
from app.access import Actor, Role
from app.demo_actions import seed_log
from app.demo_day import seed_day, seed_the_way
from app.demo_records import seed_records
from app.live import minutes
from app.live.vault import Vault
from app.models.actions import Action, ActionSource, ActionState, Stated
from app.models.answers import PublishedPlan
from app.models.cases import Case, CaseEffect, Change, EffectDay
from app.models.check_ins import CheckIn
from app.models.communication import CommunicationStep
from app.models.decisions import Decision
from app.models.fields import Record
from app.models.kickoffs import Kickoff
from app.models.kpis import Kpi, Reading
from app.models.meetings import Meeting, MeetingKind
from app.models.milestones import Milestone
from app.models.objectives import KeyResult, Objective, ObjectiveState
from app.models.people import Person
from app.models.pilots import Pilot, Verdict
from app.models.retrospectives import Cause, CauseKind, RetroColumn, RetroNote, Retrospective
from app.models.rooms import Room, RoomStatus
from app.models.sponsors import Appearance
from app.operations import accounts, meetings, minutes_published, publications
from app.operations.kickoffs import new_kickoff

R = TypeVar("R", bound=Record)
WEEK = timedelta(days=7)
LUNCH = "12:00"
HOUR_MS = 3_600_000
HOURS_OF_THE_DAY = 6


@dataclass(frozen=True)
class Lived:
    """`pace`: the part of the way that figures have gone by day 90. `kept_up`: the share of key
    results that are checked in, week by week; the last one goes on."""

    title: str
    days: int
    pace: float
    kept_up: tuple[float, ...]


LIVED = (
    Lived("Kurs 2027: Hålogaland", 37, 0.7, (0.9, 0.8, 0.6, 0.4, 0.45, 0.7)),
    Lived("Kurs 2026", 90, 0.95, (0.9, 0.85, 0.7, 0.6, 0.7, 0.8, 0.85)),
)


def seed_lived(session: Session, organisation_id: str, owner: Actor, vault: Vault) -> None:
    for lived in LIVED:
        kickoff, blocks = _kickoff(session, lived, organisation_id, owner)
        _day(session, kickoff, blocks, owner, vault)
        _live(session, lived, kickoff)


def _kickoff(
    session: Session, lived: Lived, organisation_id: str, owner: Actor
) -> tuple[Kickoff, dict[str, str]]:
    """With its agenda's blocks by their keys."""
    day = clock.today() - timedelta(days=lived.days)
    values = {**demo_plan.read().kickoff, "title": lived.title, "day": day.isoformat()}
    kickoff = new_kickoff(session, organisation_id=organisation_id, values=values, owner=owner)
    accounts.give_role(session, kickoff_id=kickoff.id, user_id=owner.id, role=Role.OWNER)
    made = seed_records(session, kickoff, lunch_at=LUNCH)
    return kickoff, {key: id for (name, key), id in made.items() if name == "agenda-blocks"}


def _day(
    session: Session, kickoff: Kickoff, blocks: Mapping[str, str], owner: Actor, vault: Vault
) -> None:
    assert kickoff.day is not None, "it has one"
    began = _noon(kickoff.day) - timedelta(hours=5)
    for room in _all(session, Room, kickoff):
        room.status = RoomStatus.ENDED
        room.started_at = int(began.timestamp() * 1000)
        room.ended_at = room.started_at + HOURS_OF_THE_DAY * HOUR_MS
        seed_the_way(session, room, room.started_at)
        seed_day(session, room, blocks, vault, began)
        for record in (*_all(session, Decision, kickoff), *_all(session, Action, kickoff)):
            record.created_at = began + timedelta(hours=3)  # what the room agreed on
        _minutes(session, room, owner, kickoff.day)


def _live(session: Session, lived: Lived, kickoff: Kickoff) -> None:
    assert kickoff.day is not None, "it has one"
    draw, today = Random(lived.days), clock.today()  # noqa: S311 -- no secret
    _actions(session, kickoff, draw, today)
    seed_log(session, kickoff, today)
    _dates(session, kickoff, today)
    _figures(session, kickoff, lived, draw, today)
    _check_ins(session, kickoff, lived, draw, today)
    _cases(session, kickoff, lived)
    _look_back(session, kickoff, today)
    publications.publish(session, PublishedPlan, kickoff.id)
    _meetings(session, kickoff, today)
    session.flush()


def _all(session: Session, table: type[R], kickoff: Kickoff) -> Sequence[R]:
    own = col(getattr(table, "kickoff_id")) == kickoff.id  # noqa: B009 -- not every record has one
    return session.exec(select(table).where(own).order_by(col(table.id))).all()


def _minutes(session: Session, room: Room, owner: Actor, day: date) -> None:
    """Published the same evening."""
    session.flush()
    version = minutes_published.publish(session, minutes.draft(session, room, day), owner.name)
    version.published_at = datetime.fromtimestamp((room.ended_at or 0) / 1000, UTC) + timedelta(
        hours=2
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), clock.now().tzinfo)


def _actions(session: Session, kickoff: Kickoff, draw: Random, today: date) -> None:
    """What fell due is closed, or was planned anew; one in seven is late, as it goes."""
    for number, action in enumerate(_all(session, Action, kickoff)):
        if action.due is not None and action.due < today:
            late = number % 7 == 3
            if not late:
                replanned = number % 5 == 4
                action.state = ActionState.REPLANNED if replanned else ActionState.CLOSED
                action.closed_at = _noon(action.due)
        elif action.status is None:
            action.status = draw.choice((Stated.GREEN, Stated.GREEN, Stated.YELLOW))
            action.status_at = _noon(today - timedelta(days=draw.randint(0, 9)))


def _dates(session: Session, kickoff: Kickoff, today: date) -> None:
    for number, milestone in enumerate(_all(session, Milestone, kickoff)):
        if milestone.due and milestone.due < today and number % 5 != 2:
            milestone.reached_on = milestone.due - timedelta(days=number % 3)
    for step in _all(session, CommunicationStep, kickoff):
        if step.due and step.due < today:
            step.done_on, step.opened = step.due, step.opened or 61.0
    for number, appearance in enumerate(_all(session, Appearance, kickoff)):
        if appearance.planned_on and appearance.planned_on < today and number % 4 != 3:
            appearance.held_on = appearance.planned_on
    for pilot in _all(session, Pilot, kickoff):
        if pilot.ends_on and pilot.ends_on < today and pilot.verdict is None:
            pilot.verdict, pilot.decided_on = Verdict.CONTINUE, pilot.ends_on
            pilot.result = pilot.result or "Halvparten så mange ringte to ganger. Vi går videre."


def _along(baseline: float, target: float, share: float) -> float:
    """A figure so far along its way, with no more decimals than the two have between them."""
    fine = abs(target - baseline) < 20
    return round(baseline + share * (target - baseline), 1 if fine else 0)


def _figures(session: Session, kickoff: Kickoff, lived: Lived, draw: Random, today: date) -> None:
    assert kickoff.day is not None, "it has one"
    for objective in _all(session, Objective, kickoff):
        objective.state = ObjectiveState.AGREED  # on the day, in the room
    for kpi in _all(session, Kpi, kickoff):
        if kpi.baseline is None or kpi.target is None:
            continue
        own = lived.pace * draw.uniform(0.5, 1.1)
        on = kickoff.day + WEEK
        while on <= today:
            share = own * (on - kickoff.day).days / 90 + draw.uniform(-0.03, 0.03)
            value = _along(kpi.baseline, kpi.target, max(0.0, share))
            session.add(Reading(kickoff_id=kickoff.id, kpi_id=kpi.id, value=value, read_on=on))
            on += WEEK


def _check_ins(session: Session, kickoff: Kickoff, lived: Lived, draw: Random, today: date) -> None:
    assert kickoff.day is not None, "it has one"
    own = [(one, lived.pace * draw.uniform(0.4, 1.1)) for one in _all(session, KeyResult, kickoff)]
    for week in range((today - kickoff.day).days // 7 + 1):
        kept_up = lived.kept_up[min(week, len(lived.kept_up) - 1)]
        on = min(today, kickoff.day + week * WEEK + timedelta(days=2))
        for one, pace in own:
            if one.baseline is None or one.target is None or draw.random() > kept_up:
                continue
            share = max(0.0, pace * (on - kickoff.day).days / 90 + draw.uniform(-0.04, 0.04))
            session.add(
                CheckIn(
                    kickoff_id=kickoff.id,
                    key_result_id=one.id,
                    value=_along(one.baseline, one.target, share),
                    confidence=max(1, min(10, round(3 + 7 * pace + draw.uniform(-1.5, 1.5)))),
                    said_by_id=one.owner_id,
                    said_on=on,
                )
            )


def _cases(session: Session, kickoff: Kickoff, lived: Lived) -> None:
    told = {
        EffectDay.THIRTY: (Change.SAME, Change.BETTER, Change.SAME, "Færre spør om det samme"),
        EffectDay.SIXTY: (Change.BETTER, Change.BETTER, Change.SAME, "Svar samme dag i sju av ti"),
        EffectDay.NINETY: (
            Change.MUCH_BETTER,
            Change.BETTER,
            Change.BETTER,
            "Kundene sier det uoppfordret",
        ),
    }
    for case in _all(session, Case, kickoff):
        for at, (value, took, quality, seen) in told.items():
            if int(at) <= lived.days:
                session.add(
                    CaseEffect(
                        kickoff_id=kickoff.id,
                        case_id=case.id,
                        day=at,
                        observed=seen,
                        customer_value=value,
                        time=took,
                        quality=quality,
                    )
                )


def _look_back(session: Session, kickoff: Kickoff, today: date) -> None:
    """The retrospective of the last month, as it was held."""
    held = today - timedelta(days=3)
    retrospective = Retrospective(
        kickoff_id=kickoff.id,
        title="Siste måned",
        starts_on=held - timedelta(days=30),
        ends_on=held,
        held_on=held,
    )
    session.add(retrospective)
    session.flush()

    def note(column: RetroColumn, text: str, action: Action | None = None) -> RetroNote:
        made = RetroNote(
            kickoff_id=kickoff.id,
            retrospective_id=retrospective.id,
            column=column,
            text=text,
            action_id=action.id if action else None,
        )
        session.add(made)
        session.flush()
        return made

    note(RetroColumn.WORKED, "Alle henvendelser inn ett sted")
    note(RetroColumn.WORKED, "Standup på femten minutter, hver tirsdag")
    late = note(RetroColumn.DID_NOT, "Tallene om svartid kom for sent til å brukes")
    _why(session, late)
    adjusted = "Rapporten får én eier og går hver mandag"
    note(RetroColumn.ADJUST, adjusted, _improvement(session, kickoff, adjusted, held))


def _meetings(session: Session, kickoff: Kickoff, today: date) -> None:
    """The three series, held so far; in the last standup two things stood in the way."""
    meetings.make_series(session, kickoff)
    people = [one.id for one in _all(session, Person, kickoff)]
    for series in meetings.series_of(session, kickoff.id):
        meetings.share_out(session, series, people[1:5])
    held = [one for one in _all(session, Meeting, kickoff) if one.day and one.day < today]
    for one in held:
        one.held = True
    last = max(
        (one for one in held if one.kind == MeetingKind.STANDUP), key=lambda one: str(one.day)
    )
    meetings.raise_blocker(session, last, "Tilgang til kundedata for pilot to", owner_id=None)
    meetings.raise_blocker(session, last, "Opplæringen kolliderer med ferien", owner_id=people[2])


def _why(session: Session, late: RetroNote) -> None:
    because: str | None = None
    for kind, text in (
        (CauseKind.PROCESS, "Rapporten kjøres for hånd"),
        (CauseKind.PEOPLE, "Ingen har eid den siden i vår"),
    ):
        cause = Cause(
            kickoff_id=late.kickoff_id,
            retro_note_id=late.id,
            kind=kind,
            text=text,
            because_of_id=because,
        )
        session.add(cause)
        session.flush()
        because = cause.id


def _improvement(session: Session, kickoff: Kickoff, title: str, held: date) -> Action:
    action = Action(
        kickoff_id=kickoff.id,
        title=title,
        source=ActionSource.RETROSPECTIVE,
        due=held + timedelta(days=21),
        status=Stated.GREEN,
        status_at=_noon(held),
        owner_id=_all(session, Person, kickoff)[0].id,
    )
    session.add(action)
    session.flush()
    return action
