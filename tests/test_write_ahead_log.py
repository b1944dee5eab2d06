"""SQLite's log is folded beside those who write: no commit of theirs has to, and it stays short."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app import write_ahead_log
from app.database import LOG_PAGES_AT_MOST, Database

PAGE = 4096


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path}/kickoff.db")
    with made.transaction() as connection:
        connection.exec_driver_sql("CREATE TABLE note (id INTEGER PRIMARY KEY, text BLOB)")
    yield made
    made.dispose()


def written(database: Database, pages: int) -> None:
    with database.transaction() as connection:
        for _ in range(pages):
            connection.exec_driver_sql("INSERT INTO note (text) VALUES (zeroblob(4000))")


@contextmanager
def somebody_who_writes(database: Database) -> Iterator[list[float]]:
    """Without a pause; how long each commit took, in seconds."""
    took: list[float] = []
    enough = threading.Event()

    def write() -> None:
        while not enough.is_set():
            started = time.monotonic()
            written(database, 50)
            took.append(time.monotonic() - started)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield took
    finally:
        enough.set()
        thread.join()


def test_a_log_to_which_somebody_always_writes_begins_anew_all_the_same(
    database: Database, tmp_path: Path
) -> None:
    log, pages, in_all = tmp_path / "kickoff.db-wal", 0, 0
    with somebody_who_writes(database) as took:
        while in_all < LOG_PAGES_AT_MOST * 2:
            time.sleep(0.05)
            pages = write_ahead_log.fold(database, pages)
            in_all = len(took) * 50
    assert log.stat().st_size < LOG_PAGES_AT_MOST * PAGE, "or some commit had to fold it"


def test_who_reads_for_long_holds_no_writer_back(database: Database, tmp_path: Path) -> None:
    written(database, write_ahead_log.LONG + 100)
    reader = sqlite3.connect(tmp_path / "kickoff.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM note").fetchone()
    with somebody_who_writes(database) as took:
        until = time.monotonic() + 1
        while time.monotonic() < until:
            started = time.monotonic()
            write_ahead_log.fold(database)
            assert time.monotonic() - started < 1
    assert len(took) > 10
    reader.close()


def test_a_long_log_that_nobody_writes_to_is_begun_anew_once(database: Database) -> None:
    written(database, write_ahead_log.LONG + 100)
    pages = write_ahead_log.fold(database)
    assert pages > write_ahead_log.LONG
    with database.writing():  # a second time would wait for this
        assert write_ahead_log.fold(database, pages) == pages
    written(database, 1)
    assert write_ahead_log.fold(database, pages) < 20
