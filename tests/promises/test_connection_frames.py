"""T20, T17, T19, T21: what a client is shown is whole, never older than before, sent once,
and timed by the server alone.

Seen red: `stale_welcome` (who comes back alone was shown control 44 instead of 45, on both
databases),
`many_sockets`. `no_epoch` shows only where a worker lags behind: test_connection_bus.py.
"""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from time import time

import pytest

from app.rehearsal.client import Facilitator
from app.rehearsal.journal import Journal
from app.rehearsal.judge import Verdict, judge_frames
from tests.promises.moves import create, push
from tests.promises.rawsocket import RawSocket, join, wait_for
from tests.promises.stage import Stage, leave
from tests.promises.test_connection_restart import metric

CLAIMS = {
    "nothing": {"rev": 0},
    "the present": {"rev": "rev", "epoch": "epoch"},
    "the future": {"rev": 2**53, "epoch": "epoch"},
    "the impossible": {"rev": -(2**53), "epoch": "epoch"},
    "another history": {"rev": 2**40, "epoch": "restored-from-elsewhere"},
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_welcome_is_whole_whatever_was_seen_before(stage: Stage, claim: str) -> None:
    async def play() -> None:
        truth = await stage.ask(stage.address.room, token=None)
        claimed = {name: truth.get(value, value) for name, value in CLAIMS[claim].items()}
        client = await RawSocket.open(stage.address)
        welcome = await client.hello((await join(stage.address))["token"], **claimed)
        client.cut()
        truth = await stage.ask(stage.address.room, token=None)
        assert welcome["type"] == "welcome"
        assert welcome["epoch"] == truth["epoch"]
        assert set(welcome["state"]) == set(truth) - {"epoch", "rev", "now"}
        assert ids(welcome["state"]) == ids(truth)
        assert welcome["control"] == truth["control"]

    asyncio.run(play())


@pytest.mark.parametrize("stage", ["sqlite"], indirect=True)
def test_a_welcome_says_to_an_attendee_alone_who_they_are(stage: Stage) -> None:
    async def play() -> None:
        who = {"name": "Kari", "people": 6}
        attendee = await RawSocket.open(stage.address)
        welcome = await attendee.hello((await join(stage.address, **who))["token"])
        assert welcome["me"] == {"name": "Kari", "team": "", "people": 6}
        console = await RawSocket.open(stage.address)
        assert "me" not in await console.hello(stage.links.api_token)
        attendee.cut()
        console.cut()

    asyncio.run(play())


def test_no_frame_is_older_than_the_one_before(stage: Stage) -> None:
    """While two consoles push, an activity is voted on, and phones lose their lines again and
    again."""

    async def play() -> None:
        journal = Journal(keep_frames=True)
        phones = await stage.phones(30, journal)
        rng = Random(20)
        async with stage.facilitator() as one, stage.facilitator() as other:
            poll = await create(one, "open_text", live=True)
            over = asyncio.get_running_loop().time() + 4

            async def push_on(console: Facilitator) -> None:
                while asyncio.get_running_loop().time() < over:
                    await push(console, "agenda.extend", {"minutes": 1})

            async def flicker() -> None:
                while asyncio.get_running_loop().time() < over:
                    rng.choice(phones).link.cut()
                    rng.choice(phones).send(poll, {"text": f"text {rng.random()}"})
                    await asyncio.sleep(0.02)

            await asyncio.gather(push_on(one), push_on(other), flicker())
            await push(one, "activity.close", {"activity": poll})
            final = one.state["control"]
            await asyncio.gather(
                *(phone.until(lambda s: s["control"] >= final, within=12) for phone in phones)
            )
            assert sum(phone.link.connections for phone in phones) > 60
            assert sum(phone.link.older_received for phone in phones) == 0, "sent, then dropped"
            assert judge_frames(journal.frames) == Verdict()
            assert len({phone.view[2] for phone in phones}) == 1
        await leave(phones)

    asyncio.run(play())


@pytest.mark.parametrize("view", ["console", "projector"])
def test_who_comes_back_alone_sees_the_present(stage: Stage, view: str) -> None:
    """A projector that is reloaded while nothing else shows its view (OpenSlides#4691)."""

    async def play() -> None:
        other = "projector" if view == "console" else "console"
        token = stage.links.api_token
        async with Facilitator(stage.address, token, view=other) as elsewhere:
            for _ in range(4):  # on whichever worker
                async with Facilitator(stage.address, token, view=view):
                    pass
                await push(elsewhere, "agenda.extend", {"minutes": 1})
                async with Facilitator(stage.address, token, view=view) as wall:
                    assert wall.state["control"] == elsewhere.state["control"]

    asyncio.run(play())


def test_twenty_reconnects_leave_one_socket_and_one_answer(stage: Stage) -> None:
    async def play() -> None:
        async with stage.facilitator() as console:
            poll = await create(console)
            (phone,) = await stage.phones(1)
            _, answer = phone.send(poll, {"text": "once"})
            for number in range(20):
                if phone.link.live:
                    phone.link.cut()
                # Also in the middle of connecting.
                phone.link._transport = None if number % 5 == 4 else phone.link._transport
                phone.link.frames_received = 0
                await asyncio.sleep(0.05)
            await answer
            await wait_for(lambda: phone.link.live, what="the last connection")
            assert (await stage.result(poll))["answered"] == 1
            received = phone.link.frames_received
            await push(console, "activity.close", {"activity": poll})
            await phone.until(lambda s: poll not in ids(s))
            await asyncio.sleep(0.5)
            assert phone.link.frames_received == received + 1, "each change is told once"
            if stage.kind == "sqlite":
                assert metric(stage, "kickoff_sockets") == 2
            await leave([phone])

    asyncio.run(play())


def test_an_attendee_has_five_sockets_at_most(stage: Stage) -> None:
    """Five in each process; the oldest makes room. Seen red: `many_sockets`."""
    if stage.kind != "sqlite":
        pytest.skip("which worker has which socket is not ours to choose")

    async def play() -> None:
        token = (await join(stage.address))["token"]
        tabs = [await RawSocket.open(stage.address) for _ in range(7)]
        for tab in tabs:
            assert (await tab.hello(token))["type"] == "welcome"
        for tab in tabs[:2]:
            assert (await tab.expect("bye"))["reason"] == "replaced"
            assert await tab.closed() == 1008
        for tab in tabs[2:]:
            await tab.say({"type": "ping"})
            assert await tab.expect("pong")
            tab.cut()

    asyncio.run(play())


def test_time_is_the_servers(stage: Stage) -> None:
    """One deadline for all, exact to the millisecond over pause and extension; passing it closes
    nothing."""

    async def play() -> None:
        phones = await stage.phones(3)
        async with stage.facilitator() as console:
            await push(console, "agenda.next")
            poll = await create(console)
            first = console.state["block"]["ends_at"]
            await everybody(phones, lambda s: s["block"]["ends_at"] == first)

            await push(console, "agenda.extend", {"minutes": 5})
            assert console.state["block"]["ends_at"] == first + 5 * 60_000

            before = await now_of(stage)
            await push(console, "agenda.pause")
            left = console.state["block"]["left_ms"]
            assert before <= first + 5 * 60_000 - left <= await now_of(stage)
            await asyncio.sleep(1.2)
            before = await now_of(stage)
            await push(console, "agenda.resume")
            resumed = console.state["block"]["ends_at"]
            assert before <= resumed - left <= await now_of(stage)
            assert resumed > first + 5 * 60_000 + 1000, "the pause is not taken from the block"

            block = console.state["block"]["id"]
            while console.state["block"]["ends_at"] > await now_of(stage):
                await push(console, "agenda.extend", {"minutes": -60})
            await asyncio.sleep(0.5)
            assert console.state["block"]["id"] == block, "time alone moves nothing"
            assert poll in ids(phones[0].state), "nor closes anything"
            began = int(time() * 1000)
            assert began <= await now_of(stage) <= time() * 1000
        await leave(phones)

    asyncio.run(play())


async def everybody(phones: list, holds: Callable[[dict], bool]) -> None:
    waiting: list[Awaitable] = [phone.until(holds) for phone in phones]
    await asyncio.gather(*waiting)


async def now_of(stage: Stage) -> int:
    """What a pong says, asked by one who claims nothing."""
    client = await RawSocket.open(stage.address)
    await client.hello((await join(stage.address))["token"])
    await client.say({"type": "ping"})
    now = (await client.expect("pong"))["now"]
    client.cut()
    return int(now)


def ids(state: object) -> list[str]:
    return [activity["id"] for activity in state["activities"]]  # type: ignore[index]
