"""Where boxes stand along their layers: as level with their neighbours as the order allows.

Of all places without an overlap those with the least sum of squared distances to where a box would
like to be (isotonic regression by pooling).
"""

from collections.abc import Iterable, Mapping, Sequence
from math import floor

ROUNDS = 6


def level(
    rows: Sequence[Sequence[str]],
    steps: Iterable[tuple[str, str]],
    heights: Mapping[str, int],
    *,
    gap: int,
) -> dict[str, int]:
    """The top of each, the topmost at 0. The order within the rows stays."""
    beside: dict[str, tuple[list[str], list[str]]] = {one: ([], []) for row in rows for one in row}
    for cause, effect in steps:
        beside[effect][0].append(cause)
        beside[cause][1].append(effect)
    middles: dict[str, float] = {}
    for row in rows:
        middles |= _stacked(row, heights, gap)
    for turn in range(ROUNDS):
        last = turn >= ROUNDS - 2  # at the end both sides are heard
        for row in rows if turn % 2 == 0 else reversed(rows):
            wanted = []
            for one in row:
                before, after = beside[one]
                heard = before + after if last else before if turn % 2 == 0 else after
                near = [middles[other] for other in heard] or [middles[one]]
                wanted.append(sum(near) / len(near))
            placed = apart(wanted, [heights[one] for one in row], gap=gap)
            middles |= zip(row, placed, strict=True)
    tops = {one: floor(middles[one] - heights[one] / 2) for row in rows for one in row}
    first = min(tops.values(), default=0)
    return {one: top - first for one, top in tops.items()}


def apart(wanted: Sequence[float], heights: Sequence[int], *, gap: int) -> list[float]:
    """The middles, as near to the wanted ones as boxes in this order can be without touching."""
    offsets, reached = [], 0.0
    for height in heights:
        offsets.append(reached + height / 2)
        reached += height + gap + 1  # one more, for rounding takes one at most
    pools: list[tuple[float, int]] = []  # sum and number of what stands as close as it may
    for want, offset in zip(wanted, offsets, strict=True):
        total, count = want - offset, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            earlier, number = pools.pop()
            total, count = total + earlier, count + number
        pools.append((total, count))
    shifts = [total / count for total, count in pools for _ in range(count)]
    return [shift + offset for shift, offset in zip(shifts, offsets, strict=True)]


def _stacked(row: Sequence[str], heights: Mapping[str, int], gap: int) -> dict[str, float]:
    """One below the other, around a common middle."""
    whole = sum(heights[one] + gap for one in row) - gap
    middles, top = {}, -whole / 2
    for one in row:
        middles[one] = top + heights[one] / 2
        top += heights[one] + gap
    return middles
