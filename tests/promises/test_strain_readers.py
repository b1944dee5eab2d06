"""T15: slow readers get the newest state, who reads nothing is cut, the others feel neither.

Seen red: `unbounded_queue` and `kernel_queue` (nobody is cut, since old frames pile up instead),
`no_abort` (ten sockets asked to close, and kept), `no_progress` (slow ones taken for stuck).
"""

import asyncio
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest

from app.rehearsal.client import Facilitator, Phone
from tests.promises.moves import push, wide_poll
from tests.promises.rawsocket import PONG, RawSocket, frame, join
from tests.promises.stage import Stage, leave
from tests.promises.test_connection_restart import metric


@dataclass(frozen=True)
class Size:
    phones: int
    slow: int
    stuck: int
    seconds: float
    memory: int  # bytes it may grow by
    # Bytes that a slow reader takes five times a second. Not fewer: loopback's segments are up to
    # 64 kB long, and one that is read at 1 kB/s is acknowledged when all of it has been.
    sip: int
    # Of a hundred delays, how many are compared: of a short run on a shared machine one frame that
    # came late, whoever was to blame, is more than one in a hundred.
    share: int


MEGABYTE = 1024 * 1024
SMOKE = pytest.param(Size(150, 10, 10, 12, 30 * MEGABYTE, 2000, 90), id="smoke")
FULL = pytest.param(
    Size(1850, 100, 50, 120, 60 * MEGABYTE, 800, 99),
    id="full",
    marks=[pytest.mark.chaos, pytest.mark.timeout(900)],
)


@pytest.mark.parametrize("size", [SMOKE, FULL])
def test_slow_readers_end_on_the_newest_and_stuck_ones_are_cut(
    start_stage: Callable[..., Stage], size: Size
) -> None:
    async def play() -> None:
        stage = start_stage("sqlite")
        phones = await stage.phones(size.phones)
        async with stage.facilitator() as console:
            await wide_poll(console, bytes_wide=12_000)
            await frames(console, phones, 2)
            control_run = await frames(console, phones, size.seconds / 3)
            before = memory(stage)
            slow = [await Slow.enter(stage, size.sip) for _ in range(size.slow)]
            stuck = [await stuck_one(stage) for _ in range(size.stuck)]
            reading = [asyncio.create_task(one.read()) for one in slow]
            run = await frames(console, phones, size.seconds)
            grown = memory(stage) - before
            # The last of the stuck was found out of step some seconds after it came.
            await asyncio.sleep(max(0.0, 16 - size.seconds))
            assert metric(stage, "kickoff_sockets_aborted_total") >= size.stuck
            everybody_else = size.phones + size.slow + 1
            gone = [one for one in slow if one.lost or one.socket.code is not None]
            assert not gone, "a slow reader was taken for a stuck one"
            assert metric(stage, "kickoff_sockets") == everybody_else, "asked, not cut"
            for one in stuck:
                assert await one.is_cut()
            newest = console.state["control"]
            for one in slow:
                one.pause, one.sip = (
                    0.01,
                    4000,
                )  # nothing new comes any more: what is left may come quicker
            async with asyncio.timeout(60):
                while any(one.control < newest for one in slow):  # noqa: ASYNC110 -- a client's own state
                    await asyncio.sleep(0.2)
            assert not any(one.lost for one in slow), "a slow reader was taken for a stuck one"
            assert sum(one.skipped for one in slow) > 0, "they got every frame: not slow enough"
            assert grown < size.memory, f"{grown / MEGABYTE:.0f} MB more"
            # 1.2 times on a quiet machine; tests share theirs.
            assert quantile(run, size.share) <= max(2 * quantile(control_run, size.share), 0.6)
            for task in reading:
                task.cancel()
            await asyncio.gather(*reading, return_exceptions=True)
        await leave(phones)

    asyncio.run(play())


@dataclass
class Slow:
    """A phone on a bad line."""

    socket: RawSocket
    control: int = 0
    skipped: int = 0
    lost: bool = False
    pause: float = 0.2
    sip: int = 2000

    @classmethod
    async def enter(cls, stage: Stage, sip: int) -> "Slow":
        token = (await join(stage.address))["token"]
        socket = await RawSocket.open(stage.address, receive_buffer=4096)
        await socket.say({"type": "hello", "rev": 0, "token": token})
        return cls(socket, sip=sip)

    async def read(self) -> None:
        while self.socket.code is None:
            await self.socket.read_some(self.sip)
            for ping in self.socket.pings:
                await self.socket.raw(frame(PONG, ping))
            self.socket.pings.clear()
            for message in self.socket.read_messages():
                if "control" in message:
                    self.skipped += max(0, message["control"] - self.control - 1)
                    assert message["control"] >= self.control, "older after newer"
                    self.control = message["control"]
            await asyncio.sleep(self.pause)
        self.lost = True


class Stuck:
    def __init__(self, socket: RawSocket) -> None:
        self._socket = socket

    async def is_cut(self) -> bool:
        """After what lies in the buffers comes the end, not a good-bye."""
        async with asyncio.timeout(5):
            while self._socket.code is None:
                try:
                    await self._socket.read_some(65536)
                except ConnectionError:
                    return True
        return True


async def stuck_one(stage: Stage) -> Stuck:
    token = (await join(stage.address))["token"]
    socket = await RawSocket.open(stage.address, receive_buffer=2048)
    await socket.say({"type": "hello", "rev": 0, "token": token})
    return Stuck(socket)


async def frames(console: Facilitator, phones: Sequence[Phone], seconds: float) -> list[float]:
    """Push as often as the room shows it; how long after each push the phones showed it."""
    delays: list[float] = []
    over = monotonic() + seconds
    while monotonic() < over:
        began, at = monotonic(), console.state["control"]
        shown = [
            asyncio.create_task(phone.until(lambda s, at=at: s["control"] > at, within=10))
            for phone in phones
        ]
        for one in shown:
            one.add_done_callback(lambda _, began=began: delays.append(monotonic() - began))
        await push(console, "agenda.extend", {"minutes": 1})
        await asyncio.gather(*shown)
    return delays


def memory(stage: Stage) -> int:
    """Resident bytes of the server."""
    pages = int(Path(f"/proc/{stage.server.pid}/statm").read_text().split()[1])
    return pages * 4096


def quantile(values: Sequence[float], share: int) -> float:
    return statistics.quantiles(values, n=100)[share - 1]
