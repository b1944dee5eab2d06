"""The ledger's queue: nobody hears "ack" before COMMIT, and nobody's fault is another's."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import event

from app.errors import KickoffError, NotSaved
from app.live.ledger import Arrival, Ledger
from tests.live.conftest import Desk

Told = list[str | None]


def run(desk: Desk, play: Callable[[Ledger], Coroutine[Any, Any, None]]) -> set[str]:
    """Plays with a ledger in an event loop; the rooms that it says were changed."""
    touched: set[str] = set()

    async def within() -> None:
        ledger = Ledger(desk.database, desk.vault, touched.update)
        await play(ledger)
        await ledger.finish()

    asyncio.run(within())
    return touched


def test_an_acknowledgement_comes_after_the_commit(desk: Desk) -> None:
    activity = desk.activity()
    order: list[str] = []
    event.listen(desk.database.write_engine, "commit", lambda _: order.append("commit"))

    async def play(ledger: Ledger) -> None:
        ledger.put(desk.vote(activity, text="ja"), lambda error: order.append("ack"))

    assert run(desk, play) == {desk.room_id}
    assert order == ["commit", "ack"]


def test_what_comes_together_is_committed_together_but_arrivals_by_themselves(desk: Desk) -> None:
    activity = desk.activity()
    commits: list[None] = []
    told: Told = []
    event.listen(desk.database.write_engine, "commit", lambda _: commits.append(None))

    async def play(ledger: Ledger) -> None:
        for number in range(3):
            ledger.put(desk.vote(activity, number, text="ja"), lambda e: told.append(_code(e)))
            joined = Arrival(f"new-{number}", desk.room_id, "", None, 1)
            ledger.put(joined, lambda e: told.append(_code(e)))

    run(desk, play)
    assert told == [None] * 6
    assert len(commits) == 2


def test_one_that_cannot_be_written_does_not_take_the_others_with_it(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    activity = desk.activity()
    told: dict[int, str | None] = {}

    async def play(ledger: Ledger) -> None:
        for number in range(9):
            # Half a character cannot be encoded: what a door let slip through.
            text = "hemmelig \ud800" if number == 4 else f"svar {number}"
            vote = desk.vote(activity, number % 3, seq=number, text=text)
            ledger.put(vote, lambda error, n=number: told.update({n: _code(error)}))

    run(desk, play)
    assert told == {n: "not_saved" if n == 4 else None for n in range(9)}
    assert desk.texts(activity) == ["svar 6", "svar 7", "svar 8"]
    assert "hemmelig" not in caplog.text


def test_one_who_cannot_be_told_does_not_silence_the_others(desk: Desk) -> None:
    activity = desk.activity()
    told: Told = []

    def broken(error: KickoffError | None) -> None:
        raise ConnectionError("the socket is gone")

    async def play(ledger: Ledger) -> None:
        ledger.put(desk.vote(activity, 0, text="ja"), broken)
        ledger.put(desk.vote(activity, 1, text="ja"), lambda e: told.append(_code(e)))
        await asyncio.sleep(0.1)
        await ledger.write(desk.vote(activity, 2, text="ja"))

    run(desk, play)
    assert told == [None]
    assert desk.texts(activity) == ["ja"] * 3


def test_a_database_that_is_away_is_said_to_everybody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = desk.activity()

    def away() -> None:
        raise NotSaved("the database is away")

    async def play(ledger: Ledger) -> None:
        monkeypatch.setattr(desk.database, "transaction", away)
        with pytest.raises(NotSaved):
            await ledger.write(desk.vote(activity, text="ja"))
        monkeypatch.undo()
        await ledger.write(desk.vote(activity, text="ja"))

    run(desk, play)
    assert desk.texts(activity) == ["ja"]


def _code(error: KickoffError | None) -> str | None:
    return error and error.code
