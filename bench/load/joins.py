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
    door = asyncio.Semaphore(at_once)
    took: list[float] = []

    async def join(number: int) -> Phone:
        phone = Phone(address, number, shared=shared)
        async with door:
            began = perf_counter()
            connection = await Connection.open(address, local=address.local_for(number))
            page = await connection.get(address.page, headers={"Accept": "text/html"})
            if page.status != 200:
                raise RuntimeError(f"the page answered {page.status}")
            if not connection.usable:
                connection = await Connection.open(address)
            await phone.join(connection)
            phone.open()
            await phone.link.ready()
            connection.close()
            took.append(perf_counter() - began)
        return phone

    lag = Lag()
    lag.start()
    began = perf_counter()
    joined = await asyncio.gather(*(join(number) for number in range(phones)))
    seconds = perf_counter() - began
    late = lag.stop()
    reconnected = sum(phone.link.connections - 1 for phone in joined)
    await asyncio.gather(*(phone.close() for phone in joined))
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


if __name__ == "__main__":
    run(joins)
