"""On a line of time nothing covers another thing, and nothing is left out."""

from hypothesis import given
from hypothesis import strategies as st

from app.rules.timeline import Item, Place, Scale, timeline

SCALE = Scale(left=100, right=1000, edge=1100)
days = st.integers(-400, 800)
items = st.lists(
    st.builds(
        lambda lane, one, other, width, height: (
            lane,
            min(one, other),
            max(one, other),
            width,
            height,
        ),
        st.sampled_from("ab"),
        days,
        days,
        st.integers(20, 400),
        st.integers(10, 90),
    ),
    max_size=20,
)


def test_days_are_places_and_what_lies_beyond_them_stands_at_the_end() -> None:
    assert [SCALE.at(day) for day in (-5, 0, 30, 90, 300)] == [100, 100, 400, 1000, 1000]


def test_a_text_that_would_run_over_the_edge_stands_to_the_left_of_it() -> None:
    late = Item("late", "a", 90, 90, 200, 20)
    assert timeline([late], ["a"], SCALE, top=0).places["late"] == Place(1000, 1000, 900, 12)


def test_what_does_not_meet_shares_a_row_and_what_meets_does_not() -> None:
    made = [
        Item("first", "a", 0, 20, 100, 20),
        Item("later", "a", 40, 60, 100, 30),
        Item("meets", "a", 10, 30, 100, 20),
    ]
    places = timeline(made, ["a"], SCALE, top=0).places
    assert places["first"].y == places["later"].y
    assert places["meets"].y >= places["first"].y + 30


def test_lanes_stand_in_their_order_and_empty_ones_are_left_out() -> None:
    made = [Item("x", "b", 0, 0, 10, 10), Item("y", "a", 0, 0, 10, 10)]
    drawn = timeline(made, ["a", "empty", "b"], SCALE, top=50)
    assert [lane.id for lane in drawn.lanes] == ["a", "b"]
    assert drawn.lanes[0].y == 50
    assert drawn.height == drawn.lanes[1].y + drawn.lanes[1].height
    assert timeline([], ["a"], SCALE, top=50).height == 50


@given(items)
def test_nothing_covers_another_thing_or_leaves_its_lane(
    given_items: list[tuple[str, int, int, int, int]],
) -> None:
    made = [Item(str(n), *one) for n, one in enumerate(given_items)]
    drawn = timeline(made, ["a", "b"], SCALE, top=0)
    lanes = {lane.id: lane for lane in drawn.lanes}
    boxes = []
    for item in made:
        place = drawn.places[item.id]
        lane = lanes[item.lane]
        assert lane.y <= place.y
        assert place.y + item.height <= lane.y + lane.height
        assert SCALE.left <= place.text_x
        assert place.text_x + item.width <= SCALE.edge
        left = min(place.x, place.text_x)
        right = max(place.end, place.text_x + item.width)
        boxes.append((left, place.y, right, place.y + item.height))
    for number, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[:number]:
            apart = right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
            assert apart
