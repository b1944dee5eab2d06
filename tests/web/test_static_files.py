import gzip
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.web.static_files import StaticFiles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("outside")
    inside = tmp_path / "static"
    (inside / "fonts").mkdir(parents=True)
    (inside / "app.css").write_text("body { color: black }\n" * 200)
    (inside / "fonts" / "a.woff2").write_bytes(bytes(range(256)) * 4)
    (inside / ".hidden").write_text("hidden")
    (inside / "way-out").symlink_to(tmp_path / "secret.txt")
    return inside


@pytest.fixture
def client(folder: Path) -> TestClient:
    application = FastAPI()
    application.add_middleware(StaticFiles, folder=folder)
    return TestClient(application)


def test_a_hashed_address_is_kept_for_ever_and_a_wrong_hash_is_not(client: TestClient) -> None:
    digest = client.get("/static/app.css").headers["etag"].strip('"')[:10]
    assert "immutable" in client.get(f"/static/app.css?v={digest}").headers["cache-control"]
    for other in ("0123456789", digest[:3], ""):
        found = client.get(f"/static/app.css?v={other}")
        assert found.headers["cache-control"] == "public, no-cache"


def test_text_is_compressed_and_fonts_are_not(client: TestClient, folder: Path) -> None:
    sheet = client.get("/static/app.css", headers={"accept-encoding": "gzip"})
    assert sheet.headers["content-encoding"] == "gzip"
    assert sheet.headers["content-type"] == "text/css; charset=utf-8"
    assert sheet.headers["vary"] == "Accept-Encoding"
    assert sheet.content == (folder / "app.css").read_bytes()
    assert int(sheet.headers["content-length"]) == len(gzip.compress(sheet.content, 9))
    font = client.get("/static/fonts/a.woff2")
    assert "content-encoding" not in font.headers
    assert font.headers["content-type"] == "font/woff2"


def test_what_a_browser_has_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/static/app.css")
    again = client.get("/static/app.css", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_head_tells_the_length_alone(client: TestClient, folder: Path) -> None:
    head = client.head("/static/app.css", headers={"accept-encoding": "identity"})
    assert head.content == b""
    assert int(head.headers["content-length"]) == (folder / "app.css").stat().st_size


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "%2e%2e/secret.txt",
        "fonts/../../secret.txt",
        "fonts/%2e%2e/%2e%2e/secret.txt",
        "/etc/passwd",
        "%2fetc/passwd",
        "way-out",
        ".hidden",
        "fonts",
        "",
        "app.css%00.png",
        "nothing.css",
        pytest.param("x" * 5000, id="long"),
    ],
)
def test_nothing_outside_the_folder_is_served(client: TestClient, path: str) -> None:
    response = client.get(f"/static/{path}")
    assert response.status_code == 404
    assert "outside" not in response.text


def test_a_file_that_changed_is_read_again(client: TestClient, folder: Path) -> None:
    assert "black" in client.get("/static/app.css").text
    (folder / "app.css").write_text("body { color: white }")
    assert "white" in client.get("/static/app.css").text
