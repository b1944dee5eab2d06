"""A tree: each node once, none upon another, children beside their parent and in their order."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.rules.tree import GAP, tree

names = st.integers(0, 20).map(str)
heights = st.dictionaries(names, st.integers(10, 200), max_size=21)
parents = st.dictionaries(names, st.none() | names)


@given(heights, parents)
def test_each_node_stands_once_and_none_upon_another(heights, parents):
    spots = tree(heights, parents)
    assert set(spots) == set(heights)
    for a, b in combinations(heights, 2):
        if spots[a].depth == spots[b].depth:
            first, second = sorted((a, b), key=lambda one: spots[one].top)
            assert spots[first].top + heights[first] + GAP <= spots[second].top
    assert min((spot.top for spot in spots.values()), default=0) == 0


@given(heights, parents)
def test_what_hangs_on_something_stands_one_further_in_unless_it_is_a_root(heights, parents):
    spots = tree(heights, parents)
    for one, parent in parents.items():
        if one in heights and parent in heights and spots[one].depth:
            assert spots[one].depth == spots[parent].depth + 1


@given(heights)
def test_siblings_keep_their_order(heights):
    heights = {"root": 50, **heights}
    spots = tree(heights, dict.fromkeys(heights, "root") | {"root": None})
    tops = [spots[one].top for one in heights if one != "root"]
    assert tops == sorted(tops)
    assert all(spots[one].depth == 1 for one in heights if one != "root")


def test_a_parent_stands_in_the_middle_of_its_children():
    spots = tree({"a": 40, "b": 40, "c": 40}, {"b": "a", "c": "a"})
    assert 2 * spots["a"].top == spots["b"].top + spots["c"].top
    assert spots["c"].top - spots["b"].top == 40 + GAP


def test_those_that_are_each_others_parents_are_still_drawn():
    spots = tree(dict.fromkeys("abc", 40), {"a": "b", "b": "a", "c": "b"})
    assert [spots[one].depth for one in "abc"] == [0, 1, 2]
