"""The log of an action: every change of status, date, window, owner and state, with its reason.

Whoever changes an action, by whatever door, leaves a row here in the same transaction.
"""

from datetime import date
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col

from app.access import NOBODY, Actor
from app.database import AUTHOR
from app.models.action_notes import ActionNote, NoteKind
from app.models.actions import Action, ActionState
from app.models.kickoffs import Kickoff
from app.models.people import Person
from app.operations.derived import shown_window
from app.operations.history import Snapshot
from app.rules.status import window_of

SIGNED = "signed"  # of a session's info: whose own words are noted, if not the author's

_STATES = {
    ActionState.OPEN: NoteKind.REOPENED,
    ActionState.CLOSED: NoteKind.CLOSED,
    ActionState.REPLANNED: NoteKind.CARRIED,
}


def follow(
    session: Session, action: Action, before: Snapshot, named: Any, *, reason: str = ""
) -> ActionNote | None:
    """What was changed is noted. A word that is given again is a word: `named` are the fields that
    somebody named."""
    kickoff = session.get_one(Kickoff, action.kickoff_id)
    made = ActionNote(
        kickoff_id=action.kickoff_id,
        action_id=action.id,
        kind=NoteKind.NOTE,
        text=reason,
        **_who(session),
    )
    replanned = _replanned(made, action, before, kickoff)
    handed_over = _handed_over(session, made, action, before)
    said = replanned or handed_over
    if "status" in named and action.status is not None and _is_a_word(action, before, named):
        made.status = action.status
        said = said or NoteKind.STATUS
    if before["state"] != action.state:
        said = _STATES[ActionState(action.state)]
    if said is None and not reason:
        return None
    made.kind = said or NoteKind.NOTE
    session.add(made)
    session.flush()
    return made


def add_note(session: Session, action: Action, text: str) -> ActionNote:
    made = ActionNote(
        kickoff_id=action.kickoff_id,
        action_id=action.id,
        kind=NoteKind.NOTE,
        text=text,
        **_who(session),
    )
    session.add(made)
    session.flush()
    return made


def signed(session: Session, person: Person, sent_as: str) -> None:
    """What is noted in this transaction is this person's own word, sent under this name."""
    session.info[SIGNED] = {
        "by_name": person.name,
        "by_person_id": person.id,
        "sent_as": sent_as,
    }


def forgotten(session: Session, action_id: str) -> None:
    """As if it had never been."""
    session.execute(delete(ActionNote).where(col(ActionNote.action_id) == action_id))


def _is_a_word(action: Action, before: Snapshot, named: Any) -> bool:
    # A form sends every field that it shows: what stands as it did was said by nobody, unless it
    # is all that was sent.
    return before["status"] != action.status or set(named) == {"status"}


def _replanned(
    made: ActionNote, action: Action, before: Snapshot, kickoff: Kickoff
) -> NoteKind | None:
    due = date.fromisoformat(before["due"]) if before["due"] else None
    window, now = before["window"] or window_of(due, kickoff.day), shown_window(action, kickoff)
    if (due, window) == (action.due, now):
        return None
    made.from_due, made.to_due = due, action.due
    made.from_window, made.to_window = window, now
    return NoteKind.REPLANNED


def _handed_over(
    session: Session, made: ActionNote, action: Action, before: Snapshot
) -> NoteKind | None:
    if before["owner_id"] == action.owner_id:
        return None
    made.from_owner_id, made.to_owner_id = before["owner_id"], action.owner_id
    made.from_owner = _name(session, before["owner_id"])
    made.to_owner = _name(session, action.owner_id)
    return NoteKind.OWNER


def _name(session: Session, person_id: str | None) -> str:
    person = session.get(Person, person_id) if person_id else None
    return person.name if person else ""


def _who(session: Session) -> dict[str, Any]:
    """An attendee is the room, and nobody more."""
    actor: Actor = session.info.get(AUTHOR) or NOBODY
    return session.info.get(SIGNED) or {"by_name": "" if actor.room_id else actor.name}
