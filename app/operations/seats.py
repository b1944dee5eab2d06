"""What becomes of the phones in the rooms when the plan's groups change."""

from collections.abc import Sequence

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.models.people import Person
from app.models.rooms import Participant, Room


def phones(session: Session, kickoff_id: str) -> Sequence[Participant]:
    """Who is in one of the kickoff's rooms."""
    wanted = (
        select(Participant)
        .join(Room, col(Room.id) == col(Participant.room_id))
        .where(col(Room.kickoff_id) == kickoff_id, ~col(Participant.removed))
        .order_by(col(Participant.id))
    )
    return session.scalars(wanted).all()


def follow(session: Session, person: Person) -> None:
    """A phone of theirs goes into the group that the people list says."""
    for phone in phones(session, person.kickoff_id):
        if phone.person_id == person.id or same_name(phone.name, person.name):
            phone.working_group_id = person.working_group_id
    session.flush()
    regrouped(session, person.kickoff_id)


def regrouped(session: Session, kickoff_id: str, *, within: str = "") -> None:
    """What a process remembers of who is in a room stands as long as its `control` does
    (live/counting); a command raises that of its own room, `within`, itself."""
    others = (col(Room.kickoff_id) == kickoff_id, col(Room.id) != within)
    session.execute(update(Room).where(*others).values(control=Room.control + 1))


def same_name(name: str, other: str) -> bool:
    return bool(name) and name.casefold() == other.casefold()
