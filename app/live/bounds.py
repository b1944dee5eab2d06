"""How much attendees' commands may add to the log and to the people list: more than any day needs,
and too little for one phone, or a room of them, to fill them."""

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.errors import Conflict
from app.i18n import mark
from app.models.people import Person
from app.models.rooms import Participant, Room, RoomEvent
from app.operations.people import ADDED

MOST_MOVES, MOST_MOVES_OF_ROOM = 300, 20_000
MOST_NAMED = 12  # by one phone, of people who were not on the list
MOST_LISTED = 2000


class Enough(Conflict):
    """Said to whoever would add one more."""

    speaks = True


def check_moves(session: Session, room: Room, who: Participant) -> None:
    """Before a command of theirs."""
    phones = select(Participant.id).where(col(Participant.room_id) == room.id)
    all_moves = select(func.count()).where(col(RoomEvent.room_id) == room.id)
    by_phones = session.scalar(all_moves.where(col(RoomEvent.actor).in_(phones))) or 0
    own = session.scalar(all_moves.where(col(RoomEvent.actor) == who.id)) or 0
    if own >= MOST_MOVES or by_phones >= MOST_MOVES_OF_ROOM:
        raise Enough(mark("That is as much as can be sent from here. Tell whoever leads the day."))


def check_named(session: Session, room: Room, who: Participant) -> None:
    """After a command of theirs that has put somebody on the people list."""
    told = select(RoomEvent.data).where(
        col(RoomEvent.room_id) == room.id, col(RoomEvent.actor) == who.id
    )
    before = sum(len(data.get(ADDED, ())) for data in session.scalars(told))
    listed = select(func.count()).where(col(Person.kickoff_id) == room.kickoff_id)
    now = len(session.info.get(ADDED, ()))
    if before + now > MOST_NAMED or (session.scalar(listed) or 0) > MOST_LISTED:
        raise Enough(mark("No more names can be added from here. Choose somebody on the list."))
