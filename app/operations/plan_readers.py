"""Who has opened the published plan (F3): people with an account in the kickoff by name, of others
how many."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from app.models.answers import PlanOpening, PlanReader
from app.models.organisations import User


@dataclass(frozen=True)
class PlanReaders:
    """`others`: so many browsers without an account in the kickoff."""

    named: tuple[str, ...] = ()
    others: int = 0


def has_opened(session: Session, kickoff_id: str, user_id: str) -> bool:
    return session.get(PlanReader, (kickoff_id, user_id)) is not None


def is_opened(session: Session, kickoff_id: str, *, user_id: str | None, today: date) -> None:
    """Note a reader: of somebody without an account only that there was one more."""
    if user_id is None:
        session.add(PlanOpening(kickoff_id=kickoff_id, opened_on=today))
    elif not has_opened(session, kickoff_id, user_id):
        session.add(PlanReader(kickoff_id=kickoff_id, user_id=user_id))
    session.flush()


def plan_readers(session: Session, kickoff_id: str) -> PlanReaders:
    named = (
        select(User.name)
        .join(PlanReader, col(PlanReader.user_id) == col(User.id))
        .where(col(PlanReader.kickoff_id) == kickoff_id)
        .order_by(col(User.name), col(User.id))
    )
    others = (
        select(func.count())
        .select_from(PlanOpening)
        .where(col(PlanOpening.kickoff_id) == kickoff_id)
    )
    return PlanReaders(tuple(session.scalars(named)), session.scalar(others) or 0)
