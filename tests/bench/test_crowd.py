"""The load generator of the crowd: what it is given it counts, and it is never late by itself."""

import asyncio
import socket
import struct
from collections.abc import Iterator
from itertools import pairwise

import pytest

from bench.load.crowd import Ballots, Vote
from bench.load.seats import IN_ONE_TURN, LARGEST_ANSWER, Seat, Seats
from bench.websocket import CLOSE, PING, PONG, TEXT, client_frame, server_frames

PICTURE = b'{"type":"state","state":"' + b"x" * 900 + b'"}'
WELCOME = b'{"type":"welcome","state":"' + b"x" * 900 + b'"}'
ACK = b'{"type":"ack","id":"%s"}'


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """As a server sends it, unmasked."""
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, size)) + payload
    if size < 65536:
        return bytes((0x80 | opcode, 126)) + struct.pack("!H", size) + payload
    return bytes((0x80 | opcode, 127)) + struct.pack("!Q", size) + payload


def unmasked(sent: bytes) -> tuple[int, bytes]:
    size, at = sent[1] & 0x7F, 2
    if size == 126:
        size, at = int.from_bytes(sent[2:4]), 4
    mask, masked = sent[at : at + 4], sent[at + 4 :]
    assert sent[1] & 0x80
    assert len(masked) == size
    return sent[0], bytes(byte ^ mask[n % 4] for n, byte in enumerate(masked))


@pytest.fixture
def line() -> Iterator[tuple[socket.socket, socket.socket]]:
    here, there = socket.socketpair()
    here.setblocking(False)
    there.settimeout(5)
    with here, there:
        yield here, there


@pytest.mark.parametrize("size", [0, 5, 125, 126, 900, 65535, 65536, 70_000])
def test_a_frame_is_read_as_one_wherever_the_bytes_are_cut(size: int) -> None:
    whole = frame(b"x" * size)
    for cut in {*range(min(12, len(whole))), len(whole) - 1}:
        frames, rest = server_frames(whole[:cut])
        assert frames == []
        assert server_frames(rest + whole[cut:] + whole[:1]) == ([(TEXT, b"x" * size)], whole[:1])


@pytest.mark.parametrize("size", [0, 125, 126, 60_000])
def test_what_is_sent_is_one_masked_frame(size: int) -> None:
    payload = bytes(n % 251 for n in range(size))
    assert unmasked(client_frame(payload)) == (0x80 | TEXT, payload)


@pytest.mark.parametrize("chunk", [1, 7, 903, 1000, 1_000_000])
def test_each_picture_is_counted_and_each_answer_heard_in_whatever_chunks_they_come(
    line: tuple[socket.socket, socket.socket], chunk: int
) -> None:
    heard = []

    async def play() -> Seat:
        seat = Seat(0, line[0], lambda _seat, text: heard.append(text))
        seat.read()  # nothing yet
        texts = [WELCOME, PICTURE, PICTURE, ACK, PICTURE, ACK, PICTURE, PICTURE]
        stream = b"".join(map(frame, texts))
        for start in range(0, len(stream), chunk):
            line[1].send(stream[start : start + chunk])
            assert seat.read()
        return seat

    seat = asyncio.run(play())
    assert (seat.frames, heard, seat.rest) == (5, [ACK, ACK], b"")


def test_a_seat_answers_pings_and_notices_its_end(
    line: tuple[socket.socket, socket.socket],
) -> None:
    async def play() -> None:
        seat = Seat(0, line[0], lambda _seat, _text: None)
        line[1].send(frame(b"here?", PING))
        assert seat.read()
        assert unmasked(line[1].recv(100)) == (0x80 | PONG, b"here?")
        line[1].send(frame(b"", CLOSE))
        assert not seat.read()
        assert seat.dropped
        gone = Seat(1, line[0], lambda _seat, _text: None)
        line[1].close()
        assert not gone.read()
        assert gone.dropped

    asyncio.run(play())


def test_a_burst_to_all_lets_others_of_the_loop_in_after_each_turn() -> None:
    async def play() -> list[int]:
        room = Seats()
        lines = [socket.socketpair() for _ in range(3 * IN_ONE_TURN + 1)]
        seats = [Seat(n, here, lambda *_: None) for n, (here, _) in enumerate(lines)]
        for seat, (here, there) in zip(seats, lines, strict=True):
            here.setblocking(False)
            there.send(frame(WELCOME) + frame(PICTURE))
            room.add(seat)
        read = [0]
        while read[-1] < len(seats):
            await asyncio.sleep(0)
            read.append(sum(seat.frames for seat in seats))
        room.close()
        for _, there in lines:
            there.close()
        return read

    read = asyncio.run(play())
    assert max(after - before for before, after in pairwise(read)) == IN_ONE_TURN


@pytest.mark.parametrize(
    "answers",
    [
        [ACK % b"of-another"],
        [ACK % b"mine", ACK % b"mine"],
        [b'{"type":"error","id":"mine","code":"invalid"}'],
    ],
)
def test_an_answer_that_is_not_the_one_acknowledgement_of_the_vote_spoils_the_round(
    line: tuple[socket.socket, socket.socket], answers: list[bytes]
) -> None:
    async def play() -> None:
        votes = [Vote(n, 0.0, id, "a", client_frame(b"{}")) for n, id in enumerate(("mine", "two"))]
        ballots = Ballots(votes, "activity")
        seat = Seat(0, line[0], ballots.hear)
        ballots.send(votes[0], seat)
        for answer in answers:
            assert len(answer) <= LARGEST_ANSWER
            line[1].send(frame(answer))
            seat.read()
        with pytest.raises(RuntimeError):
            await asyncio.wait_for(ballots.all_acknowledged, 1)

    asyncio.run(play())
