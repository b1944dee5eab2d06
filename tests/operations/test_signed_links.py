"""A signed link opens what it was made for, for as long as it was made for, and nothing else.

Seen red with: no comparison of the purpose's signature, no end.
"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import ids
from app.errors import NotFound
from app.operations.signed_links import DAYS, LONGEST, link_token, opened

KEY = b"the tests' own key, of no worth at all"
NOW = datetime(2027, 2, 3, 9, 30, tzinfo=UTC)
RECORD, PERSON = ids.new_id(), ids.random_id()


def token(**told: datetime) -> str:
    return link_token(KEY, "action-status", RECORD, PERSON, now=NOW, **told)


def test_a_link_says_what_it_was_made_for_and_is_short_enough_for_a_message() -> None:
    link = opened(KEY, token(), now=NOW)
    assert (link.purpose, link.record_id, link.person_id) == ("action-status", RECORD, PERSON)
    assert (link.made, link.expires) == (NOW, NOW + timedelta(days=120))
    assert len(token()) < 140


@pytest.mark.parametrize(
    "after, opens",
    [
        (timedelta(0), True),
        (timedelta(days=DAYS) - timedelta(seconds=1), True),
        (timedelta(days=DAYS), False),
        (timedelta(days=1000), False),
    ],
)
def test_it_ends_after_120_days(after: timedelta, opens: bool) -> None:
    if opens:
        assert opened(KEY, token(), now=NOW + after).record_id == RECORD
    else:
        with pytest.raises(NotFound):
            opened(KEY, token(), now=NOW + after)


def test_it_ends_when_its_maker_says_so() -> None:
    short = token(expires=NOW + timedelta(days=2))
    assert opened(KEY, short, now=NOW + timedelta(days=1)).person_id == PERSON
    with pytest.raises(NotFound):
        opened(KEY, short, now=NOW + timedelta(days=2))


def test_another_key_and_another_purpose_open_nothing() -> None:
    with pytest.raises(NotFound):
        opened(b"another key", token(), now=NOW)
    with pytest.raises(NotFound):
        opened(KEY, token().replace("action-status", "check-in"), now=NOW)


@given(st.integers(0, 139), st.characters(codec="ascii"))
def test_no_changed_character_opens_it(place: int, instead: str) -> None:
    whole = token()
    place %= len(whole)
    changed = whole[:place] + instead + whole[place + 1 :]
    if changed != whole:
        with pytest.raises(NotFound):
            opened(KEY, changed, now=NOW)


@given(st.text(max_size=LONGEST + 20))
def test_no_text_opens_anything(text: str) -> None:
    with pytest.raises(NotFound):
        opened(KEY, text, now=NOW)
