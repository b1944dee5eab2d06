"""The ledger's queue: nobody hears "ack" before COMMIT, and nobody's fault is another's."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from app.errors import KickoffError, NotSaved
from app.live.ledger import Arrival, Ledger
from app.models.people import Team
from app.models.rooms import Participant
from app.operations.rooms import new_room
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


def test_arrivals_of_each_room_are_committed_by_themselves(desk: Desk) -> None:
    """C5: of two processes that held several rooms, each could wait for the other's for ever."""
    with desk.database.unit_of_work() as session:
        rooms = [desk.room_id, new_room(session, desk.kickoff_id).id]
    commits: list[None] = []
    event.listen(desk.database.write_engine, "commit", lambda _: commits.append(None))

    async def play(ledger: Ledger) -> None:
        for number in range(6):
            ledger.put(Arrival(str(number), rooms[number % 2], "", None, 1), lambda _: None)

    assert run(desk, play) == set(rooms)
    assert len(commits) == 2


def test_two_processes_that_assign_teams_count_each_others_people(each_desk: Desk) -> None:
    desk = each_desk
    with desk.database.unit_of_work() as session:
        teams = [Team(kickoff_id=desk.kickoff_id, name=str(number)) for number in range(4)]
        session.add_all(teams)
    choices = tuple(team.id for team in teams)

    async def fill(process: int) -> None:
        ledger = Ledger(desk.database, desk.vault, lambda _: None)
        for number in range(20):
            who = f"{process}-{number}"
            await ledger.write(Arrival(who, desk.room_id, "", None, 1, teams=choices))
        await ledger.finish()

    async def within() -> None:
        await asyncio.gather(fill(1), fill(2))

    asyncio.run(within())
    with desk.database.reading() as session:
        assigned = [one.team_id for one in session.exec(select(Participant)) if one.team_id]
    assert sorted(Counter(assigned).values()) == [10] * 4


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
