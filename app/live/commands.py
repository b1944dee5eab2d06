"""A facilitator's moves: a table name → command, and the one way they are carried out.

A command says what it believes: the `control` revision its sender was looking at. If the room has
moved on it is a conflict, so a double click or a second console can never skip a block. Sending the
same command again (same id) gives the same answer and does nothing twice.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from pydantic import ValidationError
from sqlmodel import Session, col, select

from app import clock
from app.access import TABLE, Actor, Permission, Role, require
from app.database import Database, conflicts, touch_room
from app.errors import Conflict, IdReused, Invalid, NotAllowed, NotFound
from app.i18n import mark
from app.live import bounds
from app.live.activity import Model, kind_of
from app.live.vault import Vault
from app.models.activities import Activity, Entry
from app.models.faults import faults_of
from app.models.fields import Record
from app.models.kickoffs import Kickoff
from app.models.rooms import Participant, Room, RoomEvent
from app.operations.activities import lock_activity, open_in
from app.operations.entities import Entity
from app.operations.people import ADDED
from app.operations.rooms import lock_rooms


@dataclass
class Move:
    """What a command works with: its room, locked for this transaction, and the tools at hand.

    `touched` are the activities that it may open or close; they are locked too.
    """

    session: Session
    room: Room
    actor: Actor
    vault: Vault
    now_ms: int
    touched: Sequence[str] = ()
    participant: Participant | None = None  # whose phone sent it, if one did
    # Participants whose phone is connected; None where other processes may know of more.
    connected: frozenset[str] | None = None
    event_data: dict[str, Any] = field(default_factory=dict)
    to_undo: dict[str, Any] = field(default_factory=dict)  # beside the columns below

    def activity(self, activity_id: str) -> Activity:
        """An activity of this room, or NotFound."""
        found = self.session.get(Activity, activity_id)
        if found is None or found.room_id != self.room.id:
            raise NotFound(mark("There is no such activity in this room."))
        return found

    def entry(self, activity_id: str, entry_id: str) -> Entry:
        """What somebody wrote in an activity of this room, or NotFound. A choice's option is the
        question itself, not somebody's words."""
        activity = self.activity(activity_id)
        entry = self.session.get(Entry, (activity_id, entry_id))
        if entry is None or (entry.position and kind_of(activity.kind).asks_options):
            raise NotFound(mark("There is no such entry."))
        return entry

    def keep_entries(self, entries: Iterable[Entry], column: str, *more: str) -> None:
        """Remember these columns as they are now, all that the command changes: undo puts them
        back, and leaves what others change meanwhile."""
        kept = self.to_undo.setdefault("entries", [])
        for entry in entries:
            kept.append(entry.model_dump(include={"activity_id", "id", column, *more}))

    def keep_members(self, entry: Entry, members: Iterable[str]) -> None:
        """The same of single members of an entry's `data`."""
        held = entry.data or {}
        was = {name: held.get(name) for name in members}
        kept = self.to_undo.setdefault("entries", [])
        kept.append({"activity_id": entry.activity_id, "id": entry.id, "members": was})

    def keep_made(self, entity: Entity, record: Record) -> None:
        """Remember that the command wrote this into the plan, and whom it put on the people list
        with it: undo takes both out again."""
        self.to_undo.setdefault("records", []).append([entity.name, record.id])
        self.to_undo["people"] = list(self.session.info.get(ADDED, ()))

    def keep_config(self, activity: Activity) -> None:
        """Remember how an activity is set up: undo puts it back."""
        self.to_undo.setdefault("configs", {})[activity.id] = dict(activity.config)


class Nothing(Model):
    """A command without data."""


Run = Callable[[Move, Any], dict[str, Any] | None]


@dataclass(frozen=True)
class Command:
    """One move. `premise`: refused when the room has moved on. `undoable`: `room.undo` takes it
    back. `leaves_undo`: it is so small that the push before it is still the last; after any other
    of a facilitator that is not undoable there is nothing to be taken back. `closes`: it ends what
    people are answering, whatever that is. `steers`: it moves the room on, so that who looked at it
    before must look again; what attendees do never does."""

    run: Run
    permission: Permission
    data: type[Model] = Nothing
    premise: bool = True
    undoable: bool = False
    leaves_undo: bool = False
    closes: bool = False

    @property
    def steers(self) -> bool:
        return self.permission is not Permission.SUBMIT


# Columns of the room and of an activity that undo restores, and what it says of the push.
SAID_OF_UNDO = {"minutes", "screen", "participant", "note"}
ROOM_STATE = [
    "status",
    "block_id",
    "block_started_at",
    "phase",
    "phase_ends_at",
    "paused_left_ms",
    "started_at",
    "ended_at",
    "stage_activity_id",
    "stage_item",
    "stage_focus",
    "step",
    "step_phase",
    "step_after",
    "step_number",
    "screen",
    "shown_note_id",
    "locked",
    "code",
    "secret",
]
ACTIVITY_STATE = ["status", "stage", "revealed", "live", "closed_at"]
ENTRY_STATE = ["text", "state", "merged_into", "place", "position", "data"]
# What the plan shows of a room, and a command may change: it has another ETag then.
SHOWN_OF_ROOM = ["status", "locked", "code", "secret"]


def execute(
    database: Database,
    vault: Vault,
    table: Mapping[str, Command],
    *,
    room_id: str,
    actor: Actor,
    name: str,
    command_id: str,
    rev: int,
    data: dict[str, Any],
    connected: frozenset[str] | None = None,
) -> dict[str, Any]:
    """Carry out a command in one transaction and log it; returns what the acknowledgement
    carries."""
    command = table.get(name)
    if command is None:
        raise Invalid(mark("There is no such command."))
    _refuse_attendees(actor, command)
    parsed = _parsed(command, data)
    with conflicts(), database.by(actor).unit_of_work() as session:
        kickoff_id = _allowed_in(session, room_id, actor, command)
        touched = _touched(session, room_id, name, command, parsed)
        for activity_id in touched:
            lock_activity(session, activity_id)
        room = _locked_room(session, room_id, kickoff_id)
        earlier = _answered_before(session, room_id, command_id, actor, name, data)
        if earlier is not None:
            return earlier
        if command.premise and rev != room.control:
            raise Conflict(mark("The room has moved on."), control=room.control)
        return _run(
            Move(
                session,
                room,
                actor,
                vault,
                clock.now_ms(),
                touched,
                participant=_participant(session, room, actor),
                connected=connected,
            ),
            command,
            name,
            parsed,
            command_id,
            data,
        )


def _refuse_attendees(actor: Actor, command: Command) -> None:
    """What no attendee may takes no transaction: a room full of phones cannot hold the facilitator
    up with it."""
    roles = set(actor.roles.values())
    if roles == {Role.ATTENDEE} and command.permission not in TABLE[Role.ATTENDEE]:
        raise NotAllowed


def _allowed_in(session: Session, room_id: str, actor: Actor, command: Command) -> str:
    """The room's kickoff, where the actor may give this command; asked before anything is
    locked."""
    wanted = select(Kickoff.id, Kickoff.organisation_id).join(Room).where(Room.id == room_id)
    found = session.exec(wanted).first()
    if found is None:
        raise NotFound
    require(actor, command.permission, kickoff_id=found[0], organisation_id=found[1])
    return found[0]


def _locked_room(session: Session, room_id: str, kickoff_id: str) -> Room:
    """The room, locked with the others of its kickoff: what a command writes into the plan is told
    to all of them."""
    lock_rooms(session, kickoff_id)
    room = session.get(Room, room_id)
    if room is None:
        raise NotFound
    return room


def _run(
    move: Move, command: Command, name: str, parsed: Any, command_id: str, data: dict[str, Any]
) -> dict[str, Any]:
    room, session = move.room, move.session
    before = _standing(move) if command.undoable else None
    shown = [getattr(room, column) for column in SHOWN_OF_ROOM]
    if move.participant is not None:
        bounds.check_moves(session, room, move.participant)
    answer = command.run(move, parsed) or {}
    if added := session.info.get(ADDED):
        move.event_data[ADDED] = added
        if move.participant is not None:
            bounds.check_named(session, room, move.participant)
    if command.steers:
        room.control += 1
    room.revision += 1
    if shown != [getattr(room, column) for column in SHOWN_OF_ROOM]:
        room.has_changed()
    if command.undoable:
        said = parsed.model_dump(mode="json", include=SAID_OF_UNDO)
        room.undo = {"name": name, "data": said, **(before or {}), **move.to_undo}
    elif command.steers and not command.leaves_undo:
        room.undo = None
    session.add(room)
    session.add(
        RoomEvent(
            room_id=room.id,
            at=move.now_ms,
            control=room.control,
            actor=move.actor.id,
            actor_name=move.participant.name if move.participant else move.actor.name,
            name=name,
            data={**parsed.model_dump(mode="json", exclude_none=True), **move.event_data},
            command_id=command_id,
            command_digest=_digest(name, data),
            answer=answer,
        )
    )
    touch_room(session, room.id)
    return answer


def _participant(session: Session, room: Room, actor: Actor) -> Participant | None:
    """The attendee who sends a command; NotAllowed for one who is not in this room any more."""
    if actor.role_in(room.kickoff_id) is not Role.ATTENDEE:
        return None
    found = session.get(Participant, actor.id)
    if found is None or found.room_id != room.id or found.removed or actor.room_id != room.id:
        raise NotAllowed
    return found


def _parsed(command: Command, data: dict[str, Any]) -> Any:
    try:
        return command.data.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise Invalid(faults=faults_of(found[:5])) from None


def _touched(
    session: Session, room_id: str, name: str, command: Command, parsed: Any
) -> Sequence[str]:
    """The activities that a command may open or close, in the order in which everybody locks.
    Undo touches those that the last push touched. If there are others by the time that the room's
    row is locked, `control` is another one too, and the command is a conflict."""
    if command.closes:
        return open_in(session, [room_id])
    if name == "room.undo":
        kept = session.exec(select(Room.undo).where(col(Room.id) == room_id)).first() or {}
        made = [kept["made_activity"]] if "made_activity" in kept else []
        return sorted({*made, *(state["id"] for state in kept.get("activities", ()))})
    several: Sequence[str] = getattr(parsed, "activities", ())
    named: str | None = getattr(parsed, "activity", None)
    return _of_room(session, room_id, {*several, *([named] if named else [])})


def _of_room(session: Session, room_id: str, named: set[str]) -> Sequence[str]:
    """Of these ids those of the room's activities: nobody holds up what is not theirs."""
    wanted = select(Activity.id).where(
        col(Activity.room_id) == room_id, col(Activity.id).in_(named)
    )
    return sorted(session.exec(wanted)) if named else ()


def _answered_before(
    session: Session, room_id: str, command_id: str, actor: Actor, name: str, data: dict[str, Any]
) -> dict[str, Any] | None:
    event = session.exec(
        select(RoomEvent).where(
            col(RoomEvent.room_id) == room_id, col(RoomEvent.command_id) == command_id
        )
    ).first()
    if event is None:
        return None
    if event.actor != actor.id or event.command_digest != _digest(name, data):
        raise IdReused
    return event.answer


def _digest(name: str, data: dict[str, Any]) -> str:
    content = orjson.dumps([name, data], option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _standing(move: Move) -> dict[str, Any]:
    """What undo restores: the room's clock, and the activities as they are before the push."""
    activities = [move.activity(activity_id) for activity_id in move.touched]
    return {
        "room": {column: getattr(move.room, column) for column in ROOM_STATE},
        "activities": [
            {"id": activity.id, **{column: getattr(activity, column) for column in ACTIVITY_STATE}}
            for activity in activities
        ],
    }
