"""The day's working groups: made from a list of people, changed, taken back (L1, L7).

Groups are made balanced (`rules/groups`). Who is on the people list and in a room is in the same
group in both; a phone belongs to whoever on the list has its name. Groups that were there keep
their names, tables and ids; others come or go at the end.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from app import ids
from app.errors import Conflict, Fault, Invalid
from app.i18n import gettext, mark
from app.models.groups import EarlierGroups, WorkingGroup, groups_of
from app.models.people import Person, people_of
from app.models.rooms import Participant, Room
from app.operations import history, order, records, seats
from app.operations.entities import GROUPS, PEOPLE
from app.operations.rooms import lock_rooms
from app.rules.groups import Filling, Groups, Member, balanced, number_of_groups

MOST_GROUPS = 200
LAST = ""  # of `EarlierGroups`: before the last change
Seats = Mapping[str, str | None]  # by person or participant: the group


def member(person: Person | None, id: str) -> Member:
    """Somebody for the rule; who is not on the list is known by nothing but an id."""
    if person is None:
        return Member(id)
    return Member(id, person.function, person.seniority, person.site)


def number_wanted(people: int, *, count: int | None, size: int | None) -> int:
    """How many groups: as many as are wanted, or of about that size; no more than people."""
    if (count is None) == (size is None):
        raise Invalid(faults=[Fault("/count", gettext("Say how many groups, or of what size."))])
    if not people:
        raise Conflict(mark("There is nobody to put into groups yet."))
    number = count if count is not None else number_of_groups(people, of_size=size or 1)
    return max(1, min(number, people, MOST_GROUPS))


def dealt(session: Session, kickoff_id: str, *, number: int, lot: str) -> Groups:
    """The people of the list in so many groups; the same for the same lot."""
    people = session.scalars(people_of(kickoff_id)).all()
    return balanced([member(one, one.id) for one in people], number=number, lot=lot)


def make(session: Session, kickoff_id: str, *, number: int, lot: str) -> None:
    """Groups of the people on the list. Phones that are in a room follow whoever they belong to."""
    lock_rooms(session, kickoff_id)
    remember(session, kickoff_id, LAST)
    _forget_rooms(session, kickoff_id)
    groups = dealt(session, kickoff_id, number=number, lot=lot)
    rows = with_number(session, kickoff_id, number)
    places = {one.id: row.id for row, group in zip(rows, groups, strict=True) for one in group}
    seat_people(session, kickoff_id, places)
    _follow(session, kickoff_id)
    told(session, kickoff_id)


def move(session: Session, kickoff_id: str, person: Person, group_id: str | None) -> None:
    """One person of the list into another group, or none; a phone of theirs follows."""
    lock_rooms(session, kickoff_id)
    if group_id is not None:
        records.find(session, GROUPS, kickoff_id, group_id)
    remember(session, kickoff_id, LAST)
    with history.noting(session, PEOPLE, person):
        person.working_group_id = group_id
        person.has_changed()
    session.flush()
    seats.follow(session, person)
    history.told(session, GROUPS, kickoff_id)


def take_back(
    session: Session, kickoff_id: str, *, change: str | None = None, within: str = ""
) -> None:
    """The groups as they were before the last change; what they are now can be had back the same
    way. `change`: the one that is meant, as `remember` named it."""
    lock_rooms(session, kickoff_id)
    earlier = session.get(EarlierGroups, (kickoff_id, LAST))
    if earlier is None:
        raise Conflict(mark("There is nothing to undo."))
    state = earlier.state
    if change not in (None, state["change"]):
        raise Conflict(mark("Somebody has changed the groups since then."))
    remember(session, kickoff_id, LAST)
    _put_back(session, kickoff_id, state)
    told(session, kickoff_id, within=within)


def can_be_taken_back(session: Session, kickoff_id: str) -> bool:
    return session.get(EarlierGroups, (kickoff_id, LAST)) is not None


def remember(session: Session, kickoff_id: str, of: str) -> str:
    """How it is now, to come back to; names the change that is about to be made."""
    fields = {"id", "name", "table", "position"}
    groups = session.scalars(groups_of(kickoff_id)).all()
    seated = select(Person.id, Person.working_group_id).where(
        col(Person.kickoff_id) == kickoff_id, col(Person.working_group_id).is_not(None)
    )
    here = (
        select(Participant.id, Participant.working_group_id)
        .join(Room, col(Room.id) == col(Participant.room_id))
        .where(col(Room.kickoff_id) == kickoff_id, col(Participant.working_group_id).is_not(None))
    )
    change = ids.random_id()
    state = {
        "change": change,
        "groups": [group.model_dump(include=fields) for group in groups],
        "people": {row[0]: row[1] for row in session.execute(seated)},
        "participants": {row[0]: row[1] for row in session.execute(here)},
    }
    earlier = session.get(EarlierGroups, (kickoff_id, of))
    if earlier is None:
        session.add(EarlierGroups(kickoff_id=kickoff_id, of=of, state=state))
    else:
        earlier.state = state
    session.flush()
    return change


def remember_once(session: Session, kickoff_id: str, room_id: str) -> None:
    """How it is before the first change that is made in that room."""
    if session.get(EarlierGroups, (kickoff_id, room_id)) is None:
        remember(session, kickoff_id, room_id)


def forget_room(session: Session, kickoff_id: str, room_id: str) -> None:
    """The list as it was before anything was done in that room (after a rehearsal)."""
    earlier = session.get(EarlierGroups, (kickoff_id, room_id))
    if earlier is not None:
        _put_back(session, kickoff_id, earlier.state)
        session.delete(earlier)
        last = session.get(EarlierGroups, (kickoff_id, LAST))
        if last is not None:
            session.delete(last)


def with_number(session: Session, kickoff_id: str, number: int) -> Sequence[WorkingGroup]:
    """So many groups, empty or not, in their order."""
    rows = list(session.scalars(groups_of(kickoff_id)).all())
    for surplus in rows[number:]:
        session.delete(surplus)
    session.flush()
    for place in range(len(rows), number):
        made = WorkingGroup(
            kickoff_id=kickoff_id,
            name=gettext("Group %(number)s") % {"number": place + 1},
            table=str(place + 1),
            position=order.at_the_end(session, WorkingGroup, kickoff_id),
        )
        session.add(made)
        session.flush()
        rows.append(made)
    return rows[:number]


def remove_all(session: Session, kickoff_id: str) -> None:
    """No groups any more; whoever was in one is in none."""
    seat_people(session, kickoff_id, {})
    for group in session.scalars(groups_of(kickoff_id)).all():
        session.delete(group)
    session.flush()
    session.expire_all()


def seat_people(session: Session, kickoff_id: str, seats: Seats) -> None:
    """Who on the list is in which group; whoever is not named is in none."""
    first = None
    for person in session.scalars(people_of(kickoff_id)).all():
        group_id = seats.get(person.id)
        if person.working_group_id != group_id:
            before = history.snapshot(PEOPLE, person)
            person.working_group_id = group_id
            person.has_changed()
            row = history.changed(session, PEOPLE, person, before, because=first)
            first = first or row  # one look at it is enough: the others went with the first
    session.flush()


def seat_phones(session: Session, seats: Mapping[str, tuple[str | None, str | None]]) -> None:
    """By participant: the group, and the person on the list whose phone it is."""
    rows = [
        {"id": id, "working_group_id": group_id, "person_id": person_id}
        for id, (group_id, person_id) in seats.items()
    ]
    if rows:
        session.execute(update(Participant), rows)


def people_by_name(people: Iterable[Person]) -> dict[str, Person]:
    """The first on the list of each name, whatever the case of its letters."""
    found: dict[str, Person] = {}
    for person in people:
        found.setdefault(person.name.casefold(), person)
    return found


def told(session: Session, kickoff_id: str, *, within: str = "") -> None:
    """The rooms are told, and every process that remembers who is in which group."""
    session.flush()
    seats.regrouped(session, kickoff_id, within=within)
    history.told(session, GROUPS, kickoff_id)


def _forget_rooms(session: Session, kickoff_id: str) -> None:
    """What the plan says from now on is what a rehearsal leads back to."""
    session.execute(
        delete(EarlierGroups).where(
            col(EarlierGroups.kickoff_id) == kickoff_id, col(EarlierGroups.of) != LAST
        )
    )


def _put_back(session: Session, kickoff_id: str, state: Mapping[str, Any]) -> None:
    kept = {group["id"]: group for group in state["groups"]}
    for group in session.scalars(groups_of(kickoff_id)).all():
        if group.id not in kept:
            session.delete(group)
    session.flush()
    for group_id, values in kept.items():
        there = session.get(WorkingGroup, group_id)
        if there is None:
            session.add(WorkingGroup(kickoff_id=kickoff_id, **values))
        else:
            there.name, there.table = values["name"], values["table"]
            there.position = values["position"]
            there.has_changed()
    session.flush()
    session.expire_all()
    seat_people(session, kickoff_id, state["people"])
    phones = seats.phones(session, kickoff_id)
    for phone in phones:
        phone.working_group_id = state["participants"].get(phone.id)
    session.flush()
    if kept:
        _place_the_rest(session, kickoff_id, phones)


def _follow(session: Session, kickoff_id: str) -> None:
    """Phones of people on the list are in these people's groups; who is in none gets a place."""
    people = session.scalars(people_of(kickoff_id)).all()
    by_id, by_name = {one.id: one for one in people}, people_by_name(people)
    phones = seats.phones(session, kickoff_id)
    for phone in phones:
        person = by_id.get(phone.person_id or "") or by_name.get(phone.name.casefold())
        if person is not None:
            phone.person_id, phone.working_group_id = person.id, person.working_group_id
    session.flush()
    _place_the_rest(session, kickoff_id, phones)


def _place_the_rest(session: Session, kickoff_id: str, phones: Sequence[Participant]) -> None:
    """Who came meanwhile, or is on no list, where they are missed most."""
    people = {one.id: one for one in session.scalars(people_of(kickoff_id))}
    group_ids = [group.id for group in session.scalars(groups_of(kickoff_id))]
    number_of = {group_id: number for number, group_id in enumerate(group_ids)}
    for room_id in {phone.room_id for phone in phones}:
        here = [phone for phone in phones if phone.room_id == room_id]
        filling = Filling(len(group_ids))
        for phone in here:
            if phone.working_group_id in number_of:
                known = member(people.get(phone.person_id or ""), phone.id)
                filling.add(number_of[phone.working_group_id], known, people=phone.people)
        for phone in here:
            if phone.working_group_id is None:
                known = member(people.get(phone.person_id or ""), phone.id)
                number = filling.place(known)
                filling.add(number, known, people=phone.people)
                phone.working_group_id = group_ids[number]
    session.flush()
