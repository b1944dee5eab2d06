"""Two who write in one section lose nothing: what one alone has changed stands, what both have is
said.

Seen red with: mine replacing theirs wherever they differ.
"""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.models.minutes import MinutesLine
from app.rules.minutes import Draft
from app.rules.minutes_merged import merged


def section(text: str = "", **lines: dict[str, Any]) -> Draft:
    return Draft(text, tuple(MinutesLine(key=key, **told) for key, told in lines.items()))


BASE = section("Om dagen.", a={"text": "En"}, b={"text": "To", "due": date(2027, 3, 1)})


def test_what_one_alone_has_changed_stands() -> None:
    mine = section("Om dagen.", a={"text": "En, ordnet"}, b={"text": "To", "due": date(2027, 3, 1)})
    theirs = section("En god dag.", a={"text": "En"}, b={"text": "To", "left_out": True})
    told = merged(BASE, mine, theirs)
    assert told.text == "En god dag."
    assert [(one.text, one.due, one.left_out) for one in told.lines] == [
        ("En, ordnet", None, False),
        ("To", None, True),
    ]
    assert told.clashes == ()


def test_what_both_have_changed_is_said_and_mine_stands_in_the_form() -> None:
    mine = section("Min", a={"text": "Min"}, b={"text": "To", "due": date(2027, 3, 1)})
    theirs = section("Din", a={"text": "Din"}, b={"text": "To", "due": date(2027, 3, 1)})
    told = merged(BASE, mine, theirs)
    assert (told.text, told.lines[0].text, told.clashes) == ("Min", "Min", ("", "a"))


def test_lines_that_either_added_are_both_there() -> None:
    mine = section(
        "Om dagen.", **{"a": {"text": "En"}, "b": {"text": "To"}, "own-1": {"text": "x"}}
    )
    theirs = section("Om dagen.", **{"a": {"text": "En"}, "own-2": {"text": "y"}})
    told = merged(section("Om dagen.", a={"text": "En"}, b={"text": "To"}), mine, theirs)
    assert [one.key for one in told.lines] == ["a", "own-1", "own-2"]


def test_without_the_base_all_that_differs_is_a_clash() -> None:
    told = merged(None, section("Min", a={"text": "En"}), section("Din", a={"text": "To"}))
    assert (told.text, told.lines[0].text, told.clashes) == ("Min", "En", ("", "a"))


DRAFTS = st.builds(
    lambda text, lines: Draft(text, tuple(lines)),
    st.sampled_from(["", "x", "y"]),
    st.lists(
        st.builds(
            MinutesLine,
            key=st.sampled_from(["a", "b", "own-1"]),
            text=st.sampled_from(["x", "y"]),
            left_out=st.booleans(),
        ),
        unique_by=lambda one: one.key,
    ),
)


@given(base=DRAFTS, other=DRAFTS)
def test_whoever_changed_nothing_takes_over_what_the_other_wrote(base: Draft, other: Draft) -> None:
    told = merged(base, base, other)
    assert (told.text, told.clashes) == (other.text, ())
    assert {one.key: one for one in told.lines} == {one.key: one for one in other.lines}
    told = merged(base, other, base)
    assert (told.text, told.clashes) == (other.text, ())
    kept = {one.key: one for one in told.lines}
    assert all(kept[one.key] == one for one in other.lines)
