"""Conditional requests and repeated ones: ETag, If-Match, Idempotency-Key."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Header, Request
from fastapi.responses import Response
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app import clock, ids
from app.database import Database, conflicts
from app.errors import Conflict, IdReused, PremiseMissing, Stale
from app.models.fields import Record
from app.models.organisations import IdempotentAnswer
from app.routers.permissions import Asked
from app.routers.schemas import encoded, json_answer

REMEMBERED_FOR = timedelta(days=1)

IfMatch = Annotated[str | None, Header(description="the ETag of the version you looked at")]
IfNoneMatch = Annotated[str | None, Header()]
IdempotencyKey = Annotated[
    str | None,
    Header(max_length=200, description="the same key within a day gets the same answer"),
]


def etag(record: Record) -> str:
    return f'"{record.version}"'


def names(header: str, tag: str) -> bool:
    """Whether an If-Match or If-None-Match header names this tag."""
    return header.strip() == "*" or tag in (part.strip() for part in header.split(","))


def answered(content: Any, tag: str, if_none_match: str | None) -> Response:
    """What was asked for, unless who asks has it: then only that it is still so."""
    if if_none_match is not None and names(if_none_match, tag):
        return Response(status_code=304, headers={"etag": tag})
    return json_answer(content, etag=tag)


def tag_of(content: Any) -> str:
    """The tag of what has no version of its own: another one for other content."""
    return f'"{hashlib.blake2b(encoded(content), digest_size=9).hexdigest()}"'


def require_match(record: Record, if_match: str | None, current: Callable[[], Any]) -> None:
    """Refuse a write that does not say what it believes, or believes something old."""
    require_tag(etag(record), if_match, current)


def require_tag(tag: str, if_match: str | None, current: Callable[[], Any]) -> None:
    if if_match is None:
        raise PremiseMissing
    if not names(if_match, tag):
        raise Stale(current())


@dataclass(frozen=True)
class Answer:
    """What a POST is answered, now and when it is repeated."""

    body: bytes
    etag: str = ""
    location: str = ""
    status: int = 201

    def response(self) -> Response:
        headers = {"etag": self.etag, "location": self.location}
        named = {name: value for name, value in headers.items() if value}
        return Response(self.body, self.status, named, media_type="application/json")


@contextmanager
def writing(database: Database) -> Iterator[Session]:
    """A unit of work in which what a constraint refuses is a conflict with somebody's write."""
    with conflicts(), database.unit_of_work() as session:
        yield session


def once(
    database: Database,
    *,
    asker: str,
    key: str | None,
    request: bytes,
    make: Callable[[Session], Answer],
) -> Answer:
    """Make something, or give the answer that was given to this key before.

    What is made and its remembered answer are one transaction. Where two with one key arrive
    together, the unique constraint lets one through and the other gets its answer.
    """
    if key is None:
        with writing(database) as session:
            return make(session)
    digest = hashlib.sha256(request).hexdigest()
    try:
        with database.unit_of_work() as session:
            remembered = _remembered(session, asker, key)
            if remembered:
                return _repeated(remembered, digest)
            answer = make(session)
            _remember(session, asker, key, digest, answer)
        return answer
    except IntegrityError as error:
        with database.reading() as session:
            remembered = _remembered(session, asker, key)
        if remembered is None:
            raise Conflict from error
        return _repeated(remembered, digest)


def once_asked(
    asked: Asked,
    request: Request,
    key: str | None,
    make: Callable[[Session], Answer],
    sent: bytes = b"",
) -> Answer:
    """`once` for a route of the API: the same request is the same path with the same body."""
    return once(
        asked.database,
        asker=asked.actor.id,
        key=key,
        request=request.url.path.encode() + sent,
        make=make,
    )


def answered_before(
    database: Database, *, asker: str, key: str | None, request: bytes
) -> Answer | None:
    """The answer that was given to this key, for what costs much before it is made by `once`."""
    if key is None:
        return None
    with database.reading() as session:
        remembered = _remembered(session, asker, key)
    return _repeated(remembered, hashlib.sha256(request).hexdigest()) if remembered else None


def _remembered(session: Session, asker: str, key: str) -> IdempotentAnswer | None:
    statement = select(IdempotentAnswer).where(
        IdempotentAnswer.actor == asker, IdempotentAnswer.key == key
    )
    return session.scalars(statement).first()


def _remember(session: Session, asker: str, key: str, digest: str, answer: Answer) -> None:
    now = clock.now()
    old = col(IdempotentAnswer.created_at) < now - REMEMBERED_FOR
    session.execute(delete(IdempotentAnswer).where(old))
    session.add(
        IdempotentAnswer(
            id=ids.new_id(),
            actor=asker,
            key=key,
            digest=digest,
            status=answer.status,
            etag=answer.etag,
            location=answer.location,
            body=answer.body.decode(),
            created_at=now,
        )
    )


def _repeated(remembered: IdempotentAnswer, digest: str) -> Answer:
    if remembered.digest != digest:
        raise IdReused
    return Answer(remembered.body.encode(), remembered.etag, remembered.location, remembered.status)
