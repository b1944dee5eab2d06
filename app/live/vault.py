"""Keys of anonymous activities: never in the database, its log or a backup; gone when the activity
is scrubbed.

An anonymous ballot's key is HMAC(activity key, attendee): one attendee, one ballot, by a
constraint,
and nobody can tell whose it is once the activity key is destroyed (RELIABILITY D9).
"""

import base64
import hmac
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import redis
from redis.exceptions import RedisError

from app.errors import NotSaved

KEY_BYTES = 32
PREFIX = "kickoff:activity-key:"
PULSE_PREFIX = "kickoff:pulse-key:"


class ActivityKey(bytes):
    """A key and the tags that were made with it: to make one costs as much as to count a vote, and
    they are forgotten together."""

    tags: dict[str, str]

    def __new__(cls, key: bytes) -> "ActivityKey":
        made = super().__new__(cls, key)
        made.tags = {}
        return made


class Vault(Protocol):
    """Where activity keys live. Every call may raise `NotSaved` while that place is away."""

    def make(self, activity_id: str) -> None: ...

    def key(self, activity_id: str) -> ActivityKey | None: ...

    def keep(self, activity_id: str) -> None:
        """Put a key that this process remembers back where it belongs, if it is gone from there."""

    def destroy(self, activity_id: str) -> None: ...

    def held(self) -> set[str]:
        """The activities whose keys are here."""


class FileVault:
    """One process: a file of mode 0600 per activity, in a folder beside the database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, ActivityKey] = {}

    def make(self, activity_id: str) -> None:
        if not self._path(activity_id).exists():
            self._write(activity_id, secrets.token_bytes(KEY_BYTES))

    def key(self, activity_id: str) -> ActivityKey | None:
        if activity_id not in self._known:
            path = self._path(activity_id)
            if not path.exists():
                return None
            self._known[activity_id] = ActivityKey(path.read_bytes())
        return self._known[activity_id]

    def keep(self, activity_id: str) -> None:
        key = self._known.get(activity_id)
        if key is not None and not self._path(activity_id).exists():
            self._write(activity_id, key)

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
        _sync_folder(self._folder)

    def held(self) -> set[str]:
        return {path.stem for path in self._folder.glob("*.key")} | self._known.keys()

    def _write(self, activity_id: str, key: bytes) -> None:
        """On disk, name and all, before the activity opens: no ballot may outlive its key by a
        crash."""
        path = self._path(activity_id)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Half a key is none: under another name until it is whole.
        unfinished = path.with_suffix(".new")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
        _sync_folder(self._folder)
        self._known[activity_id] = ActivityKey(key)

    def _path(self, activity_id: str) -> Path:
        return self._folder / f"{activity_id}.key"


class RedisVault:
    """Several processes: a Redis that keeps nothing on disk, and each process's memory."""

    def __init__(self, url: str, prefix: str = PREFIX) -> None:
        self._redis = redis.Redis.from_url(url, socket_timeout=3, socket_connect_timeout=3)
        self._prefix = prefix
        self._known: dict[str, ActivityKey] = {}

    def make(self, activity_id: str) -> None:
        key = self._known.get(activity_id) or secrets.token_bytes(KEY_BYTES)
        with _reachable():
            self._redis.set(self._name(activity_id), key, nx=True)

    def key(self, activity_id: str) -> ActivityKey | None:
        if activity_id not in self._known:
            with _reachable():
                found = self._redis.get(self._name(activity_id))
            if not isinstance(found, bytes):
                return None
            self._known[activity_id] = ActivityKey(found)
        return self._known[activity_id]

    def keep(self, activity_id: str) -> None:
        # A Redis that was started anew is empty: the processes that still know the key give it
        # back.
        key = self._known.get(activity_id)
        if key is None:
            # This process has counted nothing there yet: it must be able to when Redis is away.
            self.key(activity_id)
            return
        with _reachable():
            kept = self._redis.set(self._name(activity_id), key, nx=True)
            if not kept and self._redis.get(self._name(activity_id)) != key:
                # A new one was made while the old one was away and no ballot hung on it.
                self._known.pop(activity_id, None)

    def destroy(self, activity_id: str) -> None:
        self._known.pop(activity_id, None)
        with _reachable():
            self._redis.delete(self._name(activity_id))

    def held(self) -> set[str]:
        with _reachable():
            names = [
                name.decode()
                for name in self._redis.scan_iter(match=self._prefix + "*", count=1000)
            ]
        return {name.removeprefix(self._prefix) for name in names} | self._known.keys()

    def _name(self, activity_id: str) -> str:
        return self._prefix + activity_id


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        raise NotSaved("the place of the activities' keys is away") from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def tag(key: bytes, participant_id: str) -> str:
    """The ballot's key in an anonymous activity: 128 bits that nobody can make without the key."""
    known = key.tags if isinstance(key, ActivityKey) else {}
    made = known.get(participant_id)
    if made is None:
        digest = hmac.digest(key, participant_id.encode(), "sha256")[:16]
        made = known[participant_id] = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return made
