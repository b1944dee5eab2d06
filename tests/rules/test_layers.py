"""Layers: each node once, none upon another, arrows forwards unless they close a circle."""

from itertools import combinations, pairwise
from time import process_time

from hypothesis import given
from hypothesis import strategies as st

from app.rules.layers import GAP, LANE, layers

names = st.integers(0, 15).map(str)
heights = st.dictionaries(names, st.integers(10, 200), max_size=16)
arrows = st.lists(st.tuples(names, names), max_size=40)
floors = st.dictionaries(names, st.integers(0, 5))


def reaches(start: str, end: str, arrows: list[tuple[str, str]]) -> bool:
    ahead, seen = [start], set[str]()
    while ahead:
        one = ahead.pop()
        if one == end:
            return True
        if one not in seen:
            seen.add(one)
            ahead += [effect for cause, effect in arrows if cause == one]
    return False


@given(heights, arrows, floors)
def test_each_node_stands_once_and_none_upon_another(heights, arrows, floors):
    found = layers(heights, arrows, least=floors)
    assert {one: place.height for one, place in found.places.items()} == heights
    for a, b in combinations(found.places.values(), 2):
        if a.layer == b.layer:
            first, second = sorted((a, b), key=lambda place: place.top)
            assert first.top + first.height + GAP <= second.top
    assert all(
        place.top >= 0 and place.top + place.height <= found.height
        for place in found.places.values()
    )


@given(heights, arrows, floors)
def test_arrows_run_forwards_and_only_those_of_a_circle_run_back(heights, arrows, floors):
    found = layers(heights, arrows, least=floors)
    wanted = {(a, b) for a, b in arrows if a != b and a in heights and b in heights}
    assert sorted((way.cause, way.effect) for way in found.ways) == sorted(wanted)
    forward = [(way.cause, way.effect) for way in found.ways if not way.back]
    for way in found.ways:
        if way.back:
            assert reaches(way.effect, way.cause, forward)
        else:
            assert found.places[way.cause].layer < found.places[way.effect].layer


@given(heights, arrows, floors)
def test_no_arrow_runs_underneath_a_box(heights, arrows, floors):
    found = layers(heights, arrows, least=floors)
    for way in found.ways:
        if not way.back:
            first, last = found.places[way.cause].layer, found.places[way.effect].layer
            assert [place.layer for place in way.through] == list(range(first + 1, last))
        for lane in way.through:
            assert lane.height == LANE
            for place in found.places.values():
                above = lane.top + lane.height <= place.top
                below = place.top + place.height <= lane.top
                assert place.layer != lane.layer or above or below


@given(heights, arrows, floors)
def test_no_layer_is_empty_and_none_is_below_its_least_order(heights, arrows, floors):
    found = layers(heights, arrows, least=floors)
    filled = {place.layer for place in found.places.values()}
    assert filled == set(range(found.depth))
    for a, b in combinations(heights, 2):
        if floors.get(a, 0) == floors.get(b, 0) and not arrows:
            assert found.places[a].layer == found.places[b].layer


@given(heights, arrows, floors)
def test_the_same_plan_gives_the_same_picture(heights, arrows, floors):
    again = layers(dict(heights), list(arrows), least=dict(floors))
    assert layers(heights, arrows, least=floors) == again


def test_the_longest_way_decides():
    arrows = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "d")]
    found = layers(dict.fromkeys("abcd", 40), arrows)
    assert [found.places[one].layer for one in "abcd"] == [0, 1, 2, 3]


def test_arrows_that_need_not_cross_do_not():
    nodes = dict.fromkeys(["a", "b", "c", "x", "y", "z"], 40)
    found = layers(nodes, [("a", "z"), ("b", "y"), ("c", "x")])
    left = sorted("abc", key=lambda one: found.places[one].top)
    right = sorted("xyz", key=lambda one: found.places[one].top)
    assert [{"a": "z", "b": "y", "c": "x"}[one] for one in left] == right


def test_a_chain_is_straight():
    found = layers({"a": 40, "b": 100, "c": 20}, list(pairwise("abc")))
    middles = [place.middle for place in found.places.values()]
    assert max(middles) - min(middles) <= 1


def test_a_plan_of_three_hundred_nodes_is_laid_out_at_once():
    nodes = {str(number): 80 for number in range(300)}
    arrows = [(str(a), str(a * 7 % 300)) for a in range(300)] + [
        (str(a), str(a * 11 % 300)) for a in range(300)
    ]
    least = {str(number): number % 6 for number in range(300)}
    layers(nodes, arrows, least=least)
    began = process_time()
    layers(nodes, arrows, least=least)
    assert process_time() - began < 0.5
