"""What records are called, by id: pictures name what others only refer to."""

from datetime import date, timedelta

from sqlmodel import Session, col, select

from app.models.kickoffs import Kickoff
from app.operations.entities import Entity


def names_of(session: Session, entity: Entity, kickoff_id: str) -> dict[str, str]:
    """All of a kickoff's records of this entity, in no order."""
    table = entity.child
    name = getattr(table, entity.name_field)
    wanted = select(table.id, name).where(col(table.kickoff_id) == kickoff_id)
    return {row[0]: row[1] for row in session.execute(wanted)}


def day_after(kickoff: Kickoff, days: int) -> date | None:
    """The date so many days after the kickoff, if it has a day that is not the calendar's end."""
    if kickoff.day is None or (date.max - kickoff.day).days < days:
        return None
    return kickoff.day + timedelta(days=days)
