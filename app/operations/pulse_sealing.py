"""What hangs on a wave's key: who has answered, and which groups an answer belongs to.

The key is kept outside the database and destroyed when the wave is settled (docs/decisions/0012).
"""

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# Everybody's is as long as everybody else's: else the length would tell how much was answered.
BLOCK = 1024


@dataclass(frozen=True)
class Answered:
    """One person's values by question, and the labels of their groups (`DIMENSIONS`)."""

    labels: tuple[str, ...]
    values: Mapping[str, int]


def tag(key: bytes, invitation_id: str) -> str:
    digest = hmac.digest(key, invitation_id.encode(), "sha256")[:16]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


class Seal:
    """One wave's."""

    def __init__(self, key: bytes) -> None:
        derived = HKDF(SHA256(), length=32, salt=None, info=b"kickoff: pulse wave").derive(key)
        self._box = Fernet(base64.urlsafe_b64encode(derived))

    def close(self, answered: Answered) -> str:
        text = orjson.dumps([answered.labels, dict(answered.values)])
        blocks = -(-len(text) // BLOCK)
        # A time of its own stands in every such text: always the same one.
        return self._box.encrypt_at_time(text.ljust(blocks * BLOCK), 0).decode()

    def open(self, sealed: str) -> Answered | None:
        try:
            labels, values = orjson.loads(self._box.decrypt(sealed.encode()))
        except InvalidToken:
            return None
        return Answered(tuple(labels), values)
