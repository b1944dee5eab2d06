"""What a message says and to whom, taken from the database in one look; how it is worded and sent
comes afterwards, without the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from app.models.history import RecordChange
from app.models.kickoffs import Kickoff
from app.models.notices import Notice
from app.models.organisations import User
from app.models.people import Person
from app.models.webhooks import CHAT, Outgoing, Speaks, Webhook
from app.operations import mailing
from app.operations.entities import KICKOFFS, PLAN
from app.operations.notice_kinds import holds

_PRIVATE = {entity.name: entity.private for entity in (*PLAN, KICKOFFS)}


@dataclass(frozen=True)
class Said:
    """One notice."""

    kind: str
    key: str
    data: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True)
class Reader:
    """Who gets mail. Without an id it is nobody of the kickoff's people, but who asked for a
    test."""

    email: str
    name: str
    person_id: str = ""


@dataclass(frozen=True)
class Taken:
    """A message on its way. `change` is what a signed webhook is told of a change of the plan;
    `said` are notices; without either it is a test."""

    id: str
    attempt: int
    target_id: str
    leased_until: datetime
    at: datetime
    speaks: Speaks
    kickoff_id: str
    kickoff_title: str
    time_zone: str
    language: str | None
    sealed_url: str = ""
    sealed_secret: str = ""
    reader: Reader | None = None
    change: Mapping[str, Any] | None = None
    said: Sequence[Said] = field(default=())

    @property
    def is_chat(self) -> bool:
        return self.speaks in CHAT


@dataclass(frozen=True)
class Outcome:
    """How an attempt went: "" is taken, else the code of what was in the way. `wait`: what the
    other end asked for. `is_the_targets`: whatever else goes there would fare no better now."""

    failure: str = ""
    wait: timedelta | None = None
    is_the_targets: bool = True


def content_of(session: Session, row: Outgoing, notices: Sequence[Notice]) -> Taken | None:
    """None for what nobody wants any more."""
    kickoff = session.get_one(Kickoff, row.kickoff_id)
    said = [
        Said(one.kind, one.key, one.data, one.at)
        for one in notices
        if kickoff.archived_at is None and holds(session, one)
    ]
    if notices and not said:
        return None
    webhook = session.get(Webhook, row.webhook_id) if row.webhook_id else None
    reader = None
    if webhook is None:
        reader = _reader(session, row, notices)
        if reader is None:
            return None
    change = session.get(RecordChange, row.change_id) if row.change_id else None
    return Taken(
        id=row.id,
        attempt=row.attempts,
        target_id=row.target_id,
        leased_until=row.due_at,
        at=row.at,
        speaks=Speaks(webhook.speaks) if webhook else Speaks.MAIL,
        kickoff_id=kickoff.id,
        kickoff_title=kickoff.title,
        time_zone=kickoff.time_zone,
        language=mailing.language_of(session, kickoff, reader.email if reader else ""),
        sealed_url=webhook.sealed_url if webhook else "",
        sealed_secret=webhook.sealed_secret if webhook else "",
        reader=reader,
        change=_told(change) if change else None,
        said=said,
    )


def _reader(session: Session, row: Outgoing, notices: Sequence[Notice]) -> Reader | None:
    """None where they are gone, or want no more mail by now."""
    if row.user_id is not None:
        user = session.get(User, row.user_id)
        return Reader(user.email, user.name) if user else None
    person = session.get(Person, notices[0].recipient) if notices else None
    if person is None or not mailing.wants_mail(session, person):
        return None
    return Reader(person.email, person.name, person.id)


def _told(change: RecordChange) -> dict[str, Any]:
    """As Standard Webhooks have it. What only facilitators see is told to no webhook."""
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
