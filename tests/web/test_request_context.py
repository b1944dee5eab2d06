"""Language, ids and the log: who is asking, and what is written about it."""

import logging

import pytest

from app.ids import new_id, secret
from tests.web.rig import Rig

QR = "x7Rq_2mWvK9sTzB4nYp1Lg"


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [record.msg for record in caplog.records if record.name == "kickoff.access"]  # type: ignore[misc]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


@pytest.mark.parametrize(
    "accept, cookie, language",
    [
        ("nb-NO,nb;q=0.9,en;q=0.8", "", "nb"),
        ("en-GB,en;q=0.9", "", "en"),
        ("sv,en;q=0.5", "", "nb"),
        ("en", "nb", "nb"),
        ("nb", "en", "en"),
        ("en", "klingon", "en"),
        ("", "", "nb"),
        ("\xff;q=x,,;;", "", "nb"),
    ],
)
def test_the_language_is_the_readers(rig: Rig, accept: str, cookie: str, language: str) -> None:
    client = rig.client()
    if cookie:
        client.cookies.set("lang", cookie)
    page = client.get("/nowhere", headers={"accept-language": accept.encode("latin-1")}).text
    assert f'<html lang="{language}"' in page


def test_one_readers_language_does_not_stick_to_the_next(rig: Rig) -> None:
    client = rig.client()
    for language in ("en", "nb", "en", "nb"):
        page = client.get("/nowhere", headers={"accept-language": language}).text
        assert f'<html lang="{language}"' in page


def test_a_request_gets_one_line_with_its_id(rig: Rig, log: pytest.LogCaptureFixture) -> None:
    response = rig.client().get("/form?token=hunter2")
    (line,) = lines(log)
    assert (line["method"], line["path"], line["status"]) == ("GET", "/form", 200)
    assert line["request_id"] == response.headers["x-request-id"]
    assert "hunter2" not in str(line)


@pytest.mark.parametrize(
    "path",
    [
        f"/j/{QR}",
        "/j/ABC234/answers",
        "/live/ABC234",
        f"/p/{QR}",
        "/api/v1/rooms/ABC234/participants",
    ],
)
def test_the_room_leaves_no_line(rig: Rig, log: pytest.LogCaptureFixture, path: str) -> None:
    client = rig.client()
    client.get(path)
    client.post(path, headers={"origin": "http://kickoff.example"})
    assert lines(log) == []
    client.get("/form")
    assert len(lines(log)) == 1


def test_secrets_in_addresses_are_not_written(rig: Rig, log: pytest.LogCaptureFixture) -> None:
    client = rig.client()
    one_time, record = secret() + "Aa1", new_id()
    for path in (f"/sign-in/{one_time}", f"/calendar/{one_time}.ics", f"/kickoffs/{record}"):
        client.get(path)
    written = str(lines(log))
    assert one_time not in written
    assert record in written


def test_a_line_stays_one_line(rig: Rig, log: pytest.LogCaptureFixture) -> None:
    rig.client().get("/form%0a%1b[31mfake line")
    assert "\n" not in str(lines(log)[0]["path"])
    assert "\x1b" not in str(lines(log)[0]["path"])


def test_only_a_trusted_proxy_names_the_request(rig: Rig) -> None:
    named = {"x-request-id": "from-the-proxy-1"}
    assert (
        rig.client(address="127.0.0.1").get("/form", headers=named).headers["x-request-id"]
        == "from-the-proxy-1"
    )
    assert "proxy" not in rig.client().get("/form", headers=named).headers["x-request-id"]
    insane = {"x-request-id": "a b<c>" * 30}
    assert (
        "<"
        not in rig.client(address="127.0.0.1").get("/form", headers=insane).headers["x-request-id"]
    )


def test_only_a_trusted_proxy_says_who_asks(rig: Rig) -> None:
    forwarded = {"x-forwarded-for": "198.51.100.7, 127.0.0.1", "x-forwarded-proto": "https"}
    by_proxy = rig.client(address="127.0.0.1").get("/whoami", headers=forwarded).json()
    assert by_proxy == {"address": "198.51.100.7", "scheme": "https"}
    direct = rig.client().get("/whoami", headers=forwarded).json()
    assert direct == {"address": "203.0.113.5", "scheme": "http"}
