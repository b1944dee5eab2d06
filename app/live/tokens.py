"""What a phone's cookies prove without a look into the database: which participant of which room,
and which room it was shown the way to.

A phone that was removed is refused by the room, not by its token; a code that was changed likewise.
"""

import base64
import hashlib
import hmac
import uuid
from collections.abc import Sequence

_PURPOSE = b"kickoff participant token 1"
_JOINING = b"kickoff idempotent join 1"
_VISIT = b"kickoff visit token 1"


def issue(signing_key: bytes, participant_id: str, room_id: str) -> str:
    """`participant.room.signature`."""
    signature = _signature(signing_key, _PURPOSE, participant_id, room_id)
    return f"{participant_id}.{room_id}.{signature}"


def verify(signing_key: bytes, token: str) -> tuple[str, str] | None:
    """(participant id, room id), or None for anything that was not issued here."""
    parts = token.split(".") if len(token) < 200 else []
    if len(parts) != 3:
        return None
    participant_id, room_id, signature = parts
    expected = _signature(signing_key, _PURPOSE, participant_id, room_id)
    if not hmac.compare_digest(signature.encode(), expected.encode()):
        return None
    return participant_id, room_id


def participant_for(signing_key: bytes, room_id: str, key: str) -> str:
    """The participant for whom a client's own Idempotency-Key stands in a room: the same whenever
    it asks again, and nobody's who does not know the key."""
    content = b"\0".join((_JOINING, room_id.encode(), key.encode()))
    digest = hmac.digest(signing_key, content, hashlib.sha256)
    return str(uuid.UUID(bytes=digest[:16], version=4))


def issue_visit(signing_key: bytes, room_id: str, codes: Sequence[str]) -> str:
    """`room.code-code.signature`: this browser was shown the way to the room, under these codes."""
    named = "-".join(codes)
    return f"{room_id}.{named}.{_signature(signing_key, _VISIT, room_id, named)}"


def verify_visit(signing_key: bytes, token: str) -> tuple[str, tuple[str, ...]] | None:
    """(room id, codes), or None for anything that was not issued here."""
    parts = token.split(".") if len(token) < 200 else []
    if len(parts) != 3:
        return None
    room_id, named, signature = parts
    expected = _signature(signing_key, _VISIT, room_id, named)
    if not hmac.compare_digest(signature.encode(), expected.encode()):
        return None
    return room_id, tuple(named.split("-"))


def _signature(signing_key: bytes, purpose: bytes, *parts: str) -> str:
    message = b"|".join([purpose, *(part.encode() for part in parts)])
    digest = hmac.new(signing_key, message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:20]).decode().rstrip("=")
