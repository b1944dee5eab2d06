"""On a phone the rows of tabs are a button each, which says where one is: without a script, by
finger and by keyboard. On a laptop they are rows.

Seen red with the rows that stood there before: a third of the screen above the page's heading.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.support.browser import axe
from tests.support.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def signed_in(browser: Browser, demo_server: Server) -> StorageState:
    """The link can be used once."""
    context = browser.new_context()
    context.new_page().goto(demo_server.facts.sign_in_url)
    state = context.storage_state()
    context.close()
    return state


def test_the_parts_of_a_kickoff_take_one_row_and_open_without_a_script(
    new_page: Callable[..., Page], demo_server: Server, signed_in: StorageState
) -> None:
    here = f"{demo_server.base_url}/kickoffs/{demo_server.facts.kickoff_id}"
    laptop = new_page(device="laptop", storage_state=signed_in)
    laptop.goto(f"{here}/meetings")
    for row in ("#parts", "#parts-of-follow-up"):
        expect(laptop.locator(row)).to_be_visible()
    expect(laptop.locator(".tabs-fold").first).to_be_hidden()

    phone = new_page(
        device="phone",
        viewport={"width": 390, "height": 844},
        storage_state=signed_in,
        java_script_enabled=False,
    )
    phone.goto(f"{here}/meetings")
    of_follow_up = phone.locator("button[popovertarget=parts-of-follow-up]")
    rows = phone.locator("#parts, #parts-of-follow-up")
    expect(rows.nth(0)).to_be_hidden()
    heading = phone.locator("h1").bounding_box()
    assert heading is not None
    assert heading["y"] < 180
    of_follow_up.tap()
    expect(rows.nth(1).locator("[aria-current=page]")).to_be_in_viewport()
    rows.nth(1).locator("a").last.tap()
    expect(phone).not_to_have_url(f"{here}/meetings")

    phone.goto(f"{here}/meetings")
    of_follow_up.focus()
    phone.keyboard.press("Enter")
    phone.keyboard.press("Tab")
    expect(rows.nth(1).locator("a").first).to_be_focused()
    phone.keyboard.press("Escape")
    expect(rows.nth(1)).to_be_hidden()
    expect(of_follow_up).to_be_focused()


def test_the_opened_sheet_is_read_aloud_as_what_it_is(
    new_page: Callable[..., Page], demo_server: Server, signed_in: StorageState
) -> None:
    phone = new_page(
        device="phone", viewport={"width": 390, "height": 844}, storage_state=signed_in
    )
    phone.goto(f"{demo_server.base_url}/kickoffs/{demo_server.facts.kickoff_id}/plan")
    axe(phone)
    phone.locator("button[popovertarget=parts]").click()
    expect(phone.locator("#parts")).to_be_visible()
    axe(phone)
