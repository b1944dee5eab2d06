"""A participant's token: proves which phone in which room, without a look into the database.

The signature is over the participant and the room; a phone that was removed is refused by the room,
not by the token.
"""

import base64
import hashlib
import hmac

_PURPOSE = b"kickoff participant token 1"


def issue(signing_key: bytes, participant_id: str, room_id: str) -> str:
    """`participant.room.signature`."""
    return f"{participant_id}.{room_id}.{_signature(signing_key, participant_id, room_id)}"


def verify(signing_key: bytes, token: str) -> tuple[str, str] | None:
    """(participant id, room id), or None for anything that was not issued here."""
    parts = token.split(".") if len(token) < 200 else []
    if len(parts) != 3:
        return None
    participant_id, room_id, signature = parts
    expected = _signature(signing_key, participant_id, room_id)
    if not hmac.compare_digest(signature.encode(), expected.encode()):
        return None
    return participant_id, room_id


def _signature(signing_key: bytes, participant_id: str, room_id: str) -> str:
    message = b"|".join([_PURPOSE, participant_id.encode(), room_id.encode()])
    digest = hmac.new(signing_key, message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:20]).decode().rstrip("=")
