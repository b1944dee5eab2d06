"""Make an action of what came up in the room, once, however often it is sent."""

from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.models.actions import Action, ActionSource
from app.operations import records
from app.operations.entities import ACTIONS
from app.operations.rooms import lock_rooms


def create_action(
    session: Session,
    kickoff_id: str,
    *,
    source: ActionSource | str = ActionSource.PLAN,
    source_activity_id: str | None = None,
    source_entry_id: str | None = None,
    **said: Any,
) -> Action:
    """The action of this entry of this activity: made, or changed to what is said now.

    `said` are fields of the declaration; what is not said stays as planners have it. Without both
    sources every call makes one.
    """
    values = {
        "source": source,
        "source_activity_id": source_activity_id,
        "source_entry_id": source_entry_id,
        **said,
    }
    # Before the action itself, and before the savepoint, which would let go of them again: two who
    # sent the same at once would wait for each other.
    lock_rooms(session, kickoff_id)
    there = action_of(session, kickoff_id, source_activity_id, source_entry_id)
    if there is None:
        try:
            with session.begin_nested():
                made = records.create(session, ACTIONS, kickoff_id, values)
        except IntegrityError:
            # Somebody sent it at the same moment, and has it by now.
            there = action_of(session, kickoff_id, source_activity_id, source_entry_id)
            if there is None:
                raise
        else:
            return _an_action(made)
    if any(getattr(there, name) != value for name, value in values.items()):
        records.change(session, ACTIONS, there, values)
    return there


def action_of(
    session: Session, kickoff_id: str, activity_id: str | None, entry_id: str | None
) -> Action | None:
    """What was made of an entry, locked until the commit."""
    if activity_id is None or entry_id is None:
        return None
    wanted = (
        select(Action)
        .where(col(Action.kickoff_id) == kickoff_id)
        .where(col(Action.source_activity_id) == activity_id)
        .where(col(Action.source_entry_id) == entry_id)
    )
    return session.scalars(wanted.with_for_update()).first()


def _an_action(record: Any) -> Action:
    assert isinstance(record, Action), "ACTIONS are actions"
    return record
