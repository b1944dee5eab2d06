"""The product as a contender: started as people start it, spoken to over the public protocol."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from app.rehearsal.address import RoomAddress
from app.rehearsal.client import Facilitator, Phone
from app.rehearsal.exchange import Pool
from bench.processes import Server, free_port

OPTIONS = ("Kortere ventetid", "Færre avbrudd", "Enklere faktura", "Flere lærlinger")


@dataclass(frozen=True)
class Kickoff:
    """A running demo and what its first line of output told."""

    server: Server
    address: RoomAddress
    api_token: str
    projector_url: str
    sign_in_url: str


@dataclass(frozen=True)
class Poll:
    """An open poll of four options."""

    activity: str
    options: list[str]


@contextmanager
def kickoff(
    folder: Path, *, public_url: str | None = None, database_url: str = ""
) -> Iterator[Kickoff]:
    """`kickoff demo` on a fresh SQLite file, or on that empty database; one process, on the
    server's core."""
    port = free_port()
    log = folder / "kickoff.log"
    command = [str(Path(sys.executable).with_name("kickoff")), "demo", "--json"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    env = {
        "KICKOFF_DATABASE_URL": database_url or f"sqlite:///{folder / 'kickoff.db'}",
        "KICKOFF_SECRET_KEY": "of the benchmark, and of no worth",
        "PYTHONUNBUFFERED": "1",
        **({} if public_url is None else {"KICKOFF_PUBLIC_URL": public_url}),
        # A closed loop of 200 sockets sends faster than a person may.
        "KICKOFF_MESSAGES_PER_SECOND": "1000000",
        "KICKOFF_MESSAGES_BURST": "1000000",
    }
    with Server(command, port, env=env, log=log, cwd=folder) as server:
        facts = _first_line(log)
        # The link carries the address for phones; the load goes to the loopback interface.
        secret = RoomAddress.parse(facts["join_url"]).code
        address = RoomAddress(f"http://127.0.0.1:{port}", secret)
        told = (facts[name] for name in ("api_token", "projector_url", "sign_in_url"))
        yield Kickoff(server, address, *told)


def logged(server: Server) -> dict[str, float]:
    """How many milliseconds it took for each request, by the request's id."""
    assert server.log
    lines = (json.loads(line) for line in server.log.read_text().splitlines() if line[:1] == "{")
    return {one["request_id"]: one["ms"] for one in lines if one.get("event") == "request"}


def open_poll(product: Kickoff, *, live: bool = False) -> Poll:
    """Opens the room, if it is not, and a new anonymous poll in it."""
    return asyncio.run(_open_poll(product, live=live))


def join(product: Kickoff, attendees: int) -> list[str]:
    """The tokens of so many new attendees, who have no socket yet."""
    return asyncio.run(_join(product, attendees))


async def _open_poll(product: Kickoff, *, live: bool) -> Poll:
    async with Facilitator(product.address, product.api_token) as facilitator:
        poll = await opened(
            facilitator,
            kind="choice",
            title="Hva merker kunden først?",
            mode="anonymous",
            config={"multiple": False},
            options=list(OPTIONS),
            live=live,
        )
        return Poll(poll["id"], [option["id"] for option in poll["options"]])


async def opened(facilitator: Facilitator, **activity: Any) -> Mapping[str, Any]:
    """A new activity as the console sees it, the only one that is open in a room that runs."""
    if facilitator.state["status"] == "lobby":
        await facilitator.command("room.start")
        await facilitator.until(lambda state: state["status"] == "live")
    for one in facilitator.state["activities"]:
        if one["status"] == "open":
            await facilitator.command("activity.close", {"activity": one["id"]})
            await facilitator.until(partial(_is_open, one["id"], wanted=False))
    made = (await facilitator.command("activity.create", {**activity, "open": True}))["activity"]
    state = await facilitator.until(partial(_is_open, made))
    return next(one for one in state["activities"] if one["id"] == made)


def _is_open(activity: str, state: Mapping[str, Any], *, wanted: bool = True) -> bool:
    is_open = {one["id"]: one["status"] == "open" for one in state["activities"]}
    return is_open.get(activity) is wanted


async def _join(product: Kickoff, attendees: int) -> list[str]:
    pool = Pool(product.address, size=16)
    phones = [Phone(product.address, number) for number in range(attendees)]
    await asyncio.gather(*(phone.join(pool) for phone in phones))
    pool.close()
    return [phone.link.token or "" for phone in phones]


def _first_line(log: Path) -> dict[str, str]:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for line in log.read_text(errors="replace").splitlines():
            if line.startswith("{"):
                facts: dict[str, str] = json.loads(line)
                return facts
        time.sleep(0.05)
    raise RuntimeError(f"the demo told no facts:\n{log.read_text(errors='replace')[-2000:]}")
