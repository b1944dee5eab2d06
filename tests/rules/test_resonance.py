"""L12's figures: what a recommendation comes to, what falls, and what is behind it.

Seen red: with 7 counted as a promoter; with `to_reword` naming the clearest; without the look at
statements; with phones that have left not counted as having been here.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import resonance
from app.rules.pulse_figures import Figures, Flag
from app.rules.pulse_groups import MINIMUM

counts_of_ten = st.dictionaries(st.integers(0, 10), st.integers(1, 40), max_size=11)


def clarity(*counts: int) -> Figures:
    """Of so many who found it unclear, partly clear, clear."""
    found = resonance.figures_of("one", dict(enumerate(counts, 1)))
    assert found is not None
    return found


@pytest.mark.parametrize(
    "counts, promoters, passives, detractors, score",
    [
        ({10: 5}, 5, 0, 0, 100),
        ({9: 1, 8: 1, 7: 1, 6: 1, 0: 1}, 1, 2, 2, -20),
        ({6: 10}, 0, 0, 10, -100),
        ({8: 7, 7: 3}, 0, 10, 0, 0),
        ({9: 2, 6: 1}, 2, 0, 1, 33),
    ],
)
def test_who_would_recommend_it(
    counts: dict[int, int], promoters: int, passives: int, detractors: int, score: int
) -> None:
    found = resonance.promoters(counts)
    assert found == resonance.Promoters(promoters, passives, detractors, score)


def test_nobody_has_no_score() -> None:
    assert resonance.promoters({}) is None


@given(counts_of_ten)
def test_everybody_is_one_of_the_three_and_the_score_is_bounded(counts: dict[int, int]) -> None:
    found = resonance.promoters(counts)
    if found is None:
        assert not counts
        return
    assert found.promoters + found.passives + found.detractors == sum(counts.values())
    assert -100 <= found.score <= 100


@given(counts_of_ten)
def test_nothing_is_told_of_fewer_than_five(counts: dict[int, int]) -> None:
    told = resonance.figures_of("nps", counts)
    assert (told is None) == (sum(counts.values()) < MINIMUM)


@pytest.mark.parametrize(
    "answered, here, joined, shown, share",
    [
        (30, 40, 60, 40, 75),
        (30, None, 60, 60, 50),
        (30, 10, 60, 30, 100),  # phones that have left
        (7, 5, 6, 7, 100),
        (0, 0, 0, 0, 0),
    ],
)
def test_attendance(answered: int, here: int | None, joined: int, shown: int, share: int) -> None:
    found = resonance.attendance(answered, here=here, joined=joined, invited=80)
    assert (found.here, found.share) == (shown, share)
    assert found.joined >= found.answered


@given(st.integers(0, 900), st.none() | st.integers(0, 900), st.integers(0, 900))
def test_no_more_than_all_have_answered(answered: int, here: int | None, joined: int) -> None:
    found = resonance.attendance(answered, here=here, joined=joined, invited=0)
    assert 0 <= found.share <= 100


LOW, CLEAR, PARTLY = clarity(6, 2, 2), clarity(0, 1, 9), clarity(1, 6, 3)
FELL = {"goals": (Flag.FALLING,)}


@pytest.mark.parametrize(
    "messages, before, fell, expected",
    [
        ({"a": CLEAR, "b": LOW}, {}, {}, {"b": (Flag.LOW,)}),
        ({"a": PARTLY, "b": CLEAR}, {"a": CLEAR}, {}, {"a": (Flag.FALLING,)}),
        ({"a": CLEAR, "b": LOW}, {"b": CLEAR}, FELL, {"b": (Flag.LOW, Flag.FALLING)}),
        # A statement falls, and no message does: the least clear is behind it.
        ({"a": CLEAR, "b": PARTLY}, {}, FELL, {"b": ()}),
        ({"a": CLEAR}, {}, FELL, {}),
        ({}, {}, FELL, {}),
        # That few would recommend it says nothing of a message.
        ({"a": CLEAR, "b": PARTLY}, {}, {"nps": (Flag.LOW,)}, {}),
        ({"a": CLEAR, "b": PARTLY}, {}, {}, {}),
    ],
)
def test_what_is_to_be_reworded(
    messages: dict[str, Figures],
    before: dict[str, Figures],
    fell: resonance.Judged,
    expected: resonance.Judged,
) -> None:
    assert resonance.to_reword(messages, before, fell) == expected


three_counts = st.tuples(*[st.integers(0, 30)] * 3).filter(lambda counts: sum(counts) >= MINIMUM)


@given(st.dictionaries(st.sampled_from("abcdef"), three_counts), st.booleans())
def test_the_least_clear_come_first_and_what_is_low_is_never_left_out(
    said: dict[str, tuple[int, int, int]], fell: bool
) -> None:
    messages = {name: clarity(*counts) for name, counts in said.items()}
    found = resonance.to_reword(messages, {}, FELL if fell else {})
    levels = [messages[name].level for name in found]
    assert levels == sorted(levels)
    assert {name for name, one in messages.items() if one.level < 50} <= found.keys()
    assert found.keys() <= messages.keys()
