"""What the answers to a pulse's question add up to: distribution, mean, score, trend, and flags.

Nothing is told of fewer than five. Figures of different forms are compared on one scale from 0 to
100, on which more is better: that is what thresholds, trends and flags speak of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.rules.pulse_groups import MINIMUM

LOW = 50  # below the middle of the scale
FALL = 10  # points of a hundred, from one wave to the next
WARNED = 20  # per cent who see a risk


class Flag(StrEnum):
    LOW = "low"
    FALLING = "falling"
    WARNING = "warning"


@dataclass(frozen=True)
class Figures:
    """`values`: how many answered each of the possible values, in their order."""

    values: tuple[tuple[int, int], ...]
    answered: int
    mean: float
    level: float  # 0 to 100, more is better
    score: int | None = None  # net promoters, −100 to 100
    warned: int | None = None  # per cent who see a risk

    @property
    def largest(self) -> int:
        return max(count for _, count in self.values)


def figures(possible: Sequence[int], counts: Mapping[int, int], form: str) -> Figures | None:
    """None where too few have answered to be told anything."""
    values = tuple((value, counts.get(value, 0)) for value in possible)
    answered = sum(count for _, count in values)
    if answered < MINIMUM:
        return None
    mean = sum(value * count for value, count in values) / answered
    if form == "ten":
        score = net_promoters(dict(values))
        return Figures(values, answered, mean, (score + 100) / 2, score=score)
    lowest, highest = possible[0], possible[-1]
    level = 100 * (mean - lowest) / (highest - lowest)
    if form == "warning":
        warned = round(100 * values[-1][1] / answered)
        return Figures(values, answered, mean, 100 - level, warned=warned)
    return Figures(values, answered, mean, level)


def net_promoters(counts: Mapping[int, int]) -> int:
    """9 and 10 less 0 to 6, in per cent of all who answered."""
    promoters = sum(count for value, count in counts.items() if value >= 9)
    detractors = sum(count for value, count in counts.items() if value <= 6)
    return round(100 * (promoters - detractors) / sum(counts.values()))


def flags(now: Figures, before: Figures | None) -> tuple[Flag, ...]:
    """What somebody should look at."""
    found = []
    if now.warned is not None:
        if now.warned >= WARNED:
            found.append(Flag.WARNING)
    elif now.level < LOW:
        found.append(Flag.LOW)
    if before is not None and before.level - now.level >= FALL:
        found.append(Flag.FALLING)
    return tuple(found)


def helped(before: Figures | None, after: Figures | None) -> bool | None:
    """Whether what was done about it shows in the next wave; None where nobody can tell."""
    if before is None or after is None:
        return None
    return after.level > before.level
