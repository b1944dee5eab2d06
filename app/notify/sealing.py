"""Secrets of others at rest: sealed with a key that is not in the database (RELIABILITY S13)."""

import base64
from contextlib import suppress

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def sealed(key: bytes, text: str) -> str:
    return _box(key).encrypt(text.encode()).decode()


def opened(key: bytes, text: str, *before: bytes) -> str | None:
    """None where it was sealed with another key; `before` are those that were used earlier."""
    for one in (key, *before):
        with suppress(InvalidToken):
            return _box(one).decrypt(text.encode()).decode()
    return None


def _box(key: bytes) -> Fernet:
    """The key that signs cookies is never itself the key that seals."""
    derived = HKDF(SHA256(), length=32, salt=None, info=b"kickoff: webhooks at rest").derive(key)
    return Fernet(base64.urlsafe_b64encode(derived))
