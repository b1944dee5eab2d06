"""A drawing too large to be read from the back of a hall, in windows that are not (L3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Rectangle:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


def around(boxes: Sequence[Rectangle], margin: float = 0) -> Rectangle:
    """The least rectangle that holds all of them, with a margin on each side."""
    x, y = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    return Rectangle(x - margin, y - margin, right - x + 2 * margin, bottom - y + 2 * margin)


def windows(
    boxes: Sequence[Rectangle], *, width: float, height: float
) -> tuple[tuple[int, ...], ...]:
    """The boxes in groups, by their index, each group no larger than width × height together (a
    box that is larger is a group of its own): every box in exactly one, read as one reads.

    What is too large is cut where the gap between boxes is widest, near the middle, across its
    longer side as measured by what fits.
    """
    return tuple(_cut(boxes, tuple(range(len(boxes))), width, height)) if boxes else ()


def _cut(
    boxes: Sequence[Rectangle], group: tuple[int, ...], width: float, height: float
) -> Iterator[tuple[int, ...]]:
    whole = around([boxes[index] for index in group])
    if len(group) == 1 or (whole.width <= width and whole.height <= height):
        yield group
        return
    across = whole.width / width >= whole.height / height
    first, second = _halves(boxes, group, across=across)
    yield from _cut(boxes, first, width, height)
    yield from _cut(boxes, second, width, height)


def _halves(
    boxes: Sequence[Rectangle], group: tuple[int, ...], *, across: bool
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    def start(index: int) -> float:
        return boxes[index].x if across else boxes[index].y

    def end(index: int) -> float:
        return boxes[index].right if across else boxes[index].bottom

    order = sorted(group, key=lambda index: (start(index), end(index), index))
    best, best_at = None, 1
    for at in range(1, len(order)):
        gap = start(order[at]) - max(end(index) for index in order[:at])
        # As even as it goes, and a gap before an overlap.
        worth = (gap > 0, -abs(2 * at - len(order)), gap)
        if best is None or worth > best:
            best, best_at = worth, at
    return tuple(order[:best_at]), tuple(order[best_at:])
