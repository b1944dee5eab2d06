"""Working groups in the running room: made from who is there, changed, taken away, taken back."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field
from sqlmodel import col, select

from app import ids
from app.access import Permission
from app.errors import NotFound
from app.i18n import mark
from app.live.activity import Model, Said
from app.live.commands import Command, Move, Nothing
from app.models.groups import WorkingGroup, groups_of
from app.models.people import Person, people_of
from app.models.rooms import Participant, Screen
from app.operations import groups, history
from app.operations.entities import PEOPLE
from app.operations.people import among
from app.rules.groups import Filling, balanced


class Make(Model):
    """So many groups, or groups of about that size; as many as there are, where neither is said."""

    count: Annotated[int | None, Said] = Field(default=None, ge=1, le=groups.MOST_GROUPS)
    size: Annotated[int | None, Said] = Field(default=None, ge=1, le=1000)


class Into(Model):
    """`group`: null takes them out of the one they are in."""

    participant: str = Field(max_length=36)
    group: Annotated[str | None, Said] = Field(default=None, max_length=36)


def make(move: Move, data: Make) -> dict[str, int]:
    """Balanced groups of those whose phone is connected; of all who have joined where nobody is,
    or where that is not known. Who is away is in none. What is on the people list about somebody
    is known by the name they gave; whoever is known by nothing is spread evenly."""
    joined = _phones(move)
    here = [phone for phone in joined if phone.id in (move.connected or ())]
    phones = here or joined
    people = sum(phone.people for phone in phones)
    there = len(move.session.scalars(groups_of(move.room.kickoff_id)).all()) or None
    count = there if data.count is None and data.size is None else data.count
    number = groups.number_wanted(people, count=count, size=data.size)
    _remember(move)
    rows = groups.with_number(move.session, move.room.kickoff_id, min(number, len(phones)))
    listed = move.session.scalars(people_of(move.room.kickoff_id)).all()
    person_of = _tied(phones, listed)
    numbers = _dealt(phones, person_of, len(rows))
    seats = {
        phone.id: (
            rows[numbers[phone.id]].id,
            person_of[phone.id].id if phone.id in person_of else None,
        )
        for phone in phones
    }
    away = {one.id: (None, one.person_id) for one in joined if one.id not in seats}
    groups.seat_phones(move.session, {**seats, **away})
    of_person = {person_of[id].id: seats[id][0] for id in person_of}
    groups.seat_people(move.session, move.room.kickoff_id, of_person)
    _told(move)
    return {"groups": len(rows)}


def put(move: Move, data: Into) -> None:
    """One phone into another group, or none; whoever it belongs to on the list goes along."""
    phone = move.session.get(Participant, data.participant)
    if phone is None or phone.room_id != move.room.id or phone.removed:
        raise NotFound(mark("There is no such participant in this room."))
    if data.group is not None:
        group = move.session.get(WorkingGroup, data.group)
        if group is None or group.kickoff_id != move.room.kickoff_id:
            raise NotFound(mark("There is no such group."))
    _remember(move)
    phone.working_group_id = data.group
    person = move.session.get(Person, phone.person_id) if phone.person_id else None
    if person is not None and person.working_group_id != data.group:
        with history.noting(move.session, PEOPLE, person):
            person.working_group_id = data.group
            person.has_changed()
    _told(move)


def clear(move: Move, _: Nothing) -> None:
    """No groups any more."""
    _remember(move)
    groups.remove_all(move.session, move.room.kickoff_id)
    _told(move)
    if move.room.screen == Screen.GROUPS:
        move.room.screen = Screen.SHOW


def _remember(move: Move) -> None:
    """For undo, and for the reset after a rehearsal."""
    groups.remember_once(move.session, move.room.kickoff_id, move.room.id)
    move.to_undo["groups"] = groups.remember(move.session, move.room.kickoff_id, groups.LAST)


def _told(move: Move) -> None:
    groups.told(move.session, move.room.kickoff_id, within=move.room.id)


def _phones(move: Move) -> list[Participant]:
    wanted = (
        select(Participant)
        .where(col(Participant.room_id) == move.room.id, ~col(Participant.removed))
        .order_by(col(Participant.id))
    )
    return list(move.session.scalars(wanted))


def _tied(phones: list[Participant], listed: Sequence[Person]) -> dict[str, Person]:
    """By phone: whose on the list it is."""
    by_id = {one.id: one for one in listed}
    found = {}
    for phone in phones:
        person = by_id.get(phone.person_id or "") or among(listed, phone.name)
        if person is not None:
            found[phone.id] = person
    return found


def _dealt(
    phones: list[Participant], person_of: Mapping[str, Person], number: int
) -> dict[str, int]:
    """By phone: the number of its group. A table that shares a phone stays together, and is
    seated first, for it weighs most."""
    lot = ids.secret()
    known = {phone.id: groups.member(person_of.get(phone.id), phone.id) for phone in phones}
    tables = sorted((p for p in phones if p.people > 1), key=lambda p: (-p.people, p.id))
    alone = [phone for phone in phones if phone.people <= 1]
    if not tables:
        dealt = balanced([known[one.id] for one in alone], number=number, lot=lot)
        return {one.id: place for place, group in enumerate(dealt) for one in group}
    filling, found = Filling(number), {}
    mixed = balanced([known[one.id] for one in alone], number=1, lot=lot)[0]
    for one, people in [(known[t.id], t.people) for t in tables] + [(one, 1) for one in mixed]:
        found[one.id] = filling.place(one)
        filling.add(found[one.id], one, people=people)
    return found


FACILITATE = Permission.FACILITATE

COMMANDS = {
    "groups.make": Command(make, FACILITATE, Make, undoable=True),
    "groups.move": Command(put, FACILITATE, Into, premise=False, undoable=True),
    "groups.clear": Command(clear, FACILITATE, Nothing, undoable=True),
}
