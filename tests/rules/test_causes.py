"""Chains of "why?" and the fishbone: no cause lost, none on another."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.rules.causes import Cause, Why, fishbone, whys
from app.rules.fishbone import LEADING, Fish, fish

KINDS = ("people", "process", "tools")

chains = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(-1, 9), st.text("abc æøå", max_size=90)),
    max_size=10,
).map(
    lambda drawn: [
        Cause(str(number), text, kind, str(of) if of >= 0 else "")
        for number, (kind, of, text) in enumerate(drawn)
    ]
)


def test_each_answer_follows_what_it_explains_and_the_last_is_the_root() -> None:
    asked = [
        Cause("a", "Tallene kom for sent", "information"),
        Cause("b", "Ingen eide rapporten", "people", because_of="a"),
        Cause("x", "Systemet var nede", "tools"),
        Cause("c", "Rollen ble borte i omorganiseringen", "process", because_of="b"),
    ]
    assert [(one.cause.id, one.depth, one.is_root) for one in whys(asked)] == [
        ("a", 1, False),
        ("b", 2, False),
        ("c", 3, True),
        ("x", 1, True),
    ]


def test_what_explains_something_that_is_gone_stands_first() -> None:
    assert whys([Cause("a", "", "people", because_of="gone")]) == (
        Why(Cause("a", "", "people", because_of="gone"), 1, is_root=True),
    )


@given(chains)
def test_no_cause_is_lost_or_doubled_not_even_in_a_circle(causes: list[Cause]) -> None:
    assert sorted(one.cause.id for one in whys(causes)) == sorted(one.id for one in causes)
    on_bones = [why.cause.id for bone in fishbone(causes, KINDS) for why in bone.whys]
    assert sorted(on_bones) == sorted(one.id for one in causes)


@given(chains, st.text("abc æøå", max_size=200))
def test_no_cause_is_drawn_on_another_or_outside_the_picture(
    causes: list[Cause], problem: str
) -> None:
    drawn = fish(problem, fishbone(causes, KINDS))
    assert sum(len(bone.causes) for bone in drawn.bones) == len(causes)
    for bone in drawn.bones:
        assert 0 <= bone.tip_x < bone.x < drawn.head_x
        assert 0 <= min(bone.tip_y, bone.name_y) <= max(bone.tip_y, bone.name_y) <= drawn.height
        spans = sorted((one.y, one.y + LEADING * len(one.texts)) for one in bone.causes)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
        assert all(_beside_the_spine(drawn, top, bottom) for top, bottom in spans)


def _beside_the_spine(drawn: Fish, top: float, bottom: float) -> bool:
    """Its letters reach from above the first base line to the last one."""
    return top - LEADING > drawn.spine or bottom - LEADING < drawn.spine
