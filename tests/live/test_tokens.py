"""A participant's token proves one phone in one room, a visit one room, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from app.live import tokens

KEY = b"a key of the tests"


def test_a_token_proves_whom_it_was_issued_to() -> None:
    token = tokens.issue(KEY, "participant", "room")
    assert tokens.verify(KEY, token) == ("participant", "room")


def test_another_key_another_room_or_another_phone_proves_nothing() -> None:
    participant, room, signature = tokens.issue(KEY, "participant", "room").split(".")
    assert tokens.verify(b"another key", f"{participant}.{room}.{signature}") is None
    assert tokens.verify(KEY, f"{participant}.elsewhere.{signature}") is None
    assert tokens.verify(KEY, f"somebody.{room}.{signature}") is None
    assert tokens.verify(KEY, f"{participant}.{room}.") is None


def test_a_visit_proves_the_room_and_the_codes_it_was_issued_for_and_no_other_code() -> None:
    token = tokens.issue_visit(KEY, "room", ["ABC234", "DEF567"])
    assert tokens.verify_visit(KEY, token) == ("room", ("ABC234", "DEF567"))
    room, _, signature = token.split(".")
    assert tokens.verify_visit(b"another key", token) is None
    assert tokens.verify_visit(KEY, f"{room}.ABC234.{signature}") is None
    assert tokens.verify_visit(KEY, f"elsewhere.ABC234-DEF567.{signature}") is None


def test_neither_token_serves_as_the_other() -> None:
    assert tokens.verify(KEY, tokens.issue_visit(KEY, "room", ["ABC234"])) is None
    assert tokens.verify_visit(KEY, tokens.issue(KEY, "participant", "room")) is None


@given(st.text(max_size=300))
def test_whatever_is_shown_is_refused_in_peace(shown: str) -> None:
    assert tokens.verify(KEY, shown) is None
    assert tokens.verify_visit(KEY, shown) is None
