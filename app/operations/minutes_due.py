"""Reminders before the minutes are late: 12 and 3 hours before the 24 are over (F1)."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session, col, select

from app.access import Role
from app.models.kickoffs import Kickoff
from app.models.organisations import Membership, User
from app.models.people import Person
from app.operations.duties import Due
from app.operations.mailing import same_address
from app.operations.minutes import standings
from app.rules.minutes import WITHIN

WRITERS = (Role.OWNER, Role.FACILITATOR)


def reminders(session: Session, now: datetime) -> Iterator[Due]:
    """The common channels, and who runs the kickoff where the people list knows their mail."""
    for one in standings(session, now, ended_after=now - WITHIN):
        if one.remind is None:
            continue
        kickoff_id = one.room.kickoff_id
        if session.get_one(Kickoff, kickoff_id).archived_at is not None:
            continue
        here = f"/kickoffs/{kickoff_id}/minutes"
        told = {
            "hours": one.remind,
            "room_id": one.room.id,
            "path": f"{here}/{one.minutes.id}" if one.minutes else here,
        }
        for person_id in (None, *_writers(session, kickoff_id)):
            # The day may end twice: what reminded of the first end is not what reminds of this one.
            key = f"{one.room.id} {one.room.ended_at} {one.remind}"
            yield Due(kickoff_id, "minutes_due", key, person_id, told)


def _writers(session: Session, kickoff_id: str) -> list[str]:
    wanted = (
        select(Person.id)
        .join(User, same_address(col(Person.email), col(User.email)))
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(
            col(Person.kickoff_id) == kickoff_id,
            col(Membership.kickoff_id) == kickoff_id,
            col(Membership.role).in_(WRITERS),
        )
        .distinct()
    )
    return list(session.scalars(wanted.order_by(col(Person.id))))
