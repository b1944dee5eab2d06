"""What is offered to be merged, who are the five, and an order that favours nobody."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from app.rules.obstacles import (
    alike_but_for_signs,
    in_an_order_of_its_own,
    suggestions,
    the_five,
)

NEAR = (("a", "For mange prosjekter samtidig"), ("b", "Vi har for mange prosjekter på én gang"))
OTHER = ("c", "Kundedata i tre systemer")


@dataclass(frozen=True)
class At:
    place: int


def test_what_is_the_same_but_for_signs_stands_as_most_wrote_it() -> None:
    texts = [("1", "møter!"), ("2", "Møter"), ("3", "MØTER"), ("4", "Møter"), ("5", "Folk")]
    assert alike_but_for_signs(texts) == [("2", "4", "3", "1")]
    assert alike_but_for_signs([("1", "møter"), ("2", "Møter")]) == [("2", "1")]
    assert alike_but_for_signs([("1", "!!"), ("2", "??")]) == [], "signs alone say nothing alike"


def test_what_is_merged_is_not_offered_again_and_comes_back_when_parted() -> None:
    texts = (*NEAR, OTHER)
    (offer,) = suggestions(texts, {}, {"a", "b", "c"})
    assert {offer.stands, *offer.others} == {"a", "b"}
    assert suggestions(texts, {"b": "a"}, {"a", "c"}) == []
    assert suggestions(texts, {"a": "c"}, {"b", "c"})[0].others, "the whole may say the same"


def test_who_shares_the_fifth_place_is_among_the_five() -> None:
    ranked = [At(place) for place in (1, 2, 3, 4, 5, 5, 7)]
    assert the_five(ranked) == ranked[:6]
    assert the_five([At(1)] * 12) == [At(1)] * 10
    assert the_five([At(1), At(2)]) == [At(1), At(2)]


@given(seed=st.text(max_size=20))
def test_an_order_of_ones_own_has_everything_once_and_stays(seed: str) -> None:
    things = list(range(30))
    mine = in_an_order_of_its_own(things, seed)
    assert sorted(mine) == things
    assert in_an_order_of_its_own(things, seed) == mine


def test_the_top_of_the_list_is_another_one_for_each() -> None:
    firsts = [in_an_order_of_its_own(range(10), f"phone {n}")[0] for n in range(1000)]
    assert max(map(firsts.count, range(10))) < 150
