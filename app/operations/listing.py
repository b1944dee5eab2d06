"""What of an entity's records is asked for, and in which order.

Text is compared as the database compares it, so that a cursor and the order agree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.models.fields import COMPOSED, meta_of
from app.operations.entities import REFERRED, Entity

SORTED_MOST = 3
_OWN = ("created_at", "updated_at")


@dataclass(frozen=True)
class Key:
    """A column to order by, or what is `said` in its place. Records that have nothing there come
    last, either way."""

    column: Any
    descending: bool = False
    said: Any = None

    @property
    def term(self) -> Any:
        return self.column if self.said is None else self.said

    @property
    def may_be_empty(self) -> bool:
        return bool(self.column.property.columns[0].nullable)

    def value_of(self, session: Session, record: Any) -> Any:
        if self.said is None:
            return getattr(record, self.column.key)
        return session.scalar(select(self.said).where(type(record).id == record.id))


def filters_of(entity: Entity) -> list[str]:
    """The fields by whose value a list can be asked for: not the long ones, nor the private."""
    metas = [(name, meta_of(entity.fields, name)) for name in entity.fields.model_fields]
    return [
        name
        for name, meta in metas
        if name not in entity.private and (meta is None or meta.widget not in COMPOSED | {"area"})
    ]


def sorts_of(entity: Entity) -> list[str]:
    """The fields by which a list can be sorted; lists of references have no order."""
    metas = [(name, meta_of(entity.fields, name)) for name in filters_of(entity)]
    return [name for name, meta in metas if not (meta and meta.several)] + list(_OWN)


def filtered(entity: Entity, statement: Select[Any], wanted: Mapping[str, Any]) -> Select[Any]:
    """Those whose fields have these values: None is nothing, and of several one is enough."""
    for name, value in wanted.items():
        meta = meta_of(entity.fields, name)
        column = col(getattr(entity.table, name))
        if meta and meta.several:
            statement = statement.where(_among(column, value))
        elif value is None:
            statement = statement.where(column.is_(None))
        else:
            statement = statement.where(column == value)
    return statement


def searched(session: Session, entity: Entity, statement: Select[Any], words: str) -> Select[Any]:
    """Those whose name holds these words, whatever the case of the letters."""
    column = cast(getattr(entity.table, entity.name_field), String)
    if session.get_bind().dialect.name == "sqlite":
        # Its LIKE knows no upper case beyond A to Z: Æ would not find æ.
        return statement.where(column.op("GLOB")(f"*{_either_case(words)}*"))
    return statement.where(column.icontains(words, autoescape=True))


def keys_of(entity: Entity, sort: Sequence[str]) -> list[Key]:
    """The columns of a sort such as ["title", "-due"], and the id to tell equals apart."""
    keys = [
        Key(getattr(entity.table, name.removeprefix("-")), descending=name.startswith("-"))
        for name in sort
    ]
    return [*keys, Key(entity.child.id)]


def keys_as_read(entity: Entity, sort: Sequence[str]) -> list[Key]:
    """The same as people read it: a reference by the name of what it refers to, and a choice by its
    place among the choices."""
    return [replace(key, said=_said(entity, key.column)) for key in keys_of(entity, sort)]


def _said(entity: Entity, column: Any) -> Any:
    meta = meta_of(entity.fields, column.key) if column.key in entity.fields.model_fields else None
    if meta and meta.choices:
        return case({code: at for at, (code, _) in enumerate(meta.choices)}, value=column)
    if meta and meta.widget in REFERRED:
        # An alias, for a goal refers to a goal.
        referred = aliased(REFERRED[meta.widget].child)
        name = getattr(referred, REFERRED[meta.widget].name_field)
        return select(name).where(referred.id == column).correlate(entity.table).scalar_subquery()
    return None


def _among(column: Any, value: str | None) -> ColumnElement[bool]:
    held = cast(column, String)
    # An id has no letter that LIKE reads otherwise, and quotes around it.
    return held == "[]" if value is None else held.like(f'%"{value}"%')


def _either_case(words: str) -> str:
    found = []
    for letter in words:
        cases = {letter, letter.lower(), letter.upper()}
        one_letter = "".join(sorted(case for case in cases if len(case) == 1))
        if len(one_letter) > 1 or letter in "*?[":
            found.append(f"[{one_letter}]")
        else:
            found.append(letter)
    return "".join(found)
