"""SQLite's write-ahead log: folded back into the file beside the writers, never within a commit.

A log is only begun anew by a writer that finds all of it folded. While a room votes there is always
more by then, so that it would grow until some vote's commit had to fold it. Folding therefore ends
with the writers held back for the few milliseconds that the rest takes.
"""

from contextlib import suppress
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError

from app.database import BUSY_TIMEOUT_MS, Database

LONG = 4000  # pages (16 MB), from which on it is begun anew
PATIENCE_MS = 50  # with readers, while the writers are held back


class Folded(NamedTuple):
    """What a checkpoint says: whether somebody was in its way, the pages of the log, and how many
    of them are in the file."""

    busy: bool
    pages: int
    done: int


def fold(database: Database, before: int = 0) -> int:
    """Fold it as far as readers allow, and have it begun anew where it is long. Its pages, for the
    next call: a log that is as long as `before` has waited since for somebody to write."""
    if not database.is_sqlite:
        return 0
    with suppress(DBAPIError):
        found = _checkpoint(database, "PASSIVE")
        is_free = found.done == found.pages  # else a reader still needs what is in it
        if is_free and found.pages > LONG and found.pages != before:
            with database.writing():
                found = _checkpoint(database, "RESTART")
        return found.pages
    return 0


def cut(database: Database) -> bool:
    """Fold all of it and cut it to nothing; False while a reader is in the way (try again)."""
    if not database.is_sqlite:
        return True
    with database.writing():
        return not _checkpoint(database, "TRUNCATE").busy


def _checkpoint(database: Database, how: str) -> Folded:
    with database.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")
        try:
            busy, pages, done = raw.execute(f"PRAGMA wal_checkpoint({how})").fetchone()
        finally:
            raw.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    return Folded(bool(busy), pages, done)
