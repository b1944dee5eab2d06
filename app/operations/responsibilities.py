"""Who sees to which part of the plan, and what of it is still open: the latest first."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from app.models.kickoffs import Kickoff
from app.models.people import Person
from app.models.responsibilities import Responsibility, State
from app.operations.derived import today_in


@dataclass(frozen=True)
class Open:
    """A part that is not in place yet. `person` is "" where nobody sees to it."""

    id: str
    part: str
    person: str
    due: date | None
    is_late: bool
    note: str


@dataclass(frozen=True)
class Responsible:
    open: tuple[Open, ...]
    in_place: int

    @property
    def late(self) -> int:
        return sum(one.is_late for one in self.open)


def responsible_in(session: Session, kickoff: Kickoff) -> Responsible:
    """What is due first comes first, what has no date last."""
    wanted = (
        select(Responsibility, Person.name)
        .outerjoin(Person, col(Person.id) == col(Responsibility.person_id))
        .where(col(Responsibility.kickoff_id) == kickoff.id)
        .order_by(col(Responsibility.position), col(Responsibility.id))
    )
    rows = session.execute(wanted).all()
    today = today_in(kickoff)
    found = [
        Open(
            id=row.id,
            part=row.part,
            person=name or "",
            due=row.due,
            is_late=row.due is not None and row.due < today,
            note=row.note,
        )
        for row, name in rows
        if row.state != State.DONE
    ]
    found.sort(key=lambda one: one.due or date.max)
    return Responsible(tuple(found), len(rows) - len(found))
