"""Numbers on the matrix can be read: none lies on another, as long as there is room.

Seen red: with every number at its mean.
"""

from math import hypot

from hypothesis import given
from hypothesis import strategies as st

from app.rules.matrix_spots import APART, LEAST, RADIUS, SIDE, apart, spots
from app.rules.placements import mark_of, placement

WITHIN = st.floats(RADIUS, SIDE - RADIUS, allow_nan=False)


@given(st.lists(st.tuples(WITHIN, WITHIN), max_size=30))
def test_no_number_lies_on_another_and_none_outside(points: list[tuple[float, float]]) -> None:
    found = apart(points)
    assert len(found) == len(points)
    for number, (x, y) in enumerate(found):
        assert RADIUS <= x <= SIDE - RADIUS
        assert RADIUS <= y <= SIDE - RADIUS
        for other in found[:number]:
            assert hypot(x - other[0], y - other[1]) >= APART - 1e-6


def test_as_many_as_a_room_places_have_room_also_where_all_agree() -> None:
    found = apart([(SIDE / 2, SIDE / 2)] * 30)
    assert len(set(found)) == 30


def test_likely_stands_high_and_serious_to_the_right() -> None:
    heavy, light = placement({mark_of("high", "high"): 3}), placement({mark_of("low", "low"): 3})
    assert heavy is not None
    assert light is not None
    first, second = spots([("heavy", heavy), ("light", light)])
    assert (first.x, first.y) == first.at == (250, 50)
    assert (second.x, second.y) == (50, 250)
    assert first.across == first.high == LEAST


def test_an_ellipse_is_as_wide_as_the_room_differs() -> None:
    split = placement({mark_of("high", "low"): 4, mark_of("high", "high"): 4})
    assert split is not None
    [spot] = spots([("split", split)])
    assert (spot.x, spot.y, spot.across, spot.high) == (150, 50, 100, LEAST)
