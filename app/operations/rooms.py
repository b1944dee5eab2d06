"""What the plan does to its rooms: telling them that it changed, and making them."""

import secrets

from sqlalchemy import update
from sqlmodel import Session, col, select

from app import ids
from app.database import touch_room
from app.models.rooms import Room

# Said aloud and shown on the join page: a photographed code of another room is noticed (S12).
SPOKEN_WORDS = (
    "bjørk", "fjell", "multe", "nordavind", "tyttebær", "kompass", "seil", "fyrlykt", "granbar",
    "havn", "isbre", "kastanje", "lerke", "mosegrønn", "nordstjerne", "orkide", "pilegrim",
    "regnbue", "rogn", "skjærgård", "solside", "svaberg", "tinde", "vardefyr", "vidde", "ørn",
)  # fmt: skip


def plan_changed(session: Session, kickoff_id: str) -> None:
    """The kickoff's rooms show something else from this commit on; they are told after it."""
    statement = (
        update(Room)
        .where(col(Room.kickoff_id) == kickoff_id)
        .values(revision=Room.revision + 1)
        .returning(col(Room.id))
    )
    for room_id in session.scalars(statement).all():
        touch_room(session, room_id)


def new_room(session: Session, kickoff_id: str, *, name: str = "") -> Room:
    """A room with a code of its own, in the lobby."""
    room = Room(
        kickoff_id=kickoff_id,
        name=name,
        code=_free_code(session),
        secret=ids.secret(),
        spoken_word=secrets.choice(SPOKEN_WORDS),
    )
    session.add(room)
    session.flush()
    return room


def _free_code(session: Session) -> str:
    """30 bits: the second attempt is for the sake of the unique constraint's peace."""
    code = ids.room_code()
    while session.scalars(select(Room.id).where(Room.code == code)).first():
        code = ids.room_code()
    return code
