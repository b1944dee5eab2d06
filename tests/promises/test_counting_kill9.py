"""T01: what was acknowledged survives kill -9; what was not is sent again and counts once.

Seen red: see the table in sabotage/saboteurs_counting.py.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from time import monotonic
from typing import Any

import pytest

from app.rehearsal.backoff import CAP_SECONDS
from app.rehearsal.client import Phone
from app.rehearsal.journal import Journal, Operation, Outcome
from app.rehearsal.judge import Verdict, judge_frames, judge_result, judge_views
from tests.promises.stage import SPAN, Stage, at_most, create, leave

Sent = list[tuple[Operation, asyncio.Future[Mapping[str, Any]]]]


@dataclass(frozen=True)
class Size:
    phones: int
    rounds: int
    within: float  # seconds in which the room answers
    span: float = SPAN


FULL = Size(2000, 20, 5.0, CAP_SECONDS)
LONG = [pytest.mark.chaos, pytest.mark.timeout(1800)]


@pytest.mark.parametrize(
    "kind, size",
    [
        pytest.param("sqlite", Size(200, 3, 1.5), id="sqlite"),
        pytest.param("postgres", Size(200, 2, 1.5), id="postgres", marks=pytest.mark.postgres),
        pytest.param("sqlite", FULL, id="sqlite-full", marks=LONG),
        pytest.param("postgres", FULL, id="postgres-full", marks=[*LONG, pytest.mark.postgres]),
    ],
)
def test_an_acknowledged_answer_survives_kill_9(
    start_stage: Callable[..., Stage], kind: str, size: Size
) -> None:
    asyncio.run(_play(start_stage(kind), size))


async def _play(stage: Stage, size: Size) -> None:
    journal = Journal(keep_frames=True)
    phones = await stage.phones(size.phones, journal, span=size.span)
    facilitator = stage.facilitator()
    async with facilitator:
        for number in range(size.rounds):
            activity = await create(facilitator)
            await _round(stage, phones, activity, size, Random(number))
            await _judge(stage, journal, activity)
    await _judge_views(stage, phones)
    assert judge_frames(journal.frames) == Verdict()
    await leave(phones)


async def _round(
    stage: Stage, phones: list[Phone], activity: str, size: Size, random: Random
) -> None:
    sent: Sent = []
    votes = [asyncio.create_task(_vote(phone, activity, size, random, sent)) for phone in phones]
    await asyncio.sleep(random.uniform(0.1, size.within))
    await asyncio.to_thread(stage.server.kill9)
    await asyncio.sleep(1.0)
    await stage.restart()
    listening = monotonic()
    await asyncio.gather(*votes)
    async with asyncio.timeout(at_most(20) - (monotonic() - listening)):
        await asyncio.gather(*(answer for _, answer in sent))


async def _vote(phone: Phone, activity: str, size: Size, random: Random, sent: Sent) -> None:
    """An answer some time, and for a fifth of the room another one later, whatever became
    of the first."""
    changes = random.random() < 0.2
    await asyncio.sleep(random.uniform(0, size.within))
    sent.append(phone.send(activity, {"text": f"phone {phone.number} first"}))
    if changes:
        await asyncio.sleep(random.uniform(0, size.within / 2))
        sent.append(phone.send(activity, {"text": f"phone {phone.number} second"}))


async def _judge(stage: Stage, journal: Journal, activity: str) -> None:
    operations = list(journal.of_activity(activity))
    assert all(operation.outcome is Outcome.OK for operation in operations)
    result = await stage.result(activity)
    assert judge_result(operations, result) == Verdict()
    # Nobody is left without an answer, so the result is known to the word.
    last = {operation.client: operation.marks[0] for operation in sorted(operations, key=_seq)}
    assert sorted(text["text"] for text in result["texts"]) == sorted(last.values())


async def _judge_views(stage: Stage, phones: list[Phone]) -> None:
    """After the last change every phone shows what the server holds. (Phones skip revisions that
    change nothing for them, so the state is compared, not its number.)"""
    until = monotonic() + at_most(2.5)
    while (verdict := await _views(stage, phones)) != Verdict() and monotonic() < until:  # noqa: ASYNC110 -- a server's
        await asyncio.sleep(0.1)
    assert verdict == Verdict()


async def _views(stage: Stage, phones: list[Phone]) -> Verdict:
    truth = await stage.ask(stage.address.room, token=None)
    shown = {}
    for phone in phones:
        epoch, _, hash = phone.view
        shown[phone.number] = (epoch, 0, hash)
    return judge_views(shown, (truth["epoch"], 0, truth["hash"]))


def _seq(operation: Operation) -> int:
    return operation.seq
