"""T10 and T11: a room that lost its server comes back by itself, in order and without a stampede.

Seen red: `no_jitter` and `same_cap` (in the phones), `no_goodbye` (none of 200 was told),
`patient_stop` (a stuck reader keeps the process).
"""

import asyncio
import re
import statistics
import urllib.request
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from time import monotonic

import pytest

from app.rehearsal import client, link
from app.rehearsal.backoff import CAP_SECONDS
from app.rehearsal.client import Facilitator, Phone
from app.rehearsal.journal import Journal
from app.rehearsal.judge import Verdict, judge_frames, judge_result
from app.rehearsal.link import Link
from tests.faults.proxy import Proxy
from tests.promises.moves import create, push, wide_poll
from tests.promises.rawsocket import RawSocket, connect, join
from tests.promises.stage import Stage, at_most, leave, sabotage


@dataclass(frozen=True)
class Size:
    phones: int
    away: float  # seconds that the line is cut
    stuck: int
    busiest: float  # the most of them that may come within one second


SMOKE = pytest.param(Size(200, 3.0, 20, 0.4), id="smoke")
FULL = pytest.param(
    Size(2000, 30.0, 20, 0.25), id="full", marks=[pytest.mark.chaos, pytest.mark.timeout(900)]
)


@pytest.fixture(autouse=True)
def jitter(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two saboteurs are at home in the phones, which live in this process."""
    saboteur = request.config.getoption("--saboteur", default=None)
    if saboteur == "no_jitter":
        monkeypatch.setattr(link, "delay_seconds", _in_step)
    elif saboteur == "same_cap":
        monkeypatch.setattr(client, "CAP_OF_THE_FIRST_SECONDS", 10.0)


@pytest.mark.parametrize("size", [SMOKE, FULL])
def test_after_kill_9_consoles_come_first_and_phones_spread(
    start_stage: Callable[..., Stage], size: Size
) -> None:
    async def play() -> None:
        stage = start_stage("sqlite")
        phones = await stage.phones(size.phones, span=CAP_SECONDS)
        first = await few(stage)
        try:
            await asyncio.to_thread(stage.server.kill9)
            await asyncio.sleep(3.0)
            crowd, few_first = (
                asyncio.create_task(returns([one.link for one in some], within=60))
                for some in (phones, first)
            )
            listening = asyncio.create_task(listens(stage))
            await stage.restart()
            health = asyncio.create_task(healthy(stage))
            heard = await listening
            early = [moment - heard for moment in await few_first]
            late = [moment - heard for moment in await crowd]
            health.cancel()
            assert max(early) <= 2.0, f"consoles and projectors: {early}"
            assert quantile(late, 0.99) <= 10
            assert max(late) <= 20
            assert busiest_second(late) <= size.busiest * len(late), Counter(map(int, late))
            ticks = metric(stage, "kickoff_tick_seconds_count")
            assert ticks <= 12 * (max(late) + 3), "one look per tick, not per phone"
        finally:
            await leave(phones)
            await asyncio.gather(*(one.link.close() for one in first))

    asyncio.run(play())


@pytest.mark.parametrize("size", [SMOKE, FULL])
def test_a_cut_line_is_found_again_and_opening_a_poll_drops_nobody(
    start_stage: Callable[..., Stage], size: Size
) -> None:
    async def play() -> None:
        stage = start_stage("sqlite")
        async with Proxy(stage.server.port) as proxy:
            way = stage.through(proxy.port)
            phones = await stage.phones(
                size.phones, Journal(keep_frames=True), address=way, span=CAP_SECONDS
            )
            async with stage.facilitator(way) as console:
                target, proxy._target = proxy._target, ("127.0.0.1", 1)
                proxy.cut()
                await asyncio.sleep(size.away)
                poll = None
                async with stage.facilitator() as elsewhere:
                    poll = await create(elsewhere)
                proxy._target = target
                now = monotonic()
                watch = asyncio.create_task(returns([p.link for p in phones], within=20))
                assert max(await returns([console.link], within=5)) - now <= 2.0
                late = [moment - now for moment in await watch]
                assert quantile(late, 0.99) <= 10
                assert max(late) <= 20
                # What happened meanwhile is there, whole.
                for phone in phones:
                    assert poll in ids(phone.link)
                connections = [phone.link.connections for phone in phones]
                made = await create(console)
                await asyncio.gather(*(p.until(lambda s: made in ids_of(s)) for p in phones))
                assert [phone.link.connections for phone in phones] == connections
            await leave(phones)

    asyncio.run(play())


@pytest.mark.parametrize("size", [SMOKE, FULL])
def test_a_stop_says_good_bye_to_all_and_waits_for_no_stuck_reader(
    start_stage: Callable[..., Stage], size: Size
) -> None:
    async def play() -> None:
        span = {"KICKOFF_RECONNECT_SPAN_MS": "3000"}
        stage = start_stage("sqlite", environment=span)
        journal = Journal(keep_frames=True)
        phones = await stage.phones(size.phones, journal, span=CAP_SECONDS)
        stuck = [await stuck_reader(stage) for _ in range(size.stuck)]
        async with stage.facilitator() as console:
            # A large room gets fewer frames a second: let them be larger.
            for _ in range(1 if size.phones < 500 else 5):
                await wide_poll(console, bytes_wide=13_000)
            poll = await create(console)
            await fill(console)
            await asyncio.sleep(1.0)
            assert metric(stage, "kickoff_queue_bytes") > 100_000, "nobody is stuck"
            storm = asyncio.create_task(vote_on(phones, poll))
            await asyncio.sleep(0.7)
            began = monotonic()
            code = await asyncio.to_thread(stage.server.terminate, timeout=12)
            took = monotonic() - began
            assert (code, took <= 5.0) == (0, True), f"exit code {code} after {took:.1f} s"
            told = [phone.link.last_bye for phone in phones]
            spans = [bye["retry_after_ms"] for bye in told if bye and bye["reason"] == "restart"]
            assert len(spans) >= 0.95 * len(phones), f"{len(spans)} of {len(phones)} were told"
            # Each is told the whole span and draws its moment itself: the same for all is right.
            assert set(spans) == {3000}
            assert console.link.last_bye is not None
            assert console.link.last_bye["retry_after_ms"] < 1000
            await stage.restart()
            await asyncio.gather(*await storm)
            verdict = judge_result(journal.of_activity(poll), await stage.result(poll))
        for reader in stuck:
            reader.cut()
        await leave(phones)
        assert verdict + judge_frames(journal.frames) == Verdict()
        assert "Traceback" not in stage.server.log

    asyncio.run(play())


@pytest.mark.chaos
def test_workers_come_up_on_a_busy_machine_too(start_stage: Callable[..., Stage]) -> None:
    """Seen red: with uvicorn's five seconds for a worker's first word none ever did."""
    stage = start_stage("postgres", environment=sabotage("slow_start"))
    assert metric(stage, "kickoff_sockets") == 0


def test_two_workers_stop_as_one_does(start_stage: Callable[..., Stage]) -> None:
    """Seen red when the supervisor ran the stock server: sockets just ended."""

    async def play() -> None:
        stage = start_stage("postgres")
        phones = await stage.phones(40, span=CAP_SECONDS)
        began = monotonic()
        code = await asyncio.to_thread(stage.server.terminate, timeout=12)
        assert (code, monotonic() - began <= at_most(5.0)) == (0, True)
        told = [phone.link.last_bye for phone in phones]
        assert sum(1 for bye in told if bye and bye["retry_after_ms"] == 8000) >= 38
        await leave(phones)

    asyncio.run(play())


# ---- what they are made of


def _in_step(attempt: int, _: Random, *, told_ms: int | None = None, cap: float = 10.0) -> float:
    return min(cap, 3.0**attempt) if told_ms is None else told_ms / 1000


async def few(stage: Stage) -> list[Facilitator]:
    """Two consoles and two projectors."""
    views = ("console", "console", "projector", "projector")
    first = [Facilitator(stage.address, stage.links.api_token, view=view) for view in views]
    for one in first:
        one.link.open()
        await one.link.ready()
    return first


async def returns(links: Sequence[Link], *, within: float) -> list[float]:
    """At which moments they were welcomed again, in their order."""
    began = monotonic()
    found: dict[int, float] = {}
    while len(found) < len(links):
        now = monotonic()
        found.update({n: now for n, link in enumerate(links) if n not in found and link.live})
        if now - began > within:
            raise AssertionError(f"{len(links) - len(found)} of {len(links)} never came back")
        await asyncio.sleep(0.02)
    return sorted(found.values())


async def listens(stage: Stage) -> float:
    """The moment at which somebody listens again."""
    while True:
        try:
            (await connect(stage.address)).close()
        except OSError:
            await asyncio.sleep(0.02)
        else:
            return monotonic()


async def healthy(stage: Stage) -> None:
    """/readyz answers while everybody comes back."""
    while True:
        began = monotonic()
        await stage.ask("/readyz", token=None)
        assert monotonic() - began < at_most(2.0)
        await asyncio.sleep(0.2)


async def stuck_reader(stage: Stage) -> RawSocket:
    """An attendee with a tiny window who says hello and then reads nothing."""
    joined = await join(stage.address)
    reader = await RawSocket.open(stage.address, receive_buffer=2048)
    await reader.say({"type": "hello", "rev": 0, "token": joined["token"]})
    return reader


async def fill(console: Facilitator) -> None:
    """Enough frames that the buffers of those who do not read are full."""
    for _ in range(40):
        await push(console, "agenda.extend", {"minutes": 1})


async def vote_on(phones: Sequence[Phone], poll: str) -> list[asyncio.Future]:
    sent = []
    for number, phone in enumerate(phones):
        sent.append(phone.send(poll, {"text": f"phone {phone.number}"})[1])
        if number % 20 == 0:
            await asyncio.sleep(0.1)
    return sent


def ids(link: Link) -> list[str]:
    return ids_of(link.state or {})


def ids_of(state: object) -> list[str]:
    return [activity["id"] for activity in state["activities"]]  # type: ignore[index]


def quantile(values: Sequence[float], share: float) -> float:
    return statistics.quantiles(values, n=100)[int(share * 100) - 1]


def busiest_second(moments: Sequence[float]) -> int:
    """The most that came within any one second."""
    return max(sum(1 for other in moments if 0 <= other - one < 1.0) for one in moments)


def metric(stage: Stage, name: str) -> float:
    with urllib.request.urlopen(stage.server.base_url + "/metrics", timeout=10) as answer:
        text = answer.read().decode()
    return sum(float(value) for value in re.findall(rf"^{name}(?:{{.*}})? (\S+)$", text, re.M))
