"""Taking back the last push: the room's clock and door, the activities it touched or made."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select

from app.access import Permission
from app.errors import Conflict
from app.i18n import mark
from app.live.activity import Model, kind_of
from app.live.commands import ACTIVITY_STATE, ENTRY_STATE, Command, Move
from app.live.door import set_removed
from app.live.plan_changes import CHANGED, put_back
from app.models.activities import Activity, ActivityStatus, Entry, HandCount
from app.models.agenda import AgendaBlock
from app.models.rooms import Room
from app.operations import activities, groups, people, records
from app.operations.entities import PLAN
from app.operations.rooms import plan_changed

# Their point is another than the question that they closed: where that has become counts meanwhile
# it stays closed, and the rest is taken back all the same.
CLOSING_BY_THE_WAY = ("room.end", "activity.new_round", "activity.close_open")


def undo(move: Move, _: Model) -> None:
    kept = move.room.undo
    if not kept:
        raise Conflict(mark("There is nothing to undo."))
    for state in kept.get("activities", ()):
        activity = move.activity(state["id"])
        if activity.status == ActivityStatus.FROZEN or (
            activity.scrubbed and state["status"] == ActivityStatus.OPEN
        ):
            if kept["name"] in CLOSING_BY_THE_WAY:
                continue
            raise Conflict(mark("Its ballots are counts by now: open a new round instead."))
        _put_back(move, activity, state)
    for column, value in kept["room"].items():
        setattr(move.room, column, value)
    if "made_activity" in kept:
        _unmake_activity(move, kept["made_activity"])
    if "made_block" in kept:
        _unmake_block(move, kept["made_block"])
    for name, record_id in kept.get("records", ()):
        _unmake_record(move, name, record_id)
    people.forget_unused(move.session, move.room.kickoff_id, kept.get("people", ()))
    if "hands_of" in kept:
        _count_as_before(move, kept)
    for state in kept.get("entries", ()):
        _put_entry_back(move, state)
    for activity_id, config in kept.get("configs", {}).items():
        activity = move.activity(activity_id)
        activity.config = config
        activity.has_changed()
        kind_of(activity.kind).put_back(move, activity)
    put_back(move.session, move.room.kickoff_id, kept.get(CHANGED, ()))
    if kept.get("groups"):
        groups.take_back(
            move.session, move.room.kickoff_id, change=kept["groups"], within=move.room.id
        )
    if "was_removed" in kept:
        set_removed(move, kept["data"]["participant"], kept["was_removed"])
    move.event_data["undone"] = kept["name"]


def _put_back(move: Move, activity: Activity, state: dict[str, Any]) -> None:
    """An activity as it was; but what has been answered is never a draft again: drafts keep their
    key and are not scrubbed, so that its ballots would stay linkable for good."""
    was_open = activity.status == ActivityStatus.OPEN
    if (
        was_open
        and state["status"] == ActivityStatus.DRAFT
        and activities.has_ballots(move.session, activity.id)
    ):
        _close_and_hide(move, activity)
        return
    for column in ACTIVITY_STATE:
        setattr(activity, column, state[column])
    activity.has_changed()


def _put_entry_back(move: Move, state: dict[str, Any]) -> None:
    entry = move.session.get(Entry, (state["activity_id"], state["id"]))
    if entry is None:
        raise Conflict(mark("Its ballots are counts by now: open a new round instead."))
    for column in ENTRY_STATE:
        if column in state:
            setattr(entry, column, state[column])
    if "members" in state:
        held = {**(entry.data or {}), **state["members"]}
        entry.data = {name: value for name, value in held.items() if value is not None}


def _unmake_activity(move: Move, activity_id: str) -> None:
    """Gone, as if it had not been asked; but what somebody answered stays, closed and hidden."""
    made = move.session.get(Activity, activity_id)
    if made is None:
        return  # the plan was faster
    if made.status == ActivityStatus.FROZEN:
        raise Conflict(mark("Its ballots are counts by now: open a new round instead."))
    if made.scrubbed or activities.has_ballots(move.session, made.id):
        _close_and_hide(move, made)
        return
    # Its key has no activity then, and is destroyed with the others of that kind (keys).
    move.session.delete(made)
    move.session.flush()


def _close_and_hide(move: Move, activity: Activity) -> None:
    activities.close(activity, move.now_ms)
    activity.revealed = activity.live = False
    activity.has_changed()


def _unmake_block(move: Move, block_id: str) -> None:
    made = move.session.get(AgendaBlock, block_id)
    if made is None:
        return
    running = select(Room.id).where(col(Room.block_id) == block_id)
    if move.session.exec(running).first() is not None:
        raise Conflict(mark("The block has begun: go back first."))
    asked = move.session.exec(select(Activity).where(col(Activity.block_id) == block_id)).all()
    if any(activity.status != ActivityStatus.DRAFT for activity in asked):
        raise Conflict(mark("Something has been asked in that block."))
    for activity in asked:
        move.session.delete(activity)
    move.session.delete(made)
    move.session.flush()
    plan_changed(move.session, move.room.kickoff_id)


def _unmake_record(move: Move, name: str, record_id: str) -> None:
    """What a push wrote into the plan is gone as if it had not been; but what somebody has worked
    on since then is theirs."""
    entity = next(each for each in PLAN if each.name == name)
    made = move.session.get(entity.child, record_id)
    if made is None:
        return
    if made.version > 1:
        raise Conflict(mark("It has been changed since then: what was written stays."))
    records.forget(move.session, entity, made)


def _count_as_before(move: Move, kept: Mapping[str, Any]) -> None:
    gone = delete(HandCount).where(col(HandCount.activity_id) == kept["hands_of"])
    move.session.execute(gone)
    move.session.add_all(HandCount(**hand) for hand in kept["hands"])


COMMANDS = {"room.undo": Command(undo, Permission.FACILITATE)}
