"""A line that dies silently is noticed within seconds, and what was sent last is what is shown.

Seen red with: pings every 20 s, no ear for «offline», a welcome that replaces what was acknowledged
by the form's way.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.handset import OpenPage, expect_live, expect_said, join, joined, opened, tap
from tests.support.browser import problems
from tests.support.processes import at_most
from tests.support.server import Server

pytestmark = pytest.mark.browser


@contextmanager
def _frozen(server: Server) -> Iterator[None]:
    """The server's process stands still: its sockets stay open, and nothing comes."""
    os.killpg(server.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(server.pid, signal.SIGCONT)


def test_wall_and_console_say_within_six_seconds_that_nothing_comes(
    start_server: Callable[..., Server], new_page: OpenPage
) -> None:
    server = start_server()
    wall, console = new_page(device="projector"), new_page()
    wall.goto(server.facts.projector_url)
    console.goto(server.facts.sign_in_url)
    console.goto(server.facts.console_url)
    for page in (wall, console):
        expect(page.locator("html")).to_have_attribute("data-connection", "live")
    wall.wait_for_timeout(4000)  # the first measurements of the clock are over
    began = monotonic()
    with _frozen(server):
        expect(wall.locator("#connection")).to_be_visible(timeout=at_most(6) * 1000)
        expect(console.locator("#connection")).to_be_visible(timeout=at_most(6) * 1000)
        assert monotonic() - began < at_most(7)
        expect(wall.locator("#connection")).to_contain_text("Ikke direkte siden")
    for page in (wall, console):
        expect(page.locator("#connection")).to_be_hidden(timeout=12_000)
        expect_live(page)
        problems(page).clear()


def test_an_answer_on_a_dead_line_is_said_to_be_unsaved_and_arrives(
    start_server: Callable[..., Server], new_page: OpenPage
) -> None:
    server = start_server()
    with Desk(server) as desk:
        activity = desk.ask("choice", "Hva nå?", options=["Ja", "Nei"])
    page = joined(new_page, server.base_url, server)
    page.wait_for_timeout(2000)
    with _frozen(server):
        tap(page, "Ja")
        expect_said(page, "Ikke lagret ennå", within=7)
        expect(page.locator("#connection")).to_be_visible(timeout=3000)
    expect_said(page, "Lagret", within=15)
    with Desk(server) as desk:
        assert desk.result(activity)["answered"] == 1
    problems(page).clear()


def test_what_the_browser_knows_is_said_at_once(demo_server: Server, new_page: OpenPage) -> None:
    page = joined(new_page, demo_server.base_url, demo_server)
    page.context.set_offline(True)
    expect(page.locator("#connection")).to_be_visible(timeout=1500)
    page.context.set_offline(False)
    expect(page.locator("#connection")).to_be_hidden(timeout=8000)
    problems(page).clear()


# The welcome of the next socket waits until it is let in: what the server looked up for it is older
# than what the form's way has brought meanwhile.
_HELD = """
window.heldBack = [];
window.WebSocket = class extends WebSocket {
  set onmessage(hear) {
    super.onmessage = hear && ((event) => {
      if (window.holding && event.data.includes('"welcome"')) heldBack.push(() => hear(event));
      else hear(event);
    });
  }
};
"""


def test_after_an_outage_the_field_shows_what_was_sent_last(
    start_server: Callable[..., Server], new_page: OpenPage
) -> None:
    server = start_server()
    with Desk(server) as desk:
        activity = desk.ask("open_text", "Hva slutter vi med?")
    page = opened(new_page, server.base_url, server)
    page.add_init_script(_HELD)
    join(page)
    expect_live(page)
    _write(page, "Det gamle")
    expect_said(page, "Lagret")
    server.kill9()
    page.evaluate("window.holding = true")
    page.wait_for_timeout(1000)
    _write(page, "Det nye")
    expect_said(page, "Ikke lagret ennå", within=12)
    page.route("**/answers/*", lambda route: route.abort())
    server.start()
    _until(page, "heldBack.length > 0", within=20)
    page.unroute("**/answers/*")
    _until(page, "kickoff.pending.length === 0", within=15)
    page.evaluate("{ window.holding = false; heldBack.forEach((letIn) => letIn()); }")
    expect_live(page)
    expect_said(page, "Lagret", within=10)
    page.wait_for_timeout(1500)
    expect(page.locator("textarea")).to_have_value("Det nye")
    with Desk(server) as desk:
        # One person, one answer; which, the console shows.
        assert desk.result(activity)["texts"][0]["text"] == "Det nye"
    page.reload()
    expect_said(page, "Lagret")
    expect(page.locator("textarea")).to_have_value("Det nye")
    problems(page).clear()


def test_a_sign_in_page_of_a_guest_network_acknowledges_nothing(
    demo_server: Server, new_page: OpenPage
) -> None:
    with Desk(demo_server) as desk:
        activity = desk.ask("choice", "Er vi med?", options=["Ja", "Nei"])
        page = opened(new_page, demo_server.base_url, demo_server)
        page.add_init_script(_NO_SOCKET)
        join(page)
        expect_live(page)
        page.route("**/answers/*", lambda route: route.fulfill(status=200, body="<html>Log in"))
        page.evaluate("() => { window.isOut = true; window.dispatchEvent(new Event('offline')); }")
        page.wait_for_timeout(6500)
        tap(page, "Ja")
        page.wait_for_timeout(2500)
        expect_said(page, "Ikke lagret ennå", within=8)
        assert page.evaluate("kickoff.pending.length") == 1
        assert desk.activity(activity)["answered"] == 0
        problems(page).clear()


# A socket that never comes up, once the network is said to be away.
_NO_SOCKET = """
window.WebSocket = class extends WebSocket {
  constructor(address, dialect) { super(window.isOut ? "ws://127.0.0.1:1/" : address, dialect); }
};
"""


def _until(page: Page, condition: str, *, within: float) -> None:
    """Not wait_for_function, which the page's content security policy refuses."""
    until = monotonic() + within
    while not page.evaluate(condition):
        assert monotonic() < until, f"never: {condition}"
        page.wait_for_timeout(100)


def _write(page: Page, text: str) -> None:
    page.locator("textarea").fill(text)
    page.get_by_role("button", name="Send svar").click()
