"""The database comes to its newest shape by itself, once, and as the models have it."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel

import app.models  # noqa: F401 -- registers every table
from app.database import Database
from app.migrate import migrate, newest_revision

# Given by others, and sorted by nobody.
NOT_IN_ORDER = {"record_change.author_id", "room_event.command_id", "receipt.submission_id"}


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/kickoff.db"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    database = Database(url)
    yield database.engine
    database.dispose()


def test_an_empty_database_gets_every_table(url: str, engine: Engine) -> None:
    migrate(url)
    assert set(inspect(engine).get_table_names()) == {*SQLModel.metadata.tables, "alembic_version"}


def test_migrations_and_models_agree(url: str, engine: Engine) -> None:
    migrate(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def test_a_second_start_changes_nothing(url: str, engine: Engine) -> None:
    migrate(url)
    migrate(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).all()
    assert [row[0] for row in found] == [newest_revision()]


def test_three_processes_that_start_at_once_migrate_once(url: str, engine: Engine) -> None:
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as pool:
        list(pool.map(migrate, [url] * 3))
    with engine.connect() as connection:
        found = connection.execute(text("SELECT count(*) FROM alembic_version")).scalar()
    assert found == 1


def test_ids_and_positions_sort_by_bytes_on_a_norwegian_database(postgres_url: str) -> None:
    """Under nb-NO "a" sorts before "Z", which a fractional key has the other way round, and "aa"
    after it, which an id has the other way round."""
    migrate(postgres_url)
    database = Database(postgres_url)
    question = text(
        "SELECT table_name || '.' || column_name, collation_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name <> 'alembic_version'"
    )
    with database.engine.connect() as connection:
        found = {row[0]: row[1] for row in connection.execute(question)}
    database.dispose()
    columns = [column for table in SQLModel.metadata.tables.values() for column in table.columns]
    meant = {
        str(column)
        for column in columns
        if column.name in ("id", "position") or column.name.endswith("_id") or column.foreign_keys
    }
    assert meant >= {"goal.position", "goal.parent_id", "outgoing.id", "outgoing.target_id"}
    assert {name for name in meant if found[name] != "C"} == NOT_IN_ORDER
