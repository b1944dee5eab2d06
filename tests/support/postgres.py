"""A real PostgreSQL server, sorting as a Norwegian one does."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.support.processes import Process, free_port, temporary_folder, wait_until

# Throw-away data: surviving a power cut is not asked of it, surviving kill -9 needs no fsync.
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
shared_buffers = 64MB
shared_memory_type = mmap
dynamic_shared_memory_type = mmap
fsync = off
full_page_writes = off
timezone = 'UTC'
"""


class Postgres:
    """A cluster of its own: `start`, `kill9` or `stop`, `start` again with the same data."""

    def __init__(self, *, settings: str = "") -> None:
        self.port = free_port()
        self._password = secrets.token_urlsafe(16)
        self._folder = temporary_folder("postgres")
        # PostgreSQL refuses to be run by root.
        self._user = _unprivileged_user() if os.geteuid() == 0 else None
        self._process: Process | None = None
        self._initialise(settings)

    def start(self) -> None:
        self._process = Process(
            [str(programs() / "postgres"), "-D", str(self._data), "-p", str(self.port)],
            folder=self._folder,
            user=self._user,
        )
        wait_until(self._answers, what="PostgreSQL")

    def stop(self) -> None:
        if self._process:
            self._process.stop(signal.SIGINT)

    def kill9(self) -> None:
        """Its children notice and go by themselves: they are not in the server's process group."""
        if self._process:
            self._process.kill9()

    @property
    def log(self) -> str:
        return self._process.log if self._process else ""

    def url(self, database: str) -> str:
        """For SQLAlchemy with psycopg 3."""
        return f"postgresql+psycopg://postgres:{self._password}@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def database(self, *, template: str = "template1") -> Iterator[str]:
        """The URL of a new database, empty or as its template is; dropped afterwards whoever is
        still connected."""
        name = f"test_{secrets.token_hex(6)}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield self.url(name)
        finally:
            self.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _initialise(self, settings: str) -> None:
        password = self._folder / "password"
        password.write_text(self._password)
        if self._user:
            for path in (self._folder, password):
                shutil.chown(path, self._user)
        made = subprocess.run(
            [
                *(str(programs() / "initdb"), "-D", str(self._data), "--username=postgres"),
                *("--auth=scram-sha-256", f"--pwfile={password}", "--no-sync", "--encoding=UTF8"),
                # Keys that need byte order would sort well by chance in the C locale.
                *("--locale=C", "--locale-provider=icu", "--icu-locale=nb-NO"),
            ],
            cwd=self._folder,
            user=self._user,
            extra_groups=[] if self._user else None,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")
        with (self._data / "postgresql.conf").open("a") as file:
            file.write(SETTINGS + settings)

    def _answers(self) -> bool:
        assert self._process is not None
        if not self._process.running:
            raise RuntimeError(f"PostgreSQL did not start:\n{self.log}")
        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def execute(self, statement: str) -> None:
        address = self.url("postgres").replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement.encode())


def programs() -> Path:
    """The folder of initdb and postgres: Debian keeps it off the PATH; the newest version wins."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    found = str(debian[-1]) if debian else shutil.which("initdb")
    if not found:
        raise RuntimeError("no PostgreSQL server on this machine; `make test` installs it")
    return Path(found).parent


def _version(initdb: Path) -> float:
    return float(initdb.parts[-3])


def _unprivileged_user() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
