"""Where a room places a risk: means, spreads, which step they come to, and what it has to talk
about.

Seen red: with halves rounded to the even step, with the spread of one axis alone, and with cells in
the order of the matrix, where the lighter of two placements stood after a merge.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.placements import (
    CELLS,
    MOST_TIED,
    STEPS,
    Placement,
    cell_of,
    mark_of,
    most_disputed,
    placement,
    step,
)

COUNTS = st.dictionaries(st.integers(1, 9), st.integers(1, 400), min_size=1)


def given_by(*cells: str) -> dict[int, int]:
    """From "high.low" for each answer."""
    counts: dict[int, int] = {}
    for cell in cells:
        probability, consequence = cell.split(".")
        value = mark_of(probability, consequence)
        counts[value] = counts.get(value, 0) + 1
    return counts


def of(*cells: str) -> Placement:
    found = placement(given_by(*cells))
    assert found is not None
    return found


@pytest.mark.parametrize(
    "mean, expected",
    [
        (1.0, "low"),
        (1.49, "low"),
        (1.5, "medium"),
        (2.0, "medium"),
        (2.49, "medium"),
        (2.5, "high"),  # in doubt it is the worse, never the even one
        (3.0, "high"),
    ],
)
def test_a_mean_comes_to_the_nearest_step_and_halfway_to_the_upper(
    mean: float, expected: str
) -> None:
    assert step(mean) == expected


@pytest.mark.parametrize(
    "cells, steps, agreement",
    [
        (["high.low"], ("high", "low"), "agrees"),
        (["medium.medium"] * 8, ("medium", "medium"), "agrees"),
        (["low.high"] * 3 + ["medium.high"] * 3, ("medium", "high"), "agrees"),
        (["low.low"] * 2 + ["medium.medium"] * 2, ("medium", "medium"), "differs"),
        (["low.high"] * 5 + ["high.high"] * 5, ("medium", "high"), "split"),
        (["low.low"] * 5 + ["high.high"] * 5, ("medium", "medium"), "split"),
        (["high.high"] * 9 + ["low.low"], ("high", "high"), "differs"),
    ],
)
def test_what_a_room_says_of_a_risk(
    cells: list[str], steps: tuple[str, str], agreement: str
) -> None:
    found = of(*cells)
    assert (found.probability_step, found.consequence_step) == steps
    assert found.agreement == agreement


def test_nobody_has_placed_it() -> None:
    assert placement({}) is None


def test_the_figures_are_mean_and_standard_deviation_by_axis() -> None:
    found = of("low.medium", "high.medium")
    assert (found.count, found.probability, found.consequence) == (2, 2.0, 2.0)
    assert (found.probability_spread, found.consequence_spread) == (1.0, 0.0)
    assert found.weight == 4


def test_of_two_placements_the_heavier_has_the_lower_mark() -> None:
    weights = [likely * serious for likely, serious in CELLS]
    assert weights == sorted(weights, reverse=True)
    assert {cell_of(mark) for mark in range(1, 10)} == {(p, c) for p in STEPS for c in STEPS}
    assert all(mark_of(*cell_of(mark)) == mark for mark in range(1, 10))


@given(COUNTS)
def test_figures_stay_within_the_matrix(counts: dict[int, int]) -> None:
    found = placement(counts)
    assert found is not None
    assert found.count == sum(counts.values())
    for mean, spread in (
        (found.probability, found.probability_spread),
        (found.consequence, found.consequence_spread),
    ):
        assert 1 <= mean <= 3
        assert 0 <= spread <= 1.000001
        # What a drawn ellipse is as wide as never leaves the matrix.
        assert mean - spread + 1e-9 >= 0.5
        assert mean + spread - 1e-9 <= 3.5
    assert 0 <= found.disagreement <= 1.000001
    assert (found.disagreement == 0) == (len(counts) == 1)


@given(COUNTS, st.integers(2, 5))
def test_as_many_again_of_the_same_change_nothing_but_their_number(
    counts: dict[int, int], times: int
) -> None:
    once, often = placement(counts), placement({k: n * times for k, n in counts.items()})
    assert once is not None
    assert often is not None
    assert often.count == once.count * times
    assert often.probability == pytest.approx(once.probability)
    assert often.disagreement == pytest.approx(once.disagreement, abs=1e-6)


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=4), COUNTS, max_size=12))
def test_nothing_that_is_not_named_differs_more_than_what_is(
    found: dict[str, dict[int, int]],
) -> None:
    placed = {key: one for key, counts in found.items() if (one := placement(counts))}
    named = most_disputed(placed.items())
    assert len(named) <= MOST_TIED
    inside = [placed[key].disagreement for key in named]
    outside = [one.disagreement for key, one in placed.items() if key not in named]
    assert all(placed[key].agreement != "agrees" for key in named)
    assert not inside or not outside or min(inside) > max(outside)
    assert most_disputed(reversed(placed.items())) == named


def test_one_answer_alone_is_no_disagreement() -> None:
    assert most_disputed([("a", of("low.high"))]) == set()
    split = of("low.low", "high.high")
    assert most_disputed([("a", split), ("b", of("low.low"))]) == {"a"}
    assert most_disputed([(str(n), split) for n in range(9)]) == set(), "all alike says nothing"
