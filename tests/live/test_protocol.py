"""Frames by the fast way are what the general parser makes of the same bytes."""

from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.server import ServerProtocol

from app.live.protocol import _ends_with_a_frame, _short_texts, text_frame
from tests.promises.rawsocket import BINARY, PING, TEXT, frame

messages = st.lists(st.binary(max_size=300), max_size=6)


@given(messages)
def test_whole_texts_are_read_as_they_were_sent(sent: list[bytes]) -> None:
    chunk = b"".join(Frame(Opcode.TEXT, text).serialize(mask=True) for text in sent)
    assert [bytes(text) for text in _short_texts(chunk) or []] == sent
    assert _ends_with_a_frame(chunk)


@given(messages.filter(bool), st.data())
def test_a_chunk_that_is_cut_anywhere_is_left_to_the_parser(
    sent: list[bytes], data: st.DataObject
) -> None:
    chunk = b"".join(Frame(Opcode.TEXT, text).serialize(mask=True) for text in sent)
    last = len(Frame(Opcode.TEXT, sent[-1]).serialize(mask=True))
    cut = data.draw(st.integers(len(chunk) - last + 1, len(chunk) - 1))
    assert _short_texts(chunk[:cut]) is None
    assert not _ends_with_a_frame(chunk[:cut])


def test_what_is_no_masked_whole_text_is_left_to_the_parser() -> None:
    for other in (
        frame(BINARY, b"x"),
        frame(PING),
        frame(TEXT, b"x", masked=False),
        frame(TEXT, b"x", final=False),
        frame(TEXT, b"x", rsv=0x40),
        frame(TEXT, b"x" * 70_000),
    ):
        assert _short_texts(frame(TEXT, b"{}") + other) is None


@given(st.integers(0, 70_000))
def test_a_ready_made_frame_is_one_of_the_protocol(size: int) -> None:
    payload = b"a" * size
    assert text_frame(payload) == Frame(Opcode.TEXT, payload).serialize(mask=False)


def test_the_library_serves_as_the_measure() -> None:
    assert ServerProtocol(max_size=1).state.name == "CONNECTING"
