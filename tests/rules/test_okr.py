"""Scores, trends and silence of key results (F4), as tables and as properties.

Seen red: with the direction left out of a held level, and with `position` held within 0 and 1.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.okr import (
    DOWN,
    FLAT,
    UP,
    Way,
    contradicts,
    is_silent,
    missing,
    objective_score,
    score,
    silent_days,
    trend,
)

TODAY = date(2027, 3, 1)
FIGURES = st.floats(-1e6, 1e6).map(lambda figure: round(figure, 3))


@pytest.mark.parametrize(
    "baseline, target, direction, value, expected",
    [
        (54, 70, UP, 54, 0.0),
        (54, 70, UP, 62, 0.5),
        (54, 70, UP, 70, 1.0),
        (54, 70, UP, 80, 1.0),  # more than asked is all of it
        (54, 70, UP, 50, 0.0),  # backwards is nothing, not less than nothing
        (11, 1, DOWN, 6, 0.5),
        (11, 1, DOWN, 0, 1.0),
        (11, 1, UP, 6, 0.5),  # where they differ, baseline and target say the direction
        (0, 0.3, UP, 0.1, pytest.approx(1 / 3)),
        (95, 95, UP, 95, 1.0),  # a level that is held
        (95, 95, UP, 94.9, 0.0),
        (2, 2, DOWN, 1.8, 1.0),
        (2, 2, DOWN, 2.1, 0.0),
        (None, 70, UP, 60, None),
        (54, None, UP, 60, None),
        (54, 70, UP, None, None),
    ],
)
def test_a_score_is_the_part_of_the_way_that_is_gone(
    baseline: float | None,
    target: float | None,
    direction: str,
    value: float | None,
    expected: float,
) -> None:
    way = Way(baseline, target, direction)
    assert score(way, value) == expected
    assert (score(way, value) is None) == bool(missing(way, value))


@given(FIGURES, FIGURES, FIGURES, st.sampled_from([UP, DOWN]))
def test_a_score_is_between_nothing_and_all(
    baseline: float, target: float, value: float, direction: str
) -> None:
    found = score(Way(baseline, target, direction), value)
    assert found is not None
    assert 0.0 <= found <= 1.0


@given(FIGURES, FIGURES, FIGURES, FIGURES)
def test_closer_to_the_target_never_scores_less(
    baseline: float, target: float, one: float, other: float
) -> None:
    way = Way(baseline, target)
    if target != baseline:
        near, far = sorted((one, other), reverse=target > baseline)
        assert score(way, near) >= score(way, far)  # type: ignore[operator]  # none is missing


@given(FIGURES, FIGURES, FIGURES)
def test_the_mirror_of_a_way_scores_the_same(baseline: float, target: float, value: float) -> None:
    if baseline != target:
        mirrored = score(Way(-baseline, -target, DOWN), -value)
        assert mirrored == pytest.approx(score(Way(baseline, target), value))


@pytest.mark.parametrize(
    "scores, value, scored",
    [
        ([0.2, 0.6], 0.4, 2),
        ([0.9, None, None], 0.9, 1),  # and it is told that it is one of three
        ([None, None], None, 0),
        ([], None, 0),
    ],
)
def test_an_objectives_score_is_the_mean_of_what_is_known(
    scores: list[float | None], value: float | None, scored: int
) -> None:
    found = objective_score(scores)
    assert (found.value, found.of, found.scored) == (
        value if value is None else pytest.approx(value),
        len(scores),
        scored,
    )


@pytest.mark.parametrize(
    "way, values, expected",
    [
        (Way(0, 100), [], None),
        (Way(0, 100), [5], None),
        (Way(0, 100), [5, 10], UP),
        (Way(0, 100), [10, 5], DOWN),
        (Way(0, 100), [10, 11.9], FLAT),
        (Way(0, 100), [10, 12], UP),
        (Way(11, 1, DOWN), [11, 10], UP),  # down is the way it should go
        (Way(11, 1, DOWN), [10, 11], DOWN),
        (Way(0, 100), [0, 50, 50, 50], FLAT),  # only the last three count
        (Way(0, 100), [50, 0, 20], DOWN),  # from the first of the three to the last
        (Way(0, 100), [120, 150], UP),  # past the target it still moves
        (Way(95, 95), [95, 90], DOWN),
        (Way(2, 2, DOWN), [3, 2], UP),
        (Way(None, 100), [5, 10], None),
    ],
)
def test_a_trend_is_read_from_the_last_check_ins(
    way: Way, values: list[float], expected: str | None
) -> None:
    assert trend(way, values) == expected


@pytest.mark.parametrize(
    "said, since, days, silent",
    [
        (0, 60, 0, False),
        (14, 60, 14, False),
        (15, 60, 15, True),
        (None, 15, 15, True),  # nobody has said anything since it began
        (None, 14, 14, False),
        (None, -5, 0, False),  # it has not begun
        (None, None, None, False),
    ],
)
def test_silence_is_told_after_two_weeks(
    said: int | None, since: int | None, days: int | None, silent: bool
) -> None:
    def ago(number: int | None) -> date | None:
        return None if number is None else TODAY - timedelta(days=number)

    found = silent_days(ago(said), ago(since), TODAY)
    assert (found, is_silent(found)) == (days, silent)


@pytest.mark.parametrize(
    "way, wrong",
    [
        (Way(40, 10, UP), True),
        (Way(40, 10, DOWN), False),
        (Way(10, 40, DOWN), True),
        (Way(10, 10, DOWN), False),
        (Way(None, 10, UP), False),
    ],
)
def test_a_target_that_lies_the_other_way_is_seen(way: Way, wrong: bool) -> None:
    assert contradicts(way) is wrong
