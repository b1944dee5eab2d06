"""S12, and the Host half of S03: this server answers to its own names, and links carry no other."""

from pathlib import Path

import pytest
from starlette.websockets import WebSocketDisconnect

from app.web.addresses import lan_address
from tests.web.rig import HOST, ORIGIN, Rig

FORGED = [
    "evil.example",
    "evil.example:8000",
    f"{HOST}.evil.example",
    f"evil-{HOST}",
    f"evil.{HOST}",
    f"{HOST}@evil.example",
    f"{HOST}/../evil",
    "169.254.169.254",
    "198.51.100.9",
    "[2001:db8::1]",
    "localhost.evil.example",
    "127.0.0.1.nip.io",
    f"{HOST}:80:80",
    f"{HOST}:port",
    f"{HOST} evil.example",
    "<script>",
    "",
]


@pytest.mark.parametrize("host", FORGED)
@pytest.mark.parametrize("path", ["/form", "/link", "/api/v1/nothing", "/static/x.css", "/healthz"])
def test_a_forged_host_is_refused_and_never_repeated(rig: Rig, host: str, path: str) -> None:
    response = rig.client().get(path, headers={"host": host})
    assert response.status_code == 400
    assert not host or host not in response.text.replace("KICKOFF_ALLOWED_HOSTS", "")
    assert not [value for value in response.headers.values() if host and host in value]


@pytest.mark.parametrize("host", FORGED)
def test_a_forged_host_gets_no_socket(rig: Rig, host: str) -> None:
    client = rig.client()
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(
            "/live/ABC234", headers={"host": host, "origin": f"http://{host}"}
        ),
    ):
        pass


@pytest.mark.parametrize(
    "host", [HOST, HOST.upper(), f"{HOST}:8000", f"{HOST}.", "localhost", "127.0.0.1", "[::1]:8000"]
)
def test_its_own_names_are_answered(rig: Rig, host: str) -> None:
    assert rig.client().get("/form", headers={"host": host}).status_code == 200


def test_the_configured_name_is_answered(tmp_path: Path) -> None:
    rig = Rig(tmp_path, public_url="https://room.example/", allowed_hosts="")
    assert rig.client("http://room.example").get("/form").status_code == 200
    assert rig.client(ORIGIN).get("/form").status_code == 400


def test_an_address_is_answered_only_where_the_connection_arrived(rig: Rig) -> None:
    # The test client says that the connection arrived at the host of its base address.
    assert rig.client("http://192.0.2.77:8000").get("/form").status_code == 200
    asked = rig.client("http://192.0.2.77:8000").get("/form", headers={"host": "192.0.2.78:8000"})
    assert asked.status_code == 400


def test_two_hosts_are_none(rig: Rig) -> None:
    headers = [("host", HOST), ("host", "evil.example")]
    assert rig.client().get("/form", headers=headers).status_code == 400


FORWARDED = {
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "https",
    "x-forwarded-port": "4711",
    "x-forwarded-prefix": "/evil",
    "forwarded": "host=evil.example;proto=https",
    "x-original-host": "evil.example",
}


@pytest.mark.parametrize("address", ["203.0.113.5", "127.0.0.1"])
def test_forwarded_headers_never_show_in_links(rig: Rig, address: str) -> None:
    client = rig.client(address=address)
    assert client.get("/link").json() == {"link": ORIGIN}
    forged = client.get("/link", headers=FORWARDED)
    assert forged.json() == {"link": ORIGIN}
    assert "evil" not in str(forged.headers)


def test_links_carry_the_configured_address_wherever_one_stands(tmp_path: Path) -> None:
    rig = Rig(tmp_path, public_url="https://room.example:8443/")
    for base in (ORIGIN, "http://localhost:8000", "http://127.0.0.1"):
        assert rig.client(base).get("/link", headers=FORWARDED).json() == {
            "link": "https://room.example:8443"
        }


def test_a_phone_is_not_sent_to_localhost(tmp_path: Path) -> None:
    rig = Rig(tmp_path, listens_on_network=True)
    link = rig.client("http://localhost:8000").get("/link").json()["link"]
    assert link == f"http://{lan_address()}:8000"
    at_home = Rig(tmp_path)
    assert at_home.client("http://localhost:8000").get("/link").json() == {
        "link": "http://localhost:8000"
    }
