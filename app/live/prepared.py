"""Drafts of activities: made, changed and removed, for a block of the plan or in the running room.

What has been opened belongs to the room: how it was asked stays as it was answered (A07).
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fractional_indexing import generate_key_between, generate_n_keys_between
from pydantic import AfterValidator, ConfigDict, Field, ValidationError
from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from app.errors import Conflict, Fault, Invalid, NotFound
from app.i18n import gettext, mark
from app.live import plan_options, wire
from app.live.activity import Activity as Kind
from app.live.activity import kind_of, registry
from app.models.activities import Activity, ActivityStatus, Entry, Mode
from app.models.agenda import AgendaBlock
from app.models.faults import faults_of, pointer, validated
from app.models.fields import Fields, Id, Title
from app.models.rooms import Room
from app.operations.rooms import lock_rooms, plan_changed

MOST_OPTIONS = 50


def _storable(config: dict[str, Any]) -> dict[str, Any]:
    if not wire.can_be_kept(config):
        raise ValueError("not_storable")
    return config


Options = Annotated[list[Title], Field(max_length=MOST_OPTIONS)]
Config = Annotated[dict[str, Any], AfterValidator(_storable)]


class ActivityFields(Fields):
    """What is asked. `room_id` left out is the kickoff's first room."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]  # SQLModel's is wider

    kind: Annotated[str, Field(max_length=30)]
    title: Title
    mode: Mode = Mode.ANONYMOUS
    config: Config = Field(default_factory=dict)
    options: Options = Field(default_factory=list)
    block_id: Id | None = None
    room_id: Id | None = None
    live: bool = Field(default=False, description="the projector shows results while people answer")


def prepare_activity(session: Session, kickoff_id: str, values: Mapping[str, Any]) -> Activity:
    """A new draft in the plan; the kickoff's rooms are told."""
    lock_rooms(session, kickoff_id)
    activity = make_draft(session, kickoff_id, values)
    plan_changed(session, kickoff_id)
    return activity


def make_draft(session: Session, kickoff_id: str, values: Mapping[str, Any]) -> Activity:
    """The one way in which activities come to be; checked against their kind."""
    checked = validated(ActivityFields, values)
    kind = _kind(checked.kind)
    if "options" not in values:
        checked.options = plan_options.titles(session, kickoff_id, kind)
    _check_options(kind, checked.options)
    _check_mode(kind, checked.mode)
    room_id = _room(session, kickoff_id, checked.room_id)
    activity = Activity(
        kickoff_id=kickoff_id,
        room_id=room_id,
        block_id=_block(session, kickoff_id, checked.block_id),
        kind=kind.kind,
        title=checked.title,
        mode=checked.mode.value,
        config=checked_config(kind, checked.config),
        live=checked.live,
        stage=kind.stages[0] if kind.stages else None,
        position=_last_position(session, room_id),
    )
    session.add(activity)
    session.flush()
    add_options(session, activity.id, checked.options)
    plan_options.tie(session, activity)
    return activity


def change_prepared(session: Session, activity: Activity, changes: Mapping[str, Any]) -> Activity:
    """A draft with these fields changed; its kind and room stay."""
    _require_draft(activity)
    before = {
        "kind": activity.kind,
        "title": activity.title,
        "mode": activity.mode,
        "config": activity.config,
        "options": [entry.text for entry in options_of(session, [activity.id])],
        "block_id": activity.block_id,
        "room_id": activity.room_id,
        "live": activity.live,
    }
    checked = validated(ActivityFields, {**before, **changes})
    if (checked.kind, checked.room_id) != (activity.kind, activity.room_id):
        raise Invalid(faults=[Fault("/kind", gettext("Kind and room cannot be changed."))])
    _check_mode(_kind(checked.kind), checked.mode)
    activity.title, activity.mode, activity.live = checked.title, checked.mode.value, checked.live
    activity.config = checked_config(_kind(checked.kind), checked.config)
    activity.block_id = _block(session, activity.kickoff_id, checked.block_id)
    activity.has_changed()
    if list(checked.options) != before["options"]:
        _replace_options(session, activity, list(checked.options))
    session.flush()
    plan_changed(session, activity.kickoff_id)
    return activity


def remove_prepared(session: Session, activity: Activity) -> None:
    _require_draft(activity)
    session.delete(activity)
    session.flush()
    plan_changed(session, activity.kickoff_id)


def find_activity(
    session: Session, kickoff_id: str, activity_id: str, *, to_write: bool = False
) -> Activity:
    statement = select(Activity).where(
        Activity.id == activity_id, Activity.kickoff_id == kickoff_id
    )
    if to_write:
        lock_rooms(session, kickoff_id)
        # Answers to it may still hold its id: they wait for the rooms.
        statement = statement.with_for_update(key_share=True)
    found = session.scalars(statement).first()
    if found is None:
        raise NotFound
    return found


def activities_of_block(session: Session, block_id: str) -> Sequence[Activity]:
    statement = (
        select(Activity)
        .where(Activity.block_id == block_id)
        .order_by(Activity.position, Activity.id)
    )
    return session.scalars(statement).all()


def options_of(session: Session, activity_ids: Sequence[str]) -> Sequence[Entry]:
    """What was prepared to choose from, in order; only kinds that have options have any."""
    kinds = [kind for kind, logic in registry().items() if logic.asks_options]
    statement = (
        select(Entry)
        .join(Activity, col(Activity.id) == Entry.activity_id)
        .where(
            col(Entry.activity_id).in_(activity_ids),
            col(Activity.kind).in_(kinds),
            col(Entry.position) != "",
        )
        .order_by(Entry.activity_id, Entry.position, Entry.id)
    )
    return session.scalars(statement).all()


def add_options(session: Session, activity_id: str, texts: Sequence[str]) -> None:
    for text, position in zip(texts, generate_n_keys_between(None, None, len(texts)), strict=True):
        session.add(Entry(activity_id=activity_id, text=text, position=position))
    session.flush()


def _require_draft(activity: Activity) -> None:
    if activity.status != ActivityStatus.DRAFT or activity.opened_at is not None:
        raise Conflict(mark("It has been opened: how it was asked stays as it was answered."))


def _replace_options(session: Session, activity: Activity, texts: Sequence[str]) -> None:
    _check_options(_kind(activity.kind), texts)
    session.execute(delete(Entry).where(col(Entry.activity_id) == activity.id))
    add_options(session, activity.id, texts)
    plan_options.tie(session, activity)


def _check_options(kind: Kind, texts: Sequence[str]) -> None:
    if kind.asks_options and len(texts) < kind.fewest_options:
        raise Invalid(faults=[Fault("/options", gettext("Give at least two options."))])
    if texts and not kind.asks_options:
        raise Invalid(faults=[Fault("/options", gettext("This kind has no options."))])


def _check_mode(kind: Kind, mode: Mode) -> None:
    if mode.value not in kind.modes:
        sentence = gettext("Choose one of the given values.")
        raise Invalid(faults=[Fault("/mode", sentence)])


def _kind(name: str) -> Kind:
    try:
        return kind_of(name)
    except NotFound:
        sentence = gettext("There is no such kind of activity.")
        raise Invalid(faults=[Fault("/kind", sentence)]) from None


def checked_config(kind: Kind, config: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration as its kind understands it, or `Invalid` with its faults."""
    try:
        checked = kind.Config.model_validate(dict(config))
    except ValidationError as error:
        found = faults_of(error.errors(include_url=False, include_input=False))
        faults = [Fault(pointer("config") + fault.pointer, fault.detail) for fault in found]
        raise Invalid(faults=faults) from None
    return checked.model_dump(mode="json", exclude_none=True)


def _last_position(session: Session, room_id: str) -> str:
    highest = session.scalar(
        select(func.max(Activity.position)).where(col(Activity.room_id) == room_id)
    )
    return str(generate_key_between(highest or None, None))


def _room(session: Session, kickoff_id: str, room_id: str | None) -> str:
    statement = select(Room.id).where(Room.kickoff_id == kickoff_id).order_by(Room.id)
    if room_id is not None:
        statement = statement.where(Room.id == room_id)
    found = session.scalars(statement).first()
    if found is None:
        raise Invalid(faults=[Fault("/room_id", gettext("There is no such record here."))])
    return found


def _block(session: Session, kickoff_id: str, block_id: str | None) -> str | None:
    if block_id is None:
        return None
    statement = select(AgendaBlock.id).where(
        AgendaBlock.id == block_id, AgendaBlock.kickoff_id == kickoff_id
    )
    if session.scalars(statement).first() is None:
        raise Invalid(faults=[Fault("/block_id", gettext("There is no such record here."))])
    return block_id
