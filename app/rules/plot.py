"""Where a figure's way stands in a picture (F4): days from left to right, figures from below."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MOST_TICKS = 5


@dataclass(frozen=True)
class Frame:
    """The rectangle in which points may lie."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Plot:
    """`points` are the figures' places in their order, `line` that of the way from baseline to
    target, `ticks` the figures beside the lines across, `today` where today is, if it is within."""

    points: tuple[tuple[float, float], ...]
    line: tuple[float, float, float, float] | None
    ticks: tuple[tuple[float, float], ...]
    days: tuple[tuple[float, date], ...]
    today: float | None


def plot(
    frame: Frame,
    values: Sequence[tuple[date, float]],
    *,
    line: tuple[tuple[date, float], tuple[date, float]] | None,
    today: date,
) -> Plot:
    """`line` is from the first day and its figure to the last day and its."""
    ends = list(line or ())
    days = [on for on, _ in (*values, *ends)] or [today]
    figures = [figure for _, figure in (*values, *ends)] or [0.0]
    first, last = min(days), max(days)
    low, high, step = _scale(min(figures), max(figures))

    def x(on: date) -> float:
        if last == first:
            return (frame.left + frame.right) / 2
        share = (on - first).days / (last - first).days
        return round(frame.left + share * (frame.right - frame.left), 1)

    def y(figure: float) -> float:
        share = (figure - low) / (high - low)
        return round(frame.bottom - share * (frame.bottom - frame.top), 1)

    places = [(x(on), y(figure)) for on, figure in ends]
    count = round((high - low) / step)
    ticks = [round(low + number * step, 10) for number in range(count + 1)]
    shown = sorted({first, last})
    return Plot(
        points=tuple((x(on), y(figure)) for on, figure in values),
        line=(*places[0], *places[1]) if places else None,
        ticks=tuple((y(tick), tick) for tick in ticks),
        days=tuple((x(on), on) for on in shown),
        today=x(today) if first <= today <= last and last != first else None,
    )


def _scale(low: float, high: float) -> tuple[float, float, float]:
    """Round figures around the least and the greatest, and the step between them."""
    if low == high:
        room = abs(low) * 0.1 or 1.0
        low, high = low - room, high + room
    rough = (high - low) / (MOST_TICKS - 1)
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = next(m * magnitude for m in (1, 2, 5, 10) if m * magnitude >= rough * (1 - 1e-9))
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, step
