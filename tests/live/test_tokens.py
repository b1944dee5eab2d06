"""A participant's token proves one phone in one room and nothing else."""

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


@given(st.text(max_size=300))
def test_whatever_is_shown_is_refused_in_peace(shown: str) -> None:
    assert tokens.verify(KEY, shown) is None
