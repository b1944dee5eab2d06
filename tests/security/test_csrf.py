"""S04: no other page can make this browser change anything here.

Saboteur: leaving out either half of the guard (origin, token) turns rows of each list red.
"""

import base64
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.web import csrf
from tests.web.rig import HOST, ORIGIN, Rig

FOREIGN_HEADERS: list[dict[str, str]] = [
    {},
    {"origin": "http://evil.example"},
    {"origin": "null"},
    {"origin": ""},
    {"origin": f"https://{HOST}"},
    {"origin": f"{ORIGIN}:8000"},
    {"origin": f"http://sub.{HOST}"},
    {"origin": f"{ORIGIN}.evil.example"},
    {"origin": "http://evil.example", "sec-fetch-site": "same-origin"},
    {"origin": "http://evil.example", "x-forwarded-host": "evil.example"},
    {"origin": "http://evil.example", "referer": f"{ORIGIN}/form"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": ""},
    {"referer": f"{ORIGIN}/form"},
]


@pytest.fixture
def browser(rig: Rig) -> TestClient:
    return rig.client()


@pytest.mark.parametrize("headers", FOREIGN_HEADERS, ids=str)
def test_a_form_on_another_page_changes_nothing(
    rig: Rig, browser: TestClient, headers: dict[str, str]
) -> None:
    # Even with the token: one that leaked must not be enough.
    fields = {"csrf": rig.token(browser), "text": "forged"}
    response = browser.post("/things", data=fields, headers=headers)
    assert response.status_code == 403
    assert rig.written == []


@pytest.mark.parametrize(
    "headers",
    [{"origin": ORIGIN}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}],
    ids=str,
)
def test_the_form_of_our_own_page_works(
    rig: Rig, browser: TestClient, headers: dict[str, str]
) -> None:
    fields = {"csrf": rig.token(browser), "text": "hello"}
    assert browser.post("/things", data=fields, headers=headers).status_code == 200
    assert rig.written == ["hello"]


WRONG = {
    "none": lambda mine: "",
    "cut short": lambda mine: mine[:-1],
    "lengthened": lambda mine: mine + "A",
    "flipped": lambda mine: ("A" if mine[0] != "A" else "B") + mine[1:],
    "nonsense": lambda mine: "%00%ff",
    "of zeros": lambda mine: base64.urlsafe_b64encode(bytes(24)).decode(),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("by_header", [True, False])
def test_a_wrong_token_changes_nothing(
    rig: Rig, browser: TestClient, wrong: str, by_header: bool
) -> None:
    token = WRONG[wrong](rig.token(browser))
    headers = {"origin": ORIGIN} | ({"x-csrf-token": token} if by_header else {})
    fields = {"text": "forged"} | ({} if by_header else {"csrf": token})
    response = browser.post("/things", data=fields, headers=headers)
    assert response.status_code == 403
    assert rig.written == []


def test_somebody_elses_token_changes_nothing(rig: Rig, browser: TestClient) -> None:
    rig.token(browser)
    for token in (rig.token(rig.client()), browser.cookies["kickoff_form"]):
        fields = {"csrf": token, "text": "forged"}
        assert browser.post("/things", data=fields, headers={"origin": ORIGIN}).status_code == 403
    assert rig.written == []


def test_a_token_without_its_cookie_changes_nothing(rig: Rig, browser: TestClient) -> None:
    token = rig.token(browser)
    stranger = rig.client()
    for planted in ("", "x", "a" * 22, token):
        stranger.cookies.clear()
        if planted:
            stranger.cookies.set("kickoff_form", planted)
        fields = {"csrf": token, "text": "forged"}
        assert stranger.post("/things", data=fields, headers={"origin": ORIGIN}).status_code == 403
    assert rig.written == []


def test_another_instances_token_is_worth_nothing(
    rig: Rig, browser: TestClient, tmp_path: Path
) -> None:
    other = Rig(tmp_path, secret_key="another key of another house")
    there = other.client()
    token = other.token(there)
    browser.cookies.set("kickoff_form", there.cookies["kickoff_form"])
    fields = {"csrf": token, "text": "forged"}
    assert browser.post("/things", data=fields, headers={"origin": ORIGIN}).status_code == 403
    assert rig.written == []


def test_signing_in_or_out_ends_the_tokens_before_it(rig: Rig, browser: TestClient) -> None:
    @rig.application.post("/sign-in")
    def sign_in() -> dict[str, str]:
        csrf.renew()
        return {}

    old = rig.token(browser)
    cookie = browser.cookies["kickoff_form"]
    browser.post("/sign-in", data={"csrf": old}, headers={"origin": ORIGIN})
    assert browser.cookies["kickoff_form"] != cookie
    fields = {"csrf": old, "text": "forged"}
    assert browser.post("/things", data=fields, headers={"origin": ORIGIN}).status_code == 403
    fields["csrf"] = rig.token(browser)
    assert browser.post("/things", data=fields, headers={"origin": ORIGIN}).status_code == 200


@pytest.mark.parametrize("media_type", ["text/plain", "application/json", "", "text/csv", "x"])
def test_a_body_that_is_no_form_needs_the_header(
    rig: Rig, browser: TestClient, media_type: str
) -> None:
    token = rig.token(browser)
    headers = {"origin": ORIGIN, "content-type": media_type}
    response = browser.post("/things", content=f"csrf={token}&text=forged", headers=headers)
    assert response.status_code == 403
    assert rig.written == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_asking_is_not_writing(rig: Rig, browser: TestClient, method: str) -> None:
    path = f"/things?csrf={rig.token(browser)}&text=forged"
    assert browser.request(method, path, headers={"origin": ORIGIN}).status_code == 405
    assert rig.written == []


def test_a_token_in_the_address_does_not_count(rig: Rig, browser: TestClient) -> None:
    path = f"/things?csrf={rig.token(browser)}"
    response = browser.post(path, data={"text": "forged"}, headers={"origin": ORIGIN})
    assert response.status_code == 403


def test_a_method_override_overrides_nothing(rig: Rig, browser: TestClient) -> None:
    headers = {"x-http-method-override": "POST"}
    browser.get("/things?text=forged&_method=POST", headers=headers)
    assert rig.written == []


def test_an_upload_carries_its_token_first(rig: Rig, browser: TestClient) -> None:
    token = rig.token(browser)
    headers = {"origin": ORIGIN}
    first = {"csrf": (None, token), "text": (None, "by upload"), "file": ("a.csv", b"x" * 100_000)}
    assert browser.post("/things", files=first, headers=headers).status_code == 200
    later = {"text": (None, "forged"), "csrf": (None, token)}
    assert browser.post("/things", files=later, headers=headers).status_code == 403
    assert rig.written == ["by upload"]


def test_every_byte_of_a_form_still_reaches_the_route(rig: Rig, browser: TestClient) -> None:
    text = "æøå & = % + \u2028 🙂" * 500
    fields = {"csrf": rig.token(browser), "text": text}
    browser.post("/things", data=fields, headers={"origin": ORIGIN})
    assert rig.written == [text]


def test_it_works_on_https_with_cookies_bound_to_the_host(rig: Rig) -> None:
    browser = rig.client(f"https://{HOST}")
    token = rig.token(browser)
    cookie = browser.get("/form").request.headers["cookie"]
    assert cookie.startswith("__Host-kickoff_form=")
    fields = {"csrf": token, "text": "hello"}
    headers = {"origin": f"https://{HOST}"}
    assert browser.post("/things", data=fields, headers=headers).status_code == 200


# ---- The API


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=b",
        "",
        "text/json",
    ],
)
def test_the_api_takes_json_alone(rig: Rig, browser: TestClient, media_type: str) -> None:
    headers = {"content-type": media_type}
    response = browser.post("/api/v1/things", content=b'{"text": "forged"}', headers=headers)
    assert response.status_code == 415
    assert rig.written == []


def test_the_api_never_sees_a_cookie_when_something_is_to_be_changed(
    rig: Rig, browser: TestClient
) -> None:
    browser.cookies.set("kickoff_session", "somebody")
    body: dict[str, Any] = {"text": "hello"}
    assert browser.post("/api/v1/things", json=body).json()["cookies"] == []
    headers = {"origin": ORIGIN}
    assert browser.post("/api/v1/things", json=body, headers=headers).json()["cookies"] == []


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
    ids=str,
)
def test_the_api_takes_nothing_from_another_page(
    rig: Rig, browser: TestClient, headers: dict[str, str]
) -> None:
    assert browser.post("/api/v1/things", json={"text": "x"}, headers=headers).status_code == 403
    # A request without a body needs no preflight.
    assert browser.request("DELETE", "/api/v1/things/1", headers=headers).status_code == 403
    assert rig.written == []


def test_the_api_lets_no_page_elsewhere_read(rig: Rig, browser: TestClient) -> None:
    preflight = {"origin": "http://evil.example", "access-control-request-method": "POST"}
    response = browser.options("/api/v1/things", headers=preflight)
    assert not [name for name in response.headers if name.startswith("access-control-")]
