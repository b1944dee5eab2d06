"""One order of "next": as somebody put it, and the rest where it always comes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.program import arranged, goes_on_at, moved

THEME, SLIDES, QUESTION, SECOND = "theme:t", "slides:s", "activity:a", "activity:b"
MAP, TREE = "picture:strategy-map", "picture:goal-tree"


@pytest.mark.parametrize(
    "named, there, expected",
    [
        ((), (THEME, SLIDES, QUESTION), (THEME, SLIDES, QUESTION)),
        ((MAP,), (THEME, QUESTION), (THEME, MAP, QUESTION)),
        ((QUESTION, MAP), (THEME, QUESTION), (THEME, QUESTION, MAP)),
        ((MAP, THEME), (THEME, SLIDES, QUESTION), (MAP, THEME, SLIDES, QUESTION)),
        ((QUESTION, TREE), (QUESTION, SECOND), (QUESTION, TREE, SECOND)),
        (("activity:gone", MAP, "theme:gone"), (QUESTION,), (MAP, QUESTION)),
    ],
)
def test_what_is_named_keeps_its_order_and_the_rest_comes_where_it_always_comes(
    named: tuple[str, ...], there: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert arranged(named, there) == expected


@pytest.mark.parametrize(
    "now, before, number, expected",
    [
        # The second page of a theme was taken away: what followed it is the second now.
        ([THEME, THEME, MAP], [THEME], 1, 1),
        ([THEME, MAP], [THEME], 1, 1),
        # All of it was: on behind what came before it.
        ([MAP, QUESTION], [THEME], 1, 0),
        ([THEME, THEME, QUESTION], [THEME, SLIDES], 7, 2),
        ([THEME, QUESTION], [THEME, MAP, SLIDES], 3, 1),
        # Another order by now.
        ([QUESTION, THEME, MAP], [THEME, SLIDES], 0, 2),
        ([], [THEME, SLIDES], 4, 0),
        ([THEME, MAP], [], 0, 0),
    ],
)
def test_where_a_step_is_gone_the_program_goes_on_behind_it(
    now: list[str], before: list[str], number: int, expected: int
) -> None:
    assert goes_on_at(now, before, number) == expected


KEYS = st.lists(
    st.builds(
        "{}:{}".format,
        st.sampled_from(["theme", "slides", "picture", "activity"]),
        st.integers(0, 5),
    ),
    unique=True,
)


@given(KEYS, KEYS)
def test_everything_that_is_there_is_shown_once_and_nothing_that_is_gone(
    named: list[str], there: list[str]
) -> None:
    there = [key for key in there if not key.startswith("picture")]
    order = arranged(named, there)
    pictures = {key for key in named if key.startswith("picture")}
    assert sorted(order) == sorted({*there, *pictures})
    kept = [key for key in named if key in order]
    assert [key for key in order if key in kept] == kept


@given(KEYS.filter(len), st.data())
def test_moving_up_and_down_again_changes_nothing(order: list[str], data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(order))
    up = moved(order, key, up=True)
    assert sorted(up) == sorted(order)
    if order[0] != key:
        assert moved(up, key, up=False) == tuple(order)
    else:
        assert up == tuple(order)
