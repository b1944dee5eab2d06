"""Many records of one entity at once, all of them or none: each statement is sent once for all, so
that the rooms' votes do not wait for two thousand rows.

Faults point into the items: /3/title.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fractional_indexing import generate_n_keys_between
from sqlmodel import Session, col, func, select

from app import ids
from app.errors import Conflict, Fault, Invalid
from app.i18n import gettext, mark
from app.models.actions import Action
from app.models.faults import pointer, validated
from app.models.fields import Fields, Kept, OfKickoff, Ordered, lists_of
from app.models.kickoffs import Kickoff
from app.models.people import Person
from app.operations import action_notes, history, seats, signed_links
from app.operations.derived import today_in
from app.operations.entities import PLAN, REFERRED, Entity
from app.operations.records import (
    own_values,
    references_of,
    require_changing,
    stored,
    write,
)
from app.operations.rooms import lock_rooms
from app.rules.cycles import cycles

_AT_ONCE = 500  # ids in one statement


@dataclass(frozen=True)
class Item:
    """What becomes a record. `id` is the new one's, so that others of the batch can refer to it;
    `record` is the one that is changed, found in this transaction."""

    values: Mapping[str, Any]
    id: str = ""
    record: OfKickoff | None = None


def create_all(
    session: Session, entity: Entity, kickoff_id: str, items: Sequence[Mapping[str, Any]]
) -> list[OfKickoff]:
    """New records, the last of their siblings and in this order."""
    return save_all(session, entity, kickoff_id, [Item(values) for values in items])


def save_all(
    session: Session,
    entity: Entity,
    kickoff_id: str,
    items: Sequence[Item],
    *,
    reason: str = "",
) -> list[OfKickoff]:
    """The records of all items, in order: new ones and changed ones. `reason` goes into the log
    of each changed one, where it has one."""
    checked = check_all(entity, items)
    lock_rooms(session, kickoff_id)
    new_ids = [item.record.id if item.record else item.id or ids.new_id() for item in items]
    _check_references(session, entity, kickoff_id, checked, known=set(new_ids))
    before = {
        item.record.id: history.snapshot(entity, item.record) for item in items if item.record
    }
    today = today_in(session.get_one(Kickoff, kickoff_id))
    with session.no_autoflush:  # half of the batch could refer to what is not there yet
        found = _written(entity, kickoff_id, items, checked, new_ids)
        _place(session, entity, kickoff_id, [one for one in found if one.id not in before])
        for item, record in zip(items, found, strict=True):
            record.settle(item.values, today)
    with _own_references_last(session, entity, found, new={*new_ids} - before.keys()):
        session.add_all(found)
    _check_no_circle(session, entity, kickoff_id, found)
    _told(session, entity, kickoff_id, found, before)
    for item, record in zip(items, found, strict=True):
        if isinstance(record, Action) and record.id in before:
            action_notes.follow(session, record, before[record.id], item.values, reason=reason)
    return found


def check_all(entity: Entity, items: Sequence[Item]) -> list[Fields]:
    """Each item by itself: `Invalid` with the faults of all of them."""
    checked, faults = [], []
    for number, item in enumerate(items):
        if isinstance(item.record, Kept) and item.record.superseded_by_id is not None:
            raise Conflict(mark("This is superseded already. Change what holds in its place."))
        whole = own_values(entity.fields, item.record) if item.record else {}
        try:
            checked.append(validated(entity.fields, {**whole, **item.values}))
        except Invalid as error:
            faults += [Fault(f"/{number}{one.pointer}", one.detail) for one in error.faults]
    if faults:
        raise Invalid(faults=faults)
    return checked


def _written(
    entity: Entity,
    kickoff_id: str,
    items: Sequence[Item],
    checked: Sequence[Fields],
    new_ids: Sequence[str],
) -> list[OfKickoff]:
    found = []
    for item, fields, id in zip(items, checked, new_ids, strict=True):
        if item.record is None:
            found.append(entity.child(id=id, kickoff_id=kickoff_id, **stored(fields)))
        else:
            require_changing(entity, item.record, fields)
            write(item.record, fields)
            found.append(item.record)
    return found


def _place(session: Session, entity: Entity, kickoff_id: str, new: Sequence[OfKickoff]) -> None:
    if not entity.ordered or not new:
        return
    table = entity.ordered_table
    highest = session.scalar(
        select(func.max(table.position)).where(col(table.kickoff_id) == kickoff_id)
    )
    keys = generate_n_keys_between(highest or None, None, len(new))
    for record, key in zip(new, keys, strict=True):
        assert isinstance(record, Ordered)
        record.position = key


@contextmanager
def _own_references_last(
    session: Session, entity: Entity, found: Sequence[OfKickoff], *, new: set[str]
) -> Iterator[None]:
    """One of the batch may refer to another that is not written yet."""
    table: Any = entity.child
    names = [
        column.name
        for column in table.__table__.columns
        if any(key.column.table is table.__table__ for key in column.foreign_keys)
        and column.name in entity.fields.model_fields
    ]
    later = [
        (record, name, getattr(record, name))
        for record in found
        for name in names
        if getattr(record, name) in new
    ]
    for record, name, _ in later:
        setattr(record, name, None)
    yield
    session.flush()
    for record, name, id in later:
        setattr(record, name, id)
    session.flush()


def _check_references(
    session: Session,
    entity: Entity,
    kickoff_id: str,
    checked: Sequence[Fields],
    *,
    known: set[str],
) -> None:
    """What is pointed at is this kickoff's, and is held until the commit."""
    named: dict[type[OfKickoff], list[tuple[int, str, str]]] = defaultdict(list)
    for number, fields in enumerate(checked):
        for name, table in _targets(entity).items():
            value = getattr(fields, name)
            for id in value if isinstance(value, list) else [value] if value else []:
                named[table].append((number, name, id))
    faults = []
    for table, uses in named.items():
        there = _held(session, table, kickoff_id, {id for _, _, id in uses})
        if table is entity.table:
            there |= known
        missing = {(number, name) for number, name, id in uses if id not in there}
        sentence = gettext("There is no such record here.")
        faults += [Fault(pointer(number, name), sentence) for number, name in sorted(missing)]
    if faults:
        raise Invalid(faults=faults)


def _targets(entity: Entity) -> dict[str, type[OfKickoff]]:
    """What each field that refers to something refers to."""
    table: Any = entity.child
    by_name = {one.child.__tablename__: one.child for one in PLAN}
    lists = lists_of(entity.fields)
    found = {}
    for name in references_of(entity):
        if name in lists:
            found[name] = REFERRED[lists[name]].child
        else:
            key = next(iter(table.__table__.columns[name].foreign_keys))
            if key.column.table.name in by_name:
                found[name] = by_name[key.column.table.name]
    return found


def _held(session: Session, table: type[OfKickoff], kickoff_id: str, wanted: set[str]) -> set[str]:
    found: set[str] = set()
    ordered = sorted(wanted)
    for start in range(0, len(ordered), _AT_ONCE):
        some = col(table.id).in_(ordered[start : start + _AT_ONCE])
        known = select(table.id).where(some, col(table.kickoff_id) == kickoff_id)
        known = known.order_by(col(table.id))
        found |= set(session.scalars(known.with_for_update(read=True, key_share=True)).all())
    return found


def _check_no_circle(
    session: Session, entity: Entity, kickoff_id: str, found: Sequence[OfKickoff]
) -> None:
    if not entity.acyclic or not any(getattr(record, entity.acyclic) for record in found):
        return
    kickoff = select(Kickoff.id).where(Kickoff.id == kickoff_id)
    session.execute(kickoff.with_for_update(key_share=True))
    table: Any = entity.child
    wanted = select(table.id, getattr(table, entity.acyclic)).where(table.kickoff_id == kickoff_id)
    leads = {id: as_list(others) for id, others in session.execute(wanted).all()}
    within = {id for circle in cycles(leads) for id in circle}
    faults = [
        Fault(pointer(number, entity.acyclic), in_a_circle(record, entity))
        for number, record in enumerate(found)
        if record.id in within
    ]
    if faults:
        raise Invalid(faults=faults)


def in_a_circle(record: OfKickoff, entity: Entity) -> str:
    sentence = gettext("This would lead in a circle: it comes back to «%(name)s».")
    return sentence % {"name": getattr(record, entity.name_field)}


def as_list(named: str | list[str] | None) -> list[str]:
    return list(named) if isinstance(named, list) else [named] if named else []


def _told(
    session: Session,
    entity: Entity,
    kickoff_id: str,
    found: Sequence[OfKickoff],
    before: Mapping[str, history.Snapshot],
) -> None:
    for record in found:
        if isinstance(record, Person) and record.working_group_id is not None:
            seats.follow(session, record)
        if isinstance(record, Person) and record.id in before:
            signed_links.follow(session, record, before[record.id])
        if record.id in before:
            history.changed(session, entity, record, before[record.id])
        else:
            history.created(session, entity, record)
    if found:
        history.told(session, entity, kickoff_id)
