"""Text in lines: nothing is lost, nothing is too wide, no sign is torn apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.wrapping import signs, width_of, wrapped

texts = st.text(max_size=200)
norwegian = st.text(st.sampled_from("abcdefghijklmnoprstuvyæøåÆØÅ -/.,0123456789"), max_size=300)
widths = st.integers(20, 400)


def bare(text: str) -> str:
    """Without what lines add or leave out."""
    return "".join(text.split()).replace("-", "")


@given(texts | norwegian, widths)
def test_nothing_is_lost_and_nothing_stands_twice(text, width):
    assert bare("".join(wrapped(text, width=width, size=15))) == bare(text)


@given(texts | norwegian, widths)
def test_no_line_is_wider_than_the_room_unless_it_is_a_single_sign(text, width):
    for line in wrapped(text, width=width, size=15):
        # A letter that cannot be parted may have its hyphen beside it.
        assert width_of(line, 15) <= width or len(signs(line.removesuffix("-"))) <= 1


@given(texts, widths)
def test_no_line_is_empty(text, width):
    assert all(line.strip() for line in wrapped(text, width=width, size=15) if bare(text))
    assert not wrapped(" \n", width=width, size=15)


@given(texts, widths, st.integers(1, 4))
def test_as_many_times_larger_in_as_much_more_room_gives_the_same_lines(text, width, times):
    larger = wrapped(text, width=width * times, size=15 * times)
    assert larger == wrapped(text, width=width, size=15)


@pytest.mark.parametrize(
    "text, lines",
    [
        ("", ()),
        ("Kort", ("Kort",)),
        ("Kunden får svar samme dag", ("Kunden får", "svar samme", "dag")),
        ("Kundetilfredshetsundersøkelsen", ("Kundetilfreds-", "hetsundersøke-", "lsen")),
        ("post@nordlysenergi.example", ("post@", "nordlysenergi.", "example")),
        ("10\xa0000 kroner mer i uka", ("10\xa0000 kroner", "mer i uka")),
        ("<script>alert(1)</script>", ("<script>alert(1", ")</script>")),
    ],
)
def test_lines_end_where_a_reader_would_end_them(text, lines):
    assert wrapped(text, width=118, size=15) == lines


@pytest.mark.parametrize("sign", ["e\u0301", "👩\u200d🔬", "👍🏽", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍"])
def test_a_sign_of_several_parts_stays_whole(sign):
    assert all(line == sign for line in wrapped(sign * 5, width=10, size=15))
