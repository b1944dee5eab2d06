"""D11 at the door: whatever stands in a header, an address or a cookie, the answer is no 5xx."""

from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from tests.web.rig import HOST, ORIGIN, Rig

NAMES = [
    "accept-language",
    "cookie",
    "origin",
    "host",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-request-id",
    "x-csrf-token",
    "content-type",
    "content-length",
    "if-none-match",
    "accept-encoding",
    "referer",
    "sec-fetch-site",
]
# What a server lets through: no control characters, every other byte.
values = st.binary(max_size=60).map(lambda raw: bytes(each for each in raw if each >= 32 != 127))
plausible = st.sampled_from(
    [b"kickoff_form=a; lang=xx", ORIGIN.encode(), HOST.encode(), b"127.0.0.1, ::1, x", b"en;q=x"]
)
headers = st.dictionaries(st.sampled_from(NAMES), values | plausible, max_size=6)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return Rig(Path(tmp_path_factory.mktemp("rig"))).client(address="127.0.0.1")


@given(headers=headers, body=st.binary(max_size=200))
def test_no_header_breaks_a_page(
    client: TestClient, headers: dict[str, bytes], body: bytes
) -> None:
    client.cookies.clear()
    for method, path in (("GET", "/form"), ("POST", "/things"), ("POST", "/api/v1/things")):
        content = body if method == "POST" else None
        response = client.request(method, path, headers=headers, content=content)
        assert response.status_code < 500
        assert response.headers["content-security-policy"]


@given(path=st.text(max_size=40))
def test_no_address_breaks_a_page(client: TestClient, path: str) -> None:
    address = quote(path.encode(errors="replace"), safe="")
    for prefix in ("/", "/static/", "/api/v1/things/", "/j/"):
        response = client.get(f"{prefix}{address}?v={address}")
        assert response.status_code < 500


@pytest.mark.parametrize(
    "body",
    [
        b'{"text": "\\ud800"}',
        b'{"text": "\\u0000"}',
        b'{"text": NaN}',
        b'{"number": 1e999, "text": "x"}',
        b'{"number": 9223372036854775808, "text": "x"}',
        b'{"number": ' + b"9" * 5000 + b', "text": "x"}',
        b"[" * 100_000,
        b"\xff\xfe",
        b"",
        b"null",
    ],
    ids=lambda body: str(body[:30]),
)
def test_hostile_json_is_answered_as_a_problem(client: TestClient, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    response = client.post("/api/v1/things", content=body, headers=headers)
    assert response.status_code < 500
    if response.status_code >= 400:
        assert response.headers["content-type"] == "application/problem+json"
