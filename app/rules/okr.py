"""How a key result and its objective stand (F4): score, trend, and how long nobody has said a word.

A score is the part of the way from baseline to target that has been gone, from 0.0 to 1.0. What is
not known has no score; nothing is guessed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

UP, DOWN, FLAT = "up", "down", "flat"
# A trend is read from the last check-ins, so many of them.
TREND_OF = 3
# Less than this part of the way, there or back, is standing still.
FLAT_WITHIN = 0.02
# Key results are reviewed every second week: after that, silence is told.
NEWS_WITHIN_DAYS = 14


@dataclass(frozen=True)
class Way:
    """From what to what. Where baseline and target differ, they say in which direction; where a
    level is to be held (both the same), `direction` does."""

    baseline: float | None
    target: float | None
    direction: str = UP


@dataclass(frozen=True)
class Score:
    """Of an objective: the mean of its key results that have a score, and how many those are."""

    value: float | None
    of: int
    scored: int


class Dated(Protocol):
    """Something that was said on a day, and may have been withdrawn."""

    @property
    def on(self) -> date: ...
    @property
    def withdrawn(self) -> bool: ...


Said = TypeVar("Said", bound=Dated)


def standing(said: Iterable[Said]) -> list[Said]:
    """What counts of what was said, the earliest first: not what was withdrawn, and of each day
    what was said last. `said` is in the order in which it was said."""
    last = {one.on: one for one in said if not one.withdrawn}
    return [last[on] for on in sorted(last)]


def position(way: Way, value: float | None) -> float | None:
    """The part of the way, not held within 0 and 1: below 0 it has gone backwards."""
    if way.baseline is None or way.target is None or value is None:
        return None
    whole = way.target - way.baseline
    if whole == 0:
        held = value >= way.target if way.direction == UP else value <= way.target
        return 1.0 if held else 0.0
    return (value - way.baseline) / whole


def score(way: Way, value: float | None) -> float | None:
    found = position(way, value)
    return None if found is None else min(1.0, max(0.0, found))


def missing(way: Way, value: float | None) -> tuple[str, ...]:
    """What there is no score without, of what is not there."""
    parts = (("baseline", way.baseline), ("target", way.target), ("value", value))
    return tuple(name for name, part in parts if part is None)


def contradicts(way: Way) -> bool:
    """Whether the target lies the other way than the direction says."""
    if way.baseline is None or way.target is None or way.baseline == way.target:
        return False
    return (way.target > way.baseline) != (way.direction == UP)


def objective_score(scores: Sequence[float | None]) -> Score:
    known = [one for one in scores if one is not None]
    mean = sum(known) / len(known) if known else None
    return Score(mean, of=len(scores), scored=len(known))


def trend(way: Way, values: Sequence[float]) -> str | None:
    """Whether the last values came closer to the target ("up", whichever way the figures run), went
    away from it ("down") or stood still. None where two are not there, or the way is not known."""
    last = values[-TREND_OF:]
    if len(last) < 2:
        return None
    if way.baseline is not None and way.baseline == way.target:
        # A level that is held: what counts is which way the figures run.
        first, now = (sign * last[i] for sign in (_sign(way),) for i in (0, -1))
        return _direction((now - first) / max(abs(way.baseline), 1.0))
    begun, ended = position(way, last[0]), position(way, last[-1])
    return None if begun is None or ended is None else _direction(ended - begun)


def silent_days(said: date | None, since: date | None, today: date) -> int | None:
    """Days without a word: since the last check-in, or since there was something to say. None
    where neither is known, and 0 before the day that it began."""
    last = said or since
    return None if last is None else max(0, (today - last).days)


def is_silent(days: int | None) -> bool:
    return days is not None and days > NEWS_WITHIN_DAYS


def _sign(way: Way) -> int:
    return 1 if way.direction == UP else -1


def _direction(moved: float) -> str:
    # A hair of rounding is no movement.
    if abs(moved) < FLAT_WITHIN - 1e-9:
        return FLAT
    return UP if moved > 0 else DOWN
