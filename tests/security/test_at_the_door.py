"""S03, S10 and S12 on the running server, over real connections."""

import http.client
import sqlite3
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from app.ids import room_code, secret
from app.web.guessing import failures_per_minute
from tests.security.test_hosts import FORWARDED
from tests.support.server import Server

# ---- S03


def handshake(server: Server, *, origin: str | None, **headers: str) -> int:
    """The status that the handshake is answered with."""
    address = f"{server.base_url.replace('http', 'ws')}/live/{server.facts.join_code}"
    try:
        with connect(
            address, origin=origin, additional_headers=headers, subprotocols=["kickoff.json.v1"]
        ):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


def test_only_our_own_page_and_programs_get_a_socket(demo_server: Server) -> None:
    ours = demo_server.base_url
    _, _, port = ours.rpartition(":")
    foreign = [
        "http://evil.example",
        "null",
        ours.replace("http", "https"),
        ours.replace("127.0.0.1", "localhost"),
        f"http://127.0.0.1:{int(port) + 1}",
        "http://127.0.0.1",
        f"{ours}.evil.example",
        f"{ours}0",
        f"http://sub.127.0.0.1:{port}",
        f"{ours}/",
    ]
    answered = {origin: handshake(demo_server, origin=origin) for origin in foreign}
    assert answered == dict.fromkeys(foreign, 403)
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    assert handshake(demo_server, origin="https://evil.example", **forged) == 403
    # The positive controls.
    assert handshake(demo_server, origin=ours) == 101
    assert handshake(demo_server, origin=None) == 101


# ---- S12


def ask(server: Server, path: str, host: str, **headers: str) -> tuple[int, str]:
    """Over a bare connection: the client shall not correct the Host."""
    parts = urlsplit(server.base_url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=10)
    connection.putrequest("GET", path, skip_host=True)
    connection.putheader("Host", host)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    answer = response.status, f"{response.headers}\n{response.read().decode()}"
    connection.close()
    return answer


@pytest.mark.parametrize(
    "path", ["/join", "/sign-in", "/api/v1/openapi.json", "/readyz", "/j/ABC234/"]
)
def test_a_forged_host_is_refused_and_shows_nowhere(demo_server: Server, path: str) -> None:
    for host in ("evil.example", "evil.example:80", "198.51.100.7", "127.0.0.1.evil.example"):
        status, text = ask(demo_server, path, host)
        assert status == 400
        assert "evil" not in text
        assert "198.51" not in text


@pytest.mark.parametrize("path", ["/join", "/sign-in", "/api/v1/openapi.json"])
def test_forwarded_headers_show_nowhere(demo_server: Server, path: str) -> None:
    host = demo_server.base_url.removeprefix("http://")
    status, text = ask(demo_server, path, host, **FORWARDED)
    assert status == 200
    assert "evil" not in text
    assert "4711" not in text


def test_what_qr_codes_and_links_carry_is_what_was_configured(demo_server: Server) -> None:
    bearer = {"authorization": f"Bearer {demo_server.facts.api_token}", **FORWARDED}
    room = f"{demo_server.base_url}/api/v1/rooms/{demo_server.facts.join_code}"
    assert "evil" not in httpx.get(room, headers=bearer).text
    assert demo_server.facts.join_url.startswith(demo_server.base_url)


# ---- S10


def look_up(client: httpx.Client, code: str) -> tuple[int, str]:
    response = client.post(f"/api/v1/rooms/{code}/participants", json={})
    return response.status_code, response.json().get("code", "")


def wrong_code(server: Server) -> str:
    made = room_code()
    return made if made != server.facts.join_code else wrong_code(server)


def test_a_wrong_and_a_closed_code_are_answered_alike(demo_server: Server) -> None:
    closed = wrong_code(demo_server)
    path = demo_server.environment["KICKOFF_DATABASE_URL"].removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        connection.row_factory = sqlite3.Row
        room = dict(connection.execute("SELECT * FROM room").fetchone())
        room |= {"id": secret(), "code": closed, "secret": secret(), "status": "ended"}
        places = ", ".join("?" * len(room))
        connection.execute(
            f"INSERT INTO room ({', '.join(room)}) VALUES ({places})", list(room.values())
        )
    taken: dict[str, list[float]] = {"wrong": [], "closed": []}
    said = set()
    with httpx.Client(base_url=demo_server.base_url) as client:
        for _ in range(60):
            for which, code in (("wrong", wrong_code(demo_server)), ("closed", closed)):
                began = time.perf_counter()
                said.add(look_up(client, code))
                taken[which].append(time.perf_counter() - began)
    assert said == {(404, "unknown_room")}
    medians = [statistics.median(times) for times in taken.values()]
    # Within a millisecond on a quiet machine; on a busy one both grow, and their difference.
    assert abs(medians[0] - medians[1]) < 0.001 + 0.2 * min(medians)


def test_while_codes_are_guessed_they_pause_and_qr_codes_do_not(demo_server: Server) -> None:
    facts = demo_server.facts
    qr_secret = facts.join_url.rstrip("/").rpartition("/")[2]
    budget = failures_per_minute(1)

    def attack(_: int) -> list[tuple[int, str]]:
        with httpx.Client(base_url=demo_server.base_url) as client:
            return [look_up(client, wrong_code(demo_server)) for _ in range(budget // 4 + 50)]

    with ThreadPoolExecutor(4) as pool:
        answers = [answer for many in pool.map(attack, range(4)) for answer in many]
    assert answers.count((404, "unknown_room")) <= budget
    assert set(answers) == {(404, "unknown_room"), (429, "codes_paused")}
    with httpx.Client(base_url=demo_server.base_url) as client:
        # Right ones too, or they could still be found.
        assert look_up(client, facts.join_code) == (429, "codes_paused")
        joined = [look_up(client, qr_secret)[0] for _ in range(100)]
        assert joined == [201] * 100
        page = client.post("/join", data={"code": facts.join_code})
        assert page.status_code == 403  # the form guard comes first
        health = client.get("/readyz").json()
        assert health["status"] == "degraded"
        assert health["checks"]["room_codes"]["why"] == "typed room codes are paused"
        assert "kickoff_codes_paused 1.0" in client.get("/metrics").text
