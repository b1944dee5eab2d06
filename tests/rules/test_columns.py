"""A card is put where it is meant, whatever has become of its neighbours' positions."""

from hypothesis import given
from hypothesis import strategies as st

from app.rules import columns

MOVES = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from(["top", "bottom", "up", "down"]),
        st.none() | st.integers(0, 5),
        st.none() | st.integers(0, 5),
    ),
    max_size=60,
)


def moved(
    cards: dict[str, str], card: str, to: columns.Where, after: str | None, before: str | None
) -> list[str]:
    """The order in which the cards stand then."""
    others = columns.in_order(((p, c) for c, p in cards.items()), without=card)
    mine = (cards[card], card)
    at = columns.place_for(others, mine, to=to, after=after, before=before)
    cards |= columns.put(others, card, at)
    assert [c for _, c in columns.in_order((p, c) for c, p in cards.items())].index(card) == at
    return [c for _, c in columns.in_order((p, c) for c, p in cards.items())]


@given(MOVES, st.booleans())
def test_a_column_is_ordered_as_it_was_meant_also_from_equal_positions(
    moves: list[tuple[int, columns.Where, int | None, int | None]], equal: bool
) -> None:
    """Two cards that were put into one gap at the same moment have the same position."""
    cards = {str(n): "a0" if equal else f"a{n}" for n in range(6)}
    meant = [str(n) for n in range(6)]
    for number, to, after, before in moves:
        card, now = str(number), meant.index(str(number))
        meant.remove(card)
        if after is not None and after != number:
            meant.insert(meant.index(str(after)) + 1, card)
        elif before is not None and before != number:
            meant.insert(meant.index(str(before)), card)
        else:
            place = {"top": 0, "bottom": 5, "up": max(0, now - 1), "down": min(5, now + 1)}[to]
            meant.insert(place, card)
        named = [None if n is None else str(n) for n in (after, before)]
        assert moved(cards, card, to, *named) == meant


def test_a_neighbour_that_has_gone_elsewhere_leaves_the_card_at_the_bottom() -> None:
    others = columns.in_order([("a0", "x"), ("a1", "y")])
    assert columns.place_for(others, None, after="gone") == 2
    assert columns.place_for(others, None, before="gone", to="top") == 0


def test_a_card_of_another_column_has_no_step_here() -> None:
    assert columns.place_for(columns.in_order([("a0", "x")]), None, to="up") == 1


def test_positions_that_are_none_are_made_good() -> None:
    others = columns.in_order([("", "x"), ("", "y")])
    assert set(columns.put(others, "z", 1)) == {"x", "y", "z"}
