"""What lifts most this week (F4): for each action the key result's remaining gap × the share of it
that the action is expected to close ÷ its effort in days.

An action of which one of the three is not known has no lift: it says what is missing, and stands
behind those that have one.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Effect:
    """What is known of an action. `gap` is the part of the way that its key result has left (0 to
    1), `share` the part of that which it is to close (0 to 1), `days` its effort."""

    id: str
    gap: float | None = None
    share: float | None = None
    days: float | None = None
    has_key_result: bool = True


@dataclass(frozen=True)
class Lift:
    """`value` is the part of the key result's way that one day of work brings; None where
    something is `missing`."""

    effect: Effect
    value: float | None
    missing: tuple[str, ...] = ()


def gap(score: float | None) -> float | None:
    """What is left of the way."""
    return None if score is None else 1.0 - score


def lift(effect: Effect) -> Lift:
    missing = tuple(_missing(effect))
    if missing or effect.gap is None or effect.share is None or not effect.days:
        return Lift(effect, None, missing)
    return Lift(effect, effect.gap * effect.share / effect.days)


def ranked(effects: Iterable[Effect]) -> list[Lift]:
    """The highest lift first; then those that lack something, the fewest parts first. Of two alike
    the one that came first stays first."""
    return sorted((lift(one) for one in effects), key=_order)


def _order(one: Lift) -> tuple[bool, float]:
    return (one.value is None, len(one.missing) if one.value is None else -one.value)


def _missing(effect: Effect) -> Iterable[str]:
    if not effect.has_key_result:
        yield "key_result"
    elif effect.gap is None:
        yield "gap"
    if effect.share is None:
        yield "share"
    if effect.days is None or effect.days <= 0:
        yield "days"
