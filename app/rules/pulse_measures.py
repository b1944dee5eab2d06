"""Which measure comes first: what changes much and costs little (F6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

HIGHEST = 5
SOONEST, LATEST = timedelta(days=7), timedelta(days=14)


class Rated(Protocol):
    title: str
    effect: int
    complexity: int


Measure = TypeVar("Measure", bound=Rated)


@dataclass(frozen=True)
class Placed:
    """`worth`: effect times simplicity, which is 5 where the complexity is 1; from 1 to 25."""

    worth: int
    place: int


def worth(effect: int, complexity: int) -> int:
    return effect * (HIGHEST + 1 - complexity)


def ranked(measures: Iterable[Measure]) -> list[tuple[Measure, Placed]]:
    """The most worthy first; those that are worth the same share a place, the simpler one first."""
    order = sorted(
        measures,
        key=lambda one: (-worth(one.effect, one.complexity), one.complexity, one.title.casefold()),
    )
    values = [worth(one.effect, one.complexity) for one in order]
    return [
        (one, Placed(value, values.index(value) + 1))
        for one, value in zip(order, values, strict=True)
    ]


def in_time(due: date | None, agreed: date) -> bool:
    """Whether it is to be closed within two weeks of the day on which it was agreed."""
    return due is not None and due - agreed <= LATEST
