"""T22, the server's side: a bad line, a proxy that knows no WebSockets, a Wi-Fi without TLS.

Seen red: `impatient` (nobody on the bad line gets in), `forms_need_sockets`, `secure_cookies`,
`any_host`.
"""

import asyncio
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from app.rehearsal.address import RoomAddress
from app.rehearsal.exchange import Answer, Connection, Pool
from app.rehearsal.journal import Journal
from app.rehearsal.judge import Verdict, judge_result
from tests.faults.proxy import Faults, Proxy
from tests.promises.form_door import FormDoor
from tests.promises.moves import create, push
from tests.promises.rawsocket import RawSocket, join
from tests.promises.rawsocket import Refused as NotUpgraded
from tests.promises.stage import Stage, leave, sabotage
from tests.support.server import Server

# What people get behind pillars: 2 % of the pieces lost, 300 ms there and back, 64 kbit/s.
BAD = Faults(delay=0.15, jitter=0.05, bytes_per_second=8000, loss=0.02, idle_seconds=30)


@pytest.mark.parametrize("stage", ["sqlite"], indirect=True)
def test_every_vote_comes_through_on_a_bad_line(stage: Stage) -> None:
    async def play() -> None:
        journal = Journal(keep_frames=True)
        proxies = [Proxy(stage.server.port, BAD, seed=number) for number in range(4)]
        async with stage.facilitator() as console:
            poll = await create(console)
            phones = []
            for number, proxy in enumerate(proxies):
                await proxy.__aenter__()
                way = stage.through(proxy.port)
                phones += await stage.phones(2, journal, address=way, first=2 * number)
            async with asyncio.timeout(30):
                for word in ("one", "two", "three"):
                    await asyncio.gather(
                        *(
                            phone.submit(poll, {"text": f"{phone.number} {word}"})
                            for phone in phones
                        )
                    )
            made = await create(console)
            await asyncio.gather(*(phone.until(lambda s: made in ids(s)) for phone in phones))
            result = await stage.result(poll)
        assert judge_result(journal.of_activity(poll), result) == Verdict()
        assert result["answered"] == len(phones)
        await leave(phones)
        for proxy in proxies:
            await proxy.__aexit__()

    asyncio.run(play())


@pytest.mark.parametrize("stage", ["sqlite"], indirect=True)
def test_without_sockets_forms_and_looking_again_do(stage: Stage) -> None:
    """Behind a proxy that never upgrades: join, answer, change, send again, see the result."""

    async def play() -> None:
        async with Proxy(stage.server.port, Faults(never_upgrade=True)) as proxy:
            way = stage.through(proxy.port)
            with pytest.raises(NotUpgraded) as refusal:
                await RawSocket.open(way)
            assert refusal.value.status == 502
            async with stage.facilitator() as console:
                poll = await create(console, "scale", config={"min": 0, "max": 10})
                pool = Pool(way, size=2)
                door = FormDoor(way, (await join(way))["token"])
                await door.open(pool)
                assert await door.post(pool, poll, {"value": 7}, id="a" * 16, seq=1) == (
                    200,
                    {"type": "ack", "id": "a" * 16},
                )
                # The same again, then another answer, then the first one once more, late.
                for value, id, seq in ((7, "a", 1), (9, "b", 2), (7, "a", 1), (3, "c", 1)):
                    status, _ = await door.post(pool, poll, {"value": value}, id=id * 16, seq=seq)
                    assert status == 200
                status, told = await door.post(pool, poll, {"value": 2}, id="a" * 16, seq=3)
                assert (status, told["code"]) == (409, "id_reused")
                status, told = await door.post(pool, poll, {"value": 11}, id="d" * 16, seq=4)
                assert (status, told["code"]) == (422, "invalid")
                await push(console, "activity.close", {"activity": poll})
                status, told = await door.post(pool, poll, {"value": 5}, id="e" * 16, seq=5)
                assert (status, told["code"]) == (409, "activity_closed")
                status, _ = await door.post(pool, poll, {"value": 9}, id="b" * 16, seq=2)
                assert status == 200, "what was counted is acknowledged for ever"
                await push(console, "activity.reveal", {"activity": poll})
                # What polling sees.
                page = await door.look(pool)
                assert page.status == 200
                state = (await pool.get(way.room)).json()
                (shown,) = [each for each in state["activities"] if each["id"] == poll]
                assert shown["result"]["counts"] == [{"value": 9, "count": 1}] or [
                    each for each in shown["result"]["counts"] if each["count"]
                ] == [{"value": 9, "count": 1}]
                pool.close()

    asyncio.run(play())


def test_a_room_on_plain_http_by_its_lan_address(
    request: pytest.FixtureRequest, start_server: Callable[..., Server]
) -> None:
    """No TLS, no name, no Sec-Fetch header: join by form, go in by the cookie; and nobody
    gets in by an address at which the server was not reached."""
    fault = sabotage(request.config.getoption("--saboteur", default=None))
    server = start_server(arguments=["--host", "0.0.0.0"], environment=fault)
    secret = urlsplit(server.facts.join_url).path.split("/")[2]
    lan = f"http://127.0.0.2:{server.port}"
    address = RoomAddress(lan, secret)

    async def play() -> None:
        pool = Pool(address, size=2)
        page = await pool.get(address.page, headers={"Accept-Language": "en"})
        assert page.status == 200
        form = re.search(rb'name="csrf" value="([^"]+)"', page.body)
        assert form
        jar = cookies_of(page)
        fields = urlencode({"csrf": form[1].decode(), "name": "Per"}).encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": jar,
            "Origin": lan,
        }
        joined = await ask(pool, "POST", address.page, fields, headers)
        assert joined.status == 303
        set_cookie = b"\n".join(value for name, value in joined.headers if name == b"set-cookie")
        assert b"kickoff_participant=" in set_cookie
        assert b"secure" not in set_cookie.lower(), "a browser would drop it here"
        assert b"HttpOnly" in set_cookie
        carried = {"Cookie": cookies_of(joined), "Origin": lan}
        phone = await RawSocket.open(address, headers=carried, protocol="kickoff.html.v1")
        welcome = await phone.hello(view="phone")
        assert (welcome["type"], welcome["role"]) == ("welcome", "attendee")
        assert "region-main" in welcome["regions"]["main"]
        phone.cut()

        foreign = {"Cookie": carried["Cookie"], "Origin": f"http://127.0.0.1:{server.port}"}
        with pytest.raises(NotUpgraded) as refusal:
            await RawSocket.open(address, headers=foreign)
        assert refusal.value.status == 403
        with pytest.raises(NotUpgraded) as refusal:
            await RawSocket.open(address, headers={"Host": f"127.0.0.3:{server.port}"})
        assert refusal.value.status == 403, "an address at which it was not reached"
        pool.close()

    asyncio.run(play())


async def ask(pool: Pool, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
    connection: Connection = await pool._take()
    try:
        return await connection.request(method, path, body=body, headers=headers)
    finally:
        connection.close()


def cookies_of(answer: Answer) -> str:
    found = [value for name, value in answer.headers if name == b"set-cookie"]
    return "; ".join(value.decode().partition(";")[0] for value in found)


def ids(state: Any) -> list[str]:
    return [activity["id"] for activity in state["activities"]]
