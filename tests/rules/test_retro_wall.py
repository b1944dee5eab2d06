"""A retrospective's wall: each note stands in one column, and what weighs most is what most chose.

Seen red: with ties cut by their order, with columns sorted by their ids once votes were told.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.retro_wall import (
    COLUMNS,
    HEAVIEST,
    MOST_TIED,
    Note,
    by_weight,
    column_of,
    heaviest,
    in_columns,
)

NOTES = st.lists(
    st.builds(
        Note,
        id=st.uuids().map(str),
        column=st.sampled_from(COLUMNS),
        text=st.text(min_size=1, max_size=20),
        votes=st.integers(0, 6),
        table_votes=st.integers(0, 3),
    ),
    unique_by=lambda note: note.id,
    max_size=30,
)


def voted(*votes: int) -> list[Note]:
    return [Note(f"n{at}", "worked", "?", each) for at, each in enumerate(votes)]


@pytest.mark.parametrize(
    "votes, found",
    [
        ((), ()),
        ((0, 0, 0), ()),
        ((0, 2), (1,)),
        ((5, 3, 2, 1), (0, 1, 2)),
        ((5, 3, 2, 2, 2, 1), (0, 1, 2, 3, 4)),  # who shares the third place is not cut
        ((5, 1, 1, 1, 1, 1), (0,)),  # what so many share, the room has not decided
        ((1, 1, 1, 1, 1, 1), ()),
    ],
)
def test_the_three_that_weigh_most_are_named(
    votes: tuple[int, ...], found: tuple[int, ...]
) -> None:
    assert heaviest(voted(*votes)) == {f"n{at}" for at in found}


@given(NOTES)
def test_nothing_that_is_not_named_weighs_more_than_what_is(notes: list[Note]) -> None:
    named = heaviest(notes)
    inside = [note.weight for note in notes if note.id in named]
    outside = [note.weight for note in notes if note.id not in named]
    assert all(weight > 0 for weight in inside)
    assert not inside or not outside or min(inside) > max(outside)
    assert len(named) <= MOST_TIED
    if sum(note.weight > 0 for note in notes) <= HEAVIEST:
        assert len(named) == sum(note.weight > 0 for note in notes)


@given(NOTES, st.booleans())
def test_each_note_stands_in_its_column_once(notes: list[Note], by_votes: bool) -> None:
    found = in_columns(notes, by_votes=by_votes)
    assert [column for column, _ in found] == list(COLUMNS)
    assert all(note.column == column for column, listed in found for note in listed)
    assert sorted(n.id for _, listed in found for n in listed) == sorted(n.id for n in notes)
    for _, listed in found:
        weights = [note.weight for note in listed]
        assert not by_votes or weights == sorted(weights, reverse=True)


@given(NOTES, st.randoms())
def test_the_order_does_not_know_who_wrote_first(notes: list[Note], random) -> None:  # type: ignore[no-untyped-def]
    shuffled = random.sample(notes, len(notes))
    assert by_weight(shuffled) == by_weight(notes)
    assert in_columns(shuffled, by_votes=False) == in_columns(notes, by_votes=False)


@pytest.mark.parametrize(
    "place, column",
    [("did_not", "did_not"), ("adjust", "adjust"), (None, "worked"), ("elsewhere", "worked")],
)
def test_no_note_is_lost_for_want_of_a_column(place: str | None, column: str) -> None:
    assert column_of(place) == column
