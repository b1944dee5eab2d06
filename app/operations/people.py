"""A person by name: an owner that is said aloud is tied to the people list on the spot (L11)."""

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app import ids
from app.models.faults import validated
from app.models.people import Person, PersonFields, people_of
from app.operations.entities import PEOPLE
from app.operations.records import stored, told


def person_named(session: Session, kickoff_id: str, name: str) -> Person:
    """Who is called that in the kickoff, whatever the case of the letters; added where nobody is.
    Of several with one name it is the first on the list. `Invalid` for no name at all."""
    checked = validated(PersonFields, {"name": name})
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
    told(session, PEOPLE, kickoff_id)
    return person


def _called(session: Session, kickoff_id: str, name: str) -> Person | None:
    wanted = name.casefold()
    people = session.scalars(people_of(kickoff_id)).all()
    return next((one for one in people if one.name.casefold() == wanted), None)
