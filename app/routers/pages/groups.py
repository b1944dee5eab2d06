"""The day's groups: who sits at which table, made from the people list with a look first, changed
one by one, taken back, and printed for the tables."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from sqlmodel import Session, col, select

from app import ids
from app.access import Permission
from app.errors import Invalid
from app.i18n import mark
from app.models.fields import OfKickoff
from app.models.groups import groups_of
from app.models.people import Person, people_of
from app.models.rooms import Participant, Room
from app.operations import groups
from app.operations.entities import GROUPS, PEOPLE
from app.operations.records import find
from app.routers.add_routes import add_routes
from app.routers.conditions import writing
from app.routers.forms import Posted, text_of, whole_number
from app.routers.pages.page import go_to, page
from app.routers.pages.records import Empty, RecordPages, record_pages
from app.routers.permissions import Asked, KickoffId, needs

SIZE_AT_FIRST = 8
Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]
See = Annotated[Asked, needs(Permission.SEE_PLAN)]

own = APIRouter(prefix="/kickoffs/{kickoff_id}/groups", include_in_schema=False)


def members(session: Session, asked: Asked, _record: OfKickoff | None) -> Mapping[str, Any]:
    """Who is in which group; `ungrouped` are in none."""
    people = session.scalars(people_of(asked.its_kickoff.id)).all()
    return {
        "members": _by_group(people),
        "ungrouped": [person for person in people if person.working_group_id is None],
        "everybody": people,
        "also_here": _also_here(session, asked.its_kickoff.id, people),
        "can_undo": groups.can_be_taken_back(session, asked.its_kickoff.id),
    }


PAGES = RecordPages(
    GROUPS,
    "groups",
    empty=Empty(
        mark("No groups yet"),
        mark("Whom people sit with on the day, mixed across functions. Made here, or in the room."),
        "users-round",
    ),
    also_in_list=members,
)


@own.get("/make")
def preview(
    request: Request, asked: Edit, by: str = "size", number: str = "", lot: str = ""
) -> Response:
    return _preview(request, asked, by=by, number=number, lot=lot)


@own.post("/make")
def make(request: Request, kickoff_id: KickoffId, form: Posted, asked: Edit) -> Response:
    """As they were looked at; if the people list is another one by now, a new look first."""
    by, number, lot = (text_of(form, name) for name in ("by", "number", "lot"))
    with writing(asked.database) as session:
        people = session.scalars(people_of(kickoff_id)).all()
        count = _how_many(by, number, len(people))
        if count is not None and text_of(form, "seen") == _likeness(people):
            groups.make(session, kickoff_id, number=count, lot=lot[:40])
            return go_to(PAGES.address(kickoff_id), said="groups_made")
    return _preview(request, asked, by=by, number=number, lot=lot, changed=True)


@own.post("/undo")
def undo(kickoff_id: KickoffId, asked: Edit) -> Response:
    with writing(asked.database) as session:
        groups.take_back(session, kickoff_id)
    return go_to(PAGES.address(kickoff_id), said="groups_taken_back")


@own.post("/move")
def move(kickoff_id: KickoffId, form: Posted, asked: Edit) -> Response:
    with writing(asked.database) as session:
        person_id, group_id = text_of(form, "person"), text_of(form, "group")
        person = find(session, PEOPLE, kickoff_id, person_id, to_write=True)
        assert isinstance(person, Person)
        groups.move(session, kickoff_id, person, group_id or None)
    part = f"record-{group_id}" if group_id else ""
    return go_to(PAGES.address(kickoff_id), said="moved", part=part)


@own.get("/signs")
def signs(request: Request, kickoff_id: KickoffId, asked: See) -> Response:
    """A sheet for each table, and one list of everybody for the door."""
    with asked.database.reading() as session:
        rows = session.scalars(groups_of(kickoff_id)).all()
        people = session.scalars(people_of(kickoff_id)).all()
    return page(
        request,
        "groups/signs.html",
        kickoff=asked.its_kickoff,
        asked=asked,
        groups=rows,
        group_of={group.id: group for group in rows},
        members=_by_group(people),
        everybody=[person for person in people if person.working_group_id],
    )


def _preview(
    request: Request, asked: Asked, *, by: str, number: str, lot: str, changed: bool = False
) -> Response:
    kickoff = asked.its_kickoff
    with asked.database.reading() as session:
        people = session.scalars(people_of(kickoff.id)).all()
        there = session.scalars(groups_of(kickoff.id)).all()
        also_here = _also_here(session, kickoff.id, people)
        number = number or (str(len(there)) if by == "count" else str(SIZE_AT_FIRST))
        count = _how_many(by, number, len(people))
        lot = lot[:40] or ids.random_id()[:8]
        dealt = groups.dealt(session, kickoff.id, number=count, lot=lot) if count else ()
    by_id = {person.id: person for person in people}
    made = [[by_id[one.id] for one in group] for group in dealt]
    return page(
        request,
        "groups/make.html",
        status=200 if count or not people else 422,
        kickoff=kickoff,
        asked=asked,
        by="count" if by == "count" else "size",
        number=number,
        lot=lot,
        another=ids.random_id()[:8],
        seen=_likeness(people),
        people=people,
        there=there,
        in_use=sum(phone.people for group in also_here.values() for phone in group)
        + sum(person.working_group_id is not None for person in people),
        made=[(sorted(group, key=lambda one: one.name), _mix(group)) for group in made],
        changed=changed,
        is_wrong=count is None and bool(people),
    )


def _how_many(by: str, number: str, people: int) -> int | None:
    """How many groups that makes; None for what is no number, or for nobody."""
    wanted = whole_number(number) or 0
    if not 0 < wanted < 10_000 or not people:
        return None
    try:
        if by == "count":
            return groups.number_wanted(people, count=wanted, size=None)
        return groups.number_wanted(people, count=None, size=wanted)
    except Invalid:
        return None


def _likeness(people: Iterable[Person]) -> str:
    """Another one where other people would be dealt, or known for something else."""
    told = [f"{p.id}\0{p.function}\0{p.seniority}\0{p.site}" for p in people]
    return hashlib.blake2b("\n".join(sorted(told)).encode(), digest_size=8).hexdigest()


def _mix(people: Iterable[Person]) -> list[tuple[str, int]]:
    """How many of each function; what is not known is ""."""
    counted = Counter(person.function for person in people)
    return sorted(counted.items(), key=lambda each: (each[0] == "", each[0].casefold()))


def _also_here(
    session: Session, kickoff_id: str, people: Iterable[Person]
) -> dict[str, list[Participant]]:
    """By group: phones of the rooms that belong to nobody on the list."""
    listed = {person.id for person in people}
    wanted = (
        select(Participant)
        .join(Room, col(Room.id) == col(Participant.room_id))
        .where(
            col(Room.kickoff_id) == kickoff_id,
            ~col(Participant.removed),
            col(Participant.working_group_id).is_not(None),
        )
        .order_by(col(Participant.name), col(Participant.id))
    )
    found: dict[str, list[Participant]] = {}
    for phone in session.scalars(wanted):
        if phone.person_id not in listed:
            found.setdefault(phone.working_group_id or "", []).append(phone)
    return found


def _by_group(people: Iterable[Person]) -> dict[str, list[Person]]:
    found: dict[str, list[Person]] = {}
    for person in people:
        found.setdefault(person.working_group_id or "", []).append(person)
    return found


# Its own addresses first: "make" is no record's id.
router = APIRouter()
add_routes(router, own, record_pages(PAGES))
