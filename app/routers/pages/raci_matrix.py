"""A deliverable's row of the RACI matrix (P12) as a form: who has which letters.

The form says which letters it was filled from, and only what was changed in it is written: two who
work on one row at the same time lose nothing of each other's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request, Response
from sqlmodel import Session, col, select
from starlette.datastructures import FormData

from app.access import Permission
from app.errors import Invalid
from app.models.deliverables import Deliverable
from app.models.people import Person, people_of
from app.models.raci import RACI_ROLES, Raci
from app.operations import records
from app.operations.entities import DELIVERABLES, RACI
from app.routers.conditions import writing
from app.routers.forms import Posted
from app.routers.pages.page import go_to, page
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.rules.raci import LETTERS

router = APIRouter(include_in_schema=False)

Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]
Letters = frozenset[tuple[str, str]]  # (person, role)


@dataclass(frozen=True)
class Choice:
    """A person's line of the form. `part`: "owner", "supporter" or "" of the deliverable."""

    id: str
    name: str
    part: str
    letters: frozenset[str]


@router.get("/kickoffs/{kickoff_id}/raci-matrix/{record_id}")
def row(request: Request, kickoff_id: KickoffId, record_id: RecordId, asked: Edit) -> Response:
    return _form(request, asked, kickoff_id, record_id)


@router.post("/kickoffs/{kickoff_id}/raci-matrix/{record_id}")
def save(
    request: Request, kickoff_id: KickoffId, record_id: RecordId, form: Posted, asked: Edit
) -> Response:
    wanted = _letters(form, "letters")
    try:
        with writing(asked.database) as session:
            records.find(session, DELIVERABLES, kickoff_id, record_id, to_write=True)
            _write(session, kickoff_id, record_id, wanted=wanted, was=_letters(form, "was"))
    except Invalid:
        return _form(request, asked, kickoff_id, record_id, wanted=wanted, refused=True)
    return go_to(
        f"/kickoffs/{kickoff_id}/pictures/raci-matrix", said="saved", part=f"row-{record_id}"
    )


def _write(
    session: Session, kickoff_id: str, deliverable_id: str, *, wanted: Letters, was: Letters
) -> None:
    there = {(one.person_id, str(one.role)): one for one in _stored(session, deliverable_id)}
    for key in sorted(was - wanted):
        if key in there:
            records.remove(session, RACI, there[key])
    for person_id, role in sorted(wanted - was):
        if (person_id, role) not in there:
            values = {"deliverable_id": deliverable_id, "person_id": person_id, "role": role}
            records.create(session, RACI, kickoff_id, values)


def _letters(form: FormData, name: str) -> Letters:
    """Fields like "<person>:R"; what is no letter of ours was in no form of ours."""
    parts = (str(value).partition(":") for value in form.getlist(name))
    return frozenset((person, role) for person, _, role in parts if role in LETTERS)


def _stored(session: Session, deliverable_id: str) -> Sequence[Raci]:
    return session.scalars(select(Raci).where(col(Raci.deliverable_id) == deliverable_id)).all()


def _form(
    request: Request,
    asked: Asked,
    kickoff_id: str,
    deliverable_id: str,
    *,
    wanted: Letters | None = None,
    refused: bool = False,
) -> Response:
    with asked.database.reading() as session:
        deliverable = records.find(session, DELIVERABLES, kickoff_id, deliverable_id)
        assert isinstance(deliverable, Deliverable)
        was = frozenset((one.person_id, str(one.role)) for one in _stored(session, deliverable_id))
        people = session.scalars(people_of(kickoff_id)).all()
    choices = list(_choices(people, deliverable, was if wanted is None else wanted))
    return page(
        request,
        "raci_matrix/form.html",
        status=422 if refused else 200,
        kickoff=asked.its_kickoff,
        asked=asked,
        deliverable=deliverable,
        concerned=[one for one in choices if one.part or one.letters],
        others=[one for one in choices if not (one.part or one.letters)],
        was=sorted(was),
        roles=RACI_ROLES,
        refused=refused,
    )


def _choices(
    people: Sequence[Person], deliverable: Deliverable, letters: Letters
) -> Iterable[Choice]:
    for person in people:
        part = (
            "owner"
            if person.id == deliverable.owner_id
            else "supporter"
            if person.id in deliverable.supporter_ids
            else ""
        )
        own = frozenset(role for person_id, role in letters if person_id == person.id)
        yield Choice(person.id, person.name, part, own)
