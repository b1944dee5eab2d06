"""Create, change and remove a record of any entity: what is the same for all of them.

Validates the whole record each time (what is stored, with the change upon it), so that rules across
fields hold however little was sent. References stay inside the kickoff.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from sqlalchemy import Select, Table
from sqlmodel import Session, col, select

from app.errors import Fault, Invalid, NotFound
from app.i18n import gettext
from app.models.agenda import AgendaBlock
from app.models.faults import pointer, validated
from app.models.fields import Fields, OfKickoff, Ordered, Record
from app.operations import order
from app.operations.entities import Entity
from app.operations.rooms import plan_changed, require_not_running


def find(
    session: Session, entity: Entity, kickoff_id: str, record_id: str, *, to_write: bool = False
) -> OfKickoff:
    """A kickoff's record. `to_write` keeps others from changing it until the commit."""
    table = entity.child
    statement = select(table).where(col(table.id) == record_id, col(table.kickoff_id) == kickoff_id)
    found = session.scalars(statement.with_for_update() if to_write else statement).first()
    if found is None:
        raise NotFound
    return found


def all_of(entity: Entity, kickoff_id: str) -> Select[Any]:
    """A kickoff's records of this entity, in no order yet."""
    return select(entity.child).where(col(entity.child.kickoff_id) == kickoff_id)


def create(
    session: Session,
    entity: Entity,
    kickoff_id: str,
    values: Mapping[str, Any],
    *,
    after_id: str | None = None,
) -> OfKickoff:
    """A new record, the last of its siblings unless `after_id` says after whom."""
    checked = validated(entity.fields, values)
    record = entity.child(kickoff_id=kickoff_id, **stored(checked))
    _check_references(session, record, checked)
    if isinstance(record, Ordered):
        record.position = _new_place(session, type(record), kickoff_id, after_id)
    session.add(record)
    session.flush()
    told(session, entity, kickoff_id)
    return record


def change(
    session: Session,
    entity: Entity,
    record: OfKickoff,
    changes: Mapping[str, Any],
    *,
    after_id: str | None = None,
) -> OfKickoff:
    """The record with these fields changed and one version more; `after_id` moves it."""
    checked = validated(entity.fields, {**own_values(entity.fields, record), **changes})
    _check_references(session, record, checked)
    write(record, checked)
    if after_id is not None and isinstance(record, Ordered):
        record.position = order.after(
            session, type(record), record.kickoff_id, sibling_id=after_id, moving=record.id
        )
    session.flush()
    told(session, entity, record.kickoff_id)
    return record


def remove(session: Session, entity: Entity, record: OfKickoff) -> None:
    if isinstance(record, AgendaBlock):
        require_not_running(session, record.id)
    session.delete(record)
    session.flush()
    told(session, entity, record.kickoff_id)


def told(session: Session, entity: Entity, kickoff_id: str) -> None:
    """The rooms are told, if they show something of this entity. Last, for it locks their rows."""
    if entity.in_room:
        plan_changed(session, kickoff_id)


def own_values(fields: type[Fields], record: Record) -> dict[str, Any]:
    """What is stored of an entity's own fields."""
    return {name: getattr(record, name) for name in fields.model_fields}


def stored(checked: Fields) -> dict[str, Any]:
    """Checked values as columns take them: enums by their value."""
    return {
        name: value.value if isinstance(value, Enum) else value
        for name, value in checked.model_dump().items()
    }


def write(record: Record, checked: Fields) -> None:
    """Checked values into a stored record: one version more."""
    for name, value in stored(checked).items():
        setattr(record, name, value)
    record.has_changed()


def _new_place(
    session: Session, table: type[Ordered], kickoff_id: str, after_id: str | None
) -> str:
    if after_id is None:
        return order.at_the_end(session, table, kickoff_id)
    return order.after(session, table, kickoff_id, sibling_id=after_id)


def _check_references(session: Session, record: OfKickoff, checked: Fields) -> None:
    """What a field points at must be the same kickoff's: another's is as unknown as none."""
    for column in _table(type(record)).columns:
        value = getattr(checked, column.name, None)
        if value is None or not column.foreign_keys:
            continue
        target = next(iter(column.foreign_keys)).column.table
        known = select(target.c.id).where(
            target.c.id == value, target.c.kickoff_id == record.kickoff_id
        )
        if session.execute(known).first() is None:
            sentence = gettext("There is no such record here.")
            raise Invalid(faults=[Fault(pointer(column.name), sentence)])


def _table(model: type[Record]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]  # every table model has it
    return table
