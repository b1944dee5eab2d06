"""T13 (light): Redis only says "look again". Without it rooms are two seconds late, no more.

Seen red: `deaf` (nobody looks by themselves: stale for ever), `no_epoch` (20 phones that changed to
the worker that was behind were welcomed with an older picture than theirs).
"""

import asyncio
import signal
import statistics
from collections.abc import Callable, Iterator, Sequence
from random import Random
from time import monotonic

import pytest

from app.rehearsal.client import Facilitator, Phone
from app.rehearsal.journal import Journal
from app.rehearsal.judge import Verdict, judge_frames, judge_result
from tests.promises.moves import create, push
from tests.promises.stage import Stage, leave
from tests.support.redis import Redis

pytestmark = pytest.mark.postgres
PHONES = 40


@pytest.fixture
def redis(redis_server: Redis) -> Iterator[Redis]:
    yield redis_server
    if redis_server._process and not redis_server._process.running:
        redis_server.start()


def test_without_redis_votes_go_on_and_views_are_two_seconds_late(
    start_stage: Callable[..., Stage], redis: Redis
) -> None:
    """Killed, started anew, hung without an error, and its listeners forgotten (redis-py#2089)."""

    async def play() -> None:
        stage = start_stage("postgres")
        journal = Journal(keep_frames=True)
        # They hop between workers here: let them be quick.
        phones = await stage.phones(PHONES, journal, span=0.5)
        async with stage.facilitator() as console:
            polls = [await create(console, mode=mode) for mode in ("anonymous", "named")]
            normal = await acks(phones, polls, "with")
            await asyncio.to_thread(redis.kill9)
            gone = await acks(phones, polls, "without")
            late = [await delay(console, phones) for _ in range(2)]
            await hop(console, phones)
            await asyncio.to_thread(redis.start)
            await asyncio.sleep(2.0)
            back = [await delay(console, phones) for _ in range(3)]
            assert redis._process is not None
            redis._process.signal_group(signal.SIGSTOP)
            try:
                hung = await acks(phones, polls, "hung")
                late += [await delay(console, phones)]
            finally:
                redis._process.signal_group(signal.SIGCONT)
            redis._ask("CLIENT KILL TYPE pubsub")
            await asyncio.sleep(2.0)
            back += [await delay(console, phones) for _ in range(3)]
            assert max(late) <= 3.0, f"stale for {late}"
            assert statistics.median(back) <= 0.3, f"the bus was not found again: {back}"
            slow = 2 * max(quantile(normal), 0.15)
            assert quantile(gone) <= slow
            assert quantile(hung) <= slow
            for poll in polls:
                result = await stage.result(poll)
                assert judge_result(journal.of_activity(poll), result) == Verdict()
        assert sum(phone.link.older_received for phone in phones) == 0
        assert judge_frames(journal.frames) == Verdict()
        await leave(phones)

    asyncio.run(play())


async def acks(phones: Sequence[Phone], polls: Sequence[str], word: str) -> list[float]:
    """Everybody answers every poll; the seconds until each was acknowledged."""

    async def answer(phone: Phone, poll: str) -> float:
        await asyncio.sleep(Random(f"{phone.number} {poll}").uniform(0, 1))
        began = monotonic()
        await phone.submit(poll, {"text": f"{phone.number} {word}"})
        return monotonic() - began

    return await asyncio.gather(*(answer(phone, poll) for phone in phones for poll in polls))


async def delay(console: Facilitator, phones: Sequence[Phone]) -> float:
    """From a push to the last phone that shows it, on whichever worker."""
    await asyncio.sleep(0.6)
    began = monotonic()
    made = await create(console, "words", mode="named")
    await asyncio.gather(*(phone.until(lambda s: made in ids(s), within=10) for phone in phones))
    return monotonic() - began


async def hop(console: Facilitator, phones: Sequence[Phone]) -> None:
    """Phones lose their lines and come back on whichever worker, while the room moves on."""
    for number in range(16):
        if number % 3 == 0:
            await push(console, "agenda.extend", {"minutes": 1})
        for phone in phones[number % 4 :: 4]:
            phone.link.cut()
        await asyncio.sleep(0.1)


def ids(state: object) -> list[str]:
    return [activity["id"] for activity in state["activities"]]  # type: ignore[index]


def quantile(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=100)[97]
