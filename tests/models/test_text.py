"""Text is cleaned once, the same way wherever it comes in (RELIABILITY D11)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.models.fields import LINE_MAX, Email, Line, Prose, Title
from app.models.text import clean_line, clean_text

TITLE, LINE = TypeAdapter(Title), TypeAdapter(Line)


@given(st.text())
def test_clean_text_is_clean_already(text: str) -> None:
    try:
        once = clean_text(text)
    except ValueError:
        assert any("\ud800" <= c <= "\udfff" for c in text)
        return
    assert clean_text(once) == once
    assert "\x00" not in once
    once.encode()


@pytest.mark.parametrize("text", ["", "   ", "\t\n", "\x00", "\u202e", "\u2066 \x07"])
def test_a_title_says_something(text: str) -> None:
    with pytest.raises(ValidationError):
        TITLE.validate_python(text)


def test_a_line_is_one_line() -> None:
    assert clean_line(" Kurs\r\n2027\t nå ") == "Kurs 2027 nå"


def test_norwegian_letters_have_one_form() -> None:
    assert clean_line("A\u030as") == "Ås"


def test_text_that_grows_when_normalised_is_still_bounded() -> None:
    with pytest.raises(ValidationError):
        LINE.validate_python("\u0344" * (LINE_MAX - 10))


def test_prose_keeps_its_lines() -> None:
    assert TypeAdapter(Prose).validate_python("én\r\nto\r\n") == "én\nto"


@pytest.mark.parametrize(
    "text, good",
    [
        ("", True),
        ("kari@nordlys.example", True),
        ("kari", False),
        ("a@b", False),
        ("a b@c.no", False),
    ],
)
def test_an_address_looks_like_one(text: str, good: bool) -> None:
    if good:
        assert TypeAdapter(Email).validate_python(text) == text
    else:
        with pytest.raises(ValidationError):
            TypeAdapter(Email).validate_python(text)
