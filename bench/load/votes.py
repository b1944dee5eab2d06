"""Closed loop: each socket sends its next vote when the last one is acknowledged."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import Any

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from bench.dialects import DIALECTS, PlainDialect
from bench.lag import Lag
from bench.load.options import run


class Voter(WSListener):
    def __init__(self, dialect: PlainDialect, attendee: int, tally: Tally) -> None:
        self.dialect = dialect
        self.attendee = attendee
        self.tally = tally
        self.seq = 0
        self.sent_at = 0.0
        self.ready = asyncio.get_running_loop().create_future()
        self.transport: WSTransport | None = None

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport
        opening = self.dialect.opening(self.attendee)
        if opening is None:
            self.ready.set_result(None)
        else:
            transport.send(WSMsgType.TEXT, opening)

    def on_ws_disconnected(self, _transport: WSTransport) -> None:
        self.tally.dropped += 1
        if not self.ready.done():
            self.ready.set_exception(ConnectionError("closed before it was ready"))

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type is not WSMsgType.TEXT:
            return
        payload = frame.get_payload_as_bytes()
        if self.dialect.is_ack(payload):
            self.tally.count(perf_counter() - self.sent_at)
            self.vote()
        elif not self.ready.done() and self.dialect.ready(payload):
            self.ready.set_result(None)
        elif self.dialect.is_refusal(payload):
            self.tally.refused.append(payload.decode())
        elif reply := self.dialect.reply(payload):
            transport.send(WSMsgType.TEXT, reply)
        else:
            self.tally.frames += 1

    def vote(self) -> None:
        assert self.transport is not None
        if self.tally.stopped:
            return
        self.seq += 1
        self.sent_at = perf_counter()
        self.transport.send(WSMsgType.TEXT, self.dialect.vote(self.attendee, self.seq))


class Tally:
    def __init__(self) -> None:
        self.stopped = False
        self.dropped = 0
        self.frames = 0
        self.refused: list[str] = []
        self.latencies: list[float] = []
        self.total = 0

    def count(self, seconds: float) -> None:
        self.total += 1
        self.latencies.append(seconds)

    def restart(self) -> None:
        self.latencies.clear()
        self.frames = 0


async def votes(
    *, dialect: str, sockets: int, seconds: float, warm_up: float = 1.0, **words: Any
) -> dict[str, Any]:
    spoken = DIALECTS[dialect](**words)
    tally = Tally()
    voters: list[Voter] = []
    for attendee in range(sockets):
        _, voter = await ws_connect(
            lambda attendee=attendee: Voter(spoken, attendee, tally),
            spoken.url(attendee),
            extra_headers=spoken.headers(),
        )
        assert isinstance(voter, Voter)
        await asyncio.wait_for(voter.ready, 10)
        voters.append(voter)
    for voter in voters:
        voter.vote()
    await asyncio.sleep(warm_up)
    tally.restart()
    lag = Lag()
    lag.start()
    began = perf_counter()
    await asyncio.sleep(seconds)
    took = perf_counter() - began
    late = lag.stop()
    tally.stopped = True
    latencies = sorted(tally.latencies)
    await asyncio.sleep(0.5)
    return {
        "votes_in_all": tally.total,
        "votes": len(latencies),
        "seconds": took,
        "votes_per_second": len(latencies) / took,
        "ack_p50_ms": latencies[len(latencies) // 2] * 1000 if latencies else None,
        "ack_p99_ms": latencies[int(len(latencies) * 0.99)] * 1000 if latencies else None,
        "frames_per_second_per_socket": tally.frames / took / sockets,
        "dropped": tally.dropped,
        "refused": tally.refused[:3],
        "lag": late,
    }


if __name__ == "__main__":
    run(votes)
