"""A03: answers leave no line in the log, neither those that count nor those that are refused.

Seen red: see the table in sabotage/saboteurs_secrecy.py.
"""

import asyncio
from collections.abc import Iterator

import pytest

from app.rehearsal import frames
from app.rehearsal.client import Phone
from app.rehearsal.exchange import Pool
from app.rehearsal.link import Refused
from tests.promises.form_door import FormDoor
from tests.promises.moves import create, push
from tests.promises.stage import Stage, leave, stages
from tests.support.processes import wait_until

TALKATIVE = {"KICKOFF_LOG_LEVEL": "DEBUG"}
VOTERS = 12


@pytest.fixture(scope="module")
def room(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    with stages(request, tmp_path_factory) as start:
        yield start("sqlite", environment=TALKATIVE)


@pytest.mark.parametrize("voters", [1, VOTERS])
def test_no_line_is_written_whoever_answers_however(room: Stage, voters: int) -> None:
    said = asyncio.run(_answered(room, voters))
    assert said == ""


def test_the_log_says_at_all_what_is_done(room: Stage) -> None:
    """Somebody who reads the plan is in it: there is a log that could tell."""
    path = f"/api/v1/kickoffs/{room.links.kickoff_id}"
    asyncio.run(room.ask(path))
    wait_until(lambda: path in room.server.log, what="the line of the request", timeout=5)


async def _answered(room: Stage, voters: int) -> str:
    """What was said from the first answer to the last refusal."""
    pool = Pool(room.address, size=2)
    phones = [Phone(room.address, number) for number in range(voters)]
    for phone in phones:
        await phone.join(pool)
        phone.open()
        await phone.link.ready()
    doors = [FormDoor(room.address, str(phone.link.token)) for phone in phones]
    for door in doors:
        await door.open(pool)
    async with room.facilitator() as console:
        activity = await create(console, mode="anonymous")
        said = len(room.server.log)
        told = [
            await _every_way(phone, door, pool, activity)
            for phone, door in zip(phones, doors, strict=True)
        ]
        await push(console, "activity.close", {"activity": activity})
        late = [await _socket(phone, activity, {"text": "for sent"}) for phone in phones]
        late += [
            (await door.post(pool, activity, {"text": "for sent"}, id=frames.fresh_id(), seq=9))[0]
            for door in doors
        ]
        await asyncio.sleep(0.3)
        lines = room.server.log[said:]
    assert told == [["ack", "ack", "invalid", "id_reused", 200, 422, 409]] * voters
    assert set(late) == {"activity_closed", 409}
    await leave(phones)
    pool.close()
    return lines


async def _every_way(phone: Phone, door: FormDoor, pool: Pool, activity: str) -> list[str | int]:
    """Counted, sent again, refused for its content, refused for its id; by socket and by form."""
    id, other = frames.fresh_id(), frames.fresh_id()
    mine, nothing = {"text": f"svar {phone.number}"}, {"text": "  "}
    told: list[str | int] = [
        await _socket(phone, activity, mine, id=id),
        await _socket(phone, activity, mine, id=id),
        await _socket(phone, activity, nothing),
        await _socket(phone, activity, {"text": "noe annet"}, id=id),
    ]
    for identity, data in ((other, mine), (frames.fresh_id(), nothing), (other, {"text": "nei"})):
        status, _ = await door.post(pool, activity, data, id=identity, seq=5)
        told.append(status)
    return told


async def _socket(phone: Phone, activity: str, data: dict[str, str], *, id: str = "") -> str:
    id = id or frames.fresh_id()
    try:
        await phone.link.ask(id, frames.submit(id, 1, activity, data))
    except Refused as refused:
        return refused.code
    return "ack"
