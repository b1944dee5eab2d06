"""The link by which a key result's owner checks in: two taps on a phone, without signing in."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select
from starlette.datastructures import FormData

from app.access import Actor
from app.errors import NotFound
from app.models.check_ins import CheckIn, CheckInFields
from app.models.faults import validated
from app.models.objectives import KeyResult
from app.models.people import Person
from app.operations import records
from app.operations.derived import today_in
from app.operations.entities import CHECK_INS, KEY_RESULTS
from app.operations.okr import KeyResultState, key_results_of
from app.operations.signed_links import Link, person_of
from app.routers.forms import text_of, values_of
from app.routers.linked import Purpose, register

CHECK_IN = "check-in"
_ASKED = ("value", "confidence", "note")


def _show(session: Session, link: Link, _query: Mapping[str, str]) -> Mapping[str, Any]:
    person, kickoff = person_of(session, link)
    one = _own(key_results_of(session, kickoff, only=link.record_id), person)
    return {
        "kickoff": kickoff,
        "person": person,
        "one": one,
        "filled": {"value": one.value, "confidence": one.confidence},
        "today": today_in(kickoff),
    }


def _act(session: Session, link: Link, form: FormData) -> Mapping[str, str]:
    person, kickoff = person_of(session, link)
    found = records.find(session, KEY_RESULTS, kickoff.id, link.record_id, to_write=True)
    if not isinstance(found, KeyResult) or found.owner_id != person.id:
        raise NotFound
    asked = values_of(CheckInFields, form, hidden=frozenset())
    said = {name: asked[name] for name in _ASKED if name in asked}
    whole = {
        "value": text_of(form, "value"),
        **said,
        "key_result_id": link.record_id,
        "said_by_id": person.id,
        "said_on": today_in(kickoff),
    }
    if not _said_already(session, validated(CheckInFields, whole)):
        records.create(session, CHECK_INS, kickoff.id, whole)
    return {"said": "saved"}


def _said_already(session: Session, fields: CheckInFields) -> bool:
    """A second tap says nothing new. The key result is locked by now."""
    wanted = select(CheckIn).where(
        col(CheckIn.key_result_id) == fields.key_result_id,
        col(CheckIn.said_on) == fields.said_on,
    )
    last = session.scalars(wanted.order_by(col(CheckIn.id).desc()).limit(1)).first()
    names = (*_ASKED, "said_by_id")
    return (
        last is not None
        and not last.withdrawn
        and all(getattr(last, name) == getattr(fields, name) for name in names)
    )


def _own(found: list[KeyResultState], person: Person) -> KeyResultState:
    """The key result, as long as it is this person's."""
    if not found or found[0].owner_id != person.id:
        raise NotFound
    return found[0]


def _author(session: Session, link: Link) -> Actor:
    person, _ = person_of(session, link)
    return Actor(id=person.id, name=person.name)


register(Purpose(CHECK_IN, "links/check_in.html", _show, _act, _author))
