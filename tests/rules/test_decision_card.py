"""What a room's answer to a decision card comes to (L9).

Seen red: with a majority that carried a proposal over one objection, with a tie that the first
option won, and with an empty room that had agreed.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.decision_card import Consent, Outcome, Vote, all_of, called, together

people = st.integers(0, 2000)
consents = st.builds(Consent, people, people, people)


@pytest.mark.parametrize(
    "support, live_with, objections, outcome",
    [
        (0, 0, 0, "nobody"),
        (1, 0, 0, "carried"),
        (0, 1, 0, "carried"),  # nobody is for it, and everybody can live with it
        (12, 3, 0, "carried"),
        (400, 30, 1, "objected"),
        (0, 0, 1, "objected"),
    ],
)
def test_it_is_carried_where_no_objection_stands(
    support: int, live_with: int, objections: int, outcome: str
) -> None:
    assert Consent(support, live_with, objections).outcome == outcome


@pytest.mark.parametrize(
    "counts, outcome, foremost, majority",
    [
        ((), "nobody", (), False),
        ((0, 0), "nobody", (), False),
        ((1, 0), "chosen", (0,), True),
        ((2, 5, 4), "chosen", (1,), False),
        ((2, 5, 2), "chosen", (1,), True),
        ((3, 3), "tied", (0, 1), False),
        ((4, 1, 4), "tied", (0, 2), False),
    ],
)
def test_the_option_with_most_votes_is_chosen_and_no_tie_is_broken(
    counts: tuple[int, ...], outcome: str, foremost: tuple[int, ...], majority: bool
) -> None:
    vote = Vote(counts)
    assert (vote.outcome, vote.foremost, vote.has_majority) == (outcome, foremost, majority)


@given(st.lists(consents, min_size=1, max_size=4))
def test_an_objection_stands_wherever_it_comes_from(several: list[Consent]) -> None:
    whole = all_of(several)
    assert whole.answered == sum(one.answered for one in several)
    objected = any(one.outcome is Outcome.OBJECTED for one in several)
    assert (whole.outcome is Outcome.OBJECTED) == objected
    silent = all(one.outcome is Outcome.NOBODY for one in several)
    assert (whole.outcome is Outcome.NOBODY) == silent


@given(consents, people)
def test_support_never_outweighs_an_objection(before: Consent, more: int) -> None:
    after = Consent(before.support + more, before.live_with, before.objections)
    if before.outcome is not Outcome.NOBODY:
        assert after.outcome is before.outcome


@given(st.lists(people, min_size=1, max_size=10))
def test_the_order_of_the_options_decides_nothing(counts: list[int]) -> None:
    vote, turned = Vote(tuple(counts)), Vote(tuple(reversed(counts)))
    assert vote.outcome is turned.outcome
    last = len(counts) - 1
    assert vote.foremost == tuple(sorted(last - at for at in turned.foremost))
    if vote.has_majority:
        assert vote.outcome is Outcome.CHOSEN
    assert all(counts[at] == max(counts) for at in vote.foremost)


@given(st.integers(2, 5).flatmap(lambda n: st.lists(
    st.tuples(*[people] * n).map(Vote), min_size=1, max_size=3)))  # fmt: skip
def test_votes_of_all_sources_are_added_option_by_option(several: list[Vote]) -> None:
    assert together(several).answered == sum(one.answered for one in several)
    assert together(several) == together(several[::-1])


@pytest.mark.parametrize(
    "proposal, option, longest, words",
    [
        ("Hvilken leverandør?", "Nordisk", 200, "Hvilken leverandør? Nordisk"),
        ("Leverandør", "Nordisk", 200, "Leverandør: Nordisk"),
        ("x" * 195, "Nordisk", 200, "Nordisk"),
    ],
)
def test_what_was_chosen_is_one_sentence_that_fits(
    proposal: str, option: str, longest: int, words: str
) -> None:
    assert called(proposal, option, longest) == words
