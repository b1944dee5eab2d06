"""SMART hints: what can be seen in a text, in both languages, without understanding it (P3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.smart import Stated, criteria, has_date, has_effect, has_figure, how_many_met

GOOD = {
    "title": "Kunden får svar samme dag",
    "specific": "Alle som henvender seg, i Bodø og Tromsø",
    "measurable": "Fra 11 dager til 1",
    "achievable": "To fra salg er med i vaktlisten",
    "relevant": "Kunden slipper å vente",
    "has_owner": True,
    "has_date": True,
}


def missing(**changed: object) -> dict[str, tuple[str, ...]]:
    goal = Stated(**{**GOOD, **changed})  # type: ignore[arg-type]  # a table of both kinds
    return {one.code: one.missing for one in criteria(goal) if not one.is_met}


def test_a_goal_that_says_everything_meets_all_five() -> None:
    assert missing() == {}
    assert how_many_met(Stated(**GOOD)) == 5  # type: ignore[arg-type]  # a table of both kinds


def test_a_goal_that_says_nothing_meets_none_and_each_says_why() -> None:
    assert how_many_met(Stated()) == 0
    assert {one.code: one.missing for one in criteria(Stated())} == {
        "specific": ("empty",),
        "measurable": ("empty",),
        "achievable": ("empty", "no_owner"),
        "relevant": ("empty",),
        "due": ("no_date",),
    }


@pytest.mark.parametrize(
    "changed, expected",
    [
        ({"specific": "kunder"}, {"specific": ("too_short",)}),
        ({"specific": "kunder nord"}, {"specific": ("too_short",)}),
        ({"specific": "kunder i nord"}, {}),
        ({"specific": "Vi skal bli flinkere"}, {"specific": ("vague",)}),
        ({"specific": "Vi må jobbe bedre sammen fremover"}, {"specific": ("vague",)}),
        ({"specific": "We will be the best and improve things"}, {"specific": ("vague",)}),
        ({"specific": "Bli bedre for kundene"}, {"specific": ("vague",)}),
        ({"specific": "Bedre svar til kundene"}, {}),
        ({"specific": "Improve answers to customers"}, {}),
        ({"specific": " \n "}, {"specific": ("empty",)}),
        ({"measurable": "mye bedre enn før"}, {"measurable": ("no_figure",)}),
        ({"measurable": "innen 1. mars 2027"}, {"measurable": ("no_figure",)}),
        ({"measurable": "halvparten så mange"}, {}),
        ({"has_owner": False}, {"achievable": ("no_owner",)}),
        ({"achievable": "penger", "has_owner": False}, {"achievable": ("too_short", "no_owner")}),
        ({"relevant": "styret vedtok det"}, {"relevant": ("no_effect",)}),
        ({"has_date": False}, {"due": ("no_date",)}),
        ({"has_date": False, "title": "Svar samme dag innen juni"}, {"due": ("date_in_text",)}),
    ],
)
def test_what_is_missing_is_named(
    changed: dict[str, object], expected: dict[str, tuple[str, ...]]
) -> None:
    assert missing(**changed) == expected


@pytest.mark.parametrize(
    "text",
    [
        "fra 11 til 1", "0,8", "43 %", "ni av ti", "én av tre", "halveres", "doble salget",
        "nine of ten", "twice as many", "half of them", "per cent", "prosent", "alle kunder",
        "no more than 3 by 2027",
    ],
)  # fmt: skip
def test_a_figure_is_seen_as_digits_and_as_words(text: str) -> None:
    assert has_figure(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "mye bedre", "innen 2027", "by 2027-03-01", "1. mars", "1.3.2027", "i løpet av juni",
        "by March 1, 2027", "Q2 2027", "2. kvartal", "andre kvartal", "the second quarter",
        "bonus", "tonight", "tirsdag", "often",
    ],
)  # fmt: skip
def test_a_date_or_a_word_is_no_figure(text: str) -> None:
    assert not has_figure(text)


@pytest.mark.parametrize(
    "text",
    [
        "innen 2027", "2027-03-01", "1. mars", "1.3.2027", "01/03/2027", "innen juni", "June 2027",
        "by May", "Q2", "2. kvartal", "third quarter", "før nyttår", "by year-end", "3 March 2027",
    ],
)  # fmt: skip
def test_a_date_is_seen_in_many_shapes(text: str) -> None:
    assert has_date(text)


@pytest.mark.parametrize("text", ["", "vi marsjerer", "you may", "11 dager", "fra 3,5 til 0,8"])
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert not has_date(text)


@pytest.mark.parametrize(
    "text",
    ["kundene venter kortere", "færre feil", "so that nobody waits", "we save time", "Bedre flyt"],
)
def test_an_effect_is_somebody_or_something_that_is_different(text: str) -> None:
    assert has_effect(text)


@pytest.mark.parametrize("text", ["", "styret vedtok det", "it is nice", "vifte"])
def test_what_is_decided_is_not_yet_an_effect(text: str) -> None:
    assert not has_effect(text)


@given(st.builds(Stated, *[st.text(max_size=80)] * 5, st.booleans(), st.booleans()))
def test_it_has_an_answer_for_whatever_is_written(goal: Stated) -> None:
    found = criteria(goal)
    assert [one.code for one in found] == [
        "specific", "measurable", "achievable", "relevant", "due",
    ]  # fmt: skip
    assert 0 <= how_many_met(goal) <= 5
    assert found == criteria(goal)


@given(st.sampled_from(["1 ", "a", "1.", "1. ", "å ", "%", "fra ", "2027 "]), st.integers(1, 4000))
def test_long_and_odd_texts_take_no_time(piece: str, many: int) -> None:
    """The patterns do not backtrack: what is typed is read on the server."""
    text = (piece * many)[:4000]
    how_many_met(Stated(text, text, text, text, text))
