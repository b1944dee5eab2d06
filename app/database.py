"""The engine and the one way to write: begin, do, commit, then tell.

`unit_of_work` opens and commits within one call and one thread, so a route that returns after its
`with` block has committed before the first byte of its response. With the ledger it is the only
place that commits.

SQLite has one writer. The process's own writers queue on a lock before `BEGIN IMMEDIATE`: SQLite's
busy handler sleeps and retries, which lets a steady stream of votes starve a facilitator's "close".
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from copy import copy
from pathlib import Path
from typing import Any

import orjson
import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.pool import QueuePool
from sqlmodel import Session

from app.errors import Conflict, NotSaved

BUSY_TIMEOUT_MS = 5000
STATEMENTS_KEPT = 512  # by each connection: the ledger says one in many lengths (ledger_sql.py)
WRITER_CACHE_KB = 32 * 1024
LOG_PAGES_AT_MOST = 15_000  # 60 MB, where nobody folds the log (write_ahead_log)

AUTHOR = "author"  # of a session's info: who writes, or None

AfterCommit = Callable[[set[str]], None]


class Database:
    """One database, SQLite or PostgreSQL."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgres_engine(url)
        # SQLite: one connection for all writes keeps their pages at hand. A connection reads
        # everything anew when another one has written since it last looked.
        writers = _sqlite_engine(url, writers=True) if self.is_sqlite else self.engine
        self.write_engine = writers.execution_options(kickoff_write=True)
        self._read_engine = (
            self.engine
            if self.is_sqlite
            else self.engine.execution_options(isolation_level="REPEATABLE READ")
        )
        self._writer = threading.Lock() if self.is_sqlite else None
        self.after_commit: AfterCommit = _nobody_to_tell
        self._author: object = None

    def by(self, author: object) -> "Database":
        """The same database, in which a unit of work knows whose it is: `session.info`."""
        signed = copy(self)
        signed._author = author
        return signed

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads, all of it from one snapshot: a closing or a scrubbing that
        commits between two of its looks is seen whole or not at all."""
        with _translated(), Session(self._read_engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """A session whose work is committed as one, or not at all; then the rooms it touched are
        told."""
        with _translated(), self.writing():  # noqa: SIM117 -- the lock goes last
            with Session(self.write_engine, expire_on_commit=False) as session:
                session.info[AUTHOR] = self._author
                yield session
                session.flush()
                session.commit()
                rooms = session.info.get("touched_rooms", set())
        if rooms:
            self.after_commit(rooms)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """The ledger's: a bare connection in a write transaction, committed at the end."""
        with _translated(), self.writing(), self.write_engine.begin() as connection:
            yield connection

    def writing(self) -> Any:
        """The queue of this process's writers (SQLite); PostgreSQL needs none."""
        return self._writer if self._writer is not None else nullcontext()

    def answers(self) -> bool:
        """Whether the database answers now."""
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except DBAPIError:
            return False
        return True

    def dispose(self) -> None:
        self.engine.dispose()
        self.write_engine.dispose()


def _nobody_to_tell(rooms: set[str]) -> None:
    """Until `main` says who wants to know."""


def touch_room(session: Session, room_id: str) -> None:
    """Note that this unit of work changed what people in that room see."""
    session.info.setdefault("touched_rooms", set()).add(room_id)


@contextmanager
def conflicts() -> Iterator[None]:
    """What a constraint refuses is a conflict with somebody's write. To be put around a unit of
    work: the commit may be what is refused."""
    try:
        yield
    except IntegrityError as error:
        raise Conflict from error


@contextmanager
def _translated() -> Iterator[None]:
    """A database that cannot take it now is `NotSaved` (503, nothing written), never a 500."""
    try:
        yield
    except (OperationalError, sqlite3.OperationalError, psycopg.OperationalError) as error:
        raise NotSaved("the database is busy or away") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise NotSaved("the database is away") from error
        raise


def _sqlite_engine(url: str, *, writers: bool = False) -> Engine:
    path = url.removeprefix("sqlite:///")
    if path:
        Path(path).resolve().parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        poolclass=QueuePool,
        # Of the writers' the second is only looked through while the first writes (live/receipts);
        # the last to come back is the next to go, so the first stays the one that writes.
        pool_size=2 if writers else 20,
        max_overflow=40,
        pool_use_lifo=True,
        json_deserializer=orjson.loads,
        connect_args={
            "check_same_thread": False,
            "isolation_level": None,
            "cached_statements": STATEMENTS_KEPT,
        },
    )

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        # Folding the log is a task of its own (write_ahead_log), not a pause in somebody's vote.
        cursor.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES_AT_MOST}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.execute("PRAGMA temp_store=MEMORY")
        if writers:
            cursor.execute(f"PRAGMA cache_size=-{WRITER_CACHE_KB}")
        cursor.close()

    @event.listens_for(engine, "checkin")
    def end_what_failed(connection: Any, _record: Any) -> None:
        # A COMMIT that failed leaves SQLite's transaction open, with the write lock in its hand.
        if connection is not None and connection.in_transaction:
            connection.rollback()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("kickoff_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _postgres_engine(url: str) -> Engine:
    return create_engine(
        url,
        pool_size=10,
        max_overflow=30,
        pool_timeout=5,
        pool_pre_ping=True,
        json_deserializer=orjson.loads,
        connect_args={
            "connect_timeout": 3,
            "options": "-c lock_timeout=5000 -c statement_timeout=15000",
        },
    )
