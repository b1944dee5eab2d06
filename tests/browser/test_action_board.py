"""Actions are moved between the windows of the plan by dragging, by mouse and by finger alike; why
is asked first, and Escape puts the card back.

Seen red with a board that posts no window (the card was back where it was).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import axe
from tests.support.server import Server

pytestmark = pytest.mark.browser


def drag(page: Page, what: str, to: str) -> None:
    handle, goal = (page.locator(one).bounding_box() for one in (what, to))
    assert handle is not None
    assert goal is not None
    page.mouse.move(handle["x"] + 20, handle["y"] + 20)
    page.mouse.down()
    for part in (0.3, 0.7, 1.0, 1.0):
        page.mouse.move(
            handle["x"] + 20 + part * (goal["x"] + 60 - handle["x"] - 20),
            handle["y"] + 20 + part * (goal["y"] + 30 - handle["y"] - 20),
        )
        page.wait_for_timeout(60)
    page.mouse.up()


def test_an_action_is_dragged_to_another_window_with_a_reason_or_put_back(
    new_page: Callable[..., Page], demo_server: Server
) -> None:
    page = new_page(device="laptop")
    page.goto(demo_server.facts.sign_in_url)
    page.goto(f"{demo_server.base_url}/kickoffs/{demo_server.facts.kickoff_id}/30-60-90")
    first = page.locator('ul[data-window="30"] > li:has(.card-grip)').first
    card = f"#{first.get_attribute('id')}"
    there = page.locator(f'ul[data-window="60"] {card}')

    drag(page, f"{card} .card-grip", 'ul[data-window="60"]')
    expect(there.locator("input[name=reason]")).to_be_focused()
    axe(page)
    page.keyboard.press("Escape")
    expect(page.locator(f'ul[data-window="30"] {card}')).to_be_visible()

    drag(page, f"{card} .card-grip", 'ul[data-window="60"]')
    page.keyboard.type("Venter på leverandøren <b>")
    page.keyboard.press("Enter")
    page.wait_for_url("**/30-60-90?*")
    expect(there).to_be_visible()
