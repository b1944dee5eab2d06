"""S10: typed room codes cannot be guessed, and a whole room on one address is not locked out.

Saboteur: a budget that is never spent (`failed` does nothing) turns the first test red.
"""

import asyncio
from collections.abc import Iterator

import pytest
import time_machine

from app.errors import UnknownRoom
from app.ids import CODE_ALPHABET, CODE_LENGTH
from app.web import guessing
from app.web.checks import State
from app.web.guessing import CHANCE, DAY, CodesPaused, GuessBudget, failures_per_minute

RIGHT = "ABC234"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    """Moves the wall clock that `limits` reads and our own monotonic one together."""
    with time_machine.travel("2026-02-03T08:00:00Z", tick=False) as traveller:
        monkeypatch.setattr("app.clock.monotonic", lambda: guessing.clock.now_ms() / 1000)
        yield traveller


def look_up(budget: GuessBudget, code: str) -> str:
    """As a route does it."""
    with budget.guess():
        if code != RIGHT:
            raise UnknownRoom
        return "room"


def attack(budget: GuessBudget, tries: int) -> int:
    """How many of so many wrong codes were really looked up."""
    looked_up = 0
    for _ in range(tries):
        try:
            look_up(budget, "WRONG2")
        except CodesPaused:
            continue
        except UnknownRoom:
            looked_up += 1
    return looked_up


@pytest.mark.parametrize("rooms", [1, 50, 1000])
def test_a_days_attack_stays_within_the_bound(clock: time_machine.Traveller, rooms: int) -> None:
    budget = GuessBudget()
    budget.rooms = rooms
    minutes = 10
    looked_up = 0
    for _ in range(minutes * 60):
        # A thousand guesses a second; once they are refused, the rest is refused alike.
        looked_up += attack(budget, min(1000, failures_per_minute(rooms) + 1))
        clock.shift(1.0)
    codes = len(CODE_ALPHABET) ** CODE_LENGTH
    allowed_a_second = CHANCE * codes / (rooms * DAY)
    assert 0 < looked_up <= allowed_a_second * minutes * 60


def test_right_codes_cost_nothing(clock: time_machine.Traveller) -> None:
    budget = GuessBudget()
    budget.rooms = 50
    assert [look_up(budget, RIGHT) for _ in range(2000)] == ["room"] * 2000
    assert not budget.paused


def test_while_an_attack_lasts_right_codes_pause_too(clock: time_machine.Traveller) -> None:
    budget = GuessBudget()
    attack(budget, failures_per_minute(1) + 5)
    with pytest.raises(CodesPaused) as refused:
        look_up(budget, RIGHT)
    assert refused.value.code == "codes_paused"
    assert 1 <= refused.value.retry_after <= 60
    assert budget.paused
    assert asyncio.run(budget.check()).state == State.DEGRADED
    clock.shift(61)
    assert look_up(budget, RIGHT) == "room"
    # The console still says so for a while: the attacker may be back.
    assert budget.paused
    clock.shift(61)
    assert not budget.paused


def test_what_is_being_looked_up_counts_as_wrong_until_it_is_found(
    clock: time_machine.Traveller,
) -> None:
    budget = GuessBudget()
    budget.rooms = 100_000_000
    assert failures_per_minute(budget.rooms) == 1
    with budget.guess():
        assert not budget.allow()
    assert budget.allow()


def test_processes_share_one_budget(redis_url: str) -> None:
    async def play() -> tuple[int, bool]:
        budgets = [GuessBudget(redis_url) for _ in range(4)]
        tasks = [asyncio.create_task(budget.run(lambda: 50)) for budget in budgets]
        looked_up = 0
        for _ in range(30):
            await asyncio.sleep(0.1)
            looked_up += sum(attack(budget, 20) for budget in budgets)
        paused = all(budget.paused for budget in budgets)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return looked_up, paused

    looked_up, paused = asyncio.run(play())
    assert 0 < looked_up <= failures_per_minute(50), looked_up
    assert paused


def test_without_redis_each_process_keeps_to_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play() -> int:
        budget = GuessBudget("redis://127.0.0.1:1/0")
        task = asyncio.create_task(budget.run(lambda: 1))
        await asyncio.sleep(0.3)
        looked_up = attack(budget, 5000)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return looked_up

    assert 0 < asyncio.run(play()) <= failures_per_minute(1) // 8
