"""How an arrow is drawn between columns of boxes: in curves through the gutters, and straight along
the lane that it has through a column. What runs back goes round the whole, below everything."""

from collections.abc import Sequence

Point = tuple[float, float]


def forwards(start: Point, lanes: Sequence[tuple[float, float, float]], end: Point) -> str:
    """`lanes` are (left, right, y) of each column on the way."""
    drawn = [f"M{_n(start[0])} {_n(start[1])}"]
    here = start
    for left, right, y in lanes:
        drawn += [_curve(here, (left, y)), f"H{_n(right)}"]
        here = (right, y)
    return "".join((*drawn, _curve(here, end)))


def backwards(start: Point, end: Point, *, right: float, left: float, below: float) -> str:
    """From the right of a box down its gutter (at `right`), along `below` everything, up the gutter
    before the other box (at `left`) and in."""
    radius = 12.0
    (x, y), (to_x, to_y) = start, end
    return (
        f"M{_n(x)} {_n(y)}H{_n(right - radius)}q{_n(radius)} 0 {_n(radius)} {_n(radius)}"
        f"V{_n(below - radius)}q0 {_n(radius)} {_n(-radius)} {_n(radius)}"
        f"H{_n(left + radius)}q{_n(-radius)} 0 {_n(-radius)} {_n(-radius)}"
        f"V{_n(to_y + radius)}q0 {_n(-radius)} {_n(radius)} {_n(-radius)}H{_n(to_x)}"
    )


def _curve(start: Point, end: Point) -> str:
    (x, y), (to_x, to_y) = start, end
    if abs(y - to_y) < 0.5:
        return f"H{_n(to_x)}"
    half = (x + to_x) / 2
    return f"C{_n(half)} {_n(y)} {_n(half)} {_n(to_y)} {_n(to_x)} {_n(to_y)}"


def _n(value: float) -> str:
    """A coordinate without needless decimals."""
    return f"{value:.1f}".removesuffix(".0")
