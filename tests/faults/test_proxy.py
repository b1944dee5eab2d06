"""The faulty network does to bytes exactly what it was told, and nothing else."""

from __future__ import annotations

import asyncio
import urllib.request
from collections.abc import Coroutine
from random import Random
from time import monotonic
from typing import Any

import pytest

from app.rehearsal.address import RoomAddress
from app.rehearsal.client import Phone
from app.rehearsal.exchange import Pool
from app.rehearsal.link import Refused
from tests.faults.proxy import Faults, Proxy, proxy_in_thread
from tests.rehearsal.fake_room import FakeRoom, fake_room, until


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 30))


async def arrived(proxy: Proxy, room: FakeRoom) -> Phone:
    phone = Phone(RoomAddress(proxy.base_url, room.code), rng=Random(1))
    pool = Pool(phone.address)
    await phone.arrive(pool)
    pool.close()
    return phone


def test_without_faults_everything_goes_through() -> None:
    async def scenario() -> None:
        async with fake_room() as room, Proxy(room.port) as proxy:
            phone = await arrived(proxy, room)
            await phone.submit("a1", {"options": ["o1"]})
            assert len(room.seen_ids) == 1
            assert proxy.bytes_up > 0 < proxy.bytes_down
            await phone.close()

    run(scenario())


def test_delay_is_felt_in_both_directions() -> None:
    async def scenario() -> None:
        async with fake_room() as room, Proxy(room.port, Faults(delay=0.15)) as proxy:
            phone = await arrived(proxy, room)
            began = monotonic()
            await phone.submit("a1", {"options": ["o1"]})
            assert 0.3 <= monotonic() - began < 0.6
            await phone.close()

    run(scenario())


def test_a_slow_line_takes_its_time() -> None:
    async def scenario() -> None:
        async with fake_room() as room, Proxy(room.port) as proxy:
            phone = await arrived(proxy, room)
            proxy.faults = Faults(bytes_per_second=4000)
            began = monotonic()
            await phone.submit("a1", {"text": "x" * 4000})
            assert 0.9 < monotonic() - began < 3
            await phone.close()

    run(scenario())


def test_a_cut_line_comes_back_and_the_vote_arrives() -> None:
    async def scenario() -> None:
        async with fake_room() as room, Proxy(room.port) as proxy:
            phone = await arrived(proxy, room)
            proxy.hold()
            _, answer = phone.send("a1", {"options": ["o2"]})
            await asyncio.sleep(0.1)
            assert not room.seen_ids
            proxy.cut()
            proxy.release()
            await answer
            assert room.result()["answered"] == 1
            assert phone.link.connections == 2
            await phone.close()

    run(scenario())


def test_messages_are_repeated_and_overtake_each_other_as_whole_frames() -> None:
    async def scenario() -> None:
        async with fake_room() as room, Proxy(room.port) as proxy:
            phone = await arrived(proxy, room)
            proxy.faults = Faults(duplicate=1.0, shuffle=0.3)
            answers = [phone.send("a1", {"options": [f"o{n % 3}"]}) for n in range(40)]
            await asyncio.gather(*(answer for _, answer in answers))
            await until(lambda: len(room.seen_ids) == 80)
            sent = [operation.id for operation, _ in answers]
            first_seen = list(dict.fromkeys(room.seen_ids))
            assert sorted(first_seen) == sorted(sent)
            assert first_seen != sent
            assert [seq for seq, _ in room.ballots.values()] == [40]
            await phone.close()

    run(scenario())


def test_an_idle_line_is_dropped() -> None:
    async def scenario() -> None:
        async with fake_room() as room, Proxy(room.port, Faults(idle_seconds=0.4)) as proxy:
            phone = await arrived(proxy, room)
            await until(lambda: phone.link.connections == 2)
            await phone.close()

    run(scenario())


def test_a_proxy_that_never_upgrades_still_passes_pages() -> None:
    async def scenario() -> None:
        async with fake_room() as room, Proxy(room.port, Faults(never_upgrade=True)) as proxy:
            phone = Phone(RoomAddress(proxy.base_url, room.code))
            pool = Pool(phone.address)
            assert (await pool.get(phone.address.page)).status == 200
            await phone.join(pool)
            phone.open()
            with pytest.raises((TimeoutError, Refused)):
                await phone.link.ready(within=1)
            assert not room.hellos
            pool.close()
            await phone.close()

    run(scenario())


def test_a_proxy_that_buffers_lets_nothing_back() -> None:
    async def scenario() -> None:
        async with fake_room() as room, Proxy(room.port, Faults(buffer_answers=True)) as proxy:
            phone = Phone(RoomAddress(proxy.base_url, room.code))
            phone.open()
            with pytest.raises(TimeoutError):
                await phone.link.ready(within=1)
            await phone.close()

    run(scenario())


def test_a_test_without_an_event_loop_can_use_it_too() -> None:
    async def serve() -> None:
        async with fake_room() as room:
            await asyncio.to_thread(ask, room)

    def ask(room: FakeRoom) -> None:
        with proxy_in_thread(room.port, Faults(delay=0.05)) as proxy:
            with urllib.request.urlopen(f"{proxy.base_url}/j/x/", timeout=5) as page:
                assert page.status == 200
            proxy.hold()
            proxy.faults = Faults()
            proxy.release()
            with urllib.request.urlopen(f"{proxy.base_url}/j/x/", timeout=5) as page:
                assert page.status == 200
            assert proxy.connections == 2
            proxy.cut()

    asyncio.run(serve())
