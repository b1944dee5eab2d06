"""Conducting activities: prepare, open, close, reveal, hide, count hands, go another round."""

from typing import Any

from fractional_indexing import generate_key_between, generate_n_keys_between
from pydantic import Field, ValidationError
from sqlalchemy import delete
from sqlmodel import Session, col, select

from app import ids
from app.access import Permission
from app.errors import Conflict, Fault, Invalid, NotFound
from app.live.activity import Model, kind_of
from app.live.commands import ACTIVITY_STATE, ROOM_CLOCK, Command, Move
from app.models.activities import (
    Activity,
    ActivityStatus,
    Ballot,
    Entry,
    EntryState,
    HandCount,
    Mode,
)
from app.models.agenda import AgendaBlock
from app.models.fields import Line
from app.models.rooms import Participant, RoomStatus, Screen
from app.models.text import clean_line
from app.operations import activities

MOST_OPTIONS = 50


class OneActivity(Model):
    activity: str = Field(max_length=36)


class Staged(Model):
    activity: str | None = Field(default=None, max_length=36)


class Live(OneActivity):
    live: bool


class OneEntry(OneActivity):
    entry: str = Field(max_length=36)


class HandFigure(Model):
    id: str = Field(default="", max_length=36)
    value: int = Field(default=1, ge=-1000, le=1000)
    count: int = Field(ge=0, le=100_000)


class Hands(OneActivity):
    counts: list[HandFigure] = Field(max_length=200)


class Create(Model):
    """An ad hoc activity; `open` sends it to the phones at once."""

    kind: str = Field(max_length=30)
    title: Line = Field(min_length=1, max_length=300)
    mode: Mode = Mode.ANONYMOUS
    config: dict[str, Any] = Field(default_factory=dict)
    options: list[Line] = Field(default_factory=list, max_length=MOST_OPTIONS)
    block: str | None = Field(default=None, max_length=36)
    open: bool = False
    live: bool = False


class OneParticipant(Model):
    participant: str = Field(max_length=36)


class Table(OneParticipant):
    people: int = Field(ge=1, le=100)


class ScreenChoice(Model):
    screen: Screen


def create(move: Move, data: Create) -> dict[str, Any]:
    activity = prepare(
        move.session,
        kickoff_id=move.room.kickoff_id,
        room_id=move.room.id,
        block_id=_block(move, data.block) if data.block else move.room.block_id,
        kind=data.kind,
        title=data.title,
        mode=data.mode,
        config=data.config,
        options=data.options,
        live=data.live,
    )
    move.event_data["made"] = activity.id
    if data.open:
        _open(move, activity)
    return {"activity": activity.id}


def _block(move: Move, block_id: str) -> str:
    """A block of this kickoff's agenda, or NotFound."""
    found = move.session.get(AgendaBlock, block_id)
    if found is None or found.kickoff_id != move.room.kickoff_id:
        raise NotFound("no such block")
    return found.id


def prepare(
    session: Session,
    *,
    kickoff_id: str,
    room_id: str,
    block_id: str | None,
    kind: str,
    title: str,
    mode: str = Mode.ANONYMOUS,
    config: dict[str, Any],
    options: list[str],
    live: bool = False,
    position: str | None = None,
) -> Activity:
    """A new activity in draft, checked against its kind."""
    logic = kind_of_or_invalid(kind)
    texts = [text for text in map(clean_line, options) if text]
    if logic.asks_options and len(texts) < 2:
        raise Invalid(
            "give at least two options", faults=[Fault("/options", "at least two are needed")]
        )
    if texts and not logic.asks_options:
        raise Invalid("this kind has no options", faults=[Fault("/options", "this kind has none")])
    activity = Activity(
        kickoff_id=kickoff_id,
        room_id=room_id,
        block_id=block_id,
        kind=kind,
        title=title,
        mode=mode,
        config=checked_config(kind, config),
        live=live,
        stage=logic.stages[0] if logic.stages else None,
        position=position or _last_position(session, room_id),
    )
    session.add(activity)
    session.flush()
    _add_options(session, activity.id, texts)
    return activity


def kind_of_or_invalid(kind: str) -> Any:
    try:
        return kind_of(kind)
    except NotFound:
        raise Invalid("no such kind", faults=[Fault("/kind", "no such kind of activity")]) from None


def checked_config(kind: str, config: dict[str, Any]) -> dict[str, Any]:
    """The configuration as its kind understands it, or `Invalid` with its faults."""
    try:
        return (
            kind_of(kind).Config.model_validate(config).model_dump(mode="json", exclude_none=True)
        )
    except ValidationError as error:
        faults = [
            Fault("/config/" + "/".join(map(str, e["loc"])), e["msg"]) for e in error.errors()
        ]
        raise Invalid("the configuration does not fit the kind", faults=faults) from None


def open_(move: Move, data: OneActivity) -> None:
    activity = move.activity(data.activity)
    if activity.status == ActivityStatus.OPEN:
        return
    if activity.scrubbed or activity.status == ActivityStatus.FROZEN:
        raise Conflict("its ballots are gone: open a new round instead")
    _open(move, activity)


def close(move: Move, data: OneActivity) -> None:
    activities.close(move.activity(data.activity), move.now_ms)


def reveal(move: Move, data: OneActivity) -> None:
    activity = move.activity(data.activity)
    if activity.status == ActivityStatus.DRAFT:
        raise Conflict("nobody has answered it yet")
    activity.revealed = True
    move.room.stage_activity_id = activity.id
    move.room.screen = Screen.SHOW
    move.session.add(activity)


def hide(move: Move, data: OneActivity) -> None:
    activity = move.activity(data.activity)
    activity.revealed = False
    activity.live = False
    move.session.add(activity)


def set_live(move: Move, data: Live) -> None:
    """Whether results show while people answer. Going live reveals, going back hides."""
    activity = move.activity(data.activity)
    activity.live = data.live
    if activity.status != ActivityStatus.DRAFT:
        activity.revealed = data.live
    move.session.add(activity)


def stage(move: Move, data: Staged) -> None:
    """Put an activity on the projector, or the block itself."""
    if data.activity is not None:
        move.activity(data.activity)
    move.room.stage_activity_id = data.activity
    move.room.screen = Screen.SHOW


def new_round(move: Move, data: OneActivity) -> dict[str, Any]:
    """The same question again; the earlier round is closed and stays, to be compared."""
    before = move.activity(data.activity)
    if before.status == ActivityStatus.OPEN:
        close(move, data)
    again = Activity(
        **before.model_dump(
            include={"kickoff_id", "room_id", "block_id", "kind", "title", "mode", "config", "live"}
        ),
        position=before.position,
        round=before.round + 1,
        previous_id=before.id,
        stage=kind_of(before.kind).stages[0] if kind_of(before.kind).stages else None,
    )
    move.session.add(again)
    move.session.flush()
    _add_options(
        move.session, again.id, [entry.text for entry in _options(move.session, before.id)]
    )
    _open(move, again)
    move.event_data["made"] = again.id
    return {"activity": again.id}


def count_hands(move: Move, data: Hands) -> None:
    """A counted show of hands replaces the one before."""
    activity = move.activity(data.activity)
    move.session.execute(delete(HandCount).where(col(HandCount.activity_id) == activity.id))
    options = {entry.id for entry in _options(move.session, activity.id)}
    for figure in data.counts:
        if options and figure.id not in options:
            raise Invalid("no such option", faults=[Fault("/counts", "no such option")])
        move.session.add(
            HandCount(
                activity_id=activity.id,
                entry_id=figure.id if options else "",
                value=1 if options else figure.value,
                count=figure.count,
            )
        )


def hide_entry(move: Move, data: OneEntry) -> None:
    _set_entry(move, data, EntryState.HIDDEN)


def show_entry(move: Move, data: OneEntry) -> None:
    _set_entry(move, data, EntryState.VISIBLE)


def remove_participant(move: Move, data: OneParticipant) -> None:
    _participant(move, data.participant).removed = True


def restore_participant(move: Move, data: OneParticipant) -> None:
    _participant(move, data.participant).removed = False


def set_people(move: Move, data: Table) -> None:
    _participant(move, data.participant).people = data.people


def set_screen(move: Move, data: ScreenChoice) -> None:
    move.room.screen = data.screen


def lock(move: Move, _: Model) -> None:
    move.room.locked = True


def unlock(move: Move, _: Model) -> None:
    move.room.locked = False


def rotate_code(move: Move, _: Model) -> dict[str, Any]:
    """A new code and QR secret; who is in stays in."""
    move.room.code, move.room.secret = ids.room_code(), ids.secret()
    return {"code": move.room.code}


def undo(move: Move, _: Model) -> None:
    """Take back the last push: the room's clock, and the activities it touched, as they stood
    before."""
    kept = move.room.undo
    if not kept:
        raise Conflict("there is nothing to undo")
    for state in kept.get("activities", ()):
        activity = move.activity(state["id"])
        if activity.status == ActivityStatus.FROZEN or (
            activity.scrubbed and state["status"] == ActivityStatus.OPEN
        ):
            if kept["name"] == "room.end":
                continue  # the day goes on all the same; what became counts stays closed
            raise Conflict("its ballots are gone: open a new round instead")
        _put_back(move, activity, state)
    for column in ROOM_CLOCK:
        setattr(move.room, column, kept["room"][column])
    move.event_data["undone"] = kept["name"]


def _put_back(move: Move, activity: Activity, state: dict[str, Any]) -> None:
    """An activity as it was; but what has been answered is never a draft again: drafts keep their
    key and are not scrubbed, so that its ballots would stay linkable for good."""
    was_open = activity.status == ActivityStatus.OPEN
    if (
        was_open
        and state["status"] == ActivityStatus.DRAFT
        and has_ballots(move.session, activity.id)
    ):
        activities.close(activity, move.now_ms)
        activity.revealed = activity.live = False
        return
    for column in ACTIVITY_STATE:
        setattr(activity, column, state[column])
    activity.version += 1


def _open(move: Move, activity: Activity) -> None:
    if move.room.status == RoomStatus.ENDED:
        raise Conflict("the day is over: nothing would close it")
    if activity.mode == Mode.ANONYMOUS:
        # Before the first ballot can come: the key outlives a crash, the ballots never outlive the
        # key unseen.
        if move.vault.key(activity.id) is None and has_ballots(move.session, activity.id):
            raise Conflict("its key is lost: open a new round instead")
        move.vault.make(activity.id)
    activity.status = ActivityStatus.OPEN
    activity.closed_at = None
    activity.opened_at = activity.opened_at or move.now_ms
    activity.revealed = activity.revealed or activity.live
    activity.version += 1
    move.room.stage_activity_id = activity.id
    move.room.screen = Screen.SHOW
    move.event_data["title"] = activity.title
    move.session.add(activity)


def has_ballots(session: Session, activity_id: str) -> bool:
    """Whether anybody has answered it: from then on its mode stands (A07)."""
    return (
        session.exec(select(Ballot.key).where(col(Ballot.activity_id) == activity_id)).first()
        is not None
    )


def _options(session: Session, activity_id: str) -> list[Entry]:
    wanted = select(Entry).where(col(Entry.activity_id) == activity_id, col(Entry.position) != "")
    return list(session.exec(wanted.order_by(col(Entry.position), col(Entry.id))))


def _add_options(session: Session, activity_id: str, texts: list[str]) -> None:
    for text, position in zip(texts, generate_n_keys_between(None, None, len(texts)), strict=True):
        session.add(Entry(activity_id=activity_id, text=text, position=position))
    session.flush()


def _last_position(session: Session, room_id: str) -> str:
    positions = session.exec(
        select(Activity.position).where(col(Activity.room_id) == room_id)
    ).all()
    return str(generate_key_between(max(positions, default=None) or None, None))


def _set_entry(move: Move, data: OneEntry, state: EntryState) -> None:
    move.activity(data.activity)
    entry = move.session.get(Entry, (data.activity, data.entry))
    if entry is None:
        raise NotFound("no such entry")
    entry.state = state
    move.session.add(entry)


def _participant(move: Move, participant_id: str) -> Participant:
    found = move.session.get(Participant, participant_id)
    if found is None or found.room_id != move.room.id:
        raise NotFound("no such participant in this room")
    move.session.add(found)
    return found


FACILITATE = Permission.FACILITATE

COMMANDS = {
    "room.undo": Command(undo, FACILITATE),
    "room.lock": Command(lock, FACILITATE, premise=False),
    "room.unlock": Command(unlock, FACILITATE, premise=False),
    "room.rotate_code": Command(rotate_code, FACILITATE),
    "screen.set": Command(set_screen, FACILITATE, ScreenChoice, undoable=True),
    "activity.create": Command(create, FACILITATE, Create),
    "activity.open": Command(open_, FACILITATE, OneActivity, undoable=True),
    "activity.close": Command(close, FACILITATE, OneActivity, undoable=True),
    "activity.reveal": Command(reveal, FACILITATE, OneActivity, undoable=True),
    "activity.hide": Command(hide, FACILITATE, OneActivity, undoable=True),
    "activity.live": Command(set_live, FACILITATE, Live, undoable=True),
    "activity.stage": Command(stage, FACILITATE, Staged, undoable=True),
    "activity.new_round": Command(new_round, FACILITATE, OneActivity),
    "activity.hands": Command(count_hands, FACILITATE, Hands),
    "entry.hide": Command(hide_entry, FACILITATE, OneEntry, premise=False),
    "entry.show": Command(show_entry, FACILITATE, OneEntry, premise=False),
    "participant.remove": Command(remove_participant, FACILITATE, OneParticipant, premise=False),
    "participant.restore": Command(restore_participant, FACILITATE, OneParticipant, premise=False),
    "participant.people": Command(set_people, FACILITATE, Table, premise=False),
}
