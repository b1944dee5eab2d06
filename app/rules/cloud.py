"""A word cloud as boxes on a grid: the same words, the same picture; few changes move few words.

The surface of a word's letters grows with how often it was said, so their size with its root, on a
ladder of steps, so that one vote more seldom moves anything. Words are laid from the middle out, in
an order that does not depend on exact counts.
"""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import cos, pi, sin, sqrt
from unicodedata import combining

WIDTH, HEIGHT = 860, 420
MOST_WORDS = 48
# Sizes of letters, largest first, each an eighth above the next.
STEPS = (118, 105, 93, 83, 74, 66, 58, 52, 46, 41, 37, 33, 29, 26, 23)
# By how much letters grow with the root of the count, from generous to what always fits. What is
# said once has that size too, but never less than the last step, whoever else is large.
GROWTHS = (*(round(74 * 0.88**i, 1) for i in range(26)), 0.0)
# Beside a word stands how often it was said, if that is legible in so much of the word's size.
COUNT_SHARE = 0.45
LEAST_COUNT = 19
FULL = 0.72  # of the area, at most; more would leave holes that nothing fits in
CELL = 4
GAP = 12  # between neighbours in a row, so that two words are not read as one
OUT = 0.35  # how far from the middle the smallest have their homes, of the way to the edge
BOX = 4  # 2 would fill an ellipse, a high number a box
FEW = 12  # so many words are seen one by one, and so is whether they stand in the middle
STRIDE = 24
LINE = 1.1  # height of a word's box, of its size

# Advance of bold letters in hundredths of the size; what is not named is as wide as the widest.
_WIDTHS = {
    **dict.fromkeys("ijl.,:;!'|I() ", 31),
    **dict.fromkeys("ft-r", 44),
    **dict.fromkeys("/csz1kgaeoxyvbdhnpquøåäöé", 62),
    **dict.fromkeys("ü023456789?+EFLJPZ", 65),
    **dict.fromkeys("ABCDGHKNOQRSTUVXYØÅÄÖ&#", 76),
    **dict.fromkeys("mwæ%", 92),
}
_WIDEST = 102


@dataclass(frozen=True)
class Word:
    """A word's box: `x`, `y` its upper left corner, `size` of its letters, `step` 0 the largest.

    `width` is the letters' own; a count beside them, in `count_size`, stands within `whole`.
    """

    text: str
    count: int
    x: int
    y: int
    width: int
    height: int
    size: int
    step: int
    count_size: int = 0  # 0: it is not said

    @property
    def id(self) -> str:
        """Stays with the word while its count and place change."""
        return f"{_hash(self.text):08x}"

    @property
    def whole(self) -> int:
        """How wide it is with its count."""
        return self.width + _beside(self.count, self.count_size)

    @property
    def baseline(self) -> int:
        """Where the letters stand, from the top of the box."""
        return round(self.size * 0.86)


@dataclass(frozen=True)
class Cloud:
    words: tuple[Word, ...]
    left_out: int
    width: int = WIDTH
    height: int = HEIGHT


def cloud(words: Iterable[tuple[str, int]]) -> Cloud:
    """Lay (text, count) pairs, most frequent first; what finds no room is counted in `left_out`."""
    return _cloud(tuple((text, count) for text, count in words if text and count > 0))


@lru_cache(maxsize=32)
def _cloud(words: tuple[tuple[str, int], ...]) -> Cloud:
    kept = words[:MOST_WORDS]
    laid: list[Word] = []
    for growth in GROWTHS:
        steps = [_step(text, count, growth) for text, count in kept]
        last = growth == GROWTHS[-1]
        if not last and not _have_room(kept, steps):
            continue
        laid = _laid(kept, steps, squeeze=last)
        if len(laid) == len(kept):
            break
    return Cloud(_in_the_middle(laid), len(words) - len(laid))


def _step(text: str, count: int, growth: float) -> int:
    """The step for what has been said so often, or where it has room on a line of its own."""
    size = max(growth, STEPS[-1]) + growth * (sqrt(count) - 1)
    step = min(range(len(STEPS)), key=lambda step: abs(STEPS[step] - size))
    while step < len(STEPS) - 1 and _across(text, count, STEPS[step]) > WIDTH:
        step += 1
    return step


def _across(text: str, count: int, size: int) -> int:
    return width_of(text, size) + _beside(count, _count_size(count, size)) + GAP


def _have_room(words: Sequence[tuple[str, int]], steps: Sequence[int]) -> bool:
    area = sum(
        _across(text, count, STEPS[step]) * STEPS[step] * LINE
        for (text, count), step in zip(words, steps, strict=True)
    )
    return area <= FULL * WIDTH * HEIGHT


def _laid(words: Sequence[tuple[str, int]], steps: Sequence[int], *, squeeze: bool) -> list[Word]:
    """The words that find room at their steps. `squeeze`: also at smaller ones, and narrower."""
    grid, laid = _Grid(), []
    order = sorted(
        zip(words, steps, strict=True), key=lambda item: (item[1], _hash(item[0][0]), item[0][0])
    )
    for (text, count), step in order:
        word = _lay(grid, text, count, step, len(words), squeeze=squeeze)
        if word:
            laid.append(word)
        elif not squeeze:
            break
    return laid


def _count_size(count: int, size: int) -> int:
    """Of the figure beside a word; none beside what is said once, and none too small to read."""
    wanted = round(size * COUNT_SHARE)
    return max(wanted, LEAST_COUNT) if count > 1 and size >= 29 else 0


def _beside(count: int, count_size: int) -> int:
    return width_of(str(count), count_size) + count_size // 3 if count_size else 0


def width_of(text: str, size: int) -> int:
    """How wide the text is in letters of that size."""
    hundredths = sum(_WIDTHS.get(letter, _WIDEST) for letter in text if not combining(letter))
    return max(size // 4, -(-hundredths * size // 100))


def _lay(
    grid: "_Grid", text: str, count: int, step: int, number: int, *, squeeze: bool
) -> Word | None:
    """Where it fits nearest to its home."""
    for smaller in range(step, len(STEPS) if squeeze else step + 1):
        size = STEPS[smaller]
        width, height = width_of(text, size), round(size * LINE)
        said = _count_size(count, size)
        if squeeze and smaller == len(STEPS) - 1:
            width = min(width, WIDTH - GAP)  # its letters are squeezed rather than left out
        place = grid.take(width + _beside(count, said) + GAP, height, *_home(text, smaller, number))
        if place:
            x, y = place[0] + GAP // 2, place[1]
            return Word(text, count, x, y, width, height, size, smaller, said)
    return None


def _in_the_middle(words: Sequence[Word]) -> tuple[Word, ...]:
    """Homes are round the middle, but words never fill all sides of it alike."""
    across = _shift([(word.x, word.whole, word.height) for word in words], WIDTH)
    down = _shift([(word.y, word.height, word.whole) for word in words], HEIGHT)
    return tuple(replace(word, x=word.x + across, y=word.y + down) for word in words)


def _shift(spans: Sequence[tuple[int, int, int]], whole: int) -> int:
    """How far all must go, given each word's start, its length and its breadth across that."""
    if not spans:
        return 0
    before = min(start for start, _, _ in spans)
    after = whole - max(start + length for start, length, _ in spans)
    if len(spans) <= FEW:
        return (after - before) // 2
    # In a crowd the outermost word says little, and it moves often: where the mass lies counts, and
    # only in strides, so that one word less does not set all the others going.
    mass = sum(length * breadth for _, length, breadth in spans)
    middle = sum((start + length / 2) * length * breadth for start, length, breadth in spans) / mass
    wanted = round((whole / 2 - middle) / STRIDE) * STRIDE
    return max(-before, min(wanted, after))


def _home(text: str, step: int, number: int) -> tuple[float, float]:
    """The middle; in a crowd the small a little out of it, in the word's own direction."""
    if number <= FEW:
        return WIDTH / 2, HEIGHT / 2
    angle = _hash(text) / 2**32 * 2 * pi
    far = OUT * step / (len(STEPS) - 1)
    return WIDTH / 2 * (1 + far * cos(angle)), HEIGHT / 2 * (1 + far * sin(angle))


def _hash(text: str) -> int:
    return zlib.crc32(text.casefold().encode("utf-8", "surrogatepass"))


class _Grid:
    """Which cells are taken: an integer a row, a bit a cell, so a whole row is tried at once."""

    columns, rows = WIDTH // CELL, HEIGHT // CELL

    def __init__(self) -> None:
        self._taken = [0] * self.rows

    def take(self, width: int, height: int, home_x: float, home_y: float) -> tuple[int, int] | None:
        """Take the free rectangle nearest to home; its upper left corner, or None."""
        wide, high = -(-width // CELL), -(-height // CELL)
        if wide > self.columns or high > self.rows:
            return None
        want = round((home_x - width / 2) / CELL)
        best = None
        for row in range(self.rows - high + 1):
            column = self._nearest_free(row, high, wide, want)
            if column is not None:
                # In shares of the picture, nearly as a box has it: so words fill its corners too.
                across = (column * CELL + width / 2 - home_x) / WIDTH
                down = (row * CELL + height / 2 - home_y) / HEIGHT
                far = across**BOX + down**BOX
                if best is None or far < best[0]:
                    best = (far, column, row)
        if best is None:
            return None
        _, column, row = best
        bits = (1 << wide) - 1 << column
        for taken in range(row, row + high):
            self._taken[taken] |= bits
        return column * CELL, row * CELL

    def _nearest_free(self, row: int, high: int, wide: int, want: int) -> int | None:
        """The column nearest to `want` where `wide` × `high` cells are free from this row down."""
        taken = 0
        for below in range(row, row + high):
            taken |= self._taken[below]
        # A start is bad if any of the cells it would cover is taken.
        bad, reach = taken, 1
        while reach < wide:
            step = min(reach, wide - reach)
            bad |= bad >> step
            reach += step
        starts = self.columns - wide + 1
        free = ~bad & ((1 << starts) - 1)
        if not free:
            return None
        want = min(max(want, 0), starts - 1)
        right = free >> want
        after = want + ((right & -right).bit_length() - 1) if right else None
        left = free & ((1 << want) - 1)
        before = left.bit_length() - 1 if left else None
        if after is None or (before is not None and want - before <= after - want):
            return before
        return after
