"""The outbox: what webhooks are to be told commits with the change itself, and any process may take
it from there to deliver it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.models.history import RecordChange
from app.models.webhooks import Fate, Outgoing, Webhook
from app.operations.entities import KICKOFFS, PLAN

# After each attempt that failed, the wait for the next one; after the last nobody tries again.
WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 60, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600)
)
LEASE = timedelta(minutes=2)  # how long whoever took a message has for it
KEPT_FOR = timedelta(days=30)
GONE = "answered_410"  # who says so wants no more of it

_PRIVATE = {entity.name: entity.private for entity in (*PLAN, KICKOFFS)}


@dataclass(frozen=True)
class Taken:
    """A message on its way. `content` is what it says."""

    id: str
    sealed_url: str
    sealed_secret: str
    content: Mapping[str, Any]


def tell(session: Session, change: RecordChange) -> None:
    """Every webhook of the kickoff is told of a change, once it is committed."""
    webhooks = _listening(session, change.kickoff_id)
    if webhooks:
        session.flush()  # the change is there before what refers to it
        session.add_all(Outgoing(webhook_id=id, change_id=change.id) for id in webhooks)


def tell_a_test(session: Session, webhook: Webhook) -> Outgoing:
    made = Outgoing(webhook_id=webhook.id)
    session.add(made)
    session.flush()
    return made


def any_due(session: Session, now: datetime) -> bool:
    return session.execute(_due(now).limit(1)).first() is not None


def take(session: Session, now: datetime, *, most: int) -> list[Taken]:
    """Messages that are due and that nobody else has taken."""
    wanted = _due(now).order_by(col(Outgoing.due_at), col(Outgoing.id)).limit(most)
    rows = session.scalars(wanted.with_for_update(skip_locked=True)).all()
    taken = []
    for row in rows:
        row.attempts += 1
        row.due_at = now + LEASE
        webhook = session.get_one(Webhook, row.webhook_id)
        content = _content(session, webhook, row)
        taken.append(Taken(row.id, webhook.sealed_url, webhook.sealed_secret, content))
    return taken


def went(session: Session, message_id: str, failure: str, now: datetime) -> None:
    """How an attempt went: "" is delivered, else the code of what was in the way."""
    row = session.get(Outgoing, message_id)
    if row is None or row.fate != Fate.WAITING:
        return
    row.failure = failure
    if not failure:
        row.fate = Fate.DELIVERED
    elif failure == GONE or row.attempts > len(WAITS):
        row.fate = Fate.GIVEN_UP
    else:
        row.due_at = now + WAITS[row.attempts - 1]
    old = col(Outgoing.at) < now - KEPT_FOR
    session.execute(delete(Outgoing).where(col(Outgoing.fate) != Fate.WAITING, old))


def _due(now: datetime) -> Any:
    return select(Outgoing).where(col(Outgoing.fate) == Fate.WAITING, col(Outgoing.due_at) <= now)


def _listening(session: Session, kickoff_id: str) -> Sequence[str]:
    """Asked once in a unit of work, which may write hundreds of records."""
    known: dict[str, Sequence[str]] = session.info.setdefault("webhooks", {})
    if kickoff_id not in known:
        wanted = select(Webhook.id).where(col(Webhook.kickoff_id) == kickoff_id)
        known[kickoff_id] = session.scalars(wanted).all()
    return known[kickoff_id]


def _content(session: Session, webhook: Webhook, row: Outgoing) -> dict[str, Any]:
    """As Standard Webhooks have it. What only facilitators see is told to no webhook."""
    change = session.get(RecordChange, row.change_id) if row.change_id else None
    if change is None:
        data: dict[str, Any] = {"kickoff_id": webhook.kickoff_id}
        return {"type": "webhook.test", "timestamp": row.at, "data": data}
    hidden = _PRIVATE[change.entity]
    data = {
        "kickoff_id": change.kickoff_id,
        "collection": change.entity,
        "record_id": change.record_id,
        "record_name": change.record_name,
        "version": change.version,
        "author_kind": change.author_kind,
        "author_name": change.author_name,
        "changes": {name: both for name, both in change.changes.items() if name not in hidden},
    }
    kind = f"{change.entity}.{change.done}"
    return {"type": kind, "timestamp": change.at, "data": data}
