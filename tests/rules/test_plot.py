"""Where a figure's way stands in its picture (F4). Seen red with a scale from the least figure."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.rules.plot import MOST_TICKS, Frame, plot

DAY = date(2027, 1, 12)
FRAME = Frame(80, 20, 700, 260)
FIGURES = st.floats(-1e6, 1e6).map(lambda figure: round(figure, 2))
DAYS = st.integers(0, 400)


@given(st.lists(st.tuples(DAYS, FIGURES), max_size=30), DAYS, FIGURES, FIGURES)
def test_everything_is_within_the_frame_and_the_ticks_are_around_it(
    said: list[tuple[int, float]], days: int, baseline: float, target: float
) -> None:
    values = [(DAY + timedelta(days=on), figure) for on, figure in sorted(said)]
    line = ((DAY, baseline), (DAY + timedelta(days=days), target))
    found = plot(FRAME, values, line=line, today=DAY + timedelta(days=30))
    assert len(found.points) == len(values)
    assert found.line is not None
    places = [*found.points, found.line[:2], found.line[2:]]
    assert all(FRAME.left - 1 <= x <= FRAME.right + 1 for x, _ in places)
    assert all(FRAME.top - 1 <= y <= FRAME.bottom + 1 for _, y in places)
    assert 2 <= len(found.ticks) <= MOST_TICKS + 2
    figures = [figure for _, figure in values] + [baseline, target]
    assert found.ticks[0][1] <= min(figures) + 1e-6
    assert found.ticks[-1][1] >= max(figures) - 1e-6


def test_a_higher_figure_stands_higher_and_a_later_day_further_right() -> None:
    values = [(DAY, 5.0), (DAY + timedelta(days=10), 8.0)]
    (x1, y1), (x2, y2) = plot(FRAME, values, line=None, today=DAY).points
    assert (x1, x2) == (FRAME.left, FRAME.right)
    assert y2 < y1


def test_one_figure_alone_is_drawn_in_the_middle() -> None:
    found = plot(FRAME, [(DAY, 7.0)], line=None, today=DAY)
    assert found.points[0][0] == (FRAME.left + FRAME.right) / 2
    assert FRAME.top < found.points[0][1] < FRAME.bottom
    assert (found.line, found.today) == (None, None)
