"""A room to keep promises in: a seeded database, `kickoff serve` on it, and phones that know the
way."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.demo import Links
from app.rehearsal.address import RoomAddress
from app.rehearsal.client import Facilitator, Phone
from app.rehearsal.exchange import Pool
from app.rehearsal.journal import Journal
from app.rehearsal.link import Refused
from tests.support.processes import at_most, free_port
from tests.support.seeded import seed_sqlite, seeded_postgres
from tests.support.server import Server

SABOTAGE = Path(__file__).with_name("sabotage")
WORKERS = "2"
# Over how many seconds those come back who lost their line. A hall takes ten, so that it does not
# run its server down: T10 holds that. Who waits for something else need not wait for it.
SPAN = 3.0


@dataclass
class Stage:
    """One room with its server, which may be killed and started again."""

    kind: str
    server: Server
    links: Links
    folder: Path
    database_url: str
    redis_url: str | None

    @property
    def address(self) -> RoomAddress:
        return RoomAddress.parse(self.links.join_url)

    def through(self, port: int) -> RoomAddress:
        """The same room by way of a proxy."""
        return RoomAddress(f"http://127.0.0.1:{port}", self.address.code)

    def facilitator(self, address: RoomAddress | None = None) -> Facilitator:
        return Facilitator(address or self.address, self.links.api_token)

    async def phones(
        self,
        count: int,
        journal: Journal | None = None,
        *,
        address: RoomAddress | None = None,
        first: int = 0,
        span: float = SPAN,
    ) -> list[Phone]:
        """Attendees who have joined and see the room; `span`: see SPAN."""
        way = address or self.address
        pool = Pool(self.address, size=16)
        phones = [
            Phone(way, number, journal=journal, rng=Random(number))
            for number in range(first, first + count)
        ]
        try:
            await asyncio.gather(*(phone.join(pool) for phone in phones))
        finally:
            pool.close()
        for phone in phones:
            phone.link._cap = span
            phone.open()
        await asyncio.gather(*(phone.link.ready() for phone in phones))
        return phones

    async def ask(self, path: str, *, token: str | None = "the facilitator's") -> Any:
        """JSON of a GET, for the facilitator or (token=None) for anybody."""
        bearer = self.links.api_token if token == "the facilitator's" else token
        return await asyncio.to_thread(self._get, path, bearer)

    async def result(self, activity: str) -> dict[str, Any]:
        found: dict[str, Any] = await self.ask(self.address.result(activity))
        return found

    async def restart(self) -> None:
        await asyncio.to_thread(self.server.start, timeout=120)

    def _get(self, path: str, bearer: str | None) -> Any:
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        request = urllib.request.Request(self.server.base_url + path, headers=headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)


async def leave(phones: list[Phone]) -> None:
    await asyncio.gather(*(phone.close() for phone in phones))


async def create(
    facilitator: Facilitator, kind: str = "open_text", *, mode: str = "anonymous", **options: Any
) -> str:
    """A new activity that is open; its id."""
    wanted = {"kind": kind, "title": "?", "mode": mode, "open": True, **options}
    try:
        made = await facilitator.command("activity.create", wanted)
    except Refused as refusal:
        if refusal.code != "conflict":
            raise
        # With two processes the frame that tells of the push before may still be on its way.
        await asyncio.sleep(at_most(0.5))
        made = await facilitator.command("activity.create", wanted)
    return str(made["activity"])


def activity_in(state: Mapping[str, Any], activity: str) -> Mapping[str, Any]:
    return next(each for each in state["activities"] if each["id"] == activity)


@contextmanager
def stages(
    request: pytest.FixtureRequest, folders: pytest.TempPathFactory
) -> Iterator[Callable[..., Stage]]:
    """Starts stages that end with the block."""
    with ExitStack() as ends:

        def start(kind: str, *, environment: Mapping[str, str] | None = None) -> Stage:
            folder, port, redis_url = folders.mktemp(kind), free_port(), None
            base_url = f"http://127.0.0.1:{port}"
            if kind == "postgres":
                redis = request.getfixturevalue("redis_server")
                redis.empty()
                redis_url = redis.url
                database = request.getfixturevalue("postgres_server")
                database_url, links = ends.enter_context(
                    seeded_postgres(database, redis_url, folder, base_url)
                )
            else:
                database_url, links = seed_sqlite(folder, base_url)
            server = Server(
                folder,
                command="serve",
                arguments=["--workers", WORKERS] if kind == "postgres" else [],
                environment={
                    "KICKOFF_DATABASE_URL": database_url,
                    **({"KICKOFF_REDIS_URL": redis_url} if redis_url else {}),
                    **sabotage(request.config.getoption("--saboteur", default=None)),
                    **(environment or {}),
                },
                port=port,
            )
            # Shown where a test fails.
            ends.callback(lambda: sys.stderr.write(server.log[-4000:]))
            ends.callback(lambda: server.running and server.kill9())
            server.start(timeout=120)
            return Stage(kind, server, links, folder, database_url, redis_url)

        yield start


def sabotage(name: str | None) -> dict[str, str]:
    """The environment in which Python takes the guarantee out before the product starts."""
    path = os.pathsep.join(filter(None, [str(SABOTAGE), os.environ.get("PYTHONPATH")]))
    return {"PYTHONPATH": path, "SABOTEUR": name} if name else {}
