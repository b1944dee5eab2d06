"""What the pictures of three by three squares share: a box that is placed by two degrees, with
what is missing in it below its words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.pictures.boxes import MOST_DRAWN, Box, boxed
from app.rules.folding import shown_of_each
from app.rules.grid import Cell, Frame, Thing, three_by_three

FRAME = Frame(left=112, top=8, cell_width=368, least_height=132, heading=26, gap=10)
FOOT = 64  # below the grid: the axis and its words
WIDTH = FRAME.cell_width - 2 * FRAME.gap
MISSING = 21  # what a line about something missing takes
NOT_BOXED = Box(WIDTH, ())  # of what is not drawn, whose texts need no lines
MORE = 24  # what the line takes that says how many more there are


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
    box: Box = NOT_BOXED
    x: int = 0
    y: int = 0

    @property
    def square(self) -> tuple[str, str]:
        return self.across, self.up

    @property
    def height(self) -> int:
        return self.box.height + len(self.missing) * MISSING

    def missing_at(self, number: int) -> float:
        """The base line of one of the lines about what is missing."""
        return self.y + self.box.height + number * MISSING + 6


@dataclass(frozen=True)
class More:
    """How many more there are in a square than are drawn, and where that is said."""

    across: str
    up: str
    count: int
    x: int
    y: int

    @property
    def base(self) -> int:
        return self.y + MORE - 8


@dataclass(frozen=True)
class Squares:
    """`left_out`: how many are not drawn, since they are closed. `folded` are those for which the
    squares have no room: `more` says how many they are."""

    cells: tuple[Cell, ...]
    marks: tuple[Marked, ...]
    width: int
    height: int
    left_out: int = 0
    folded: tuple[Marked, ...] = ()
    more: tuple[More, ...] = ()

    @property
    def bottom(self) -> int:
        """Where the grid ends and the words of its axis begin."""
        return self.height - FOOT

    @property
    def unfinished(self) -> int:
        return sum(bool(one.missing) for one in (*self.marks, *self.folded))

    @property
    def all_of_them(self) -> int:
        return len(self.marks) + len(self.folded)

    def within(self, cell: Cell) -> tuple[Marked, ...]:
        return tuple(one for one in self.marks if one.square == (cell.across, cell.up))

    def more_in(self, cell: Cell) -> int:
        return sum(one.count for one in self.more if (one.across, one.up) == (cell.across, cell.up))


def squares(marks: Sequence[Marked], *, left_out: int = 0) -> Squares:
    shown, folded = _legible(marks)
    boxed_marks = [replace(one, box=_box(one)) for one in shown]
    more = Counter(one.square for one in folded)
    grid = three_by_three(
        [
            *(Thing(m.id, m.across, m.up, m.height) for m in boxed_marks),
            *(Thing(_more(*square), *square, MORE) for square in more),
        ],
        FRAME,
    )
    placed = tuple(
        replace(one, x=grid.places[one.id][0], y=grid.places[one.id][1]) for one in boxed_marks
    )
    said = tuple(More(*at, count, *grid.places[_more(*at)]) for at, count in more.items())
    height = grid.height + FOOT
    return Squares(grid.cells, placed, grid.width, height, left_out, tuple(folded), said)


def _legible(marks: Sequence[Marked]) -> tuple[list[Marked], list[Marked]]:
    """Those that are drawn, the first of each square, and those that are not."""
    by_square: dict[tuple[str, str], list[Marked]] = {}
    for one in marks:
        by_square.setdefault(one.square, []).append(one)
    shown = shown_of_each({at: len(found) for at, found in by_square.items()}, MOST_DRAWN)
    drawn = {one.id for at, found in by_square.items() for one in found[: shown[at]]}
    kept = [one for one in marks if one.id in drawn]
    return kept, [one for one in marks if one.id not in drawn]


def _box(one: Marked) -> Box:
    return boxed(one.title, width=WIDTH, small=one.words, sign=True)


def _more(across: str, up: str) -> str:
    """What the line of a square is called: no record has such an id."""
    return f"{across} {up}"
