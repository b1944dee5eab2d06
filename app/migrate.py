"""Brings a database to the newest shape. Started before serving; safe to start many times at once.

All of it is one transaction on either database: it is there as a whole or not at all, and a second
starter waits for the first and finds nothing left to do.

`python -m app.migrate "Say what changes"` writes the next revision from the models.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from app.database import Database

SCRIPTS = Path(__file__).parent.parent / "alembic"
# "kickoff" on a telephone's keys; anything but a number that another program locks.
_LOCK = 5425633


def migrate(database_url: str, revision: str = "head") -> None:
    """Up to the newest revision (or a named one), under a lock."""
    with _locked(database_url) as connection:
        command.upgrade(_config(connection), revision)
        _check_references(connection)


def newest_revision() -> str:
    """What this program's models correspond to."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def write_revision(message: str) -> None:
    """A migration from the last revision to the models as they stand, to be read before commit."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/empty.db"
        migrate(url)
        with _locked(url) as connection:
            config = _config(connection)
            number = len(list((SCRIPTS / "versions").glob("*.py"))) + 1
            command.revision(config, message, autogenerate=True, rev_id=f"{number:04}")


def _config(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    for hook, options in (("tidy", "check --fix -q"), ("format", "format -q")):
        config.set_section_option("post_write_hooks", f"{hook}.type", "module")
        config.set_section_option("post_write_hooks", f"{hook}.module", "ruff")
        options = f"{options} REVISION_SCRIPT_FILENAME"
        config.set_section_option("post_write_hooks", f"{hook}.options", options)
    config.set_section_option("post_write_hooks", "hooks", "format, tidy")
    return config


@contextmanager
def _locked(database_url: str) -> Iterator[Connection]:
    """A connection in a transaction that no other migration can be in."""
    database = Database(database_url)
    try:
        with database.write_engine.connect() as connection:
            if database.is_sqlite:
                # Tables are rebuilt to change them; their references are checked afterwards.
                _now(connection, "PRAGMA foreign_keys=OFF")
                _now(connection, "PRAGMA busy_timeout=60000")
            else:
                # The lock and a long migration may both take longer than a vote may.
                connection.execute(text("SET LOCAL lock_timeout = 0"))
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            yield connection
            connection.commit()
    finally:
        database.dispose()


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken: list[Any] = list(connection.execute(text("PRAGMA foreign_key_check")))
        if broken:
            raise IntegrityError("migration", None, ValueError(f"broken references: {broken[:3]}"))


def _now(connection: Connection, statement: str) -> None:
    """Outside any transaction, where alone SQLite lets this be set."""
    cursor = connection.connection.cursor()
    cursor.execute(statement)
    cursor.close()


if __name__ == "__main__":
    write_revision(sys.argv[1])
