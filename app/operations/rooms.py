"""What the plan does to its rooms: locking them, telling them that it changed, making and removing
them.

The one order in which everybody locks (docs/decisions/0009):

1. activities, by id (`activities.lock_activity`): who writes entries, opens or closes;
2. the kickoff's rooms, by id (`lock_rooms`): who writes anything of the kickoff;
3. what is written itself: the kickoff, its records, entries, participants.
"""

import secrets

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from app import clock, ids
from app.access import Actor
from app.database import touch_room
from app.errors import Conflict
from app.i18n import mark
from app.models.activities import Activity, ActivityStatus
from app.models.rooms import Participant, Room, RoomEvent, RoomStatus, Screen
from app.operations import activities

_OPENED = or_(col(Activity.status) != ActivityStatus.DRAFT, col(Activity.opened_at).is_not(None))

# Said aloud and shown on the join page: a photographed code of another room is noticed (S12).
SPOKEN_WORDS = (
    "bjørk", "fjell", "multe", "nordavind", "tyttebær", "kompass", "seil", "fyrlykt", "granbar",
    "havn", "isbre", "kastanje", "lerke", "mosegrønn", "nordstjerne", "orkide", "pilegrim",
    "regnbue", "rogn", "skjærgård", "solside", "svaberg", "tinde", "vardefyr", "vidde", "ørn",
)  # fmt: skip


def lock_rooms(session: Session, kickoff_id: str) -> None:
    """Before anything of a kickoff is written or locked, but after its activities: one writer at a
    time, so that two never wait for each other, and nobody arrives meanwhile."""
    if session.get_bind().dialect.name != "sqlite":  # which has one writer anyway
        rooms = select(Room.id).where(col(Room.kickoff_id) == kickoff_id).order_by(col(Room.id))
        session.execute(rooms.with_for_update())


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


def remove_room(session: Session, room: Room) -> None:
    """A room in which nothing has happened: what people gave in one that was used goes with the
    kickoff alone."""
    used = (
        select(Participant.id).where(Participant.room_id == room.id),
        select(RoomEvent.id).where(RoomEvent.room_id == room.id),
        select(Activity.id).where(Activity.room_id == room.id, _OPENED),
    )
    if room.started_at is not None or any(session.exec(one.limit(1)).first() for one in used):
        raise Conflict(mark("Something has happened in this room: it goes with the kickoff alone."))
    session.delete(room)


def require_not_running(session: Session, block_id: str) -> None:
    """Refuse to take a block from under a room that is in it: the next push would lead to the
    beginning of the day."""
    running = (
        select(Room.id)
        .where(Room.block_id == block_id)
        .where(col(Room.status).in_([RoomStatus.LIVE, RoomStatus.PAUSED]))
        .with_for_update()
    )
    if session.exec(running).first() is not None:
        raise Conflict(mark("This block is running. Go to another one first, then remove it."))


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
        room.has_changed()
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
