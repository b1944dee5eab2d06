"""Planning with a mouse and a keyboard: what opens is seen, what moves keeps the focus."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import problems
from tests.support.server import Server

pytestmark = pytest.mark.browser

LAPTOP = {"width": 1440, "height": 900}


@pytest.fixture
def plan(new_page: Callable[..., Page], start_server: Callable[..., Server]) -> tuple[Page, str]:
    server = start_server()
    page = new_page(viewport=LAPTOP, reduced_motion="reduce")
    page.goto(server.facts.sign_in_url)
    return page, f"{server.base_url}/kickoffs/{server.facts.kickoff_id}"


def test_a_question_opens_in_view_with_the_focus_and_closes_by_key_and_button(
    plan: tuple[Page, str],
) -> None:
    page, here = plan
    page.goto(here)
    opener = page.locator("summary", has_text="Legg bort")
    for leave in (
        lambda: page.keyboard.press("Escape"),
        lambda: page.get_by_role("link", name="Avbryt").click(),
    ):
        opener.press("Enter")
        box = page.locator(".confirm[open] .confirm-box")
        expect(box).to_be_in_viewport(ratio=1)
        expect(page.get_by_role("link", name="Avbryt")).to_be_focused()
        leave()
        expect(box).to_be_hidden()
        expect(opener).to_be_focused()


def test_a_block_moves_by_key_and_by_mouse_and_says_so_when_it_did_not(
    plan: tuple[Page, str],
) -> None:
    page, here = plan
    page.goto(f"{here}/agenda")
    titles = page.locator(".agenda-block h2")
    first, second, third = titles.all_inner_texts()[:3]
    down = page.get_by_role("button", name=f"Flytt {first} ned", exact=True)
    down.focus()
    for moved in ([second, first, third], [second, third, first]):
        page.keyboard.press("Enter")
        expect(titles.nth(2)).to_have_text(moved[2])
        expect(titles.nth(1)).to_have_text(moved[1])
        expect(down).to_be_focused()

    page.route("**/move", lambda route: route.abort())
    _drag(page, 0, 1)
    expect(page.get_by_role("alert").filter(has_text="ikke flyttet")).to_be_visible()
    expect(titles.nth(0)).to_have_text(second)
    problems(page).clear()  # the request that was cut off on purpose
    page.unroute("**/move")
    page.wait_for_timeout(400)  # blocks glide back; nobody drags again before they have
    _drag(page, 0, 1)
    page.wait_for_url("**said=moved*")
    expect(titles.nth(0)).to_have_text(third)
    expect(titles.nth(1)).to_have_text(second)


def _drag(page: Page, source: int, target: int) -> None:
    """By the handle, past the middle of the block that it is to come after."""
    grip = page.locator(".agenda-grip").nth(source)
    grip.scroll_into_view_if_needed()
    grip.hover()
    page.mouse.down()
    box = page.locator(".agenda-block").nth(target).bounding_box()
    assert box
    page.mouse.move(box["x"] + 300, box["y"] + 10, steps=6)
    page.mouse.move(box["x"] + 300, box["y"] + box["height"] - 5, steps=6)
    page.mouse.up()
