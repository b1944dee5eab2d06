"""A speaker's slides from the planner's chair: brought in, looked at, put in order; with and
without a script, on a laptop and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_every_page import CUT_OFF, SIZES
from tests.support.browser import axe, problems, screenshot
from tests.support.server import Server
from tests.support.slides import NORWEGIAN, drawing, pdf_of

pytestmark = pytest.mark.browser

LONG = "Et svært langt navn på en presentasjon om strategiarbeidet på tvers av organisasjonen <b>"
PAGES = [f"= {NORWEGIAN}", *(f"= Side {number}\\ Kunden får svar" for number in range(2, 11))]


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    made = {
        "Året som gikk": pdf_of(*PAGES),
        "kort": drawing(b"1 0.6 0.2 rg 60 60 600 285 re f"),
        "ødelagt": b"%PDF-1.7 og ikke mer",
    }
    for name, content in made.items():
        (tmp_path / f"{name}.pdf").write_bytes(content)
    return {name: tmp_path / f"{name}.pdf" for name in made}


@pytest.fixture(scope="module")
def signed_in(demo_server: Server, browser: Browser) -> dict[str, Any]:
    context = browser.new_context()
    context.new_page().goto(demo_server.facts.sign_in_url)
    state: dict[str, Any] = dict(context.storage_state())
    context.close()
    return state


def at_a_block(page: Page, server: Server, number: int) -> str:
    """The page of one of the agenda's blocks: each test has its own."""
    page.goto(f"{server.base_url}/kickoffs/{server.facts.kickoff_id}/agenda")
    link = page.locator(".agenda-block h2 a").nth(number).get_attribute("href")
    page.goto(server.base_url + str(link))
    return page.url


def bring(page: Page, file: Path, title: str = "") -> None:
    page.locator("button[name=then][value=slides]").click()
    page.wait_for_url("**/slides/new")
    page.set_input_files("#field-file", file)
    page.fill("#field-title", title)
    # Drawing takes seconds on a machine that is busy.
    with page.expect_navigation(timeout=60_000):
        page.locator("form[data-upload] button.firm").click(timeout=60_000)


def looked_at(page: Page, name: str) -> None:
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0, size
        assert page.evaluate(CUT_OFF) == [], size
        screenshot(page, f"page-slides-{name}-{size}-nb", full_page=True)
        axe(page)


def test_a_planner_brings_slides_looks_at_them_and_puts_them_in_order(
    new_page: Callable[..., Page],
    demo_server: Server,
    signed_in: dict[str, Any],
    files: dict[str, Path],
) -> None:
    page = new_page(storage_state=signed_in, viewport=SIZES["laptop"], reduced_motion="reduce")
    block = at_a_block(page, demo_server, 1)
    bring(page, files["ødelagt"])
    expect(page.locator("#field-file-error")).to_be_visible()
    problems(page).clear()  # the browser complains of the 422 that was asked for
    looked_at(page, "new")

    page.set_viewport_size(SIZES["laptop"])
    page.goto(block)
    bring(page, files["Året som gikk"])
    page.wait_for_url("**said=slides_taken*")
    bring(page, files["kort"], LONG)
    page.wait_for_url("**said=slides_taken*")
    decks = page.locator(".deck")
    expect(decks.locator("h3 a")).to_have_text(["Året som gikk", LONG])
    # Pictures that are far down are fetched when one comes there.
    page.locator("#slides").scroll_into_view_if_needed()
    shown = decks.first.locator("img")
    expect(shown).to_have_count(6)
    expect(shown.first).to_have_js_property("naturalWidth", 960)
    looked_at(page, "block")

    page.set_viewport_size(SIZES["laptop"])
    down = decks.first.locator("button[name=steps][value='1']")
    down.press("Enter")
    page.wait_for_url("**said=moved*")
    expect(decks.locator("h3 a").first).to_have_text(LONG)
    moved = decks.nth(1).locator("button[name=steps][value='1']")
    expect(moved).to_be_focused()

    decks.nth(1).locator("h3 a").click()
    expect(page.locator(".slide-pages li")).to_have_count(len(PAGES))
    expect(page.locator(".slide-words").first).to_have_text(NORWEGIAN)
    looked_at(page, "deck")


def test_without_a_script_it_is_a_form_like_any_other(
    new_page: Callable[..., Page],
    demo_server: Server,
    signed_in: dict[str, Any],
    files: dict[str, Path],
) -> None:
    page = new_page(storage_state=signed_in, viewport=SIZES["phone"], java_script_enabled=False)
    at_a_block(page, demo_server, 2)
    bring(page, files["kort"])
    page.wait_for_url("**said=slides_taken*")
    expect(page.locator(".deck-head h3 a")).to_have_text(["kort"])


def test_a_file_that_is_too_large_is_told_before_it_is_sent(
    new_page: Callable[..., Page],
    demo_server: Server,
    signed_in: dict[str, Any],
    files: dict[str, Path],
) -> None:
    page = new_page(storage_state=signed_in, viewport=SIZES["phone"])
    block = at_a_block(page, demo_server, 3)
    page.goto(f"{block}/slides/new")
    page.locator("#field-file").evaluate("(field) => { field.dataset.most = '10'; }")
    page.set_input_files("#field-file", files["kort"])
    told = page.locator("#field-file").evaluate("(field) => field.validationMessage")
    assert "30 MB" in told
    page.locator("form[data-upload] button.firm").click()
    assert page.url.endswith("/slides/new")
