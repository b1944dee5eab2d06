"""Who is in the room: the lock on its door, its code, and the phones that are let in."""

from typing import Any

from pydantic import Field
from sqlmodel import col, select

from app import ids
from app.access import Permission
from app.errors import Conflict, NotFound
from app.i18n import mark
from app.live.activity import Model
from app.live.commands import Command, Move
from app.models.activities import Activity, ActivityStatus, Mode
from app.models.rooms import Participant


class OneParticipant(Model):
    participant: str = Field(max_length=36)


class Table(OneParticipant):
    people: int = Field(ge=1, le=100)


def lock(move: Move, _: Model) -> None:
    move.room.locked = True


def unlock(move: Move, _: Model) -> None:
    move.room.locked = False


def rotate_code(move: Move, _: Model) -> dict[str, Any]:
    """A new code and QR secret; who is in stays in."""
    move.room.code, move.room.secret = ids.room_code(), ids.secret()
    return {"code": move.room.code}


def remove_participant(move: Move, data: OneParticipant) -> None:
    set_removed(move, data.participant, True)


def restore_participant(move: Move, data: OneParticipant) -> None:
    set_removed(move, data.participant, False)


def set_removed(move: Move, participant_id: str, removed: bool) -> None:
    found = _participant(move, participant_id)
    move.to_undo["was_removed"] = found.removed
    found.removed = removed


def set_people(move: Move, data: Table) -> None:
    """One phone for a table. Not while a ballot of an anonymous question could be set apart by it:
    what phones and what tables answered is told apart."""
    found = _participant(move, data.participant)
    if _may_be_set_apart(move):
        raise Conflict(
            mark("Wait until the anonymous questions are closed and their answers are counts.")
        )
    found.people = data.people


def _may_be_set_apart(move: Move) -> bool:
    """Also after closing, as long as it can be opened again."""
    wanted = select(Activity.id).where(
        col(Activity.room_id) == move.room.id,
        col(Activity.mode) == Mode.ANONYMOUS,
        col(Activity.status) != ActivityStatus.DRAFT,
        ~col(Activity.scrubbed),
    )
    return move.session.exec(wanted).first() is not None


def _participant(move: Move, participant_id: str) -> Participant:
    found = move.session.get(Participant, participant_id)
    if found is None or found.room_id != move.room.id:
        raise NotFound(mark("There is no such participant in this room."))
    move.session.add(found)
    return found


FACILITATE = Permission.FACILITATE

COMMANDS = {
    "room.lock": Command(lock, FACILITATE, premise=False, undoable=True),
    "room.unlock": Command(unlock, FACILITATE, premise=False, undoable=True),
    "room.rotate_code": Command(rotate_code, FACILITATE, undoable=True),
    "participant.remove": Command(
        remove_participant, FACILITATE, OneParticipant, premise=False, undoable=True
    ),
    "participant.restore": Command(
        restore_participant, FACILITATE, OneParticipant, premise=False, undoable=True
    ),
    "participant.people": Command(set_people, FACILITATE, Table, premise=False, leaves_undo=True),
}
