"""A drawing too large for the back of the hall is shown in parts that hold every box once."""

from hypothesis import given
from hypothesis import strategies as st

from app.rules.windows import Rectangle, around, windows

BOXES = st.lists(
    st.builds(
        Rectangle,
        st.integers(0, 4000),
        st.integers(0, 4000),
        st.integers(1, 400),
        st.integers(1, 200),
    ),
    max_size=40,
)


@given(BOXES)
def test_each_box_is_in_one_part_and_no_part_is_larger_than_can_be_read(
    boxes: list[Rectangle],
) -> None:
    parts = windows(boxes, width=900, height=400)
    assert sorted(index for part in parts for index in part) == list(range(len(boxes)))
    for part in parts:
        held = around([boxes[index] for index in part])
        assert len(part) == 1 or (held.width <= 900 and held.height <= 400)


def test_what_fits_is_one_part() -> None:
    boxes = [Rectangle(0, 0, 300, 100), Rectangle(400, 200, 300, 100)]
    assert windows(boxes, width=900, height=400) == ((0, 1),)


def test_columns_are_kept_together() -> None:
    left = [Rectangle(0, 150 * n, 270, 100) for n in range(2)]
    right = [Rectangle(1000, 150 * n, 270, 100) for n in range(2)]
    assert windows([*left, *right], width=900, height=400) == ((0, 1), (2, 3))


def test_nothing_to_show_is_no_part() -> None:
    assert windows([], width=900, height=400) == ()
