"""Who changed what when: a row for each write of a record, in the transaction that wrote it.

Whoever writes is known to the session (`Database.by`); an attendee is "the room" and nobody more.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy import Select, delete
from sqlmodel import Session, col, select

from app.access import NOBODY, Actor
from app.database import AUTHOR
from app.models.fields import OfKickoff, Ordered, Record
from app.models.history import AuthorKind, Done, RecordChange
from app.models.text import LINE_MAX
from app.operations import outbox
from app.operations.entities import Entity
from app.operations.rooms import plan_changed

PLACE = "position"  # among the changes of a record that has one

Snapshot = Mapping[str, Any]


def told(session: Session, entity: Entity, kickoff_id: str) -> None:
    """The rooms are told, if they show something of this entity."""
    if entity.in_room:
        plan_changed(session, kickoff_id)


def snapshot(entity: Entity, record: Record) -> Snapshot:
    """An entity's own fields, and its place, as JSON has them."""
    names = [*entity.fields.model_fields, *([PLACE] if isinstance(record, Ordered) else [])]
    return {name: as_json(getattr(record, name)) for name in names}


def as_json(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, list) else value


def noted(
    session: Session,
    entity: Entity,
    record: Record,
    done: Done,
    changes: Mapping[str, Any],
    *,
    because: RecordChange | None = None,
) -> RecordChange:
    """The row that says so. `because`: the change that this one follows from."""
    actor: Actor = session.info.get(AUTHOR) or NOBODY
    kind = _kind(actor)
    named = kind in (AuthorKind.PERSON, AuthorKind.TOKEN)
    row = RecordChange(
        kickoff_id=record.kickoff_id if isinstance(record, OfKickoff) else record.id,
        entity=entity.name,
        record_id=record.id,
        record_name=str(as_json(getattr(record, entity.name_field)))[:LINE_MAX],
        version=record.version,
        author_kind=kind,
        author_id=actor.id if named else "",
        author_name=actor.name if named else "",
        done=done,
        changes=dict(changes),
        because_id=because.id if because else None,
    )
    session.add(row)
    outbox.tell(session, row)
    return row


@contextmanager
def noting(
    session: Session, entity: Entity, record: Record, *, because: RecordChange | None = None
) -> Iterator[None]:
    """What is changed of the record inside is noted, if anything is."""
    before = snapshot(entity, record)
    yield
    changed(session, entity, record, before, because=because)


def changed(
    session: Session,
    entity: Entity,
    record: Record,
    before: Snapshot,
    *,
    because: RecordChange | None = None,
) -> RecordChange | None:
    """What differs from the snapshot is noted. A new place alone is a move."""
    changes = differing(before, snapshot(entity, record))
    if not changes:
        return None
    done = Done.MOVED if changes.keys() == {PLACE} else Done.CHANGED
    return noted(session, entity, record, done, changes, because=because)


def created(session: Session, entity: Entity, record: Record, *, again: bool = False) -> None:
    done = Done.RESTORED if again else Done.CREATED
    values = _said(entity, record)
    noted(session, entity, record, done, {name: [None, value] for name, value in values.items()})


def removed(
    session: Session, entity: Entity, record: OfKickoff, *, because: RecordChange | None
) -> RecordChange:
    """Everything that it held: from this it can be brought back."""
    values = {name: [value, None] for name, value in _said(entity, record).items()}
    return noted(session, entity, record, Done.REMOVED, values, because=because)


def forgotten(session: Session, record: OfKickoff) -> None:
    """As if it had never been: nothing tells of it."""
    session.flush()
    session.execute(delete(RecordChange).where(col(RecordChange.record_id) == record.id))


def differing(before: Snapshot, after: Snapshot) -> dict[str, list[Any]]:
    return {
        name: [before.get(name), value]
        for name, value in after.items()
        if before.get(name) != value
    }


def of_kickoff(
    kickoff_id: str, *, entity: str = "", author: str = "", followed_too: bool = False
) -> Select[Any]:
    """A kickoff's history, in no order yet; of one kind of records, by one author, where these are
    named. `followed_too`: with what only followed from something else."""
    wanted = select(RecordChange).where(col(RecordChange.kickoff_id) == kickoff_id)
    if not followed_too:
        wanted = wanted.where(col(RecordChange.because_id).is_(None))
    if entity:
        wanted = wanted.where(col(RecordChange.entity) == entity)
    if author:
        wanted = wanted.where(col(RecordChange.author_id) == author)
    return wanted


def of_record(kickoff_id: str, entity: Entity, record_id: str) -> Select[Any]:
    """A record's own history, in no order yet; it may be gone."""
    return select(RecordChange).where(
        col(RecordChange.kickoff_id) == kickoff_id,
        col(RecordChange.entity) == entity.name,
        col(RecordChange.record_id) == record_id,
    )


def since(session: Session, entity: Entity, record: Record, version: int) -> list[RecordChange]:
    """What was done to a record after this version of it, in order."""
    kickoff_id = record.kickoff_id if isinstance(record, OfKickoff) else record.id
    wanted = of_record(kickoff_id, entity, record.id).where(col(RecordChange.version) > version)
    return list(session.scalars(wanted.order_by(col(RecordChange.id))).all())


def authors_of(session: Session, kickoff_id: str) -> list[tuple[str, str]]:
    """Who has changed anything of a kickoff: id and name as it was last."""
    wanted = (
        select(RecordChange.author_id, RecordChange.author_name, RecordChange.author_kind)
        .where(col(RecordChange.kickoff_id) == kickoff_id)
        .distinct()
    )
    found = {id: name for id, name, _ in session.execute(wanted).all() if id}
    return sorted(found.items(), key=lambda one: one[1].casefold())


def _said(entity: Entity, record: Record) -> dict[str, Any]:
    """What is said of it: a field that stands as it does in every new record says nothing."""
    blank = {
        name: as_json(info.get_default(call_default_factory=True))
        for name, info in entity.fields.model_fields.items()
        if not info.is_required()
    }
    values = snapshot(entity, record)
    return {
        name: value for name, value in values.items() if name not in blank or blank[name] != value
    }


def _kind(actor: Actor) -> AuthorKind:
    if actor.room_id is not None:
        return AuthorKind.ROOM
    if not actor.id:
        return AuthorKind.PRODUCT
    return AuthorKind.TOKEN if actor.is_token else AuthorKind.PERSON
