"""A meeting's agenda, filled from the plan: what was agreed, what moved, what blocks, what is
behind, and which cases are to be looked at again (F5)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from app.models.actions import Action, ActionState
from app.models.cases import Case, CaseEffect
from app.models.check_ins import MOST_SURE
from app.models.kickoffs import Kickoff
from app.models.kpis import Kpi, Reading
from app.models.meetings import Blocker, BlockerState, Meeting, MeetingKind, meetings_of
from app.models.people import Person
from app.operations.derived import shown_status, today_in
from app.operations.okr import KeyResultState, key_results_of
from app.rules.course import course
from app.rules.meetings import Part, agenda, ownerless
from app.rules.okr import Way

CASE_DAYS = (30, 60, 90)
WORST_FIRST = ("red", "yellow", "", "green")
MOST = 30  # of each part: a meeting talks about no more
BEFORE = {MeetingKind.STANDUP: 7, MeetingKind.OKR_REVIEW: 30, MeetingKind.RETROSPECTIVE: 90}


@dataclass(frozen=True)
class Point:
    """One thing to talk about. `status` is a colour or "", `reasons` why; `before` and `after` are
    figures, where something moved. `path` leads to the record beneath the kickoff."""

    id: str
    title: str
    path: str
    owner: str = ""
    due: date | None = None
    status: str = ""
    reasons: tuple[str, ...] = ()
    before: float | None = None
    after: float | None = None
    unit: str = ""
    confidence: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Talk:
    """A part of the agenda with its points; `more` are left out."""

    part: Part
    points: tuple[Point, ...]
    more: int = 0


def agenda_of(
    session: Session, kickoff: Kickoff, meeting: Meeting, now: datetime
) -> tuple[Talk, ...]:
    today = today_in(kickoff, now)
    names = {row[0]: row[1] for row in session.execute(_names(kickoff.id))}
    since = _since(session, meeting, today)
    found: dict[str, Sequence[Point]] = {
        "open_actions": list(_actions(session, kickoff, names, now)),
        "key_results": list(_moved(session, kickoff, since, now)),
        "blockers": list(_blockers(session, kickoff.id, names, today)),
        "deviations": list(_deviations(session, kickoff, today)),
        "cases": list(_cases(session, kickoff, names, today)),
    }
    return tuple(
        Talk(
            part,
            tuple(found.get(part.code, ())[:MOST]),
            max(0, len(found.get(part.code, ())) - MOST),
        )
        for part in agenda(meeting.kind, meeting.minutes)
    )


def _since(session: Session, meeting: Meeting, today: date) -> date:
    """What has moved is told since the meeting before it of the series, or else of its kind."""
    day = meeting.day or today
    earlier = [
        one.day
        for one in session.scalars(meetings_of(meeting.kickoff_id))
        if (one.series_id, one.kind) == (meeting.series_id, meeting.kind)
        and one.day is not None
        and one.day < day
    ]
    return max(earlier) if earlier else day - timedelta(days=BEFORE[MeetingKind(meeting.kind)])


def _actions(
    session: Session, kickoff: Kickoff, names: dict[str, str], now: datetime
) -> Iterator[Point]:
    """The late ones first: what was agreed comes before anything new."""
    wanted = select(Action).where(
        col(Action.kickoff_id) == kickoff.id, col(Action.state) == ActionState.OPEN
    )
    shown = [(one, shown_status(one, kickoff, now)) for one in session.scalars(wanted)]
    shown.sort(
        key=lambda each: (
            WORST_FIRST.index(each[1].status),
            each[0].due is None,
            each[0].due or date.max,
            each[0].id,
        )
    )
    for one, status in shown:
        yield Point(
            one.id,
            one.title,
            f"actions/{one.id}",
            names.get(one.owner_id or "", ""),
            one.due,
            status.status,
            status.reasons,
        )


def _moved(session: Session, kickoff: Kickoff, since: date, now: datetime) -> Iterator[Point]:
    """Key results with a check-in since then, the one whose owner is least sure first; those that
    nobody has said anything of come after."""
    states = key_results_of(session, kickoff, now)
    news = [one for one in states if one.last is not None and one.last.on >= since]
    silent = [one for one in states if one not in news]
    for one in sorted(news, key=_sureness):
        last = one.standing[-1]
        before = [said.value for said in one.standing if said.on < since]
        yield Point(
            one.id,
            one.title,
            f"key-results/{one.id}",
            one.owner,
            before=before[-1] if before else one.way.baseline,
            after=last.value,
            unit=one.unit,
            confidence=last.confidence,
            note=last.note,
        )
    for one in silent:
        yield Point(one.id, one.title, f"key-results/{one.id}", one.owner, unit=one.unit)


def _sureness(state: KeyResultState) -> int:
    """Who said no figure comes after those who are sure."""
    sure = state.standing[-1].confidence
    return MOST_SURE + 1 if sure is None else sure


def _blockers(
    session: Session, kickoff_id: str, names: dict[str, str], today: date
) -> Iterator[Point]:
    """Those without an owner first."""
    wanted = select(Blocker).where(
        col(Blocker.kickoff_id) == kickoff_id, col(Blocker.state) == BlockerState.OPEN
    )
    found = session.scalars(wanted.order_by(col(Blocker.raised_on), col(Blocker.id))).all()
    for one in sorted(found, key=lambda each: each.owner_id is not None):
        flag = ownerless(owner=one.owner_id, raised_on=one.raised_on, today=today)
        owner = names.get(one.owner_id or "", "")
        yield Point(one.id, one.title, f"blockers/{one.id}", owner, one.raised_on, flag)


def _deviations(session: Session, kickoff: Kickoff, today: date) -> Iterator[Point]:
    """KPIs that are more behind their line than the tolerance."""
    latest: dict[str, float] = {}
    readings = select(Reading).where(col(Reading.kickoff_id) == kickoff.id)
    for reading in session.scalars(readings.order_by(col(Reading.read_on), col(Reading.id))):
        latest[reading.kpi_id] = reading.value
    wanted = select(Kpi).where(col(Kpi.kickoff_id) == kickoff.id)
    for kpi in session.scalars(wanted.order_by(col(Kpi.position), col(Kpi.id))):
        way = Way(kpi.baseline, kpi.target, kpi.direction)
        told = course(
            way, latest.get(kpi.id), starts=kickoff.day, ends=kpi.target_date, today=today
        )
        if told.deviates:
            yield Point(
                kpi.id,
                kpi.title,
                f"kpis/{kpi.id}",
                status="red",
                before=told.expected,
                after=told.value,
                unit=kpi.unit,
            )


def _cases(
    session: Session, kickoff: Kickoff, names: dict[str, str], today: date
) -> Iterator[Point]:
    """Cases whose day 30, 60 or 90 has come without anybody saying what came of them."""
    if kickoff.day is None:
        return
    reached = [n for n in CASE_DAYS if kickoff.day + timedelta(days=n) <= today]
    effects = select(CaseEffect.case_id, CaseEffect.day).where(
        col(CaseEffect.kickoff_id) == kickoff.id
    )
    seen = {(row[0], int(row[1])) for row in session.execute(effects)}
    wanted = select(Case).where(col(Case.kickoff_id) == kickoff.id)
    for case in session.scalars(wanted.order_by(col(Case.position), col(Case.id))):
        waiting = [number for number in reached if (case.id, number) not in seen]
        if waiting:
            due = kickoff.day + timedelta(days=waiting[-1])
            owner = names.get(case.owner_id or "", "")
            yield Point(case.id, case.title, f"cases/{case.id}", owner, due)


def _names(kickoff_id: str):  # type: ignore[no-untyped-def]
    return select(Person.id, Person.name).where(col(Person.kickoff_id) == kickoff_id)
