"""What waits for itself is named, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.cycles import cycles

Graph = dict[str, set[str]]


@pytest.mark.parametrize(
    "depends_on, named",
    [
        ({}, ()),
        ({"a": {"b"}, "b": {"c"}, "c": set()}, ()),
        ({"a": {"gone"}}, ()),
        ({"a": {"a"}}, (("a",),)),
        ({"a": {"b"}, "b": {"a"}}, (("a", "b"),)),
        ({"c": {"a"}, "a": {"b"}, "b": {"c"}, "d": {"a"}}, (("a", "b", "c"),)),
        ({"a": {"b"}, "b": {"a"}, "c": {"d"}, "d": {"c"}}, (("a", "b"), ("c", "d"))),
    ],
)
def test_a_circle_is_named_in_the_order_of_waiting(
    depends_on: Graph, named: tuple[tuple[str, ...], ...]
) -> None:
    assert tuple(sorted(cycles(depends_on))) == named


graphs = st.dictionaries(st.sampled_from("abcdef"), st.sets(st.sampled_from("abcdef")))


@given(graphs)
def test_each_circle_is_real_and_without_them_nothing_waits_for_itself(graph: Graph) -> None:
    found = cycles(graph)
    for circle in found:
        for one, following in zip(circle, (*circle[1:], circle[0]), strict=True):
            assert following in graph[one]
    named = [one for circle in found for one in circle]
    assert len(named) == len(set(named))
    left = {one: others - set(named) for one, others in graph.items() if one not in named}
    assert cycles(left) == ()
