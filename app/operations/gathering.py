"""What is due at once for the same reader goes in one message."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.models.notices import Notice
from app.models.webhooks import Fate, Outgoing, Speaks, Webhook
from app.operations.notice_kinds import ALONE, is_urgent

MOST_GATHERED = 19  # in one message beside its own: each is said in full, with its link


def due(now: datetime) -> Sequence[Any]:
    return (
        col(Outgoing.fate) == Fate.WAITING,
        col(Outgoing.carrier_id).is_(None),
        col(Outgoing.due_at) <= now,
    )


def gathered(session: Session, row: Outgoing, now: datetime) -> Sequence[Notice]:
    """The notices that this message says: its own, and what else is due for the same reader. What
    it said the first time it says again, and nothing more."""
    own = session.get(Notice, row.notice_id) if row.notice_id else None
    if own is None:
        return []
    if own.kind in ALONE:
        return [own]
    is_first, row.gathered_at = row.gathered_at is None, row.gathered_at or now
    if is_first and not is_urgent(own.kind) and _gathers(session, row):
        waiting = (
            select(Outgoing)
            .join(Notice, col(Notice.id) == col(Outgoing.notice_id))
            .where(col(Outgoing.target_id) == row.target_id, *due(now))
            .where(col(Outgoing.id) != row.id, col(Outgoing.attempts) == 0)
            .where(col(Outgoing.gathered_at).is_(None))
            .where(col(Notice.kickoff_id) == own.kickoff_id)
            .where(col(Notice.recipient) == own.recipient, col(Notice.kind).not_in(ALONE))
            .order_by(col(Outgoing.id))
            .limit(MOST_GATHERED)
        )
        for other in session.scalars(waiting).all():
            other.carrier_id = row.id
        session.flush()
    others = (
        select(Notice)
        .join(Outgoing, col(Outgoing.notice_id) == col(Notice.id))
        .where(col(Outgoing.carrier_id) == row.id)
        .order_by(col(Outgoing.id))
    )
    return [own, *session.scalars(others).all()]


def _gathers(session: Session, row: Outgoing) -> bool:
    """Programs are told one by one."""
    if row.webhook_id is None:
        return True
    return session.get_one(Webhook, row.webhook_id).speaks != Speaks.SIGNED
