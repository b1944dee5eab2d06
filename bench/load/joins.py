"""Full joins: page, participant, socket, first state; each phone on connections of its own."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import Any

from app.rehearsal.address import RoomAddress
from app.rehearsal.client import Phone
from app.rehearsal.exchange import Connection
from app.rehearsal.frames import SharedFrames
from bench.lag import Lag
from bench.load.options import run


async def joins(*, base: str, code: str, phones: int, at_once: int) -> dict[str, Any]:
    address = RoomAddress(base, code)
    shared = SharedFrames()
    # Made beforehand: a phone in somebody's pocket costs the generator nothing either.
    waiting = [Phone(address, number, shared=shared) for number in range(phones)]
    took: list[float] = []

    async def door() -> None:
        while waiting:
            began = perf_counter()
            await _join(waiting.pop(), address)
            took.append(perf_counter() - began)

    everybody = list(waiting)
    lag = Lag()
    lag.start()
    began = perf_counter()
    await asyncio.gather(*(door() for _ in range(at_once)))
    seconds = perf_counter() - began
    late = lag.stop()
    reconnected = sum(phone.link.connections - 1 for phone in everybody)
    await asyncio.gather(*(phone.close() for phone in everybody))
    took.sort()
    return {
        "joins": phones,
        "seconds": seconds,
        "joins_per_second": phones / seconds,
        "join_p50_ms": took[len(took) // 2] * 1000,
        "join_p99_ms": took[int(len(took) * 0.99)] * 1000,
        "reconnected": reconnected,
        "lag": late,
    }


async def _join(phone: Phone, address: RoomAddress) -> None:
    connection = await Connection.open(address, local=address.local_for(phone.number))
    page = await connection.get(address.page, headers={"Accept": "text/html"})
    if page.status != 200:
        raise RuntimeError(f"the page answered {page.status}")
    if not connection.usable:
        connection = await Connection.open(address)
    await phone.join(connection)
    phone.open()
    await phone.link.ready()
    connection.close()


if __name__ == "__main__":
    run(joins)
