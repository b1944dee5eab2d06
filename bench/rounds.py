"""Three rounds, the middle one counts; a round in which the generator itself was late is void."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter, sleep
from typing import Any

from bench.lag import VOID_ABOVE_MS
from bench.proc import core_busy_seconds, cpu_seconds, wait_for_quiet
from bench.processes import LOAD_CORE, SERVER_CORE, Server
from bench.profiler import watched

ROUNDS = 3
TRIES = 4
"""per round, before a figure is given up as not measurable here"""


class NotMeasurable(Exception):
    """No round of a contender was valid: somebody else needed the machine."""


@dataclass(frozen=True)
class Round:
    """What a generator found, and under which circumstances."""

    found: Mapping[str, Any]
    foreign: float
    """share of the server's core that others took meanwhile"""
    server_cpu: float
    """seconds of processor time that the server needed, opening the sockets included"""

    @property
    def lag_ms(self) -> float:
        return float(self.found["lag"]["max_ms"])

    @property
    def void(self) -> bool:
        return self.lag_ms > VOID_ABOVE_MS


@dataclass
class Rounds:
    """The valid rounds of one contender."""

    name: str
    valid: list[Round] = field(default_factory=list)
    voided: int = 0

    def middle(self, key: str) -> float:
        return float(median(float(one.found[key]) for one in self.valid))

    def worst(self, key: str) -> float:
        return float(max(float(one.found[key]) for one in self.valid))

    @property
    def note(self) -> str:
        """Lag and disturbance, for the table: a figure is worth what its circumstances were."""
        lag = max(one.lag_ms for one in self.valid)
        foreign = max(one.foreign for one in self.valid)
        void = f", {self.voided} void" if self.voided else ""
        return f"lag ≤ {lag:.0f} ms, others ≤ {foreign:.0%} of the core{void}"


def measured(server: Server, generate: Callable[[], Mapping[str, Any]]) -> Round:
    """Runs a generator against a server and notes how much of its core others used."""
    wait_for_quiet(SERVER_CORE, LOAD_CORE)
    began, busy, own = perf_counter(), core_busy_seconds(SERVER_CORE), cpu_seconds(server.pid)
    with watched(server):
        found = generate()
    wall = perf_counter() - began
    used = cpu_seconds(server.pid) - own
    others = core_busy_seconds(SERVER_CORE) - busy - used
    return Round(found, foreign=max(0.0, others / wall), server_cpu=used)


def rounds_of(contenders: Mapping[str, Callable[[], Round]]) -> dict[str, Rounds]:
    """Three valid rounds of each, taken in turn, so that a disturbance hits all alike."""
    all_rounds = {name: Rounds(name) for name in contenders}
    for number in range(1, ROUNDS + 1):
        for name, run in contenders.items():
            _until_valid(all_rounds[name], run, number)
    late = [name for name, rounds in all_rounds.items() if not rounds.valid]
    if late:
        raise NotMeasurable(f"{', '.join(late)}: the generator was late in each round")
    return all_rounds


def _until_valid(rounds: Rounds, run: Callable[[], Round], number: int) -> None:
    for attempt in range(TRIES):
        one = run()
        print(f"  {rounds.name:12} round {number}: {_short(one)}", flush=True)
        if not one.void:
            rounds.valid.append(one)
            return
        rounds.voided += 1
        sleep(2.0 * attempt)  # whoever disturbed may have finished by then


def _short(one: Round) -> str:
    numbers = {key: value for key, value in one.found.items() if isinstance(value, int | float)}
    shown = ", ".join(f"{key} {value:,.6g}" for key, value in numbers.items())
    void = " VOID" if one.void else ""
    around = f"server {one.server_cpu:.2f} s, lag {one.lag_ms:.1f} ms, others {one.foreign:.0%}"
    return f"{shown} ({around}){void}"
