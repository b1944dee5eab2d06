"""Databases made once a test run and copied for each test: with nothing in them, and the demo's.

To make tables costs half a second and to seed the demo another one, and tests begin by the hundred.
A copy is the file, or what PostgreSQL makes of a template. The demo's copies have links and tokens
of their own; keys of its anonymous activities lie beside it.
"""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import redis
from sqlmodel import SQLModel

from app.database import Database
from app.demo import Links, prepare_demo
from app.live.vault import PREFIX, FileVault
from app.migrate import migrate
from tests.support.postgres import Postgres
from tests.support.processes import temporary_folder


def empty_sqlite(folder: Path) -> str:
    """A file in this folder, with tables alone."""
    shutil.copy(_empty_sqlite(), folder / "kickoff.db")
    return f"sqlite:///{folder / 'kickoff.db'}"


@contextmanager
def empty_postgres(server: Postgres) -> Iterator[str]:
    """A database of this server's, with tables alone."""
    with server.database(template=_empty_postgres(server)) as url:
        yield url


def seed_sqlite(folder: Path, base_url: str) -> tuple[str, Links]:
    """A file in this folder, its keys beside it, and the links to it."""
    seed = _sqlite()
    shutil.copy(seed / "kickoff.db", folder)
    shutil.copytree(seed / "keys", folder / "keys", dirs_exist_ok=True)
    url = f"sqlite:///{folder / 'kickoff.db'}"
    return url, _links(url, folder, base_url)


@contextmanager
def seeded_postgres(
    server: Postgres, redis_url: str, folder: Path, base_url: str
) -> Iterator[tuple[str, Links]]:
    """A database of this server's, its keys in that Redis."""
    template, keys = _postgres(server)
    client = redis.Redis.from_url(redis_url)
    for key in keys.glob("*.key"):
        client.set(PREFIX + key.stem, key.read_bytes())
    client.close()
    with server.database(template=template) as url:
        yield url, _links(url, folder, base_url)


@cache
def _empty_sqlite() -> Path:
    path = temporary_folder("empty") / "kickoff.db"
    _make_tables(f"sqlite:///{path}")
    return path


@cache
def _empty_postgres(server: Postgres) -> str:
    name = f"empty_{secrets.token_hex(6)}"
    server.execute(f'CREATE DATABASE "{name}"')
    _make_tables(server.url(name))
    return name


def _make_tables(url: str) -> None:
    database = Database(url)
    SQLModel.metadata.create_all(database.engine)
    database.dispose()


@cache
def _sqlite() -> Path:
    folder = temporary_folder("seed")
    _seed(f"sqlite:///{folder / 'kickoff.db'}", folder / "keys")
    return folder


@cache
def _postgres(server: Postgres) -> tuple[str, Path]:
    name = f"seed_{secrets.token_hex(6)}"
    server.execute(f'CREATE DATABASE "{name}"')
    keys = temporary_folder("seed") / "keys"
    _seed(server.url(name), keys)
    return name, keys


def _seed(url: str, keys: Path) -> None:
    migrate(url)
    database = Database(url)
    prepare_demo(database, FileVault(keys), "")
    database.dispose()


def _links(url: str, folder: Path, base_url: str) -> Links:
    database = Database(url)
    try:
        return prepare_demo(database, FileVault(folder / "keys"), base_url)
    finally:
        database.dispose()
