"""The one link at which something of a kickoff is published: its answers, handouts, or plan."""

from typing import TypeVar

from sqlmodel import Session, col, select

from app import clock, ids
from app.errors import NotFound
from app.models.answers import Published
from app.operations.rooms import lock_rooms, plan_changed

Table = TypeVar("Table", bound=Published)


def publication(session: Session, table: type[Table], kickoff_id: str) -> Table | None:
    return session.get(table, kickoff_id)


def publish(session: Session, table: type[Table], kickoff_id: str, *, anew: bool = False) -> Table:
    """There is a link from now on: the one that there is, or `anew` another, and the old one leads
    nowhere."""
    lock_rooms(session, kickoff_id)
    there = session.get(table, kickoff_id)
    if there is None:
        there = table(kickoff_id=kickoff_id)
    elif anew:
        there.secret, there.published_at = ids.secret(), clock.now()
    session.add(there)
    session.flush()
    plan_changed(session, kickoff_id)
    return there


def unpublish(session: Session, table: type[Published], kickoff_id: str) -> None:
    lock_rooms(session, kickoff_id)
    there = session.get(table, kickoff_id)
    if there is not None:
        session.delete(there)
        session.flush()
        plan_changed(session, kickoff_id)


def published_at(session: Session, table: type[Table], secret: str) -> Table:
    """What a link leads to, or NotFound."""
    found = session.scalars(select(table).where(col(table.secret) == secret[:30])).first()
    if found is None:
        raise NotFound
    return found
