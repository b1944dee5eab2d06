"""T04: one attendee has one ballot, by a constraint, whatever tabs, reloads and processes do.

Seen red: see the table in sabotage/saboteurs_counting.py.
"""

import asyncio
from collections.abc import Callable
from random import Random

import pytest

from app.rehearsal import frames
from app.rehearsal.client import Phone
from tests.promises.hands import Tab
from tests.promises.stage import Stage, create, leave

TABS = 3


@pytest.mark.parametrize(
    "kind, attendees",
    [
        pytest.param("postgres", 20, id="postgres", marks=pytest.mark.postgres),
        pytest.param("sqlite", 200, id="sqlite-full", marks=pytest.mark.chaos),
        pytest.param(
            "postgres", 200, id="postgres-full", marks=[pytest.mark.chaos, pytest.mark.postgres]
        ),
    ],
)
def test_fifty_answers_at_once_from_three_tabs_are_one_ballot(
    start_stage: Callable[..., Stage], kind: str, attendees: int
) -> None:
    asyncio.run(_play(start_stage(kind), attendees, answers=50))


async def _play(stage: Stage, attendees: int, *, answers: int) -> None:
    phones = await stage.phones(attendees)
    tabs = [[await _tab(stage, phone) for _ in range(TABS)] for phone in phones]
    async with stage.facilitator() as facilitator:
        # Twice, since what two processes do in the same millisecond is chance.
        for turn in range(2):
            await _turn(stage, phones, tabs, await create(facilitator, mode="named"), answers, turn)
    assert sum(tab.trouble for own in tabs for tab in own) == 0
    for own in tabs:
        for tab in own:
            await tab.close()
    await leave(phones)


async def _turn(
    stage: Stage, phones: list[Phone], tabs: list[list[Tab]], activity: str, answers: int, turn: int
) -> None:
    random = Random(turn)
    sends = [(n, seq, random.choice(own)) for n, own in enumerate(tabs) for seq in range(answers)]
    random.shuffle(sends)
    await asyncio.gather(
        *(_send(tab, activity, seq, f"{number}:{seq}") for number, seq, tab in sends)
    )
    await _judge(stage, activity, attendees=len(phones), last=answers - 1)

    # A reload knows where it was; a restored tab does not, and sends what is long superseded.
    for number, phone in enumerate(phones[:3]):
        reloaded = await _tab(stage, phone)
        await _send(reloaded, activity, 1, f"{number}:restored")
        await reloaded.close()
    await _judge(stage, activity, attendees=len(phones), last=answers - 1)


async def _tab(stage: Stage, phone: Phone) -> Tab:
    tab = Tab(stage.address, token=phone.link.token)
    tab.open()
    await tab.ready()
    return tab


async def _send(tab: Tab, activity: str, seq: int, text: str) -> None:
    id = frames.fresh_id()
    await tab.ask(id, frames.submit(id, seq, activity, {"text": text}))


async def _judge(stage: Stage, activity: str, *, attendees: int, last: int) -> None:
    result = await stage.result(activity)
    counted = sorted(text["text"] for text in result["texts"])
    assert counted == sorted(f"{number}:{last}" for number in range(attendees))
    assert result["answered"] == attendees
