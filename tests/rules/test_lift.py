"""What lifts most (F4): gap × share ÷ days. Seen red without the days, and with a gap guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.lift import Effect, gap, lift, ranked

PARTS = st.floats(0, 1)
DAYS = st.floats(0.25, 90)


@pytest.mark.parametrize(
    "effect, value, missing",
    [
        (Effect("a", 0.5, 0.4, 2), 0.1, ()),
        (Effect("a", 1.0, 1.0, 1), 1.0, ()),
        (Effect("a", 0.0, 0.4, 2), 0.0, ()),  # nothing is left to lift
        (Effect("a", 0.5, 0.0, 2), 0.0, ()),
        (Effect("a", 0.5, 0.4, None), None, ("days",)),
        (Effect("a", 0.5, 0.4, 0), None, ("days",)),  # no work at all is no estimate
        (Effect("a", 0.5, None, 2), None, ("share",)),
        (Effect("a", None, 0.4, 2), None, ("gap",)),
        (Effect("a", None, None, None), None, ("gap", "share", "days")),
        (Effect("a", None, 0.4, 2, has_key_result=False), None, ("key_result",)),
    ],
)
def test_the_lift_of_an_action_or_what_it_cannot_be_known_without(
    effect: Effect, value: float | None, missing: tuple[str, ...]
) -> None:
    found = lift(effect)
    assert found.value == (value if value is None else pytest.approx(value))
    assert found.missing == missing


@pytest.mark.parametrize("score, left", [(0.25, 0.75), (1.0, 0.0), (0.0, 1.0), (None, None)])
def test_the_gap_is_what_is_left_of_the_way(score: float | None, left: float | None) -> None:
    assert gap(score) == left


def test_the_highest_lift_is_first_and_what_lacks_something_last() -> None:
    effects = [
        Effect("two missing", 0.5),
        Effect("small", 0.5, 0.1, 5),
        Effect("large", 0.9, 0.5, 1),
        Effect("one missing", 0.5, 0.5),
        Effect("small too", 0.5, 0.1, 5),
    ]
    order = [one.effect.id for one in ranked(effects)]
    assert order == ["large", "small", "small too", "one missing", "two missing"]


@given(PARTS, PARTS, DAYS, DAYS)
def test_twice_the_work_lifts_no_more(left: float, share: float, days: float, more: float) -> None:
    one, other = lift(Effect("a", left, share, days)), lift(Effect("b", left, share, days + more))
    assert one.value is not None
    assert other.value is not None
    assert one.value >= other.value


@given(st.lists(st.tuples(st.none() | PARTS, st.none() | PARTS, st.none() | DAYS)))
def test_a_ranking_holds_every_action_once(parts: list[tuple[float | None, ...]]) -> None:
    effects = [Effect(str(number), *part) for number, part in enumerate(parts)]
    found = ranked(effects)
    assert sorted(one.effect.id for one in found) == sorted(one.id for one in effects)
    values = [one.value for one in found if one.value is not None]
    assert values == sorted(values, reverse=True)
    assert all(one.value is None for one in found[len(values) :])
