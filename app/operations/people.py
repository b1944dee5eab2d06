"""A person by name: an owner that is said aloud is tied to the people list on the spot (L11)."""

from collections.abc import Iterable, Sequence

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, select

from app import ids
from app.models.faults import validated
from app.models.fields import lists_of
from app.models.people import Person, PersonFields, people_of
from app.operations.entities import PEOPLE, PLAN, REFERRED
from app.operations.history import created, told
from app.operations.records import all_of, forget, stored
from app.operations.rooms import lock_rooms

ADDED = "people_added"  # of a session's info: who was added to the list in it, by name alone


def person_named(session: Session, kickoff_id: str, name: str) -> Person:
    """Who is meant by that name in the kickoff (`among`); added where nobody is. `Invalid` for no
    name at all."""
    checked = validated(PersonFields, {"name": name})
    lock_rooms(session, kickoff_id)
    there = _called(session, kickoff_id, checked.name)
    if there is not None:
        return there
    # Named by two at the same moment it is still one person: the id follows from the name.
    key = ids.derived_id(kickoff_id, f"person {checked.name.casefold()}")
    try:
        with session.begin_nested():
            person = Person(id=key, kickoff_id=kickoff_id, **stored(checked))
            session.add(person)
    except IntegrityError:
        there = _called(session, kickoff_id, checked.name)
        if there is not None:
            return there
        # Who was added under this name has another one by now.
        person = Person(kickoff_id=kickoff_id, **stored(checked))
        session.add(person)
        session.flush()
    created(session, PEOPLE, person)
    session.info.setdefault(ADDED, []).append(person.id)
    told(session, PEOPLE, kickoff_id)
    return person


def meant(
    session: Session, kickoff_id: str, *, person_id: str | None = None, name: str = ""
) -> str | None:
    """The id of an owner who was chosen from the list or else said by name; nobody is None."""
    if person_id is not None or not name.strip():
        return person_id
    return person_named(session, kickoff_id, name).id


def forget_unused(session: Session, kickoff_id: str, person_ids: Iterable[str]) -> None:
    """Who was put on the list by being named, and is nobody's owner any more."""
    for person_id in person_ids:
        person = session.get(Person, person_id)
        if person is None or person.kickoff_id != kickoff_id or person.version > 1:
            continue  # somebody has looked after the entry since then
        if not _is_named(session, person):
            forget(session, PEOPLE, person)


def _is_named(session: Session, person: Person) -> bool:
    """Whether any record of the plan has them, as the one or among several."""
    lists = [
        (entity, name)
        for entity in PLAN
        for name, target in lists_of(entity.fields).items()
        if REFERRED[target] is PEOPLE
    ]
    single = [
        column
        for entity in PLAN
        for column in SQLModel.metadata.tables[str(entity.table.__tablename__)].columns
        if any(key.column.table.name == Person.__tablename__ for key in column.foreign_keys)
    ]
    return any(
        session.execute(select(column).where(column == person.id).limit(1)).first()
        for column in single
    ) or any(
        person.id in getattr(record, name)
        for entity, name in lists
        for record in session.scalars(all_of(entity, person.kickoff_id))
    )


def _called(session: Session, kickoff_id: str, name: str) -> Person | None:
    return among(session.scalars(people_of(kickoff_id)).all(), name)


def among(people: Sequence[Person], name: str) -> Person | None:
    """Who of the list is meant by that name, whatever the case of the letters. Of several with one
    name it is the first; a first name alone is enough where one only has it."""
    wanted = name.strip().casefold()
    if not wanted:
        return None
    for one in people:
        if one.name.casefold() == wanted:
            return one
    begin = [one for one in people if one.name.casefold().startswith(f"{wanted} ")]
    return begin[0] if len(begin) == 1 else None
