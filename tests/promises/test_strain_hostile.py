"""T23: a hostile client hurts only itself.

Seen red, each by the attack of its name: `receive_text`, `any_size`, `no_fragment_limit`,
`no_head_limit`, `no_hello_limit`, `no_rate_limit`, `no_ping_limit`. `whole_chunks`: voters waited
1.1 s for their acknowledgement while empty fragments were parsed, instead of 0.05.
"""

import asyncio
import json
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from random import Random
from time import monotonic

import pytest

from app.rehearsal.client import Phone
from app.rehearsal.exchange import Pool
from app.rehearsal.journal import Journal
from app.rehearsal.judge import Verdict, judge_result
from tests.promises import attacks
from tests.promises.form_door import FormDoor
from tests.promises.moves import create
from tests.promises.rawsocket import RawSocket, join
from tests.promises.stage import Stage, leave
from tests.promises.test_strain_readers import MEGABYTE, memory


@dataclass(frozen=True)
class Size:
    voters: int
    each: int  # attackers of each sort at once
    half: int  # half handshakes


SMOKE = pytest.param(Size(50, 1, 100), id="smoke")
FULL = pytest.param(
    Size(500, 5, 500), id="full", marks=[pytest.mark.chaos, pytest.mark.timeout(900)]
)


@pytest.mark.parametrize("stage", ["sqlite"], indirect=True)
@pytest.mark.parametrize("size", [SMOKE, FULL])
def test_a_hostile_client_hurts_only_itself(stage: Stage, size: Size) -> None:
    async def play() -> None:
        journal = Journal()
        voters = await stage.phones(size.voters, journal)
        async with stage.facilitator() as console:
            poll = await create(console, live=True)
            calm = await vote_for(voters, poll, 4)
            before = memory(stage)
            voting = asyncio.create_task(vote_for(voters, poll, 11))
            fights = [
                (attack, expected)
                for attack, expected in attacks.EXPECTED.items()
                for _ in range(size.each)
            ]
            fights += [(attacks.half_a_handshake, (attacks.CUT,))] * size.half
            ends = await asyncio.gather(
                *(attack(stage.address) for attack, _ in fights), return_exceptions=True
            )
            under_fire = await voting
            wrong = [
                f"{attack.__name__}: {end!r} instead of {expected}"
                for (attack, expected), end in zip(fights, ends, strict=True)
                if end not in expected
            ]
            assert not wrong, "\n".join(sorted(set(wrong)))
            grown = memory(stage) - before
            assert grown < 50 * MEGABYTE, f"{grown / MEGABYTE:.0f} MB more"
            assert quantile(under_fire) <= max(1.5 * quantile(calm), 0.5)
            result = await stage.result(poll)
            assert judge_result(journal.of_activity(poll), result) == Verdict()
        assert complaints(stage) == []
        assert {phone.link.connections for phone in voters} == {1}
        await leave(voters)

    asyncio.run(play())


@pytest.mark.parametrize("stage", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "count", [150, pytest.param(2000, marks=pytest.mark.chaos)], ids=["smoke", "full"]
)
def test_what_is_no_message_is_refused_and_reaches_nobody(stage: Stage, count: int) -> None:
    async def play() -> None:
        messages = list(islice(attacks.corpus(Random(23)), count))
        starts = range(0, count, 15)
        # Each is an attendee of its own: one alone would soon be too fast.
        tokens = [(await join(stage.address))["token"] for _ in starts]
        (bystander,) = await stage.phones(1)
        await asyncio.sleep(1.0)
        seen = bystander.link.frames_received
        for start, token in zip(starts, tokens, strict=True):
            socket = await RawSocket.open(stage.address)
            await socket.hello(token)
            for message in messages[start : start + 15]:
                await socket.say(message)
                answer = await socket.expect("error")
                assert answer["code"] == "invalid", message
            socket.cut()
        await asyncio.sleep(0.3)
        assert bystander.link.frames_received == seen
        await leave([bystander])

    asyncio.run(play())
    assert complaints(stage) == []


def test_an_attendee_has_one_purse_whatever_the_doors(start_stage: Callable[..., Stage]) -> None:
    slow = {"KICKOFF_MESSAGES_PER_SECOND": "0.01", "KICKOFF_MESSAGES_BURST": "6"}
    stage = start_stage("sqlite", environment=slow)

    async def play() -> None:
        async with stage.facilitator() as console:
            poll = await create(console)
        pool = Pool(stage.address, size=2)
        token = (await join(stage.address))["token"]
        door = FormDoor(stage.address, token)
        await door.open(pool)
        sockets = [await RawSocket.open(stage.address) for _ in range(2)]
        for socket in sockets:
            await socket.hello(token)
            for _ in range(2):
                await socket.say({"type": "ping"})
                assert (await socket.expect("pong", "error"))["type"] == "pong"
        told = [
            (await door.post(pool, poll, {"text": "ja"}, id=f"number-{seq}", seq=seq))[0]
            for seq in range(1, 4)
        ]
        assert told == [200, 200, 429]
        for socket in sockets:
            await socket.say({"type": "ping"})
            assert (await socket.expect("pong", "error"))["code"] == "too_fast"
            socket.cut()
        assert (await stage.result(poll))["answered"] == 1
        pool.close()

    asyncio.run(play())


async def vote_for(voters: list[Phone], poll: str, seconds: float) -> list[float]:
    """Everybody answers once a second; the seconds until each acknowledgement."""
    over = monotonic() + seconds
    found: list[float] = []

    async def vote(phone: Phone) -> None:
        rng = Random(phone.number)
        await asyncio.sleep(rng.uniform(0, 1))
        number = 0
        while monotonic() < over:
            began = monotonic()
            await phone.submit(poll, {"text": f"{phone.number} {rng.random()}"})
            found.append(monotonic() - began)
            number += 1
            await asyncio.sleep(1)

    await asyncio.gather(*(vote(phone) for phone in voters))
    return found


def complaints(stage: Stage) -> list[str]:
    """Lines of the log that tell of faults of ours."""
    lines = [line for line in stage.server.log.splitlines() if line.startswith("{")]
    told = [line for line in lines if json.loads(line).get("level") in ("error", "critical")]
    return told + (["a traceback"] if "Traceback" in stage.server.log else [])


def quantile(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]
