"""What people and programs are told when something does not work."""

import re

import pytest

from app.errors import Fault, Invalid, KickoffError, NotSaved, NotSignedIn, Stale, TooFast
from tests.web.rig import Rig, raises

PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    "error, status, code",
    [
        (NotSaved("disk full: /var/lib/kickoff"), 503, "not_saved"),
        (TooFast(retry_after=2.3), 429, "too_fast"),
        (NotSignedIn(), 401, "not_signed_in"),
        (Invalid(faults=[Fault("/title", "This must be filled in.")]), 422, "invalid"),
        (Stale(current={"title": "New"}), 412, "stale"),
        (KickoffError(code="never_heard_of"), 400, "never_heard_of"),
    ],
)
def test_a_program_gets_problem_json(rig: Rig, error: KickoffError, status: int, code: str) -> None:
    rig.on("/api/v1/broken", raises(error))
    response = rig.client().get("/api/v1/broken")
    body = response.json()
    assert response.headers["content-type"] == PROBLEM
    assert (response.status_code, body["status"]) == (status, status)
    assert (body["code"], body["type"]) == (code, f"urn:kickoff:problem:{code}")
    assert body["title"]
    assert body["detail"]
    assert body["request_id"] == response.headers["x-request-id"]


def test_who_should_wait_is_told_how_long(rig: Rig) -> None:
    rig.on("/api/v1/busy", raises(NotSaved(retry_after=0.2)))
    rig.on("/api/v1/fast", raises(TooFast(retry_after=2.3)))
    assert rig.client().get("/api/v1/busy").headers["retry-after"] == "1"
    assert rig.client().get("/api/v1/fast").headers["retry-after"] == "3"


def test_a_stale_writer_gets_what_stands_now(rig: Rig) -> None:
    rig.on("/api/v1/stale", raises(Stale(current={"title": "New"})))
    assert rig.client().get("/api/v1/stale").json()["current"] == {"title": "New"}


def test_faults_say_where(rig: Rig) -> None:
    response = rig.client().post("/api/v1/things", json={"number": "many"})
    assert response.status_code == 422
    assert [fault["pointer"] for fault in response.json()["errors"]] == ["/text", "/number"]


def test_broken_json_is_said_to_be_that(rig: Rig) -> None:
    headers = {"content-type": "application/json"}
    response = rig.client().post("/api/v1/things", content=b'{"text":', headers=headers)
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == ""


def test_an_address_that_cannot_exist_is_not_found(rig: Rig) -> None:
    assert rig.client().delete("/api/v1/things/x").status_code == 404


@pytest.mark.parametrize("path", ["/broken", "/api/v1/broken"])
def test_nothing_from_inside_is_told(rig: Rig, path: str) -> None:
    rig.on(path, lambda: {}["the secret of the house"])
    response = rig.client().get(path)
    assert response.status_code == 500
    for inside in ("secret of the house", "KeyError", "Traceback", "rig.py"):
        assert inside not in response.text
    assert response.headers["x-request-id"] in response.text


def test_a_fault_of_the_database_says_nothing_of_it(rig: Rig) -> None:
    rig.on("/api/v1/broken", raises(NotSaved("disk full: /var/lib/kickoff")))
    assert "/var" not in rig.client().get("/api/v1/broken").text


@pytest.mark.parametrize("language, word", [("en", "There is nothing here"), ("nb", "<h1>")])
def test_people_get_a_page_in_their_language(rig: Rig, language: str, word: str) -> None:
    response = rig.client().get("/nowhere", headers={"accept-language": language})
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert f'<html lang="{language}"' in response.text
    assert word in response.text
    assert re.search(r'<a [^>]*href="/"', response.text)


def test_the_wrong_method_names_the_right_ones(rig: Rig) -> None:
    response = rig.client().get("/things")
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


def test_of_an_address_that_takes_several_methods_all_are_named(rig: Rig) -> None:
    """The framework itself names those of the first route alone."""
    rig.on("/api/v1/things/{number}", lambda: {})
    rig.on("/api/v1/things/named/here", lambda: {})
    client = rig.client()
    assert client.options("/api/v1/things/7").headers["allow"] == "DELETE, GET"
    assert client.options("/api/v1/things/named/here").headers["allow"] == "GET"


def test_a_script_that_asks_for_json_gets_json(rig: Rig) -> None:
    response = rig.client().get("/nowhere", headers={"accept": "application/json"})
    assert response.headers["content-type"] == PROBLEM
