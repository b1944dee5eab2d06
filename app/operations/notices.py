"""Tell somebody something, once: the notice commits with what it tells of."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from sqlmodel import Session, col, select

from app import clock, ids
from app.models.kickoffs import Kickoff
from app.models.notices import Notice
from app.models.people import Person
from app.models.webhooks import DeliveryTarget, Outgoing, Webhook
from app.operations import mailing
from app.operations.insertion import insert_once
from app.operations.notice_kinds import KINDS

MAIL_LANES = 4  # so many messages are under way to the mail server at once
# So long others that come with it may join it in one message.
GATHERED_FOR = timedelta(seconds=30)


def post(
    session: Session,
    *,
    kickoff_id: str,
    kind: str,
    key: str,
    person_id: str | None = None,
    data: Mapping[str, Any] | None = None,
    not_before: datetime | None = None,
) -> bool:
    """Whether this is news: the same kind and key is told to nobody twice.

    To a person it goes by mail, without one to the kickoff's common channels; not at night or on
    days off, unless the kind is urgent. `data` is what its template says, as JSON. Two who post the
    same at the same moment are one notice; the constraint sees to it.
    """
    now = clock.now()
    notice_id, due_at = ids.new_id(), max(not_before or now, now)
    is_news = insert_once(
        session,
        Notice,
        id=notice_id,
        kickoff_id=kickoff_id,
        kind=KINDS[kind].code,
        key=key,
        recipient=person_id or "",
        data=dict(data or {}),
        at=now,
        due_at=due_at,
    )
    if is_news:
        _address(
            session, kickoff_id, notice_id, person_id, _when(session, kickoff_id, kind, due_at)
        )
    return is_news


def mail_lane(session: Session, recipient: str) -> str:
    """The queue of the mail server in which somebody's mail stands."""
    lane = f"mail-{crc32(recipient.encode()) % MAIL_LANES}"
    if session.get(DeliveryTarget, lane) is None:
        insert_once(session, DeliveryTarget, id=lane, free_at=clock.now())
    return lane


def _when(session: Session, kickoff_id: str, kind: str, due_at: datetime) -> datetime:
    if KINDS[kind].urgent:
        return due_at
    kickoff = session.get_one(Kickoff, kickoff_id)
    return mailing.undisturbed(session, kickoff, due_at + GATHERED_FOR)


def _address(
    session: Session, kickoff_id: str, notice_id: str, person_id: str | None, due_at: datetime
) -> None:
    """A message to everybody whom it reaches; none, where it reaches nobody."""

    def message(target_id: str, webhook_id: str | None = None) -> Outgoing:
        return Outgoing(
            kickoff_id=kickoff_id,
            target_id=target_id,
            webhook_id=webhook_id,
            notice_id=notice_id,
            due_at=due_at,
        )

    if person_id is not None:
        person = session.get(Person, person_id)
        if person is not None and mailing.wants_mail(session, person):
            session.add(message(mail_lane(session, person_id)))
        return
    wanted = select(Webhook.id).where(col(Webhook.kickoff_id) == kickoff_id)
    session.add_all(message(id, id) for id in session.scalars(wanted).all())
