"""In a grid of three by three everything has its place, and nothing covers another thing."""

from hypothesis import given
from hypothesis import strategies as st

from app.rules.grid import DEGREES, Frame, Thing, three_by_three

FRAME = Frame(left=50, top=10, cell_width=200, least_height=80, heading=20, gap=8)
degrees = st.sampled_from(DEGREES)


def test_an_empty_grid_has_nine_cells_the_heavy_one_up_to_the_right() -> None:
    grid = three_by_three([], FRAME)
    assert len(grid.cells) == 9
    heavy = next(cell for cell in grid.cells if cell.weight == 9)
    assert heavy.x == max(cell.x for cell in grid.cells)
    assert heavy.y == min(cell.y for cell in grid.cells) == FRAME.top
    assert {cell.height for cell in grid.cells} == {FRAME.least_height}


@given(st.lists(st.tuples(degrees, degrees, st.integers(1, 300)), max_size=30))
def test_each_thing_lies_in_its_own_cell_below_the_one_before(
    made: list[tuple[str, str, int]],
) -> None:
    things = [Thing(str(n), *one) for n, one in enumerate(made)]
    grid = three_by_three(things, FRAME)
    cells = {(cell.across, cell.up): cell for cell in grid.cells}
    ends: dict[tuple[str, str], int] = {}
    for thing in things:
        cell, (x, y) = cells[thing.across, thing.up], grid.places[thing.id]
        assert cell.x < x < cell.x + cell.width
        assert y >= cell.y + FRAME.heading
        assert y + thing.height <= cell.y + cell.height
        assert y >= ends.get((thing.across, thing.up), 0)
        ends[thing.across, thing.up] = y + thing.height
    assert all(cell.x + cell.width <= grid.width for cell in grid.cells)
    assert max(cell.y + cell.height for cell in grid.cells) == grid.height
