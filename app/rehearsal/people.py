"""How people behave: when they come, how long they think, whether they change their mind, and what
they mean.

What a *kind* of activity wants is known by the activity alone: `imagine` is handed in by whoever
knows the kinds. Without it, the shape of what the room shows is enough for a plausible answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from app.rehearsal import phrases

Opinion = Mapping[str, Any]
Imagine = Callable[[str, Mapping[str, Any], Random], Sequence[Opinion]]
"""(kind, the activity as the phone sees it, randomness) → the data of submissions, one after the
other; none for nothing to say
"""


@dataclass(frozen=True, slots=True)
class Temperament:
    """One person's way: drawn once, kept for the whole day."""

    thinks_seconds: float
    silent: float
    """chance not to answer an activity at all"""
    wavers: float
    """chance to change an answer"""
    named: bool

    @classmethod
    def drawn(cls, rng: Random) -> Temperament:
        return cls(
            thinks_seconds=min(rng.lognormvariate(math.log(7.0), 0.5), 40.0),
            silent=0.02 if rng.random() < 0.85 else 0.5,
            wavers=0.08 if rng.random() < 0.8 else 0.4,
            named=rng.random() < 0.6,
        )


def arrivals(count: int, *, within: float, rng: Random) -> list[float]:
    """Seconds after the QR code is shown at which each person has scanned it: a rush, then
    stragglers.
    """
    return sorted(min(rng.gammavariate(2.0, within / 6.0), within) for _ in range(count))


def thinking_seconds(person: Temperament, activity: Mapping[str, Any], rng: Random) -> float:
    """From seeing a question to the tap: reading takes longer for long questions and for many
    options.
    """
    words = len(str(activity.get("title") or "").split()) + sum(
        len(str(option.get("text") or "").split()) for option in activity.get("options") or ()
    )
    writing = 0.0 if _answered_by_a_tap(activity) else 12.0
    return max(0.8, (words * 0.15 + writing + person.thinks_seconds) * rng.uniform(0.5, 1.5))


def second_thoughts_seconds(rng: Random) -> float:
    return rng.uniform(2.0, 20.0)


def between_seconds(rng: Random) -> float:
    """From one of several things to the next."""
    return rng.uniform(1.5, 8.0)


def until_more_seconds(rng: Random) -> float:
    """Until one has more to say where one can say several things."""
    return rng.uniform(15.0, 90.0)


def by_shape(kind: str, activity: Mapping[str, Any], rng: Random) -> Sequence[Opinion]:
    """An answer from options, range or nothing but a title, whatever the kind is called."""
    del kind
    config = activity.get("config") or {}
    options = activity.get("options") or ()
    if options:
        return [{"options": _chosen([str(option["id"]) for option in options], config, rng)}]
    if "min" in config and "max" in config:
        return [{"value": _rated(int(config["min"]), int(config["max"]), rng)}]
    return [{"text": phrases.sentence(rng)}]


def _answered_by_a_tap(activity: Mapping[str, Any]) -> bool:
    return bool(activity.get("options")) or "max" in (activity.get("config") or {})


def _chosen(ids: Sequence[str], config: Mapping[str, Any], rng: Random) -> list[str]:
    """The room leans: earlier options are liked better, none is left without a vote."""
    weights = [1.0 / (place + 1.5) for place in range(len(ids))]
    wanted = (
        rng.randint(1, min(len(ids), int(config.get("max") or 3))) if config.get("multiple") else 1
    )
    chosen: list[str] = []
    while len(chosen) < wanted:
        one = rng.choices(ids, weights)[0]
        if one not in chosen:
            chosen.append(one)
    return chosen


def _rated(low: int, high: int, rng: Random) -> int:
    """Mostly content, a tail of doubt."""
    middle = low + (high - low) * 0.72
    return max(low, min(high, round(rng.gauss(middle, (high - low) * 0.18))))
