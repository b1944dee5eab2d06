"""The browser of the tests shows pages, judges them and notices their complaints."""

import http.server
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support.browser import SCREENSHOTS, axe, problems, screenshot

pytestmark = pytest.mark.browser

PAGE = """<!doctype html>
<html lang="nb">
<head><meta charset="utf-8"><title>Prøve</title><link rel="icon" href="data:,"></head>
<body><main><h1>Blåbærsyltetøy</h1>{body}</main></body>
</html>"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A folder behind a web server with a strict content security policy, and its address."""

    class Strict(http.server.SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", "default-src 'self'; img-src data:")
            super().end_headers()

        def log_message(self, *_: object) -> None:
            pass

    handler = partial(Strict, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", tmp_path
        server.shutdown()


def test_the_browser_shows_a_page_and_axe_judges_it(
    new_page: Callable[..., Page], site: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, folder = site
    (folder / "good.html").write_text(PAGE.format(body="<p>God dag</p>"))
    (folder / "bad.html").write_text(PAGE.format(body="<form><input></form>"))
    page = new_page(device="phone")

    page.goto(f"{address}/good.html")
    axe(page)
    assert page.inner_text("h1") == "Blåbærsyltetøy"
    monkeypatch.setenv("PICTURES", "1")
    screenshot(page, "support")
    assert (SCREENSHOTS / "support.png").stat().st_size > 1000

    page.goto(f"{address}/bad.html")
    with pytest.raises(AssertionError, match="label"):
        axe(page)
    problems(page).clear()


def test_a_page_that_complains_is_found_out(
    new_page: Callable[..., Page], site: tuple[str, Path]
) -> None:
    address, folder = site
    script = "console.error('mind me'); setTimeout(() => { throw new Error('fell over') })"
    (folder / "script.js").write_text(script)
    (folder / "page.html").write_text(PAGE.format(body='<script src="script.js"></script>'))
    page = new_page()
    page.goto(f"{address}/page.html")
    page.wait_for_timeout(100)

    assert "mind me" in problems(page).console[0]
    assert "fell over" in problems(page).exceptions[0]
    problems(page).clear()
