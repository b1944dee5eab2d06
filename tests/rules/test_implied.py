"""Implied arrows: only what nobody has said, neither as such, nor on a detour, nor backwards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.implied import still_to_say
from app.rules.layers import layers

names = st.sampled_from("abcdef")
arrows = st.lists(st.tuples(names, names), max_size=12)


@pytest.mark.parametrize(
    "said, implied, left",
    [
        ([], ["ab"], ["ab"]),
        (["ab"], ["ab"], []),
        (["ab"], ["ba"], []),
        (["ab", "bc"], ["ac"], []),
        (["ab", "bc"], ["ca"], []),
        (["ab"], ["ac", "bc"], ["ac", "bc"]),
        ([], ["aa", "ab", "ab"], ["ab"]),
    ],
)
def test_what_is_said_is_not_said_again(said, implied, left):
    found = still_to_say([tuple(one) for one in said], [tuple(one) for one in implied])
    assert ["".join(one) for one in found] == left


@given(arrows, st.lists(st.sampled_from(["ab", "bc", "cd", "ad", "ef"]), max_size=5))
def test_what_nobody_has_said_never_turns_an_arrow_that_somebody_has_drawn(said, implied):
    nodes = dict.fromkeys("abcdef", 10)
    extra = list(still_to_say(said, [(one[0], one[1]) for one in implied]))
    alone = {(way.cause, way.effect) for way in layers(nodes, said).ways if not way.back}
    assert not {(b, a) for a, b in extra} & (alone | set(said))
