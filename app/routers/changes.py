"""A change of a record in words: who did it, when, and each field before and after."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from app.i18n import gettext
from app.models.fields import Meta, meta_of
from app.models.history import Done, RecordChange
from app.models.kickoffs import Kickoff
from app.operations.entities import KICKOFFS, PLAN, REFERRED, Entity
from app.pictures.picture import registry
from app.rendering import day, figure
from app.routers.forms import label_of, phase_words
from app.rules.differences import Kind, Piece, differences

BY_NAME = {entity.name: entity for entity in (*PLAN, KICKOFFS)}
PATHS = {"agenda-blocks": "agenda"}  # whose pages have another name than the collection
Names = Mapping[str, str]  # of records, by id


@dataclass(frozen=True)
class FieldChange:
    """`pieces`: what is gone and what is new, with what stands around it."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class ChangeLine:
    """`at` is the time where the kickoff is. `stands`: the record is there, and `address` leads to
    it. `returns`: it was removed, and can be brought back. `others`: how many followed."""

    id: str
    done: str
    at: datetime
    by: str
    author_kind: str
    entity: Entity
    name: str
    fields: tuple[FieldChange, ...]
    address: str
    stands: bool
    returns: bool
    others: int


def lines_of(
    session: Session, kickoff: Kickoff, rows: Sequence[RecordChange], *, private: bool
) -> list[ChangeLine]:
    """`private`: the reader sees the fields that only facilitators see."""
    names = _names(session, kickoff.id, rows)
    there = _there(session, rows)
    others = _others(session, rows)
    zone = ZoneInfo(kickoff.time_zone)
    lines = []
    for row in rows:
        entity, stands = BY_NAME[row.entity], row.record_id in there
        path = PATHS.get(entity.name, entity.name)
        of_kickoff = f"/kickoffs/{kickoff.id}"
        lines.append(
            ChangeLine(
                id=row.id,
                done=row.done,
                at=row.at.astimezone(zone),
                by=row.author_name,
                author_kind=row.author_kind,
                entity=entity,
                name=called(entity, row.record_name),
                fields=_fields(entity, row, names, private=private),
                address=of_kickoff
                if entity is KICKOFFS
                else f"{of_kickoff}/{path}/{row.record_id}",
                stands=stands,
                returns=row.done == Done.REMOVED and not stands,
                others=others.get(row.id, 0),
            )
        )
    return lines


def shown_changes(row: RecordChange, *, private: bool) -> dict[str, Any]:
    """The changes that a reader may see."""
    entity = BY_NAME[row.entity]
    hidden = frozenset() if private else entity.private
    return {name: both for name, both in row.changes.items() if name not in hidden}


def words_of(meta: Meta, value: Any, names: Names) -> str:
    """A value of a field, as its history or its form has it."""
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, list):
        return ", ".join(words_of(meta, one, names) for one in value)
    if isinstance(value, dict):  # a phase
        name = str(value.get("name", ""))
        return f"{phase_words().get(name, name)} {value.get('minutes', '')} min"
    if meta.widget == "program":
        return _of_program(str(value))
    if meta.widget in REFERRED:
        return names.get(value) or gettext("something that is gone")
    if meta.widget == "date":
        return _day(value)
    if isinstance(value, int | float):
        return figure(value)
    return label_of(meta, value)


def _of_program(key: str) -> str:
    """A step of a block's program: a picture by its name, the rest by what it is."""
    kind, _, id = key.partition(":")
    if kind == "picture" and id in registry():
        return gettext(registry()[id].name)
    return {"theme": gettext("Theme"), "slides": gettext("Slides")}.get(kind, gettext("Question"))


def called(entity: Entity, name: str) -> str:
    """What a record is called, where its first field is a choice or a figure too."""
    meta = meta_of(entity.fields, entity.name_field)
    if meta and meta.widget == "decimal":
        with suppress(ValueError):
            return figure(float(name))
    return label_of(meta, name) if meta else name


def _fields(
    entity: Entity, row: RecordChange, names: Names, *, private: bool
) -> tuple[FieldChange, ...]:
    found = []
    for name, (before, after) in shown_changes(row, private=private).items():
        meta = meta_of(entity.fields, name) if name in entity.fields.model_fields else None
        if meta is None:
            continue
        old, new = words_of(meta, before, names), words_of(meta, after, names)
        in_words = meta.widget in ("", "area")
        pieces = differences(old, new) if in_words else _both(old, new)
        if pieces:
            found.append(FieldChange(gettext(meta.label), pieces))
    return tuple(found)


def _both(before: str, after: str) -> tuple[Piece, ...]:
    both = (Piece(Kind.GONE, before), Piece(Kind.NEW, after))
    return tuple(piece for piece in both if piece.text)


def _day(value: Any) -> str:
    try:
        return day(value if isinstance(value, date) else date.fromisoformat(value), "medium")
    except ValueError:
        return str(value)


def names_of(
    session: Session, kickoff_id: str, wanted: Mapping[Entity, Iterable[str]]
) -> dict[str, str]:
    """What records are called; who is gone by the name that it had last."""
    found: dict[str, str] = {}
    for entity, ids in wanted.items():
        called_by = getattr(entity.table, entity.name_field)
        known = select(entity.child.id, called_by).where(
            col(entity.child.kickoff_id) == kickoff_id, col(entity.child.id).in_(set(ids))
        )
        found |= {id: str(name) for id, name in session.execute(known).all()}
    gone = {id for ids in wanted.values() for id in ids} - found.keys()
    if gone:
        last = (
            select(RecordChange.record_id, RecordChange.record_name)
            .where(col(RecordChange.kickoff_id) == kickoff_id)
            .where(col(RecordChange.record_id).in_(gone), RecordChange.done == Done.REMOVED)
            .order_by(col(RecordChange.id))
        )
        found |= {str(id): str(name) for id, name in session.execute(last).all()}
    return found


def referred(entity: Entity, changes: Mapping[str, Any]) -> dict[Entity, set[str]]:
    """The records that changes name."""
    found: dict[Entity, set[str]] = defaultdict(set)
    for name, both in changes.items():
        meta = meta_of(entity.fields, name) if name in entity.fields.model_fields else None
        if meta is not None and meta.widget in REFERRED:
            for value in both:
                ids = value if isinstance(value, list) else [value]
                found[REFERRED[meta.widget]] |= {id for id in ids if isinstance(id, str) and id}
    return found


def _names(session: Session, kickoff_id: str, rows: Sequence[RecordChange]) -> dict[str, str]:
    wanted: dict[Entity, set[str]] = defaultdict(set)
    for row in rows:
        for entity, ids in referred(BY_NAME[row.entity], row.changes).items():
            wanted[entity] |= ids
    return names_of(session, kickoff_id, {entity: ids for entity, ids in wanted.items() if ids})


def _there(session: Session, rows: Sequence[RecordChange]) -> set[str]:
    """The records that stand by now."""
    by_entity: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        by_entity[row.entity].add(row.record_id)
    found: set[str] = set()
    for name, ids in by_entity.items():
        table = BY_NAME[name].table
        found |= set(session.scalars(select(table.id).where(col(table.id).in_(ids))).all())
    return found


def _others(session: Session, rows: Sequence[RecordChange]) -> dict[str, int]:
    """How many changes followed from each."""
    wanted = (
        select(RecordChange.because_id, func.count())
        .where(col(RecordChange.because_id).in_([row.id for row in rows]))
        .group_by(col(RecordChange.because_id))
    )
    return {str(id): count for id, count in session.execute(wanted).all()}
