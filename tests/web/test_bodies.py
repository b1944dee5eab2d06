import asyncio
from collections.abc import Iterator

import pytest

from app.web import bodies
from tests.web.rig import ORIGIN, Rig

ID = "01a22a60-4f4e-7246-a3ad-f9d55bf02560"


def in_chunks(size: int) -> Iterator[bytes]:
    """A body whose length nobody announces."""
    for _ in range(size // 1000):
        yield b"x" * 1000


@pytest.mark.parametrize(
    "path, media_type, most",
    [
        ("/things", "application/x-www-form-urlencoded", bodies.MAX_FORM),
        ("/things", "multipart/form-data; boundary=b", bodies.MAX_UPLOAD),
        ("/api/v1/things", "application/json", bodies.MAX_JSON),
    ],
)
@pytest.mark.parametrize("announced", [True, False])
def test_what_is_too_large_is_refused(
    rig: Rig, path: str, media_type: str, most: int, announced: bool
) -> None:
    client = rig.client()
    headers = {"origin": ORIGIN, "content-type": media_type, "x-csrf-token": rig.token(client)}
    size = most + 5000
    content = b"x" * size if announced else in_chunks(size)
    response = client.post(path, content=content, headers=headers)
    assert response.status_code == 413
    assert rig.written == []


@pytest.mark.parametrize(
    "path, media_type",
    [
        (f"/kickoffs/{ID}/agenda/{ID}/slides", "multipart/form-data; boundary=b"),
        (f"/api/v1/kickoffs/{ID}/slide-decks", "application/pdf"),
    ],
)
def test_a_speakers_slides_are_taken_at_their_own_addresses_alone(
    rig: Rig, path: str, media_type: str
) -> None:
    client = rig.client()
    headers = {"origin": ORIGIN, "content-type": media_type, "x-csrf-token": rig.token(client)}

    def sent(path: str, size: int) -> int:
        return client.post(path, content=b"x" * size, headers=headers).status_code

    # The rig has no such page: 404 is what comes behind the guard.
    assert sent(path, bodies.MAX_UPLOAD + 5000) == 404
    assert sent(path, bodies.MAX_SLIDES + 5000) == 413
    for other in (f"{path}/{ID}", path.replace("slide", "slyde"), f"/kickoffs/{ID}/goals/import"):
        assert sent(other, bodies.MAX_UPLOAD + 5000) == 413


def test_a_form_as_large_as_allowed_is_taken(rig: Rig) -> None:
    client = rig.client()
    token = rig.token(client)
    text = "x" * (bodies.MAX_FORM - 100)
    response = client.post(
        "/things", data={"csrf": token, "text": text}, headers={"origin": ORIGIN}
    )
    assert response.status_code == 200
    assert rig.written == [text]


def test_a_length_that_is_no_number_is_refused(rig: Rig) -> None:
    headers = {"content-length": "-1", "content-type": "application/json"}
    response = rig.client().post("/api/v1/things", headers=headers)
    assert response.status_code == 413


def test_a_body_that_never_ends_is_given_up(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "SECONDS", 0.1)
    sent: list[dict[str, object]] = []
    client = rig.client()
    token = rig.token(client)
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/things",
        "raw_path": b"/things",
        "root_path": "",
        "query_string": b"",
        "scheme": "http",
        "http_version": "1.1",
        "client": ("203.0.113.5", 1),
        "server": ("203.0.113.1", 80),
        "headers": [
            (b"host", b"kickoff.example"),
            (b"origin", ORIGIN.encode()),
            (b"content-type", b"application/x-www-form-urlencoded"),
            (b"cookie", f"kickoff_form={client.cookies['kickoff_form']}".encode()),
        ],
    }

    async def drip() -> dict[str, object]:
        if not sent:
            sent.append({})
            return {"type": "http.request", "body": f"csrf={token}".encode(), "more_body": True}
        await asyncio.sleep(60)
        raise AssertionError("waited a minute")

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    asyncio.run(rig.application(scope, drip, send))  # type: ignore[arg-type]
    assert sent[1]["status"] == 408
    assert rig.written == []
