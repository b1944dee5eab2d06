"""Phones keep what was not answered and send it again under its id; nobody shows old frames."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from random import Random
from time import monotonic
from typing import Any

import pytest

from app.rehearsal.address import RoomAddress
from app.rehearsal.backoff import delay_seconds
from app.rehearsal.client import Facilitator, Phone
from app.rehearsal.exchange import Pool
from app.rehearsal.journal import Journal, Outcome
from app.rehearsal.link import Refused
from tests.rehearsal.fake_room import FakeRoom, fake_room, until
from tests.support.processes import at_most


def address_of(room: FakeRoom) -> RoomAddress:
    return RoomAddress(room.base_url, room.code)


async def phone_in(room: FakeRoom, journal: Journal | None = None) -> Phone:
    phone = Phone(address_of(room), journal=journal, rng=Random(1))
    pool = Pool(phone.address)
    await phone.arrive(pool)
    pool.close()
    return phone


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 30))


def test_join_and_vote() -> None:
    async def scenario() -> None:
        async with fake_room() as room:
            journal = Journal()
            phone = await phone_in(room, journal)
            assert phone.state is not None
            assert phone.state["status"] == "live"
            await phone.submit("a1", {"options": ["o1"]})
            assert [one.outcome for one in journal.operations] == [Outcome.OK]
            assert room.result() == {"answered": 1, "options": [{"id": "o1", "count": 1}]}
            await phone.close()

    run(scenario())


def test_an_unanswered_vote_is_sent_again_with_its_id_after_the_line_was_lost() -> None:
    async def scenario() -> None:
        async with fake_room() as room:
            room.drop_before_ack = 1
            phone = await phone_in(room)
            await phone.submit("a1", {"options": ["o2"]})
            assert len(room.seen_ids) == 2
            assert len(set(room.seen_ids)) == 1
            assert room.result()["answered"] == 1
            assert room.hellos[-1]["epoch"] == "e1"
            await phone.close()

    run(scenario())


def test_a_changed_vote_has_a_higher_seq() -> None:
    async def scenario() -> None:
        async with fake_room() as room:
            phone = await phone_in(room)
            await phone.submit("a1", {"options": ["o1"]})
            await phone.submit("a1", {"options": ["o3"]})
            assert [seq for seq, _ in room.ballots.values()] == [2]
            await phone.close()

    run(scenario())


@pytest.mark.parametrize("code", ["activity_closed", "invalid", "id_reused"])
def test_a_refusal_is_a_fail_with_its_code(code: str) -> None:
    async def scenario() -> None:
        async with fake_room() as room:
            journal = Journal()
            phone = await phone_in(room, journal)
            room.refuse_with = code
            with pytest.raises(Refused) as refused:
                await phone.submit("a1", {"options": ["o1"]})
            assert refused.value.code == code
            assert [(one.outcome, one.code) for one in journal.operations] == [(Outcome.FAIL, code)]
            await phone.close()

    run(scenario())


def test_a_refusal_for_now_is_tried_again_under_the_same_id() -> None:
    async def scenario() -> None:
        async with fake_room() as room:
            phone = await phone_in(room)
            room.refuse_with = "not_saved"
            _, answer = phone.send("a1", {"options": ["o1"]})
            await asyncio.sleep(0.1)
            room.refuse_with = None
            await answer
            assert len(set(room.seen_ids)) == 1
            await phone.close()

    run(scenario())


def test_older_frames_are_dropped_and_a_new_epoch_wins_at_once() -> None:
    async def scenario() -> None:
        async with fake_room() as room:
            journal = Journal(keep_frames=True)
            phone = await phone_in(room, journal)
            room.rev = 10
            await room.push()
            await room.push(rev=4)
            await room.push()
            await phone.until(lambda _: phone.link.rev == 12)
            assert phone.link.older_received == 1
            room.rev = 2
            await room.push(epoch="e2")
            await phone.until(lambda _: phone.link.epoch == "e2")
            assert phone.view == ("e2", 3, "e2.3")
            shown = [(frame.epoch, frame.rev) for frame in journal.frames]
            assert shown == [("e1", 1), ("e1", 11), ("e1", 12), ("e2", 3)]
            await phone.close()

    run(scenario())


def test_who_is_greeted_again_goes_on_and_sends_what_is_not_acknowledged_once_more() -> None:
    """As a phone that is put into another group while its answer is under way."""

    async def scenario() -> None:
        async with fake_room() as room:
            phone = await phone_in(room)
            room.silent = True
            _, answer = phone.send("a1", {"options": ["o1"]})
            await until(lambda: bool(room.ballots))
            room.silent = False
            await room.greet_again()
            await answer
            assert len(room.seen_ids) == 2
            assert len(set(room.seen_ids)) == 1
            assert (room.result()["answered"], phone.link.rev) == (1, 2)
            assert (phone.link.connections, phone.link.unanswered) == (1, 0)
            await phone.close()

    run(scenario())


def test_a_good_bye_sets_the_span_of_the_return() -> None:
    async def scenario() -> None:
        async with fake_room() as room:
            phone = await phone_in(room)
            room.bye_after_ms = 50
            began = monotonic()
            await room.drop_all()
            await until(lambda: len(room.hellos) == 2)
            assert monotonic() - began < at_most(0.5)
            await phone.close()

    run(scenario())


def test_a_good_bye_without_a_span_is_for_good() -> None:
    async def scenario() -> None:
        async with fake_room() as room:
            phone = await phone_in(room)
            _, answer = phone.send("nowhere", {"options": ["o1"]})
            await answer
            await room.say_farewell("removed")
            await until(lambda: phone.link.failure is not None)
            assert phone.link.failure is not None
            assert phone.link.failure.code == "removed"
            await asyncio.sleep(1.2)
            assert len(room.hellos) == 1
            await phone.close()

    run(scenario())


def test_a_room_that_will_not_have_us_is_an_error_and_not_an_endless_wait() -> None:
    async def scenario() -> None:
        async with fake_room() as room:
            phone = Phone(address_of(room))
            phone.link.token = "bad"
            phone.open()
            with pytest.raises(Refused, match="not_allowed"):
                await phone.link.ready(within=5)
            stranger = Phone(RoomAddress(room.base_url, "WRONG2"))
            with pytest.raises(Refused, match="unknown_room"):
                await stranger.join(Pool(stranger.address))
            await phone.close()

    run(scenario())


def test_a_command_carries_the_control_revision_that_was_seen() -> None:
    async def scenario() -> None:
        async with fake_room() as room, Facilitator(address_of(room), "api") as facilitator:
            assert await facilitator.command("agenda.next") == {"did": "agenda.next"}
            await facilitator.until(lambda state: state["control"] == 2)
            with pytest.raises(Refused, match="conflict"):
                await facilitator.command("agenda.next", control=1)
            await facilitator.command("agenda.next")
            assert room.control == 3

    run(scenario())


def test_jitter_is_full_from_one_second_and_capped_at_ten() -> None:
    rng = Random(7)
    longest = [max(delay_seconds(n, rng) for _ in range(2000)) for n in range(12)]
    shortest = [min(delay_seconds(n, rng) for _ in range(2000)) for n in range(12)]
    assert longest[0] == pytest.approx(1, abs=0.01)
    assert longest[1] == pytest.approx(3, abs=0.05)
    assert all(9.9 < one <= 10 for one in longest[3:])
    assert max(shortest) < 0.1
    assert max(delay_seconds(9, rng, told_ms=200) for _ in range(2000)) <= 0.2


@pytest.mark.parametrize(
    "target, base, code",
    [
        ("http://10.0.0.7:8000/j/q1w2e3", "http://10.0.0.7:8000", "q1w2e3"),
        ("https://k.example.no/oslo/j/abc/", "https://k.example.no/oslo", "abc"),
        ("abc-234", "http://127.0.0.1:8000", "ABC234"),
    ],
)
def test_a_room_is_found_by_link_or_code(target: str, base: str, code: str) -> None:
    address = RoomAddress.parse(target)
    assert (address.base, address.code) == (base, code)


@pytest.mark.parametrize("target", ["http://host/join", "ftp://host/j/abc", "no/code!", ""])
def test_what_is_no_room_is_said_so(target: str) -> None:
    with pytest.raises(ValueError, match=r"room code|join link"):
        RoomAddress.parse(target)


def test_beyond_what_one_address_can_reach_other_loopback_addresses_are_used() -> None:
    near, far = RoomAddress("http://127.0.0.1:1", "x"), RoomAddress("http://10.1.1.1:1", "x")
    assert near.local_for(24_999) is None
    assert near.local_for(25_000) == ("127.0.0.2", 0)
    assert near.local_for(60_000) == ("127.0.0.3", 0)
    assert far.local_for(60_000) is None
