"""A phone in the tests' browser: joins, answers, and lets one see its sockets."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.support.processes import at_most
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
    until = monotonic() + at_most(within)
    while not page.evaluate("window.kickoff?.isLive"):
        assert monotonic() < until, "the page is not live"
        page.wait_for_timeout(50)


def expect_question(page: Page, title: str, *, within: float = 5) -> None:
    expect(page.locator("#region-main h1").first).to_have_text(
        title, timeout=at_most(within) * 1000
    )


def tap(page: Page, text: str) -> None:
    page.locator(".pick", has_text=re.compile(f"^\\s*{re.escape(text)}\\s*$")).click()


def expect_said(page: Page, words: str, *, within: float = 5) -> None:
    expect(page.locator(".saved").first).to_contain_text(words, timeout=at_most(within) * 1000)


def open_sockets(page: Page) -> int:
    """Connecting ones count as well."""
    return int(page.evaluate("lines.filter((line) => line.readyState < 2).length"))


def submissions(page: Page) -> list[dict[str, Any]]:
    """What the page has sent over its sockets since it was loaded."""
    sent: list[dict[str, Any]] = page.evaluate("sentFrames.filter((f) => f.type === 'submit')")
    return sent


def middle(box: FloatRect) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


class Finger:
    """One finger on a phone's glass: touch events as the browser gets them from its screen."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._line = page.context.new_cdp_session(page)
        self._at = (0.0, 0.0)

    def down(self, at: tuple[float, float]) -> None:
        self._touch("touchStart", at)

    def to(self, at: tuple[float, float], *, steps: int = 8) -> None:
        begun = self._at
        for step in range(1, steps + 1):
            x, y = (a + (b - a) * step / steps for a, b in zip(begun, at, strict=True))
            self._touch("touchMove", (x, y))
            self._page.wait_for_timeout(20)

    def up(self) -> None:
        self._line.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def _touch(self, kind: str, at: tuple[float, float]) -> None:
        self._at = at
        points = [{"x": at[0], "y": at[1], "id": 1}]
        self._line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def drag(self, what: Locator, onto: Locator, *, down: float = 0.5) -> None:
        """From the middle of one thing to another, `down` of its height below its upper edge."""
        begin, end = what.bounding_box(), onto.bounding_box()
        assert begin
        assert end
        self.down(middle(begin))
        self.to((middle(end)[0], end["y"] + down * end["height"]))
        self.up()
