"""Every delivery of a kickoff: what it says, to whom, how often it was tried and how that went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select
from sqlmodel import Session, col, func, select

from app import clock
from app.errors import Conflict, NotFound
from app.i18n import mark
from app.models.actions import Action, ActionState
from app.models.history import RecordChange
from app.models.notices import Notice
from app.models.organisations import User
from app.models.people import Person
from app.models.webhooks import Fate, Outgoing, Speaks, Webhook
from app.operations import outbox

Table = TypeVar("Table", Notice, Webhook, RecordChange, User, Person)


@dataclass(frozen=True)
class Delivery:
    """`kind` is a notice's; `collection` what a change of the plan was of; without either it is a
    test. `recipient` is a person's or a channel's name."""

    id: str
    at: datetime
    due_at: datetime
    attempts: int
    fate: str
    failure: str
    speaks: str
    recipient: str
    kind: str = ""
    title: str = ""
    collection: str = ""
    is_carried: bool = False

    @property
    def may_be_resent(self) -> bool:
        return _may_be_resent(self.fate, self.attempts)


def _may_be_resent(fate: str, attempts: int) -> bool:
    """What waits for its first try goes out by itself."""
    return fate != Fate.WAITING or attempts > 0


def of_kickoff(kickoff_id: str, *, fate: str = "") -> Select[Outgoing]:
    wanted = select(Outgoing).where(col(Outgoing.kickoff_id) == kickoff_id)
    return wanted.where(col(Outgoing.fate) == fate) if fate else wanted


def newest(
    session: Session, kickoff_id: str, *, fate: str = "", before: str = "", most: int
) -> list[Outgoing]:
    wanted = of_kickoff(kickoff_id, fate=fate).order_by(col(Outgoing.id).desc()).limit(most)
    if before:
        wanted = wanted.where(col(Outgoing.id) < before)
    return list(session.scalars(wanted).all())


def counts(session: Session, kickoff_id: str) -> dict[str, int]:
    """How many there are of each fate."""
    wanted = (
        select(Outgoing.fate, func.count())
        .where(col(Outgoing.kickoff_id) == kickoff_id)
        .group_by(col(Outgoing.fate))
    )
    return {str(fate): int(count) for fate, count in session.execute(wanted)}


def told(session: Session, rows: Sequence[Outgoing]) -> list[Delivery]:
    """The rows with what they refer to; one look a table, however many they are."""
    notices = {one.id: one for one in _by_id(session, Notice, [row.notice_id for row in rows])}
    webhooks = {one.id: one for one in _by_id(session, Webhook, [row.webhook_id for row in rows])}
    changes = {
        one.id: one for one in _by_id(session, RecordChange, [row.change_id for row in rows])
    }
    users = {one.id: one for one in _by_id(session, User, [row.user_id for row in rows])}
    readers = [one.recipient for one in notices.values()]
    people = {one.id: one for one in _by_id(session, Person, readers)}
    found = []
    for row in rows:
        notice = notices.get(row.notice_id or "")
        webhook = webhooks.get(row.webhook_id or "")
        change = changes.get(row.change_id or "")
        reader = people.get(notice.recipient) if notice else users.get(row.user_id or "")
        found.append(
            Delivery(
                id=row.id,
                at=row.at,
                due_at=row.due_at,
                attempts=row.attempts,
                fate=row.fate,
                failure=row.failure,
                speaks=webhook.speaks if webhook else Speaks.MAIL,
                recipient=webhook.name if webhook else reader.name if reader else "",
                kind=notice.kind if notice else "",
                title=str(notice.data.get("title", "")) if notice else "",
                collection=change.entity if change else "",
                is_carried=row.carrier_id is not None,
            )
        )
    return found


def owners_out_of_reach(session: Session, kickoff_id: str) -> list[Person]:
    """Who owns something that is open, and has no address to be reminded at."""
    owned = select(Action.owner_id).where(
        col(Action.kickoff_id) == kickoff_id, col(Action.state) == ActionState.OPEN
    )
    wanted = (
        select(Person)
        .where(col(Person.kickoff_id) == kickoff_id, col(Person.email) == "")
        .where(col(Person.id).in_(owned))
        .order_by(col(Person.name), col(Person.id))
    )
    return list(session.scalars(wanted).all())


def find(session: Session, kickoff_id: str, delivery_id: str) -> Outgoing:
    wanted = of_kickoff(kickoff_id).where(col(Outgoing.id) == delivery_id)
    found = session.scalars(wanted.with_for_update()).first()
    if found is None:
        raise NotFound
    return found


def resend(session: Session, kickoff_id: str, delivery_id: str) -> Outgoing:
    row = find(session, kickoff_id, delivery_id)
    if not _may_be_resent(row.fate, row.attempts):
        raise Conflict(mark("This message is on its way already."))
    outbox.resend(row, clock.now())
    session.add(row)
    session.flush()
    return row


def _by_id(session: Session, table: type[Table], ids: Sequence[str | None]) -> Sequence[Table]:
    wanted = {one for one in ids if one}
    if not wanted:
        return []
    return session.scalars(select(table).where(col(table.id).in_(wanted))).all()
