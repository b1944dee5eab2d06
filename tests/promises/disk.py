"""What lies on the disk under a room: files as bytes."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from tests.promises.stage import Stage

Files = dict[str, bytes]
SQLITE_PAGE, POSTGRES_PAGE = 4096, 8192


def files_of(stage: Stage) -> Files:
    """The database's files, its log, and all that lies beside it."""
    if stage.kind == "sqlite":
        return _read(stage.folder)
    with psycopg.connect(_address(stage), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        folder, number = _first(
            connection,
            "SELECT current_setting('data_directory'), oid::text FROM pg_database"
            " WHERE datname = current_database()",
        )
    kept = _read(Path(folder), skip=lambda path: "base" in path.parts and number not in path.parts)
    return {**kept, **_read(stage.folder)}


def copy_of(stage: Stage, to: Path) -> Files:
    """A backup by SQLite's own means, made while the room runs."""
    to.mkdir(parents=True, exist_ok=True)
    path = to / "copy.db"
    source, target = sqlite3.connect(stage.folder / "kickoff.db"), sqlite3.connect(path)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
    return {"copy.db": path.read_bytes()}


def pages_of(stage: Stage, files: Files) -> Iterator[bytes]:
    """The pages of a database's files. (Its log: see `wal`.)"""
    size = SQLITE_PAGE if stage.kind == "sqlite" else POSTGRES_PAGE
    for name, content in files.items():
        if name.endswith(".db") or "base" in Path(name).parts:
            for start in range(0, len(content), size):
                yield content[start : start + size]


def holding(files: Files, wanted: bytes) -> list[str]:
    return [name for name, content in files.items() if wanted in content]


def _read(folder: Path, *, skip: Callable[[Path], bool] = lambda _: False) -> Files:
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and not skip(path):
            try:
                found[str(path)] = path.read_bytes()
            except FileNotFoundError:
                continue
    return found


def _address(stage: Stage) -> str:
    return stage.database_url.replace("+psycopg", "")


def _first(connection: psycopg.Connection, statement: str) -> tuple[str, str]:
    row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return row[0], row[1]
