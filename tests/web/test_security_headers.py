"""S07 as far as headers go: what browsers are told to refuse."""

import re

import httpx
import pytest
from fastapi.responses import HTMLResponse

from tests.web.rig import HOST, Rig


def policy(response: httpx.Response) -> dict[str, list[str]]:
    directives = response.headers["content-security-policy"].split(";")
    return {name: sources for name, *sources in (each.split() for each in directives)}


def test_a_page_allows_only_what_it_needs(rig: Rig) -> None:
    response = rig.client().get("/form")
    found = policy(response)
    assert found["default-src"] == found["base-uri"] == ["'none'"]
    assert found["frame-ancestors"] == found["form-action"] == ["'self'"]
    assert found["style-src"] == ["'self'"]
    assert found["connect-src"] == ["'self'", f"ws://{HOST}"]
    assert "unsafe" not in response.headers["content-security-policy"]
    assert "*" not in response.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/form", "/shared"])
def test_a_nonce_is_the_pages_own_and_never_twice_the_same(rig: Rig, path: str) -> None:
    client = rig.client()
    seen = set()
    for _ in range(5):
        response = client.get(path)
        (source,) = policy(response)["script-src"]
        in_page = set(re.findall(r'nonce="([^"]+)"', response.text))
        assert in_page == {source.removeprefix("'nonce-").removesuffix("'")}
        seen |= in_page
    assert len(seen) == 5
    assert all(len(nonce) >= 22 for nonce in seen)


def test_a_page_without_scripts_runs_none(rig: Rig) -> None:
    rig.on("/words", lambda: HTMLResponse("<p>Words</p>"))
    assert policy(rig.client().get("/words"))["script-src"] == ["'none'"]


@pytest.mark.parametrize(
    "path, host, status",
    [
        ("/api/v1/nothing", HOST, 404),
        ("/broken", HOST, 500),
        ("/form", "evil.example", 400),
        ("/static/nothing.css", HOST, 404),
        ("/healthz", HOST, 200),
    ],
)
def test_every_answer_carries_the_headers(rig: Rig, path: str, host: str, status: int) -> None:
    rig.on("/broken", lambda: 1 // 0)
    response = rig.client().get(path, headers={"host": host})
    assert response.status_code == status
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "same-origin"
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    assert response.headers["x-request-id"]


def test_https_is_remembered_and_http_is_left_alone(rig: Rig) -> None:
    over_https = rig.client(f"https://{HOST}").get("/form")
    assert over_https.headers["strict-transport-security"].startswith("max-age=")
    assert over_https.headers["cross-origin-opener-policy"] == "same-origin"
    assert policy(over_https)["connect-src"] == ["'self'", f"wss://{HOST}"]
    over_http = rig.client().get("/form")
    # In a room without TLS a browser would complain of these in its console.
    assert "strict-transport-security" not in over_http.headers
    assert "cross-origin-opener-policy" not in over_http.headers


def test_no_shared_cache_keeps_a_page(rig: Rig) -> None:
    assert rig.client().get("/form").headers["cache-control"] == "private, no-cache"
