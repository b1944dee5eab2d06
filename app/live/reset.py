"""A room begins anew after a rehearsal: nobody is in it, nothing was answered, the plan stands.

History is replaced, so the room has another epoch: whoever shows the old one takes the new one,
even where its figures are lower. What was asked becomes drafts under new ids: no answer that a
phone still has at hand can reach them, and the keys of the old ones, which belong to nothing any
more, are destroyed like those of anything deleted (keys).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, update
from sqlmodel import col, select

from app import ids
from app.access import Permission
from app.errors import Conflict
from app.i18n import mark
from app.live import day
from app.live.activity import Model, registry
from app.live.commands import Command, Move
from app.live.plan_changes import CHANGED, put_back
from app.models.activities import Activity, ActivityStatus
from app.models.fields import Kept, OfKickoff
from app.models.kickoffs import Kickoff
from app.models.rooms import Participant, RoomEvent, RoomStatus, Screen
from app.operations import (
    activities,
    deliverables,
    groups,
    minutes,
    people,
    records,
    room_risks,
)
from app.operations.deliverables import BEFORE
from app.operations.entities import ACTIONS, ASSUMPTIONS, DECISIONS, RETROSPECTIVES, RISKS

# What a day that has not begun has in the columns of its clock.
NOT_BEGUN: dict[str, Any] = {
    "status": RoomStatus.LOBBY,
    "block_id": None,
    "block_started_at": None,
    "phase": 0,
    "phase_ends_at": None,
    "paused_left_ms": None,
    "started_at": None,
    "ended_at": None,
    "stage_activity_id": None,
    "stage_item": "",
    "stage_focus": "",
    "step": "",
    "step_phase": 0,
    "step_after": [],
    "step_number": 0,
    "screen": Screen.SHOW,
    "shown_note_id": None,
    "locked": False,
}


def reset(move: Move, _: Model) -> None:
    room = move.room
    if room.status not in (RoomStatus.LOBBY, RoomStatus.ENDED) and _is_the_day(move):
        raise Conflict(mark("The day is running. End it first."))
    _leave_the_plan(move)
    _ask_anew(move)
    of_room = col(Participant.room_id) == room.id
    # What is left of a phone is its number, so that its cookie lets it in no more.
    nobody = {"removed": True, "name": "", "team_id": None, "person_id": None, "people": 1}
    nobody["working_group_id"] = None
    move.session.execute(update(Participant).where(of_room).values(**nobody))
    minutes.forget_room(move.session, room.id)
    groups.forget_room(move.session, room.kickoff_id, room.id)
    move.session.execute(delete(RoomEvent).where(col(RoomEvent.room_id) == room.id))
    for column, value in NOT_BEGUN.items():
        setattr(room, column, value)
    room.epoch = ids.secret()


def _is_the_day(move: Move) -> bool:
    kickoff = move.session.get_one(Kickoff, move.room.kickoff_id)
    today = datetime.fromtimestamp(move.now_ms / 1000, day.zone_of(kickoff.time_zone)).date()
    return kickoff.day in (None, today)


def _leave_the_plan(move: Move) -> None:
    """What the room made of the plan goes: actions, decisions, assumptions, retrospectives, people
    who were named, who stood up for a deliverable, what was said of
    risks, and what was marked on other records."""
    session, room = move.session, move.room
    for entity in (ACTIONS, DECISIONS, ASSUMPTIONS, RETROSPECTIVES, RISKS):
        for record in _made_here(move, entity.child):
            records.forget(session, entity, record)
    told = select(RoomEvent.data).where(col(RoomEvent.room_id) == room.id)
    events = session.exec(told.order_by(col(RoomEvent.control), col(RoomEvent.id))).all()
    before = [was for data in events for was in data.get(BEFORE, ())]
    deliverables.unconfirm(session, room.kickoff_id, before)
    put_back(session, room.kickoff_id, [was for data in events for was in data.get(CHANGED, ())])
    risks = [was for data in events for was in data.get(room_risks.BEFORE, ())]
    room_risks.before_the_room(session, room.kickoff_id, risks)
    people.forget_unused(
        session, room.kickoff_id, [id for data in events for id in data.get(people.ADDED, ())]
    )


def _made_here(move: Move, table: type[OfKickoff]) -> Sequence[OfKickoff]:
    """What came of the room's activities, and what was written in the room itself."""
    here = select(Activity.id).where(col(Activity.room_id) == move.room.id)
    sources: list[ColumnElement[bool]] = [col(table.source_activity_id).in_(here)]  # type: ignore[attr-defined]  # all five have one
    if issubclass(table, Kept):
        sources.append(col(table.source_room_id) == move.room.id)
    return move.session.scalars(select(table).where(or_(*sources))).all()


def _ask_anew(move: Move) -> None:
    """Prepared questions are drafts again; further rounds and what was asked ad hoc are gone."""
    session, room = move.session, move.room
    made = select(RoomEvent.data).where(
        col(RoomEvent.room_id) == room.id, col(RoomEvent.name) == "activity.create"
    )
    ad_hoc = {data.get("made") for data in session.exec(made)}
    option_kinds = frozenset(kind for kind, logic in registry().items() if logic.asks_options)
    for activity in session.exec(select(Activity).where(col(Activity.room_id) == room.id)).all():
        gone = activity.id in ad_hoc or activity.previous_id is not None
        touched = activity.status != ActivityStatus.DRAFT or activity.opened_at is not None
        if touched and not gone:
            activities.copy_as_draft(
                session,
                activity,
                kickoff_id=activity.kickoff_id,
                room_id=room.id,
                block_id=activity.block_id,
                position=activity.position,
                option_kinds=option_kinds,
            )
        if touched or gone:
            session.delete(activity)
    session.flush()


COMMANDS = {"room.reset": Command(reset, Permission.FACILITATE, closes=True)}
