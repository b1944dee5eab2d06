"""T03: the same id is the same acknowledgement for ever; no older answer replaces a newer one.

Seen red: see the table in sabotage/saboteurs_counting.py.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from app.rehearsal import frames
from app.rehearsal.client import Facilitator, Phone
from app.rehearsal.exchange import Pool
from app.rehearsal.journal import Journal
from app.rehearsal.link import Link, Refused
from tests.faults.proxy import Faults, Proxy
from tests.promises.form_door import FormDoor
from tests.promises.stage import Stage, create, leave

ANSWERS = 3
"""how often each attendee answers"""


@dataclass
class Attendee:
    """A phone with a second tab and a page without a socket, all of one attendee."""

    phone: Phone
    tab: Link
    door: FormDoor
    answers: dict[int, tuple[str, dict[str, str]]]  # seq → id, data

    async def send(self, way: str, pool: Pool, activity: str, seq: int) -> str:
        """What the answer was: "ack" or the error's code."""
        id, data = self.answers[seq]
        if way == "form":
            status, told = await self.door.post(pool, activity, data, id=id, seq=seq)
            return "ack" if status == 200 else str(told["code"])
        link = self.phone.link if way == "socket" else self.tab
        try:
            await link.ask(id, frames.submit(id, seq, activity, data))
        except Refused as refused:
            return refused.code
        return "ack"


@pytest.mark.parametrize(
    "kind, count, copies",
    [
        pytest.param("sqlite", 50, 4, id="sqlite"),
        pytest.param("postgres", 50, 4, id="postgres", marks=pytest.mark.postgres),
        pytest.param("sqlite", 500, 10, id="sqlite-full", marks=pytest.mark.chaos),
        pytest.param(
            "postgres", 500, 10, id="postgres-full", marks=[pytest.mark.chaos, pytest.mark.postgres]
        ),
    ],
)
def test_whatever_comes_again_or_late_changes_nothing(
    start_stage: Callable[..., Stage], kind: str, count: int, copies: int
) -> None:
    asyncio.run(_play(start_stage(kind), count, copies))


async def _play(stage: Stage, count: int, copies: int) -> None:
    random = Random(count)
    pool = Pool(stage.address, size=8)
    disorder = Faults(duplicate=0.4, shuffle=0.2)
    async with Proxy(stage.server.port) as proxy:
        people = await _attendees(stage, proxy, pool, count)
        async with stage.facilitator() as facilitator:
            activity = await create(facilitator, mode="named")
            proxy.faults = disorder  # not before: a second hello is refused
            await _in_disorder(people, pool, activity, copies, random)
            await _late_one(people, pool, activity)
            await _other_content(people, pool, activity)
            await _judge(stage, people, activity)

            proxy.faults = Faults()
            await asyncio.to_thread(stage.server.kill9)
            await stage.restart()
            await asyncio.gather(*(one.phone.link.ready() for one in people))
            proxy.faults = disorder
            await _again(people, pool, activity)
            await _judge(stage, people, activity)

            await _close(facilitator, activity)
            await _again(people, pool, activity)
            await _judge(stage, people, activity)
            await _for_another_activity(facilitator, people, pool)
            await _impossible(facilitator, people[0], pool)
        for one in people:
            await one.tab.close()
        await leave([one.phone for one in people])
    pool.close()


async def _attendees(stage: Stage, proxy: Proxy, pool: Pool, count: int) -> list[Attendee]:
    phones = await stage.phones(count, Journal(), address=stage.through(proxy.port))
    people = []
    for phone in phones:
        tab = Link(stage.address, token=phone.link.token)
        tab.open()
        door = FormDoor(stage.address, str(phone.link.token))
        answers = {
            seq: (frames.fresh_id(), {"text": f"phone {phone.number} says {seq}"})
            for seq in range(1, ANSWERS + 1)
        }
        people.append(Attendee(phone, tab, door, answers))
    await asyncio.gather(*(one.tab.ready() for one in people))
    await asyncio.gather(*(one.door.open(pool) for one in people))
    return people


async def _in_disorder(
    people: list[Attendee], pool: Pool, activity: str, copies: int, random: Random
) -> None:
    """Every answer but the first goes out several times, by three ways, in any order."""
    sends = []
    for one in people:
        for seq in range(2, ANSWERS + 1):
            # A socket remembers one copy at a time; the proxy doubles what goes through it.
            ways = ["socket", "tab", *["form"] * random.randint(0, copies - 2)]
            sends += [(one, way, seq) for way in ways]
    random.shuffle(sends)
    told = await asyncio.gather(*(one.send(way, pool, activity, seq) for one, way, seq in sends))
    assert set(told) == {"ack"}


async def _late_one(people: list[Attendee], pool: Pool, activity: str) -> None:
    """The first answer arrives when the last one has been acknowledged."""
    told = await asyncio.gather(*(one.send("tab", pool, activity, 1) for one in people))
    assert set(told) == {"ack"}


async def _other_content(people: list[Attendee], pool: Pool, activity: str) -> None:
    for number, one in enumerate(people):
        id, _ = one.answers[ANSWERS]
        other = {"text": f"phone {number} is somebody else"}
        forged = Attendee(one.phone, one.tab, one.door, {ANSWERS + 1: (id, other)})
        way = ("socket", "tab", "form")[number % 3]
        assert await forged.send(way, pool, activity, ANSWERS + 1) == "id_reused"


async def _again(people: list[Attendee], pool: Pool, activity: str) -> None:
    """Everything once more, each by a way of its own: after a restart, and after closing."""
    sends = [
        (one, ("tab", "form", "socket")[(seq + one.phone.number) % 3], seq)
        for one in people
        for seq in one.answers
    ]
    told = await asyncio.gather(*(one.send(way, pool, activity, seq) for one, way, seq in sends))
    assert set(told) == {"ack"}


async def _for_another_activity(
    facilitator: Facilitator, people: list[Attendee], pool: Pool
) -> None:
    other = await create(facilitator, mode="named")
    told = await asyncio.gather(*(one.send("socket", pool, other, ANSWERS) for one in people[:5]))
    assert set(told) == {"id_reused"}


async def _impossible(facilitator: Facilitator, one: Attendee, pool: Pool) -> None:
    """What no database holds is refused at both doors, instead of breaking everybody's commit."""
    poll = await create(facilitator, "choice", options=["ja", "nei"])
    data = {"options": ["\x00"]}
    status, told = await one.door.post(pool, poll, data, id=frames.fresh_id(), seq=1)
    assert (status, told["code"]) == (422, "invalid")
    with pytest.raises(Refused, match="invalid"):
        await one.tab.ask("impossible-text", frames.submit("impossible-text", 1, poll, data))


async def _close(facilitator: Facilitator, activity: str) -> None:
    await facilitator.command("activity.close", {"activity": activity})


async def _judge(stage: Stage, people: list[Attendee], activity: str) -> None:
    result: dict[str, Any] = await stage.result(activity)
    counted = sorted(text["text"] for text in result["texts"])
    assert counted == sorted(one.answers[ANSWERS][1]["text"] for one in people)
    assert result["answered"] == len(people)
