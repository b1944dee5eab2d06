"""Where what a room placed stands on the drawn matrix: an ellipse around the mean, as wide and high
as the answers lie apart, and a number that no other number lies on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin

from app.rules.placements import Placement

SIDE = 300  # of the square: three cells of a hundred
LEAST = 15  # half an axis of an ellipse of those who agree
RADIUS = 14  # of a number's disc
APART = 2 * RADIUS + 1
RINGS = 12
SPOKES = 16


@dataclass(frozen=True)
class Spot:
    """`x`, `y` are the mean, from the upper left; `at` is where the number stands."""

    id: str
    x: float
    y: float
    across: float
    high: float
    at: tuple[float, float]


def spots(placed: Iterable[tuple[str, Placement]]) -> list[Spot]:
    """In the order given: what comes first stands where it is, others make room."""
    means = [(key, each, _x(each.consequence), SIDE - _x(each.probability)) for key, each in placed]
    numbers = apart([(x, y) for _, _, x, y in means])
    return [
        Spot(
            key,
            round(x, 1),
            round(y, 1),
            round(max(each.consequence_spread * SIDE / 3, LEAST), 1),
            round(max(each.probability_spread * SIDE / 3, LEAST), 1),
            (round(at[0], 1), round(at[1], 1)),
        )
        for (key, each, x, y), at in zip(means, numbers, strict=True)
    ]


def apart(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Each at its point, or as near to it as none lies on another; where there is no room left it
    stays at its point."""
    found: list[tuple[float, float]] = []
    for point in points:
        found.append(next((at for at in _around(point) if _is_free(at, found)), point))
    return found


def _around(point: tuple[float, float]) -> Iterable[tuple[float, float]]:
    yield point
    for ring in range(1, RINGS + 1):
        for spoke in range(SPOKES):
            turn = 2 * pi * spoke / SPOKES
            away = ring * APART / 2
            at = (point[0] + away * cos(turn), point[1] + away * sin(turn))
            if all(RADIUS <= value <= SIDE - RADIUS for value in at):
                yield at


def _is_free(at: tuple[float, float], taken: Iterable[tuple[float, float]]) -> bool:
    return all(hypot(at[0] - x, at[1] - y) >= APART for x, y in taken)


def _x(mean: float) -> float:
    return (mean - 0.5) * SIDE / 3
