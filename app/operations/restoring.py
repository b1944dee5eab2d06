"""Bring back what was removed: with its references where they still lead somewhere, and with what
went with it or let go of it."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from app.errors import Conflict, Invalid, NotFound
from app.i18n import mark
from app.models.fields import OfKickoff, lists_of, meta_of
from app.models.history import Done, RecordChange
from app.operations import history, records
from app.operations.entities import PLAN, REFERRED, Entity

BY_NAME = {entity.name: entity for entity in PLAN}


def removal_of(session: Session, kickoff_id: str, change_id: str) -> tuple[Entity, RecordChange]:
    """A removal that stands, and what was removed; NotFound for anything else."""
    found = session.get(RecordChange, change_id)
    if found is None or found.kickoff_id != kickoff_id or found.done != Done.REMOVED:
        raise NotFound
    return BY_NAME[found.entity], found


def bring_back(session: Session, entity: Entity, removal: RecordChange) -> OfKickoff:
    """The record as it was, and whatever followed from its removal."""
    record = _again(session, entity, removal)
    followed = select(RecordChange).where(col(RecordChange.because_id) == removal.id)
    for row in session.scalars(followed.order_by(col(RecordChange.id))).all():
        _undone(session, BY_NAME[row.entity], row)
    return record


def _again(session: Session, entity: Entity, removal: RecordChange) -> OfKickoff:
    if session.get(entity.child, removal.record_id) is not None:
        raise Conflict(mark("This has been brought back already."))
    held = {name: before for name, (before, _) in removal.changes.items()}
    position = held.pop(history.PLACE, "")
    return records.create_again(
        session,
        entity,
        removal.kickoff_id,
        _still_there(session, entity, removal.kickoff_id, held),
        record_id=removal.record_id,
        version=removal.version,
        position=position,
    )


def _undone(session: Session, entity: Entity, row: RecordChange) -> None:
    """What followed from the removal. What has become of a record since then stands: who points
    elsewhere by now, or would lead in a circle, is left as it is."""
    there = session.get(entity.child, row.record_id)
    try:
        if row.done == Done.REMOVED and there is None:
            _again(session, entity, row)
        elif row.done != Done.REMOVED and there is not None:
            pointing = _pointing_again(entity, there, row.changes)
            if pointing:
                records.change(session, entity, there, pointing)
    except (Invalid, Conflict):
        return


def _pointing_again(
    entity: Entity, record: OfKickoff, changes: Mapping[str, Any]
) -> dict[str, Any]:
    """The fields that let go, as they pointed before; where somebody has filled one since, that
    stands."""
    lists = lists_of(entity.fields)
    found: dict[str, Any] = {}
    for name, (before, after) in changes.items():
        if name in lists:
            now: list[str] = getattr(record, name)
            lost = [id for id in before if id not in after and id not in now]
            found |= {name: now + lost} if lost else {}
        elif getattr(record, name) is None:
            found[name] = before
    return found


def _still_there(
    session: Session, entity: Entity, kickoff_id: str, held: Mapping[str, Any]
) -> dict[str, Any]:
    """The values with references to what is gone by now left out."""
    values, lists = dict(held), lists_of(entity.fields)
    required = records.required_references_of(entity)
    for name in records.references_of(entity):
        if not values.get(name):
            continue
        target = _target(entity, name)
        if name in lists:
            values[name] = _known(session, target, kickoff_id, values[name])
        elif not _known(session, target, kickoff_id, [values[name]]):
            if name in required:
                raise Conflict(mark("What this belonged to is gone. Bring that back first."))
            values[name] = None
    return values


def _target(entity: Entity, name: str) -> type[OfKickoff]:
    if name in (lists := lists_of(entity.fields)):
        return REFERRED[lists[name]].child
    meta = meta_of(entity.fields, name)
    assert meta is not None, f"{entity.name}.{name} refers to something, and says to what"
    return REFERRED[meta.widget].child


def _known(session: Session, table: type[OfKickoff], kickoff_id: str, ids: list[str]) -> list[str]:
    wanted = select(table.id).where(col(table.kickoff_id) == kickoff_id, col(table.id).in_(ids))
    there = set(session.scalars(wanted).all())
    return [id for id in ids if id in there]
