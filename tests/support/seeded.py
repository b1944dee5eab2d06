"""The demo's database, migrated and seeded once a test run, and copied for each room of its own.

Seeding costs a second and rooms are begun by the hundred. A copy is the file, or what PostgreSQL
makes of a template; its links and tokens are new. Keys of anonymous activities lie beside it.
"""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import redis

from app.database import Database
from app.demo import Links, prepare_demo
from app.live.vault import PREFIX, FileVault
from app.migrate import migrate
from tests.support.postgres import Postgres
from tests.support.processes import temporary_folder


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
