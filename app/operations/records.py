"""Create, change and remove a record of any entity: what is the same for all of them.

Validates the whole record each time (what is stored, with the change upon it), so that rules across
fields hold however little was sent. References stay inside the kickoff.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import Enum
from typing import Any

from sqlalchemy import Select, Table
from sqlmodel import Session, col, select

from app.errors import Conflict, Fault, Invalid, NotFound
from app.i18n import gettext, mark
from app.models.actions import Action
from app.models.agenda import AgendaBlock
from app.models.faults import pointer, validated
from app.models.fields import Fields, Kept, OfKickoff, Ordered, Record, lists_of
from app.models.history import Done
from app.models.kickoffs import Kickoff
from app.models.people import Person
from app.operations import action_notes, history, order, removing, seats, signed_links
from app.operations.derived import today_in
from app.operations.entities import REFERRED, Entity
from app.operations.history import told
from app.operations.pulse_guard import require_never_asked
from app.operations.rooms import lock_rooms, require_not_running


def find(
    session: Session, entity: Entity, kickoff_id: str, record_id: str, *, to_write: bool = False
) -> OfKickoff:
    """A kickoff's record. `to_write` keeps others from changing it until the commit."""
    if to_write:
        lock_rooms(session, kickoff_id)
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
    record = _made(session, entity, kickoff_id, values)
    if isinstance(record, Ordered):
        record.position = _new_place(session, type(record), kickoff_id, after_id)
    return _added(session, entity, record, values)


def create_again(
    session: Session,
    entity: Entity,
    kickoff_id: str,
    values: Mapping[str, Any],
    *,
    record_id: str,
    version: int,
    position: str,
) -> OfKickoff:
    """A record that was removed, in the place that it had. It is a version more than it was, so
    that no ETag comes twice."""
    record = _made(session, entity, kickoff_id, values)
    record.id, record.version = record_id, version + 1
    if isinstance(record, Ordered):
        record.position = position or order.at_the_end(session, type(record), kickoff_id)
    return _added(session, entity, record, values, again=True)


def change(
    session: Session,
    entity: Entity,
    record: OfKickoff,
    changes: Mapping[str, Any],
    *,
    after_id: str | None = None,
    reason: str = "",
) -> OfKickoff:
    """The record with these fields changed and one version more; `after_id` moves it. `reason`
    goes into the record's log, where it has one."""
    _require_standing(record)
    checked = validated(entity.fields, {**own_values(entity.fields, record), **changes})
    require_changing(entity, record, checked)
    _check_references(session, record, checked)
    if entity.acyclic in changes:
        _check_no_circle(session, entity, record, getattr(checked, entity.acyclic))
    before = history.snapshot(entity, record)
    write(record, checked)
    _settle(session, record, changes)
    if after_id is not None and isinstance(record, Ordered):
        record.position = order.after(
            session, type(record), record.kickoff_id, sibling_id=after_id, moving=record.id
        )
    session.flush()
    if isinstance(record, Person) and "working_group_id" in changes:
        seats.follow(session, record)
    if isinstance(record, Person):
        signed_links.follow(session, record, before)
    history.changed(session, entity, record, before)
    if isinstance(record, Action):
        action_notes.follow(session, record, before, changes, reason=reason)
    told(session, entity, record.kickoff_id)
    return record


def remove(session: Session, entity: Entity, record: OfKickoff) -> None:
    if isinstance(record, AgendaBlock):
        require_not_running(session, record.id)
    require_never_asked(session, record)
    if entity.kept:
        raise Conflict(mark("This is kept. Supersede it with what holds now."))
    if entity.lasting:
        raise Conflict(mark("What was said stays. Withdraw it if it was wrong."))
    removing.take_out(session, entity, record)


def forget(session: Session, entity: Entity, record: OfKickoff) -> None:
    """As if it had never been: after a rehearsal also what is kept otherwise."""
    removing.take_out(session, entity, record)
    history.forgotten(session, record)
    if isinstance(record, Action):
        action_notes.forgotten(session, record.id)


def supersede(
    session: Session, entity: Entity, record: OfKickoff, values: Mapping[str, Any]
) -> OfKickoff:
    """A new record that holds in place of this one, which stays and points at it."""
    _require_standing(record)
    made = create(session, entity, record.kickoff_id, values)
    assert isinstance(record, Kept), f"{entity.name} are not superseded"
    record.superseded_by_id = made.id
    record.has_changed()
    session.flush()
    in_place = {"superseded_by_id": [None, made.id]}
    history.noted(session, entity, record, Done.SUPERSEDED, in_place)
    return made


def _made(
    session: Session, entity: Entity, kickoff_id: str, values: Mapping[str, Any]
) -> OfKickoff:
    checked = validated(entity.fields, values)
    lock_rooms(session, kickoff_id)
    record = entity.child(kickoff_id=kickoff_id, **stored(checked))
    _check_references(session, record, checked)
    return record


def _added(
    session: Session,
    entity: Entity,
    record: OfKickoff,
    values: Mapping[str, Any],
    *,
    again: bool = False,
) -> OfKickoff:
    _settle(session, record, values)
    session.add(record)
    session.flush()
    if isinstance(record, Person) and record.working_group_id is not None:
        seats.follow(session, record)
    if isinstance(record, Person) and again:
        signed_links.end_links(session, record)  # they ended with the removal
    history.created(session, entity, record, again=again)
    told(session, entity, record.kickoff_id)
    return record


def own_values(fields: type[Fields], record: Record) -> dict[str, Any]:
    """What is stored of an entity's own fields."""
    return {name: getattr(record, name) for name in fields.model_fields}


def references_of(entity: Entity) -> list[str]:
    """The entity's own fields that refer to other records, one or several."""
    columns = _table(entity.table).columns
    single = {column.name for column in columns if column.foreign_keys}
    lists = lists_of(entity.fields)
    return [name for name in entity.fields.model_fields if name in single or name in lists]


def required_references_of(entity: Entity) -> list[str]:
    """Those without which there is no record."""
    columns = _table(entity.table).columns
    return [
        column.name
        for column in columns
        if column.foreign_keys and not column.nullable and column.name in entity.fields.model_fields
    ]


def stored(checked: Fields) -> dict[str, Any]:
    """Checked values as columns take them: enums by their value."""
    return {
        name: value.value if isinstance(value, Enum) else value
        for name, value in checked.model_dump().items()
    }


def require_changing(entity: Entity, record: Record, checked: Fields) -> None:
    """What was said once stays as it was said, but for the few fields that may change. What was
    left open can be filled in."""
    if entity.changing is None:
        return
    for name, value in stored(checked).items():
        before = getattr(record, name)
        if name not in entity.changing and before is not None and value != before:
            raise Conflict(mark("What was said stays. Say anew what holds, or withdraw it."))


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


def _settle(session: Session, record: OfKickoff, named: Collection[str]) -> None:
    record.settle(named, today_in(session.get_one(Kickoff, record.kickoff_id)))


def _require_standing(record: OfKickoff) -> None:
    if isinstance(record, Kept) and record.superseded_by_id is not None:
        raise Conflict(mark("This is superseded already. Change what holds in its place."))


def _check_references(session: Session, record: OfKickoff, checked: Fields) -> None:
    """What a field points at must be the same kickoff's: another's is as unknown as none."""
    faults = []
    for name, table, ids in _references(type(record), checked):
        known = select(table.c.id).where(
            table.c.id.in_(ids), table.c.kickoff_id == record.kickoff_id
        )
        # Held until the commit: who removes one of them meanwhile waits, and then finds this list.
        held = known.with_for_update(read=True, key_share=True)
        if len(session.execute(held).all()) < len(ids):
            faults.append(Fault(pointer(name), gettext("There is no such record here.")))
    if faults:
        raise Invalid(faults=faults)


def _references(
    model: type[OfKickoff], checked: Fields
) -> Iterable[tuple[str, Table, Collection[str]]]:
    """Each field that refers to something, with the ids it names."""
    for column in _table(model).columns:
        value = getattr(checked, column.name, None)
        if value is not None and column.foreign_keys:
            yield column.name, next(iter(column.foreign_keys)).column.table, [value]
    for name, target in lists_of(type(checked)).items():
        if ids := getattr(checked, name):
            yield name, _table(REFERRED[target].table), ids


def _check_no_circle(
    session: Session, entity: Entity, record: OfKickoff, named: str | list[str] | None
) -> None:
    """What follows from `named` must not lead back to the record."""
    if not named:
        return
    # One at a time: two that close a circle from both ends would not see one another.
    kickoff = select(Kickoff.id).where(Kickoff.id == record.kickoff_id)
    session.execute(kickoff.with_for_update(key_share=True))
    table = _table(entity.table)
    wanted = select(table.c.id, table.c[entity.acyclic]).where(
        table.c.kickoff_id == record.kickoff_id
    )
    leads = {id: _as_list(others) for id, others in session.execute(wanted).all()}
    ahead, seen = _as_list(named), set[str]()
    while ahead:
        one = ahead.pop()
        if one == record.id:
            sentence = gettext("This would lead in a circle: it comes back to «%(name)s».")
            name = getattr(record, entity.name_field)
            raise Invalid(faults=[Fault(pointer(entity.acyclic), sentence % {"name": name})])
        if one not in seen:
            seen.add(one)
            ahead += leads.get(one, [])


def _as_list(named: str | list[str] | None) -> list[str]:
    return list(named) if isinstance(named, list) else [named] if named else []


def _table(model: type[Record]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]  # every table model has it
    return table
