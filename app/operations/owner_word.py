"""The owner's own word on an action: how it goes, that it is done, or a note (F2)."""

from datetime import timedelta

from sqlmodel import Session, col, select

from app import clock
from app.errors import Conflict, NotFound
from app.i18n import mark
from app.models.action_notes import ActionNote
from app.models.actions import Action, ActionState, Stated
from app.models.people import Person
from app.operations import action_notes, records
from app.operations.entities import ACTIONS

DONE, UNDO, NOTE = "done", "undo", "note"
WORDS = (*Stated, DONE, UNDO, NOTE)
# Within which a slip of the thumb on "done" can be taken back by the owner alone.
TAKEN_BACK_WITHIN = timedelta(minutes=30)


def action_of(session: Session, person: Person, action_id: str) -> Action:
    """An action that is this person's; NotFound once it is somebody else's."""
    action = session.get(Action, action_id)
    if action is None or action.owner_id != person.id or action.kickoff_id != person.kickoff_id:
        raise NotFound
    return action


def give(
    session: Session, person: Person, action_id: str, word: str, *, text: str = "", sent_as: str
) -> None:
    """`sent_as`: what comes twice under one name counts once."""
    action = action_of(session, person, action_id)
    records.find(session, ACTIONS, action.kickoff_id, action.id, to_write=True)
    session.refresh(action)
    if action.owner_id != person.id:
        raise NotFound
    if _was_sent(session, sent_as):
        return
    if action.state != ActionState.OPEN and not (word == UNDO and may_take_back(action)):
        raise Conflict(mark("This is closed. Ask whoever runs the kickoff to open it again."))
    action_notes.signed(session, person, sent_as)
    if changes := _changes(word):
        records.change(session, ACTIONS, action, changes, reason=text)
    elif text:
        action_notes.add_note(session, action, text)


def _changes(word: str) -> dict[str, str]:
    match word:
        case "done":
            return {"state": ActionState.CLOSED}
        case "undo":
            return {"state": ActionState.OPEN}
        case "note":
            return {}
        case _:
            return {"status": word}


def may_take_back(action: Action) -> bool:
    """Whether it was just closed."""
    if action.state != ActionState.CLOSED or action.closed_at is None:
        return False
    return clock.now() - action.closed_at <= TAKEN_BACK_WITHIN


def _was_sent(session: Session, sent_as: str) -> bool:
    known = select(ActionNote.id).where(col(ActionNote.sent_as) == sent_as)
    return session.scalars(known).first() is not None
