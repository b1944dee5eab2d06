"""Keys of anonymous activities: never in the database, its log or a backup; gone when the activity is scrubbed.

An anonymous ballot's key is HMAC(activity key, attendee): one attendee, one ballot, by a constraint,
and nobody can tell whose it is once the activity key is destroyed (RELIABILITY D9).
"""

import base64
import hmac
import os
import secrets
from pathlib import Path
from typing import Protocol

import redis

KEY_BYTES = 32


class Vault(Protocol):
    """Where activity keys live."""

    def make(self, activity_id: str) -> None: ...

    def key(self, activity_id: str) -> bytes | None: ...

    def destroy(self, activity_id: str) -> None: ...


class FileVault:
    """One process: a file of mode 0600 per activity, in a folder beside the database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, bytes] = {}

    def make(self, activity_id: str) -> None:
        path = self._path(activity_id)
        if path.exists():
            return
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = secrets.token_bytes(KEY_BYTES)
        # On disk before the activity opens: a ballot must never outlive its key by a crash.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        self._known[activity_id] = key

    def key(self, activity_id: str) -> bytes | None:
        if activity_id not in self._known:
            path = self._path(activity_id)
            if not path.exists():
                return None
            self._known[activity_id] = path.read_bytes()
        return self._known[activity_id]

    def destroy(self, activity_id: str) -> None:
        self._known.pop(activity_id, None)
        path = self._path(activity_id)
        if not path.exists():
            return
        with path.open("r+b") as file:
            file.write(bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()

    def _path(self, activity_id: str) -> Path:
        return self._folder / f"{activity_id}.key"


class RedisVault:
    """Several processes: a Redis that keeps nothing on disk, and each process's memory."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(url, socket_timeout=3, socket_connect_timeout=3)
        self._known: dict[str, bytes] = {}

    def make(self, activity_id: str) -> None:
        self._redis.set(self._name(activity_id), secrets.token_bytes(KEY_BYTES), nx=True)

    def key(self, activity_id: str) -> bytes | None:
        if activity_id not in self._known:
            found = self._redis.get(self._name(activity_id))
            if not isinstance(found, bytes):
                return None
            self._known[activity_id] = found
        return self._known[activity_id]

    def destroy(self, activity_id: str) -> None:
        self._known.pop(activity_id, None)
        self._redis.delete(self._name(activity_id))

    def _name(self, activity_id: str) -> str:
        return f"kickoff:activity-key:{activity_id}"


def tag(key: bytes, participant_id: str) -> str:
    """The ballot's key in an anonymous activity: 128 bits that nobody can make without the key."""
    digest = hmac.digest(key, participant_id.encode(), "sha256")[:16]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
