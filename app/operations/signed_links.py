"""Links that do one thing for one record and one person, without sign-in (F2, F4, F6).

    path_of(link_token(settings.signing_key, "action-status", action.id, person.id))

Nothing is stored of a link: it is signed, with its purpose, record, person, and when it was made
and ends. What it opens decides each time whether it still holds: the record is open, the person is
still the one whom it concerns. Whoever finds one sees and does that one thing and nothing more.
"""

import base64
import binascii
import hashlib
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from itsdangerous import BadSignature, Signer
from sqlmodel import Session

from app import clock
from app.errors import NotFound
from app.models.kickoffs import Kickoff
from app.models.people import Person
from app.models.signed_links import EndedLinks

DAYS = 120  # the 90, and the month in which they are looked back on
LONGEST = 300
_PURPOSE = re.compile(r"[a-z][a-z-]{1,40}")
_IDS, _INSTANT = 32, 6  # bytes: two ids, and milliseconds since 1970
_KEY = b"kickoff link 1"


@dataclass(frozen=True)
class Link:
    purpose: str
    record_id: str
    person_id: str
    made: datetime
    expires: datetime


def link_token(
    key: bytes,
    purpose: str,
    record_id: str,
    person_id: str,
    *,
    now: datetime | None = None,
    expires: datetime | None = None,
) -> str:
    """What stands after /l/. `person_id` is whom it was sent to, or an invitation that stands for
    somebody; it ends after 120 days unless `expires` says another moment."""
    assert _PURPOSE.fullmatch(purpose), f"{purpose!r} is no name of a purpose"
    made = now or clock.now()
    ends = expires or made + timedelta(days=DAYS)
    told = uuid.UUID(record_id).bytes + uuid.UUID(person_id).bytes + _ms(made) + _ms(ends)
    text = f"{purpose}.{base64.urlsafe_b64encode(told).decode().rstrip('=')}"
    return _signer(key).sign(text).decode()


def path_of(token: str) -> str:
    return f"/l/{token}"


def opened(key: bytes, token: str, *, now: datetime | None = None) -> Link:
    """What a link says, or NotFound: forged, of another key, or too old."""
    if len(token) > LONGEST:
        raise NotFound
    try:
        purpose, _, told = _signer(key).unsign(token.encode()).decode().partition(".")
        raw = base64.b64decode(told + "=" * (-len(told) % 4), b"-_", validate=True)
    except (BadSignature, UnicodeError, binascii.Error) as error:
        raise NotFound from error
    if len(raw) != _IDS + 2 * _INSTANT:
        raise NotFound
    link = Link(
        purpose,
        str(uuid.UUID(bytes=raw[:16])),
        str(uuid.UUID(bytes=raw[16:32])),
        _instant(raw[_IDS : _IDS + _INSTANT]),
        _instant(raw[_IDS + _INSTANT :]),
    )
    if link.expires <= (now or clock.now()):
        raise NotFound
    return link


def person_of(session: Session, link: Link) -> tuple[Person, Kickoff]:
    """Whom the link was sent to, and their kickoff; NotFound where they have left it, their links
    were ended since, or it is archived."""
    person = session.get(Person, link.person_id)
    ended = session.get(EndedLinks, link.person_id)
    if person is None or (ended is not None and link.made <= ended.at):
        raise NotFound
    kickoff = session.get_one(Kickoff, person.kickoff_id)
    if kickoff.archived_at is not None:
        raise NotFound
    return person, kickoff


def end_links(session: Session, person: Person) -> None:
    """All links that this person was sent until now lead nowhere from now on."""
    there = session.get(EndedLinks, person.id)
    if there is None:
        session.add(EndedLinks(person_id=person.id))
    else:
        there.at = clock.now()
    session.flush()


def follow(session: Session, person: Person, before: Mapping[str, Any]) -> None:
    """Their address is another than `before`: what was sent to the old one is somebody else's to
    read from now on, and opens nothing."""
    was = before["email"]
    if was and was.casefold() != person.email.casefold():
        end_links(session, person)


def _signer(key: bytes) -> Signer:
    return Signer(key, salt=_KEY, key_derivation="hmac", digest_method=hashlib.sha256)


def _ms(instant: datetime) -> bytes:
    return int(instant.timestamp() * 1000).to_bytes(_INSTANT)


def _instant(raw: bytes) -> datetime:
    return datetime.fromtimestamp(int.from_bytes(raw) / 1000, UTC)
