"""Identifiers: time-ordered for records, random where order would tell a secret."""

import re
import secrets
import uuid

import uuid_utils

# Without 0, O, 1 and I: a code is read from a wall and typed on glass. 32 characters, 5 bits each.
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 6
_CODE = re.compile(f"[{CODE_ALPHABET}]{{{CODE_LENGTH}}}")


def new_id() -> str:
    """A record's id (UUIDv7): sorts by the time it was made."""
    return str(uuid_utils.uuid7())


def random_id() -> str:
    """An id that tells nothing about when it was made: for what an attendee may have written."""
    return str(uuid.uuid4())


def derived_id(namespace: str, name: str) -> str:
    """The same id for the same name in one namespace (itself an id), whoever asks."""
    return str(uuid.uuid5(uuid.UUID(namespace), name))


def room_code() -> str:
    """Six characters to type: 30 bits."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def secret() -> str:
    """128 random bits, safe in an address: the QR code's secret, tokens, submission ids."""
    return secrets.token_urlsafe(16)


def normal_code(text: str) -> str:
    """What somebody typed as a room code, forgiving case, spaces and hyphens."""
    return re.sub(r"[\s-]", "", text).upper()


def is_code(text: str) -> bool:
    """Whether text has the form of a typed code (rather than of the QR code's secret)."""
    return _CODE.fullmatch(text) is not None
