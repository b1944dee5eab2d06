"""Nothing that is not of the protocol gets past `parse`, and what does is documented."""

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import KickoffError, TooLarge
from app.live import moves, wire

PROTOCOL = (Path(wire.__file__).parent / "PROTOCOL.md").read_text()
LIMIT = wire.ATTENDEE_LIMIT
SUBMIT = {"type": "submit", "id": "12345678", "seq": 1, "activity": "a-1", "data": {}}

json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_a_refusal(sent: bytes) -> None:
    _parsed_or_refused(sent)


@given(st.sampled_from(["hello", "submit", "command", "ping", "?"]), json, json, json)
def test_any_json_is_a_message_or_a_refusal(kind: str, id: Any, data: Any, seq: Any) -> None:
    message = {"type": kind, "id": id, "data": data, "seq": seq, "rev": seq, "activity": id}
    # Some numbers and texts JSON cannot carry either.
    with suppress(orjson.JSONEncodeError):
        _parsed_or_refused(orjson.dumps(message))


WORDS = st.text(max_size=6) | st.sampled_from(["12345678", "x" * 65, "a\x00", "a-1"])
LIKELY = st.fixed_dictionaries(
    {"type": st.just("submit")},
    optional={
        "id": st.sampled_from(["12345678", "x" * 64]) | WORDS | st.integers(),
        "seq": st.integers(-1, 3) | st.sampled_from([2**53, 2**53 + 1, True, 1.0]),
        "activity": st.just("a-1") | WORDS,
        "data": st.dictionaries(WORDS, WORDS | st.lists(WORDS | json, max_size=3), max_size=3),
        "more": json,
    },
)


@given(LIKELY)
def test_the_short_way_of_an_answer_lets_in_what_the_long_way_lets_in(raw: dict[str, Any]) -> None:
    """And reads the same in it."""
    plain = wire._plain_submit(raw)
    if plain is None:
        return
    form = wire.SubmitForm.model_validate(raw)
    assert wire.fits(form.data)
    assert plain == (form.id, form.seq, form.activity, form.data)


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "short"},
        {"id": "x" * 65},
        {"id": "not plain!"},
        {"seq": -1},
        {"seq": 2**53 + 1},
        {"seq": "1"},
        {"activity": ""},
        {"activity": "../x"},
        {"data": []},
        {"data": {"text": "\x00"}},
        {"data": {"n": 2**60}},
        {"data": {"a": [[[[[[[[[]]]]]]]]]}},
    ],
)
def test_a_submission_that_breaks_the_form_is_refused(changed: dict[str, Any]) -> None:
    assert isinstance(wire.parse(orjson.dumps(SUBMIT), LIMIT), wire.Submit)
    with pytest.raises(KickoffError) as refused:
        wire.parse(orjson.dumps({**SUBMIT, **changed}), LIMIT)
    assert refused.value.code == "invalid"


def test_a_refusal_names_the_message_where_it_can() -> None:
    with pytest.raises(KickoffError) as refused:
        wire.parse(orjson.dumps({**SUBMIT, "seq": -1}), LIMIT)
    assert refused.value.params["id"] == SUBMIT["id"]


def test_a_message_over_the_limit_is_not_even_read() -> None:
    with pytest.raises(TooLarge):
        wire.parse(b"{" + b" " * LIMIT, LIMIT)


def test_every_message_and_field_is_documented() -> None:
    for message in (wire.Hello, wire.SubmitForm, wire.Command, wire.Ping):
        name = message.model_fields["type"].annotation.__args__[0]  # type: ignore[union-attr]
        line = next(line for line in PROTOCOL.splitlines() if line.startswith(f"| `{name}` |"))
        for field in message.model_fields.keys() - {"type"}:
            assert f"`{field}`" in line, f"{name}: {field}"


def test_every_command_is_documented_and_no_other() -> None:
    table = moves.table()
    section = PROTOCOL.split("## Commands")[1]  # those of kinds stand with their kinds
    told = {
        name
        for line in section.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([a-z_]+\.[a-z_]+)`", line.split("|")[1])
    }
    assert told == set(table)


def _parsed_or_refused(sent: bytes) -> None:
    with suppress(KickoffError):
        wire.parse(sent, LIMIT)
