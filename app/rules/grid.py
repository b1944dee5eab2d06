"""Where things stand in a grid of three by three, low to high both ways: each cell is as high as
the fullest of its row, so that nothing has to be left out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

DEGREES = ("low", "medium", "high")
_EDGE = 2  # half of what is drawn around the last cell lies outside of it


@dataclass(frozen=True)
class Thing:
    """What is to be placed: `across` and `up` are degrees, `height` what it needs."""

    id: str
    across: str
    up: str
    height: int


@dataclass(frozen=True)
class Cell:
    across: str
    up: str
    x: int
    y: int
    width: int
    height: int

    @property
    def weight(self) -> int:
        """1 (low, low) to 9 (high, high)."""
        return (DEGREES.index(self.across) + 1) * (DEGREES.index(self.up) + 1)


@dataclass(frozen=True)
class Frame:
    """How the grid is drawn: what is left of it and above, a cell's width and least height, the
    room for its heading, and what lies between things and around them."""

    left: int = 0
    top: int = 0
    cell_width: int = 100
    least_height: int = 100
    heading: int = 0
    gap: int = 8


@dataclass(frozen=True)
class Grid:
    """`places`: the upper left corner of each thing, by its id."""

    cells: tuple[Cell, ...]
    places: Mapping[str, tuple[int, int]]
    width: int
    height: int


def three_by_three(things: Iterable[Thing], frame: Frame) -> Grid:
    """The high row stands at the top; things stand below one another in the order given."""
    by_cell = defaultdict[tuple[str, str], list[Thing]](list)
    for thing in things:
        by_cell[thing.across, thing.up].append(thing)
    cells: list[Cell] = []
    places: dict[str, tuple[int, int]] = {}
    y = frame.top
    for up in reversed(DEGREES):
        rows = [by_cell[across, up] for across in DEGREES]
        height = max(frame.least_height, *(_height(row, frame) for row in rows))
        for number, (across, row) in enumerate(zip(DEGREES, rows, strict=True)):
            x = frame.left + number * (frame.cell_width + frame.gap)
            cells.append(Cell(across, up, x, y, frame.cell_width, height))
            places |= _below_one_another(row, x + frame.gap, y + frame.heading + frame.gap, frame)
        y += height + frame.gap
    width = frame.left + 3 * frame.cell_width + 2 * frame.gap + _EDGE
    return Grid(tuple(cells), places, width, y - frame.gap)


def _height(things: Iterable[Thing], frame: Frame) -> int:
    return frame.heading + frame.gap + sum(thing.height + frame.gap for thing in things)


def _below_one_another(
    things: Iterable[Thing], x: int, y: int, frame: Frame
) -> dict[str, tuple[int, int]]:
    found = {}
    for thing in things:
        found[thing.id] = (x, y)
        y += thing.height + frame.gap
    return found
