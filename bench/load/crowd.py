"""Thousands in one room: all join, all hold a socket, all vote within ten seconds.

Votes are due at times fixed beforehand, and their latency counts from then: a server that makes
the crowd wait is not spared the votes that come meanwhile. One facilitator's line stands for the
projector.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Any

from app.rehearsal.address import RoomAddress
from app.rehearsal.client import Facilitator, Phone
from app.rehearsal.exchange import Pool
from app.rehearsal.journal import Journal, Operation
from app.rehearsal.judge import judge_result
from bench.dialects import KickoffDialect, chosen, ident
from bench.lag import Lag
from bench.load.options import run
from bench.load.seats import Seat, Seats
from bench.proc import rss_kb
from bench.websocket import client_frame, handshake


@dataclass(frozen=True, slots=True)
class Vote:
    """One attendee's, made before the round: nothing is made while it is measured."""

    number: int
    due: float
    id: str
    option: str
    frame: bytes


class Ballots:
    """What was sent and what was answered. Every answer is read, and must be to its own vote."""

    def __init__(self, votes: Sequence[Vote], activity: str) -> None:
        self.votes = votes
        self.activity = activity
        self.journal = Journal()
        self.acknowledged: dict[int, float] = {}
        self.all_acknowledged: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._acks = {vote.number: b'"%s"' % vote.id.encode() for vote in votes}
        self._operations: dict[int, Operation] = {}

    def send(self, vote: Vote, seat: Seat) -> None:
        self._operations[vote.number] = self.journal.invoke(
            vote.number, self.activity, vote.id, 1, (vote.option,)
        )
        seat.send(vote.frame)

    def hear(self, seat: Seat, payload: bytes) -> None:
        if b'"ack"' in payload[:60]:
            self._acknowledge(seat.number, payload)
        elif b'"error"' in payload[:60]:
            self._fail(payload.decode())
        else:
            seat.frames += 1

    def _acknowledge(self, number: int, payload: bytes) -> None:
        now = perf_counter()
        if self._acks[number] not in payload or number in self.acknowledged:
            self._fail(f"{number} was acknowledged twice, or what it did not send")
            return
        self.acknowledged[number] = now
        self.journal.ok(self._operations[number])
        if len(self.acknowledged) == len(self.votes) and not self.all_acknowledged.done():
            self.all_acknowledged.set_result(None)

    def _fail(self, why: str) -> None:
        if not self.all_acknowledged.done():
            self.all_acknowledged.set_exception(RuntimeError(why))


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
        votes = _votes(dialect, attendees, within, options)
        ballots = Ballots(votes, activity)
        room = Seats()
        seats = await room.take(
            address,
            handshake(address.netloc, f"/live/{code}", dialect.headers()["Sec-WebSocket-Protocol"]),
            [client_frame(dialect.opening(number) or b"") for number in range(attendees)],
            ballots.hear,
        )
        await asyncio.sleep(2.0)
        seated = rss_kb(server_pid)
        complete = asyncio.get_running_loop().create_future()
        projector.link.watchers.append(_watching(activity, attendees, complete))
        lag = Lag()
        own = process_time()
        lag.start()
        began = await _all_vote(ballots, seats)
        shown_at = await asyncio.wait_for(complete, 30)
        late = lag.stop()
        own = process_time() - own
        peak = _peak_kb(server_pid)
        result = await _published(address, activity, api_token)
        room.close()
    verdict = judge_result(ballots.journal.operations, result)
    acknowledged = ballots.acknowledged
    ordered = sorted(acknowledged[vote.number] - began - vote.due for vote in votes)
    return {
        "attendees": attendees,
        "lost": verdict.lost,
        "doubled": verdict.dup + verdict.phantom,
        "answered": result["answered"],
        "ack_p50_ms": ordered[len(ordered) // 2] * 1000,
        "ack_p99_ms": ordered[int(len(ordered) * 0.99)] * 1000,
        "ack_most_ms": ordered[-1] * 1000,
        "projector_after_last_ack_ms": max(0.0, shown_at - max(acknowledged.values())) * 1000,
        "dropped": sum(seat.dropped for seat in seats),
        "frames_per_phone": sum(seat.frames for seat in seats) / attendees,
        "kb_per_attendee": (seated - before) / attendees,
        "peak_mb": peak / 1024,
        "generator_s": own,
        "lag": late,
    }


async def _join(address: RoomAddress, attendees: int) -> list[str]:
    pool = Pool(address, size=16)
    phones = [Phone(address, number) for number in range(attendees)]
    await asyncio.gather(*(phone.join(pool) for phone in phones))
    pool.close()
    return [phone.link.token or "" for phone in phones]


def _votes(
    dialect: KickoffDialect, attendees: int, within: float, options: Sequence[str]
) -> list[Vote]:
    """In the order in which they are due."""
    rng = Random(10_000)
    due = sorted((rng.uniform(0.2, within), number) for number in range(attendees))
    return [
        Vote(
            number,
            moment,
            ident(number, 1).decode(),
            options[chosen(number, 1, len(options))],
            client_frame(dialect.vote(number, 1)),
        )
        for moment, number in due
    ]


async def _all_vote(ballots: Ballots, seats: Sequence[Seat]) -> float:
    """When it began; returns when all have been acknowledged."""
    began = perf_counter()
    for vote in ballots.votes:
        wait = began + vote.due - perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        ballots.send(vote, seats[vote.number])
    await asyncio.wait_for(ballots.all_acknowledged, 60)
    return began


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
