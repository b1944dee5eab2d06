"""A phone in the tests' browser: joins, answers, and lets one see its sockets."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.support.server import Server

OpenPage = Callable[..., Page]

# Every socket the page opens and every frame it sends, for the test to look at.
WATCH = """
window.lines = []; window.sentFrames = [];
window.WebSocket = class extends WebSocket {
  constructor(...given) { super(...given); window.lines.push(this); }
  send(frame) { window.sentFrames.push(JSON.parse(frame)); super.send(frame); }
};
"""


def opened(new_page: OpenPage, base_url: str, server: Server, **options: Any) -> Page:
    """A phone that has scanned the QR code; `base_url` may be a proxy's."""
    page = new_page(device="phone", **options)
    page.add_init_script(WATCH)
    page.goto(base_url + urlsplit(server.facts.join_url).path)
    return page


def joined(new_page: OpenPage, base_url: str, server: Server, **options: Any) -> Page:
    """A phone that is in the room and live."""
    page = opened(new_page, base_url, server, **options)
    join(page)
    expect_live(page)
    return page


def join(page: Page) -> None:
    page.locator("form.join button.send").click()


def expect_live(page: Page, *, within: float = 10) -> None:
    """The socket is up; `data-connection` says so for three seconds longer."""
    until = monotonic() + within
    while not page.evaluate("window.kickoff?.isLive"):
        assert monotonic() < until, "the page is not live"
        page.wait_for_timeout(50)


def expect_question(page: Page, title: str, *, within: float = 5) -> None:
    expect(page.locator("#region-main h1").first).to_have_text(title, timeout=within * 1000)


def tap(page: Page, text: str) -> None:
    page.locator(".pick", has_text=re.compile(f"^\\s*{re.escape(text)}\\s*$")).click()


def expect_said(page: Page, words: str, *, within: float = 5) -> None:
    expect(page.locator(".saved").first).to_contain_text(words, timeout=within * 1000)


def open_sockets(page: Page) -> int:
    """Connecting ones count as well."""
    return int(page.evaluate("lines.filter((line) => line.readyState < 2).length"))


def submissions(page: Page) -> list[dict[str, Any]]:
    """What the page has sent over its sockets since it was loaded."""
    sent: list[dict[str, Any]] = page.evaluate("sentFrames.filter((f) => f.type === 'submit')")
    return sent
