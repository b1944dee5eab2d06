"""What the plan does to its rooms: telling them that it changed, and making them."""

import secrets

from sqlalchemy import update
from sqlmodel import Session, col, select

from app import clock, ids
from app.access import Actor
from app.database import touch_room
from app.models.activities import Activity
from app.models.rooms import Room, RoomEvent, RoomStatus, Screen
from app.operations import activities

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


def end_rooms(session: Session, kickoff_id: str, actor: Actor) -> None:
    """Nobody watches over rooms that were put away: what is open is closed, so that ballots become
    counts, and a day that runs is over."""
    wanted = select(Room).where(Room.kickoff_id == kickoff_id).order_by(col(Room.id))
    room_ids = [room.id for room in session.exec(wanted)]
    for activity_id in activities.open_in(session, room_ids):
        activities.lock_activity(session, activity_id)
    rooms = session.exec(wanted.with_for_update().execution_options(populate_existing=True)).all()
    now_ms = clock.now_ms()
    for room in rooms:
        closed = activities.open_in(session, [room.id])
        for activity_id in closed:
            activities.lock_activity(session, activity_id)  # one may have been opened meanwhile
            activities.close(session.get_one(Activity, activity_id), now_ms)
        if closed or room.status in (RoomStatus.LIVE, RoomStatus.PAUSED):
            _end(session, room, actor, now_ms)


def _end(session: Session, room: Room, actor: Actor, now_ms: int) -> None:
    """As `room.end` leaves it; what was pushed before cannot be taken back into it."""
    if room.status != RoomStatus.LOBBY:
        room.status, room.ended_at, room.screen = RoomStatus.ENDED, now_ms, Screen.SHOW
    room.control += 1
    room.revision += 1
    room.undo = None
    event = RoomEvent(
        room_id=room.id,
        at=now_ms,
        control=room.control,
        actor=actor.id,
        actor_name=actor.name,
        name="room.end",
    )
    session.add_all([room, event])
    touch_room(session, room.id)


def _free_code(session: Session) -> str:
    """30 bits: the second attempt is for the sake of the unique constraint's peace."""
    code = ids.room_code()
    while session.scalars(select(Room.id).where(Room.code == code)).first():
        code = ids.room_code()
    return code
