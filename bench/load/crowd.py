"""Thousands in one room: all join, all hold a socket, all vote within ten seconds.

Votes are due at times fixed beforehand, and their latency counts from then: a server that makes
the crowd wait is not spared the votes that come meanwhile. One facilitator's line stands for the
projector.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from app.rehearsal.address import RoomAddress
from app.rehearsal.client import Facilitator, Phone
from app.rehearsal.exchange import Pool
from app.rehearsal.journal import Journal
from app.rehearsal.judge import judge_result
from bench.dialects import KickoffDialect, chosen, ident
from bench.lag import Lag
from bench.load.options import run
from bench.proc import rss_kb

AT_ONCE = 100
LARGEST_ANSWER = 200  # bytes of an acknowledgement or a refusal; a picture is larger


class Seat(WSListener):
    """One attendee's socket; the vote is ready-made."""

    def __init__(self, opening: bytes) -> None:
        self.opening = opening
        self.welcomed = asyncio.get_running_loop().create_future()
        self.acknowledged = asyncio.get_running_loop().create_future()
        self.transport: WSTransport | None = None
        self.frames = 0
        self.dropped = False

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport
        transport.send(WSMsgType.TEXT, self.opening)

    def on_ws_frame(self, _transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type is not WSMsgType.TEXT:
            return
        if frame.payload_size > LARGEST_ANSWER and self.welcomed.done():
            # Ten thousand of these come at once: to look into each would make the generator late.
            self.frames += 1
            return
        payload = frame.get_payload_as_memoryview()
        head = bytes(payload[:60])
        if b'"ack"' in head:
            self.acknowledged.set_result(perf_counter())
        elif b'"error"' in head:
            self.acknowledged.set_exception(RuntimeError(bytes(payload).decode()))
        elif b'"welcome"' in head:
            self.welcomed.set_result(None)
        else:
            self.frames += 1

    def on_ws_disconnected(self, _transport: WSTransport) -> None:
        self.dropped = True


async def crowd(
    *,
    base: str,
    code: str,
    api_token: str,
    server_pid: int,
    attendees: int,
    within: float,
    activity: str,
    options: list[str],
) -> dict[str, Any]:
    address = RoomAddress(base, code)
    async with Facilitator(address, api_token, view="projector") as projector:
        tokens = await _join(address, attendees)
        dialect = KickoffDialect(
            address.port, code=code, tokens=tokens, activity=activity, options=options
        )
        await asyncio.sleep(1.0)
        before = rss_kb(server_pid)
        seats = await _take_seats(dialect, address, attendees)
        await asyncio.sleep(2.0)
        seated = rss_kb(server_pid)
        complete = asyncio.get_running_loop().create_future()
        projector.link.watchers.append(_watching(activity, attendees, complete))
        lag = Lag()
        lag.start()
        journal, latencies, last_ack = await _all_vote(dialect, seats, within, activity, options)
        shown_at = await asyncio.wait_for(complete, 30)
        late = lag.stop()
        peak = _peak_kb(server_pid)
        result = await _published(address, activity, api_token)
    verdict = judge_result(journal.operations, result)
    ordered = sorted(latencies)
    return {
        "attendees": attendees,
        "lost": verdict.lost,
        "doubled": verdict.dup + verdict.phantom,
        "answered": result["answered"],
        "ack_p50_ms": ordered[len(ordered) // 2] * 1000,
        "ack_p99_ms": ordered[int(len(ordered) * 0.99)] * 1000,
        "ack_most_ms": ordered[-1] * 1000,
        "projector_after_last_ack_ms": max(0.0, shown_at - last_ack) * 1000,
        "dropped": sum(seat.dropped for seat in seats),
        "frames_per_phone": sum(seat.frames for seat in seats) / attendees,
        "kb_per_attendee": (seated - before) / attendees,
        "peak_mb": peak / 1024,
        "lag": late,
    }


async def _join(address: RoomAddress, attendees: int) -> list[str]:
    pool = Pool(address, size=16)
    phones = [Phone(address, number) for number in range(attendees)]
    await asyncio.gather(*(phone.join(pool) for phone in phones))
    pool.close()
    return [phone.link.token or "" for phone in phones]


async def _take_seats(dialect: KickoffDialect, address: RoomAddress, attendees: int) -> list[Seat]:
    door = asyncio.Semaphore(AT_ONCE)

    async def sit(number: int) -> Seat:
        opening = dialect.opening(number) or b""
        async with door:
            _, seat = await ws_connect(
                lambda: Seat(opening),
                dialect.url(number),
                extra_headers=dialect.headers(),
                websocket_handshake_timeout=30,
                read_buffer_init_size=2048,
                local_addr=address.local_for(number),
            )
            assert isinstance(seat, Seat)
            await asyncio.wait_for(seat.welcomed, 30)
        return seat

    return await asyncio.gather(*(sit(number) for number in range(attendees)))


async def _all_vote(
    dialect: KickoffDialect, seats: list[Seat], within: float, activity: str, options: list[str]
) -> tuple[Journal, list[float], float]:
    journal = Journal()
    rng = Random(10_000)
    due = sorted((rng.uniform(0.2, within), number) for number in range(len(seats)))
    began = perf_counter()
    for moment, number in due:
        wait = began + moment - perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        transport = seats[number].transport
        assert transport is not None
        transport.send(WSMsgType.TEXT, dialect.vote(number, 1))
    operations = [
        journal.invoke(
            number,
            activity,
            ident(number, 1).decode(),
            1,
            (options[chosen(number, 1, len(options))],),
        )
        for number in range(len(seats))
    ]
    acknowledged = await asyncio.wait_for(
        asyncio.gather(*(seat.acknowledged for seat in seats)), 60
    )
    for operation in operations:
        journal.ok(operation)
    latencies = [acknowledged[number] - began - moment for moment, number in due]
    return journal, latencies, max(acknowledged)


def _watching(activity: str, attendees: int, complete: asyncio.Future[float]) -> Any:
    def look(state: Any) -> None:
        for one in state["activities"]:
            counted = (one["result"] or {}).get("answered") if one["id"] == activity else None
            if counted == attendees and not complete.done():
                complete.set_result(perf_counter())

    return look


async def _published(address: RoomAddress, activity: str, api_token: str) -> dict[str, Any]:
    pool = Pool(address)
    answer = await pool.get(
        address.result(activity), headers={"Authorization": f"Bearer {api_token}"}
    )
    pool.close()
    content = answer.json()
    result: dict[str, Any] = content.get("result") or content
    return result


def _peak_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0


if __name__ == "__main__":
    run(crowd, fair=True)
