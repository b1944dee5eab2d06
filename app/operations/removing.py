"""Take a record out of the plan: what belongs to it goes with it, and what points at it lets go.

The database would see to most of this by itself, but nobody would know: what lets go is another
version of itself, and what went with it is to be found in the history.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, ForeignKey, Table
from sqlmodel import Session, col, select

from app.models.fields import OfKickoff, lists_of
from app.models.groups import WorkingGroup
from app.models.history import RecordChange
from app.operations import history, seats
from app.operations.entities import PLAN, REFERRED, Entity
from app.operations.history import told


@dataclass(frozen=True)
class _Pointing:
    """A record that points at the one that goes, and what is left in the fields that do."""

    entity: Entity
    record: OfKickoff
    left: dict[str, Any] = field(default_factory=dict)


def take_out(
    session: Session, entity: Entity, record: OfKickoff, *, because: RecordChange | None = None
) -> None:
    """`because`: the removal that this one follows from."""
    row = history.removed(session, entity, record, because=because)
    first = because or row
    for other, column, key in _columns(entity):
        if key.ondelete == "CASCADE":
            for one in session.scalars(select(other.child).where(column == record.id)).all():
                take_out(session, other, one, because=first)
    for pointing in _pointing_at(session, entity, record):
        _let_go(session, pointing, because=first)
    session.delete(record)
    session.flush()
    if isinstance(record, WorkingGroup):
        seats.regrouped(session, record.kickoff_id)
    told(session, entity, record.kickoff_id)


def _pointing_at(session: Session, entity: Entity, removed: OfKickoff) -> list[_Pointing]:
    """What is left behind, each once, however many of its fields point there."""
    found: dict[str, _Pointing] = {}
    for other, column, key in _columns(entity):
        if key.ondelete != "CASCADE":
            for one in session.scalars(select(other.child).where(column == removed.id)).all():
                found.setdefault(one.id, _Pointing(other, one)).left[column.name] = None
    # Lists the database does not see to itself.
    for other in PLAN:
        names = [
            name
            for name, target in lists_of(other.fields).items()
            if isinstance(removed, REFERRED[target].table)
        ]
        if names:
            every = select(other.child).where(col(other.child.kickoff_id) == removed.kickoff_id)
            for one in session.scalars(every).all():
                for name in names:
                    ids = getattr(one, name)
                    if removed.id in ids and one.id != removed.id:
                        left = [id for id in ids if id != removed.id]
                        found.setdefault(one.id, _Pointing(other, one)).left[name] = left
    return list(found.values())


def _columns(entity: Entity) -> Iterator[tuple[Entity, Column[str], ForeignKey]]:
    """The declared fields of any entity that refer to one of this entity."""
    for other in PLAN:
        table: Table = other.table.__table__  # type: ignore[attr-defined]  # of every table model
        declared = [one for one in table.columns if one.name in other.fields.model_fields]
        for column in declared:
            for key in column.foreign_keys:
                if key.column.table.name == entity.table.__tablename__:
                    yield other, column, key


def _let_go(session: Session, pointing: _Pointing, *, because: RecordChange) -> None:
    record = pointing.record
    with history.noting(session, pointing.entity, record, because=because):
        for name, left in pointing.left.items():
            setattr(record, name, left)
        record.has_changed()
    session.flush()
    told(session, pointing.entity, record.kickoff_id)
