"""T29: a broken activity breaks itself: its room, the rooms beside it and their sockets go on.

The fault (sabotage/saboteurs_connection.py, `broken_kind`) is in the results of activities called
"raises", "hangs" (five seconds) and "swells" (five megabytes).

Seen red: `results_together`, which is how the product first did it.
"""

import asyncio
import statistics
from collections.abc import Callable, Sequence
from time import monotonic

import pytest

from app.rehearsal.address import RoomAddress
from app.rehearsal.client import Facilitator, Phone
from app.rehearsal.exchange import Pool
from tests.promises.moves import create, push
from tests.promises.rawsocket import RawSocket
from tests.promises.stage import Stage, activity_in, leave, sabotage

FAULTS = ("raises", "hangs", "swells")


@pytest.fixture
def stage(request: pytest.FixtureRequest, start_stage: Callable[..., Stage]) -> Stage:
    fault = request.config.getoption("--saboteur", default=None) or "broken_kind"
    return start_stage("sqlite", environment=sabotage(fault))


@pytest.mark.parametrize(
    "seconds", [5, pytest.param(60, marks=pytest.mark.chaos)], ids=["smoke", "full"]
)
def test_a_broken_activity_breaks_nothing_else(stage: Stage, seconds: int) -> None:
    async def play() -> None:
        beside = await another_room(stage)
        phones = await stage.phones(30)
        neighbours = await phones_in(beside, 10)
        async with stage.facilitator() as console, neighbour(stage, beside) as other:
            sound = await create(console, live=True, title="sound")
            theirs = await create(other, live=True)
            calm = await life(phones, sound, console, 3)
            broken = {name: await create(console, live=True, title=name) for name in FAULTS}
            for poll in broken.values():
                await phones[0].submit(poll, {"text": "an answer"})
            log_before, began = lines(stage), monotonic()
            hurt, beside_it = await asyncio.gather(
                life(phones, sound, console, seconds), life(neighbours, theirs, other, seconds)
            )
            said, took = lines(stage) - log_before, monotonic() - began

            shown = console.state
            for name, poll in broken.items():
                assert activity_in(shown, poll)["failed"], name
                assert activity_in(shown, poll)["result"] is None, name
            assert activity_in(shown, sound)["result"]["answered"] == len(phones)
            assert await unavailable_on_the_wall(stage, console, broken["raises"])
            assert {phone.link.connections for phone in [*phones, *neighbours]} == {1}
            # One line a second for each of the two ways to fail (to hang, to raise).
            assert said <= 2 * took + 4, f"{said} lines in {took:.0f} s"
            assert said > 0
            limit = max(1.2 * quantile(calm), 0.15)
            assert quantile(beside_it) <= 2 * limit, "the room beside it felt it"
            # A hang costs its own room a moment, the first time and every five seconds or more.
            assert statistics.median(hurt) <= max(1.5 * statistics.median(calm), 0.15)
            assert max(hurt) <= 1.5
        await leave([*phones, *neighbours])

    asyncio.run(play())


async def another_room(stage: Stage) -> RoomAddress:
    pool = Pool(stage.address, size=1)
    path = f"/api/v1/kickoffs/{stage.links.kickoff_id}/rooms"
    bearer = {"Authorization": f"Bearer {stage.links.api_token}"}
    connection = await pool._take()
    answer = await connection.post(path, {"name": "Ved siden av"}, headers=bearer)
    connection.close()
    assert answer.status == 201, answer.body
    return RoomAddress(stage.address.base, answer.json()["code"])


async def phones_in(address: RoomAddress, count: int) -> list[Phone]:
    pool = Pool(address, size=4)
    phones = [Phone(address, number) for number in range(count)]
    for phone in phones:
        await phone.join(pool)
        phone.open()
        await phone.link.ready()
    pool.close()
    return phones


def neighbour(stage: Stage, address: RoomAddress) -> Facilitator:
    return Facilitator(address, stage.links.api_token)


async def life(
    phones: Sequence[Phone], poll: str, console: Facilitator, seconds: float
) -> list[float]:
    """Answers and pushes go on; how long each acknowledgement and each new picture took."""
    over = monotonic() + seconds
    found: list[float] = []
    number = 0
    while monotonic() < over:
        number += 1
        began = monotonic()
        phone = phones[number % len(phones)]
        await phone.submit(poll, {"text": f"answer {number}"})
        found.append(monotonic() - began)
        await asyncio.gather(
            *(each.submit(poll, {"text": f"also {number}"}) for each in phones if number == 1)
        )
        began, at = monotonic(), console.state["control"]
        await push(console, "screen.set", {"screen": ""})
        await asyncio.gather(*(each.until(lambda s, at=at: s["control"] > at) for each in phones))
        found.append(monotonic() - began)
        await asyncio.sleep(0.1)
    return found


async def unavailable_on_the_wall(stage: Stage, console: Facilitator, poll: str) -> bool:
    """What the projector's page would show of it."""
    await push(console, "activity.stage", {"activity": poll})
    english = {"Accept-Language": "en"}
    wall = await RawSocket.open(stage.address, protocol="kickoff.html.v1", headers=english)
    welcome = await wall.hello(stage.links.api_token, view="projector")
    wall.cut()
    return "The result cannot be shown just now" in welcome["regions"]["stage"]


def lines(stage: Stage) -> int:
    return stage.server.log.count("activity.result") + stage.server.log.count("room.re")


def quantile(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=100)[98]
