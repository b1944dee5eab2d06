"""The three series in one click, who leads in turn, and what blocks gets an owner and an action."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlmodel import Session, col, select

from app.errors import Conflict, NotFound
from app.i18n import gettext, mark
from app.models.actions import Action, ActionSource
from app.models.kickoffs import Kickoff
from app.models.meetings import (
    MEETING_KINDS,
    Blocker,
    BlockerState,
    Meeting,
    MeetingKind,
    MeetingSeries,
    meetings_of,
)
from app.operations import records
from app.operations.actions import create_action
from app.operations.days_off import days_off
from app.operations.derived import today_in
from app.operations.entities import ACTIONS, BLOCKERS, MEETING_SERIES, MEETINGS
from app.operations.rooms import lock_rooms
from app.rules.meetings import MINUTES, STARTS, leads, planned

NAMES = dict(MEETING_KINDS)
DAYS_FOR_A_BLOCKER = 7  # until the next standup, where nobody says another day


def series_of(session: Session, kickoff_id: str) -> Sequence[MeetingSeries]:
    wanted = select(MeetingSeries).where(col(MeetingSeries.kickoff_id) == kickoff_id)
    found = session.scalars(wanted.order_by(col(MeetingSeries.id))).all()
    return sorted(found, key=lambda one: list(MeetingKind).index(MeetingKind(one.kind)))


def make_series(session: Session, kickoff: Kickoff) -> int:
    """The series that are missing, with all their meetings; how many meetings were made. Asked
    again it makes nothing twice."""
    if kickoff.day is None:
        raise Conflict(mark("Set the date of the kickoff first: the series are counted from it."))
    lock_rooms(session, kickoff.id)
    there = {one.kind for one in series_of(session, kickoff.id)}
    made: dict[str, MeetingSeries] = {}
    count = 0
    for one in planned(kickoff.day, days_off(kickoff.time_zone)):
        if one.kind in there:
            continue
        if one.kind not in made:
            made[one.kind] = _new_series(session, kickoff.id, one.kind)
        series = made[one.kind]
        records.create(
            session,
            MEETINGS,
            kickoff.id,
            {
                "title": series.title,
                "kind": one.kind,
                "day": one.day,
                "starts_at": series.starts_at,
                "minutes": series.minutes,
                "series_id": series.id,
            },
        )
        count += 1
    return count


def _new_series(session: Session, kickoff_id: str, kind: MeetingKind) -> MeetingSeries:
    values = {
        "title": gettext(NAMES[kind]),
        "kind": kind,
        "starts_at": STARTS[kind],
        "minutes": MINUTES[kind][0],
    }
    made = records.create(session, MEETING_SERIES, kickoff_id, values)
    assert isinstance(made, MeetingSeries), "a series is what was made"
    return made


def share_out(session: Session, series: MeetingSeries, leader_ids: Sequence[str]) -> None:
    """They lead what is ahead in turn. What was held keeps who led it, and the turn goes on from
    there."""
    kickoff = session.get_one(Kickoff, series.kickoff_id)
    records.change(session, MEETING_SERIES, series, {"leader_ids": list(leader_ids)})
    today = today_in(kickoff)
    meetings = [
        one
        for one in session.scalars(meetings_of(series.kickoff_id))
        if one.series_id == series.id and one.day is not None
    ]
    past = [one for one in meetings if one.held or (one.day or today) < today]
    ahead = [one for one in meetings if one not in past]
    last = next((one.leader_id for one in reversed(past) if one.leader_id in leader_ids), None)
    first = list(leader_ids).index(last) + 1 if last is not None else 0
    for number, one in enumerate(ahead, start=first):
        leader = leads(leader_ids, number)
        if one.leader_id != leader:
            records.change(session, MEETINGS, one, {"leader_id": leader})


def next_of(meetings: Sequence[Meeting], today: date) -> Meeting | None:
    """Which of them comes next, today's among them; they are in the order of their days."""
    return next((m for m in meetings if m.day is not None and m.day >= today and not m.held), None)


def raise_blocker(
    session: Session, meeting: Meeting, title: str, *, owner_id: str | None
) -> Blocker:
    """Something stands in the way. With an owner it is an action at once."""
    values = {"title": title, "meeting_id": meeting.id}
    made = records.create(session, BLOCKERS, meeting.kickoff_id, values)
    assert isinstance(made, Blocker), "a blocker is what was made"
    if owner_id:
        give(session, made, owner_id)
    return made


def give(session: Session, blocker: Blocker, owner_id: str) -> Action:
    """It has an owner from now on, and is an action of theirs: one, however often it changes
    hands."""
    if blocker.state != BlockerState.OPEN:
        raise Conflict(mark("It is closed already."))
    kickoff = session.get_one(Kickoff, blocker.kickoff_id)
    action = session.get(Action, blocker.action_id) if blocker.action_id else None
    if action is None:
        action = create_action(
            session,
            blocker.kickoff_id,
            source=ActionSource.MEETING,
            title=blocker.title,
            owner_id=owner_id,
            due=today_in(kickoff) + timedelta(days=DAYS_FOR_A_BLOCKER),
        )
    else:
        records.change(session, ACTIONS, action, {"owner_id": owner_id})
    values = {"owner_id": owner_id, "action_id": action.id}
    records.change(session, BLOCKERS, blocker, values)
    return action


def close_blocker(session: Session, blocker: Blocker) -> None:
    """It stands in nobody's way any more. Its action is its owner's to close."""
    records.change(session, BLOCKERS, blocker, {"state": BlockerState.CLOSED})


def meeting(session: Session, kickoff_id: str, meeting_id: str) -> Meeting:
    found = session.get(Meeting, meeting_id)
    if found is None or found.kickoff_id != kickoff_id:
        raise NotFound
    return found
