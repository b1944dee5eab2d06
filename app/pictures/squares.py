"""What the pictures of three by three squares share: a box that is placed by two degrees, with
what is missing in it below its words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.pictures.boxes import Box, boxed
from app.rules.grid import Cell, Frame, Thing, three_by_three

FRAME = Frame(left=112, top=8, cell_width=368, least_height=132, heading=26, gap=10)
FOOT = 64  # below the grid: the axis and its words
WIDTH = FRAME.cell_width - 2 * FRAME.gap
MISSING = 21  # what a line about something missing takes


@dataclass(frozen=True)
class Marked:
    """A record in its square. `kind` is a code that says how it is drawn, `missing` are codes of
    what nobody has said yet, `words` the small line."""

    id: str
    title: str
    kind: str
    across: str
    up: str
    words: str
    missing: tuple[str, ...]
    box: Box
    x: int = 0
    y: int = 0

    @property
    def height(self) -> int:
        return self.box.height + len(self.missing) * MISSING

    def missing_at(self, number: int) -> float:
        """The base line of one of the lines about what is missing."""
        return self.y + self.box.height + number * MISSING + 6


@dataclass(frozen=True)
class Squares:
    """`left_out`: how many are not drawn, since they are closed."""

    cells: tuple[Cell, ...]
    marks: tuple[Marked, ...]
    width: int
    height: int
    left_out: int = 0

    @property
    def bottom(self) -> int:
        """Where the grid ends and the words of its axis begin."""
        return self.height - FOOT

    @property
    def unfinished(self) -> int:
        return sum(bool(one.missing) for one in self.marks)

    def within(self, cell: Cell) -> tuple[Marked, ...]:
        return tuple(one for one in self.marks if (one.across, one.up) == (cell.across, cell.up))


def box_of(title: str, words: str) -> Box:
    return boxed(title, width=WIDTH, small=words, sign=True)


def squares(marks: Sequence[Marked], *, left_out: int = 0) -> Squares:
    grid = three_by_three((Thing(m.id, m.across, m.up, m.height) for m in marks), FRAME)
    placed = tuple(replace(m, x=grid.places[m.id][0], y=grid.places[m.id][1]) for m in marks)
    return Squares(grid.cells, placed, grid.width, grid.height + FOOT, left_out)
