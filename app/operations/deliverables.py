"""The deliverables of the first 30 days, confirmed with their owners before people leave (L11)."""

from sqlmodel import Session

from app import clock
from app.models.deliverables import Deliverable
from app.operations.entities import DELIVERABLES
from app.operations.records import told


def confirm(session: Session, deliverable: Deliverable, *, confirmed: bool = True) -> None:
    """Its owner stands up for it, here and now; with `confirmed=False` it was a slip."""
    if confirmed:
        deliverable.prioritised = True
        deliverable.confirmed_at = deliverable.confirmed_at or clock.now()
    else:
        deliverable.confirmed_at = None
    deliverable.has_changed()
    session.flush()
    told(session, DELIVERABLES, deliverable.kickoff_id)
