"""The projector through a crash of the server: an honest line, the same picture, back by itself."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.support.browser import problems
from tests.support.server import Server

pytestmark = pytest.mark.browser


def test_it_needs_no_hand_when_the_server_is_killed_and_comes_back(
    new_page: Callable[..., Page], start_server: Callable[..., Server]
):
    server = start_server()
    page = new_page(device="projector")
    page.goto(server.facts.projector_url)
    expect(page.locator("html")).to_have_attribute("data-connection", "live")
    page.evaluate("window.neverLoadedAnew = true")
    question = page.get_by_role("heading", level=1).inner_text()

    server.kill9()
    expect(page.locator("#connection")).to_be_visible(timeout=6000)
    expect(page.locator("#connection")).to_have_text(re.compile(r"\d\d:\d\d"), timeout=6000)
    assert page.get_by_role("heading", level=1).inner_text() == question
    assert page.locator(".countdown-clock").inner_text() != ""

    server.start()
    with Desk(server) as desk:
        desk.ask("choice", "Er alle med igjen?", options=["Ja", "Nei"])
        # Two seconds after it can: the picture is the room's.
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Er alle med igjen?", timeout=8000
        )
    expect(page.locator("#connection")).to_be_hidden()
    assert page.evaluate("window.neverLoadedAnew")
    problems(page).clear()
