"""S15: what is taken away is gone from open sockets within two seconds, in every process, and stays
gone.

Seen red: `rights_once` (tokens, sign-out, roles, projector links), `removed_stay`.
"""

import asyncio
from collections.abc import Iterator
from time import monotonic
from urllib.parse import urlsplit

import pytest

from app.rehearsal.client import Facilitator
from app.rehearsal.exchange import Pool
from app.rehearsal.link import Refused
from tests.promises.desk import Access, Desk
from tests.promises.form_door import FormDoor
from tests.promises.moves import create, push
from tests.promises.rawsocket import RawSocket, join
from tests.promises.stage import Stage, at_most

WITHIN = 2.5  # two seconds, and what the test itself needs to notice


@pytest.fixture(scope="module")
def owner(stage: Stage) -> Iterator[Desk]:
    desk = Desk.of_the_owner(stage.links)
    yield desk
    desk.close()


@pytest.fixture
def access(stage: Stage, owner: Desk) -> Access:
    return Access(owner, stage.links.kickoff_id)


def test_a_removed_attendee_is_out_and_stays_out(stage: Stage) -> None:
    async def play() -> None:
        joined = await join(stage.address, name="Vandal")
        tabs = [await enter(stage, joined["token"]) for _ in range(4)]
        bystander = await enter(stage, (await join(stage.address))["token"])
        door = FormDoor(stage.address, joined["token"])
        pool = Pool(stage.address, size=2)
        async with stage.facilitator() as console:
            poll = await create(console, mode="named")
            await door.open(pool)
            status, _ = await door.post(pool, poll, {"text": "before"}, id="a" * 16, seq=1)
            assert status == 200, "there must be something to take away"
            await push(console, "participant.remove", {"participant": joined["participant_id"]})
            for tab in tabs:
                assert await ended(tab) == "removed"
            # Neither by the socket, nor by a form, nor by what it once saw.
            again = await RawSocket.open(stage.address)
            assert (await again.hello(joined["token"], rev=1, epoch="x"))["code"] == "not_allowed"
            assert await again.closed() == 1008
            for number in range(6):
                status, _ = await door.post(
                    pool, poll, {"text": "after"}, id=f"{number}" * 16, seq=2 + number
                )
                assert status == 403
            assert texts(await stage.result(poll)) in (["before"], [])
            await bystander.say({"type": "ping"})
            assert await bystander.expect("pong")
            # Restored, the same phone is let in again.
            await push(console, "participant.restore", {"participant": joined["participant_id"]})
            back = await RawSocket.open(stage.address)
            assert (await back.hello(joined["token"]))["type"] == "welcome"
            for one in (back, bystander):
                one.cut()
        pool.close()

    asyncio.run(play())


def test_a_revoked_token_closes_the_consoles_it_opened(stage: Stage, access: Access) -> None:
    token = access.token("read", "facilitate")

    async def play() -> None:
        consoles = [await enter(stage, token) for _ in range(4)]
        untouched = await enter(stage, stage.links.api_token)
        control = (await stage.ask(stage.address.room))["control"]
        await asyncio.to_thread(access.revoke, "tokens")
        for console in consoles:
            assert await ended(console) == "revoked"
        again = await RawSocket.open(stage.address)
        assert (await again.hello(token))["code"] in ("not_allowed", "not_signed_in")
        assert await again.closed() == 1008
        assert (await stage.ask(stage.address.room))["control"] == control
        await untouched.say({"type": "ping"})
        assert await untouched.expect("pong")
        untouched.cut()

    asyncio.run(play())


def test_signing_out_closes_the_console(stage: Stage, access: Access) -> None:
    desk = access.invite("ute@nordlys.example", "facilitator")

    async def play() -> None:
        carried = desk.cookie
        consoles = [await enter(stage, view="console", headers=carried) for _ in range(3)]
        await asyncio.to_thread(desk.post, "/sign-out")
        for console in consoles:
            assert await ended(console) == "revoked"
        again = await RawSocket.open(stage.address, headers=carried)
        assert (await again.hello(view="console"))["code"] in ("not_allowed", "not_signed_in")

    asyncio.run(play())
    desk.close()


def test_a_lost_role_closes_the_console_and_leaves_what_it_may_still_see(
    stage: Stage, access: Access
) -> None:
    email = "endret@nordlys.example"
    desk = access.invite(email, "facilitator")

    async def play() -> None:
        console = await enter(stage, view="console", headers=desk.cookie)
        wall = await enter(stage, view="projector", headers=desk.cookie)
        await asyncio.to_thread(access.change_role, email, "viewer")
        assert await ended(console) == "revoked"
        await wall.say({"type": "ping"})
        assert await wall.expect("pong"), "a viewer may still see the projector's view"
        await asyncio.to_thread(access.change_role, email, "")
        assert await ended(wall) == "revoked"

    asyncio.run(play())
    desk.close()


def test_a_revoked_projector_link_darkens_the_wall(stage: Stage, access: Access) -> None:
    room_id = urlsplit(stage.links.console_url).path.split("/")[2]
    secret = access.projector(room_id)
    cookie = {"Cookie": f"kickoff_projector={secret}", "Origin": stage.address.base}

    async def play() -> None:
        wall = await enter(stage, view="projector", headers=cookie)
        await wall.say(
            {"type": "command", "id": "c" * 16, "name": "agenda.next", "rev": 1, "data": {}}
        )
        assert (await wall.expect("error"))["code"] == "not_allowed"
        await asyncio.to_thread(access.revoke, "projectors")
        assert await ended(wall) == "revoked"
        again = await RawSocket.open(stage.address, headers=cookie)
        assert (await again.hello(view="projector"))["code"] in ("not_allowed", "not_signed_in")

    asyncio.run(play())


def test_a_locked_room_lets_nobody_new_in_and_keeps_who_is_there(stage: Stage) -> None:
    async def play() -> None:
        inside = await enter(stage, (await join(stage.address))["token"])
        pool = Pool(stage.address, size=8)
        async with stage.facilitator() as console:
            await push(console, "room.lock")
            await asyncio.sleep(2)
            answers = await asyncio.gather(
                *(pool.post(stage.address.participants, {}) for _ in range(16))
            )
            assert {answer.status for answer in answers} == {409}
            assert {answer.json()["code"] for answer in answers} == {"room_locked"}
            await inside.say({"type": "ping"})
            assert await inside.expect("pong")
            await push(console, "room.unlock")
            await asyncio.sleep(2)
            answers = await asyncio.gather(
                *(pool.post(stage.address.participants, {}) for _ in range(8))
            )
            assert {answer.status for answer in answers} == {201}
        inside.cut()
        pool.close()

    asyncio.run(play())


def test_a_rotated_code_dies_everywhere_and_nobody_is_thrown_out(stage: Stage) -> None:
    """The last of this file: afterwards the room has another address."""

    async def play() -> None:
        inside = await enter(stage, (await join(stage.address))["token"])
        pool = Pool(stage.address, size=8)
        typed = f"/api/v1/rooms/{stage.links.join_code}/participants"
        assert (await pool.post(typed, {})).status == 201
        async with stage.facilitator() as console:
            code = (await push(console, "room.rotate_code"))["code"]
            await asyncio.sleep(2)
            for path in (typed, stage.address.participants):
                answers = await asyncio.gather(*(pool.post(path, {}) for _ in range(8)))
                assert {answer.status for answer in answers} == {404}
                assert {answer.json()["code"] for answer in answers} == {"unknown_room"}
            new = await pool.post(f"/api/v1/rooms/{code}/participants", {})
            assert new.status == 201
            await inside.say({"type": "ping"})
            assert await inside.expect("pong")
        inside.cut()
        with pytest.raises(Refused, match="unknown_room"):
            async with Facilitator(stage.address, stage.links.api_token):
                pass
        pool.close()

    asyncio.run(play())


async def enter(
    stage: Stage,
    token: str | None = None,
    *,
    view: str | None = None,
    headers: dict[str, str] | None = None,
) -> RawSocket:
    socket = await RawSocket.open(stage.address, headers=headers)
    welcome = await socket.hello(token, **({"view": view} if view else {}))
    assert welcome["type"] == "welcome", welcome
    return socket


async def ended(socket: RawSocket) -> str:
    """The reason of the good-bye, which must come in time and be the last word."""
    began = monotonic()
    bye = await socket.expect("bye", within=5)
    assert await socket.closed(within=2) == 1008
    assert monotonic() - began <= at_most(WITHIN), f"after {monotonic() - began:.1f} s"
    assert socket.messages[-1] is bye, "something was said after the good-bye"
    assert bye["retry_after_ms"] is None
    return str(bye["reason"])


def texts(result: dict) -> list[str]:
    return [text["text"] for text in result["texts"]]
