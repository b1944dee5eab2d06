"""T05: acknowledged if and only if counted, also at the moment of closing; a second at most.

Seen red: see the table in sabotage/saboteurs_counting.py. With the same slow commits and our locks
in place it is green: PostgreSQL's foreign key alone does not order the two.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from time import monotonic
from typing import Any

import psycopg
import pytest

from app.rehearsal.client import Facilitator, Phone
from app.rehearsal.journal import Journal, Outcome
from app.rehearsal.judge import Verdict, judge_frames, judge_result
from app.rehearsal.link import Refused
from tests.faults.proxy import Faults, Proxy
from tests.promises.stage import Stage, activity_in, at_most, create, leave

# A third of the commits take 100 ms, as on a busy disk: the moment between check and commit is
# long.
SLOW_COMMITS = """
CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('test.asked', true) IS DISTINCT FROM txid_current()::text THEN
    PERFORM set_config('test.asked', txid_current()::text, true);
    IF random() < 0.33 THEN PERFORM pg_sleep(0.1); END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON receipt DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION slow();
"""


@dataclass
class Rounds:
    """What the rounds were like."""

    closed_after: list[float] = field(default_factory=list)  # seconds from command to ack
    late: int = 0  # answers that were refused because it was closed


@pytest.mark.parametrize(
    "kind, count, rounds",
    [
        pytest.param("sqlite", 50, 8, id="sqlite"),
        pytest.param("postgres", 50, 12, id="postgres", marks=pytest.mark.postgres),
        pytest.param(
            "sqlite",
            500,
            200,
            id="sqlite-full",
            marks=[pytest.mark.chaos, pytest.mark.timeout(1800)],
        ),
        pytest.param(
            "postgres",
            500,
            200,
            id="postgres-full",
            marks=[pytest.mark.chaos, pytest.mark.postgres, pytest.mark.timeout(1800)],
        ),
    ],
)
def test_an_answer_at_the_moment_of_closing_is_counted_or_refused(
    start_stage: Callable[..., Stage], kind: str, count: int, rounds: int
) -> None:
    stage = start_stage(kind)
    if kind == "postgres":
        with psycopg.connect(stage.database_url.replace("+psycopg", "")) as connection:
            connection.execute(SLOW_COMMITS)
    told = asyncio.run(_play(stage, count, rounds))
    took = sorted(told.closed_after)
    assert told.late > rounds, "hardly anybody was late: the race was not run"
    assert took[int(0.99 * len(took))] <= at_most(1.0), f"closing took {took[-5:]}"


async def _play(stage: Stage, count: int, rounds: int) -> Rounds:
    told = Rounds()
    journal = Journal(keep_frames=True)
    held = Faults(hold_client=0.8)
    async with Proxy(stage.server.port, Faults()) as proxy:
        phones = await stage.phones(count - count // 5, journal)
        phones += await stage.phones(
            count // 5, journal, address=stage.through(proxy.port), first=len(phones)
        )
        proxy.faults = held
        async with stage.facilitator() as one, stage.facilitator() as other:
            for number in range(rounds):
                await _round(stage, phones, (one, other), journal, Random(number), told)
        await leave(phones)
    assert judge_frames(journal.frames) == Verdict()
    return told


async def _round(
    stage: Stage,
    phones: list[Phone],
    consoles: tuple[Facilitator, Facilitator],
    journal: Journal,
    random: Random,
    told: Rounds,
) -> None:
    activity = await create(consoles[0])
    await consoles[1].until(lambda state: any(a["id"] == activity for a in state["activities"]))
    closing = [asyncio.create_task(_first_closed(console, activity)) for console in consoles]
    votes = [asyncio.create_task(_vote(phone, activity)) for phone in phones]
    await asyncio.sleep(random.uniform(0.1, 0.5))
    control = consoles[0].state["control"]
    took = await asyncio.gather(*(_close(console, activity, control) for console in consoles))
    assert any(took), "neither of the two closed it"
    told.closed_after += [seconds for seconds in took if seconds]
    first = [await shown for shown in closing]
    await asyncio.gather(*votes)

    operations = list(journal.of_activity(activity))
    assert {operation.outcome for operation in operations} <= {Outcome.OK, Outcome.FAIL}
    assert {o.code for o in operations if o.outcome is Outcome.FAIL} == {"activity_closed"}
    told.late += sum(operation.outcome is Outcome.FAIL for operation in operations)
    final = await stage.result(activity)
    assert judge_result(operations, final) == Verdict()
    assert [_figures(result) for result in first] == [_figures(final)] * len(first)


async def _vote(phone: Phone, activity: str) -> None:
    """One answer after the other until it is closed. (Twelve a second: nobody is told to be
    slower.)"""
    number = 0
    while True:
        number += 1
        try:
            await phone.submit(activity, {"text": f"{phone.number}:{number}"})
        except Refused as refused:
            if refused.code != "activity_closed":
                raise
            return
        await asyncio.sleep(1 / 12)


async def _close(console: Facilitator, activity: str, control: int) -> float | None:
    began = monotonic()
    try:
        await console.command("activity.close", {"activity": activity}, control=control)
    except Refused as refused:
        if refused.code != "conflict":  # then the other one was first
            raise
        return None
    return monotonic() - began


async def _first_closed(console: Facilitator, activity: str) -> Mapping[str, Any]:
    """The result in the first picture that shows the activity as closed."""

    def closed(state: Mapping[str, Any]) -> bool:
        return any(a["id"] == activity and a["status"] == "closed" for a in state["activities"])

    return dict(activity_in(await console.until(closed, within=15), activity)["result"])


def _figures(result: Mapping[str, Any]) -> tuple[int, list[str]]:
    return result["answered"], sorted(text["text"] for text in result["texts"])
