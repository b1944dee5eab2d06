"""The deliverables of the first 30 days, confirmed with their owners before people leave (L11)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app import clock
from app.models.deliverables import Deliverable
from app.models.people import Person
from app.operations.entities import DELIVERABLES
from app.operations.history import noting, told

BEFORE = "deliverable_before"  # of an event's data: how one was before a room changed it


def as_it_was(deliverable: Deliverable) -> dict[str, Any]:
    """What a room changes of a deliverable, for `unconfirm`."""
    at = deliverable.confirmed_at
    return {
        "id": deliverable.id,
        "owner_id": deliverable.owner_id,
        "prioritised": deliverable.prioritised,
        "confirmed_at": at.isoformat() if at else None,
    }


def unconfirm(session: Session, kickoff_id: str, before: Iterable[Mapping[str, Any]]) -> None:
    """Deliverables as they were before a rehearsal: of several changes the first says how."""
    seen: set[str] = set()
    for was in before:
        if was["id"] in seen:
            continue
        seen.add(was["id"])
        deliverable = session.get(Deliverable, was["id"])
        if deliverable is None or deliverable.kickoff_id != kickoff_id:
            continue
        at = was["confirmed_at"]
        with noting(session, DELIVERABLES, deliverable):
            deliverable.confirmed_at = datetime.fromisoformat(at) if at else None
            deliverable.prioritised = was["prioritised"]
            deliverable.owner_id = _still_there(session, kickoff_id, was["owner_id"])
            deliverable.has_changed()
    session.flush()
    if seen:
        told(session, DELIVERABLES, kickoff_id)


def _still_there(session: Session, kickoff_id: str, person_id: str | None) -> str | None:
    """Who was removed from the list meanwhile owns nothing any more."""
    person = session.get(Person, person_id) if person_id else None
    return person.id if person is not None and person.kickoff_id == kickoff_id else None


def confirm(session: Session, deliverable: Deliverable, *, confirmed: bool = True) -> None:
    """Its owner stands up for it, here and now; with `confirmed=False` it was a slip."""
    with noting(session, DELIVERABLES, deliverable):
        if confirmed:
            deliverable.prioritised = True
            deliverable.confirmed_at = deliverable.confirmed_at or clock.now()
        else:
            deliverable.confirmed_at = None
        deliverable.has_changed()
    session.flush()
    told(session, DELIVERABLES, deliverable.kickoff_id)
