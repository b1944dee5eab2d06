"""A word cloud as boxes on a grid: the same words, the same picture; few changes move few words.

A word's home is given by its own letters, and its size by a few coarse steps, so that one vote
more seldom moves anything. Words are laid in an order that does not depend on exact counts.
"""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import cos, pi, sin
from unicodedata import combining

WIDTH, HEIGHT = 860, 360
MOST_WORDS = 48
STEPS = (104, 84, 66, 52, 41, 32, 25)  # sizes of letters, largest first
# Where few have said the same there is no reason to shout: a lone word starts lower.
CALM_START = 2
FULL = 0.68  # of the area, at most; more would leave holes that nothing fits in
CELL = 4
GAP = 9  # between neighbours in a row, so that two words are not read as one
HANDFUL = 5
FEW = 12  # so many words are seen one by one, and so is whether they stand in the middle
STRIDE = 24
LINE = 1.12  # height of a word's box, of its size

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
    """A word's box: `x`, `y` its upper left corner, `size` of its letters, `step` 0 the largest."""

    text: str
    count: int
    x: int
    y: int
    width: int
    height: int
    size: int
    step: int

    @property
    def id(self) -> str:
        """Stays with the word while its count and place change."""
        return f"{_hash(self.text):08x}"

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
    steps = _steps([count for _, count in kept])
    lift = _lift([text for text, _ in kept], steps)
    grid = _Grid()
    laid = []
    order = sorted(
        zip(kept, steps, strict=True), key=lambda item: (item[1], _hash(item[0][0]), item[0][0])
    )
    for (text, count), step in order:
        word = _lay(grid, text, count, min(step + lift, len(STEPS) - 1), len(kept))
        if word:
            laid.append(word)
    return Cloud(_in_the_middle(laid), len(words) - len(laid))


def _steps(counts: Sequence[int]) -> list[int]:
    """A step for each count: halfway down the steps at a quarter of the highest count."""
    most = max(counts, default=1)
    first = CALM_START if most <= CALM_START else 0
    last = len(STEPS) - 1
    return [min(last, first + round((1 - (count / most) ** 0.5) * last)) for count in counts]


def _lift(texts: Sequence[str], steps: Sequence[int]) -> int:
    """By how many steps everything must shrink to have room."""
    for lift in range(len(STEPS)):
        sizes = [STEPS[min(step + lift, len(STEPS) - 1)] for step in steps]
        area = sum(
            (width_of(text, size) + GAP) * size * LINE
            for text, size in zip(texts, sizes, strict=True)
        )
        if area <= FULL * WIDTH * HEIGHT:
            return lift
    return len(STEPS) - 1


def width_of(text: str, size: int) -> int:
    """How wide the text is in letters of that size."""
    hundredths = sum(_WIDTHS.get(letter, _WIDEST) for letter in text if not combining(letter))
    return max(size // 4, -(-hundredths * size // 100))


def _lay(grid: "_Grid", text: str, count: int, step: int, number: int) -> Word | None:
    """Where it fits nearest to its home, at its size or the next smaller one that fits."""
    for smaller in range(step, len(STEPS)):
        size = STEPS[smaller]
        width, height = width_of(text, size), round(size * LINE)
        if smaller == len(STEPS) - 1:
            width = min(width, WIDTH - GAP)  # its letters are squeezed rather than left out
        place = grid.take(width + GAP, height, *_home(text, smaller, number))
        if place:
            return Word(text, count, place[0] + GAP // 2, place[1], width, height, size, smaller)
    return None


def _in_the_middle(words: Sequence[Word]) -> tuple[Word, ...]:
    """Homes are round the middle, but words never fill all sides of it alike."""
    across = _shift([(word.x, word.width, word.height) for word in words], WIDTH)
    down = _shift([(word.y, word.height, word.width) for word in words], HEIGHT)
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
    """The middle for the largest; the smaller, the further out, in the word's own direction."""
    if number <= HANDFUL:
        return WIDTH / 2, HEIGHT / 2  # too few to go round it: lines about one axis
    angle = _hash(text) / 2**32 * 2 * pi
    far = 0.08 + 0.5 * step / (len(STEPS) - 1)
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
                # A picture twice as wide as high: a step down counts as two sideways.
                across = column * CELL + width / 2 - home_x
                down = 2 * (row * CELL + height / 2 - home_y)
                far = across * across + down * down
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
