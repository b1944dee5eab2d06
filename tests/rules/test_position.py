"""Positions: always strictly between, short for as long as is promised, and refused beyond."""

from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.position import (
    INSERTS_IN_ONE_GAP,
    LONGEST,
    NoRoom,
    between,
    is_position,
    spread,
)

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
positions = st.text(LETTERS, min_size=1, max_size=LONGEST).filter(is_position)


@given(st.none() | positions, st.none() | positions)
def test_what_is_put_between_two_lies_between_them(one: str | None, other: str | None) -> None:
    before, after = sorted((one, other), key=str) if one and other else (one, other)
    try:
        found = between(before, after)
    except NoRoom:
        # Only where they are the same, or so close that the room is used up.
        assert before == after or max(len(before or ""), len(after or "")) > 26
        return
    assert before is None or before < found
    assert after is None or found < after
    assert is_position(found)


@given(st.lists(st.integers(0, 10_000), max_size=INSERTS_IN_ONE_GAP))
def test_inserts_do_to_positions_what_they_do_to_a_list(places: list[int]) -> None:
    column, cards = [], []
    for card, wanted in enumerate(places):
        at = wanted % (len(column) + 1)
        before = column[at - 1] if at else None
        after = column[at] if at < len(column) else None
        column.insert(at, between(before, after))
        cards.insert(at, card)
    assert column == sorted(set(column))
    assert [card for _, card in sorted(zip(column, cards, strict=True))] == cards


@pytest.mark.parametrize("side", ["left", "right", "in turn", "narrow"])
@pytest.mark.parametrize("cards", [2, 1000])
def test_one_gap_takes_the_promised_number_of_inserts(side: str, cards: int) -> None:
    before, after = spread(cards)[-2:]
    for number in range(INSERTS_IN_ONE_GAP):
        middle = between(before, after)
        if side == "narrow":
            left = length_between(before, middle) >= length_between(middle, after)
        else:
            left = side == "left" or (side == "in turn" and number % 2 == 0)
        before, after = (before, middle) if left else (middle, after)


def has_room(before: str, after: str) -> bool:
    try:
        return bool(between(before, after))
    except NoRoom:
        return False


def length_between(before: str, after: str) -> int:
    return len(between(before, after)) if has_room(before, after) else LONGEST + 1


def test_beyond_that_there_is_no_room_and_a_spread_column_has_it_again() -> None:
    column = list(spread(2))
    while has_room(*column[:2]) and len(column) < 10_000:
        column.insert(1, between(*column[:2]))
    assert INSERTS_IN_ONE_GAP <= len(column) - 2 < 10_000
    with pytest.raises(NoRoom):
        between(*column[:2])
    even = spread(len(column))
    assert between(even[0], even[1])


@pytest.mark.parametrize("at_the_top", [True, False])
def test_thousands_at_the_top_or_at_the_end_stay_short(at_the_top: bool) -> None:
    last = between(None, None)
    for _ in range(20_000):
        following = between(None, last) if at_the_top else between(last, None)
        assert (following < last) == at_the_top
        last = following
    assert len(last) <= 5


def test_two_at_the_same_place_leave_no_room_for_a_third() -> None:
    here = between(None, None)
    for before, after in ((here, here), spread(2)[::-1]):
        with pytest.raises(NoRoom):
            between(before, after)


@pytest.mark.parametrize(
    "text",
    ["", " ", "a", "0", "a0 ", "a00", "a0V0", "æ0", "a0\n", "a٣", "b0", "a-", "A" + "0" * 26,
     "a0" + "V" * (LONGEST - 1), "1a", "null"],
)  # fmt: skip
def test_what_is_no_position_is_told(text: str) -> None:
    assert not is_position(text)
    with pytest.raises(ValueError, match="not a position"):
        between(text, None)


@given(st.text(max_size=80))
def test_any_text_can_be_asked_about(text: str) -> None:
    assert not is_position(text) or len(text) <= LONGEST


@pytest.mark.parametrize("smallest", ["A" + "0" * 25 + "1", "A" + "0" * 26 + "1"])
def test_before_the_very_first_there_is_room_or_no_room_but_no_fault(smallest: str) -> None:
    assert is_position(smallest)
    with suppress(NoRoom):
        assert between(None, smallest) < smallest


@given(st.integers(0, 2000))
def test_a_spread_column_is_in_order_and_has_room_everywhere(number: int) -> None:
    even = spread(number)
    assert len(even) == number
    assert all(is_position(one) and len(one) <= 3 for one in even)
    assert list(even) == sorted(set(even))
    assert len({len(between(*pair)) - len(pair[0]) for pair in pairwise(even)}) <= 2
