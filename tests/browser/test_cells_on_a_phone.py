"""Cells changed where they stand, by finger: no pencil covers a word, no field leaves the phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.server import Server

pytestmark = pytest.mark.browser

# The words of a table that a pencil lies on.
COVERED = """[...document.querySelectorAll(".cell-button")].flatMap((button) => {
  const over = button.getBoundingClientRect();
  if (!over.width) return [];
  return [...button.closest("tr").querySelectorAll("bdi")].filter((words) =>
    [...words.getClientRects()].some((box) => box.left < over.right && box.right > over.left
      && box.top < over.bottom - 6 && box.bottom > over.top + 6)).map((words) => words.textContent);
})"""
BEYOND = "document.scrollingElement.scrollWidth - innerWidth"


def test_a_cell_is_changed_by_finger_and_stays_within_the_phone(
    new_page: Callable[..., Page], demo_server: Server
) -> None:
    page = new_page(device="phone", viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page.goto(demo_server.facts.sign_in_url)
    page.goto(f"{demo_server.base_url}/kickoffs/{demo_server.facts.kickoff_id}/goals")
    pencils = page.locator("td[data-field] .cell-button")
    expect(pencils.first).to_be_visible()
    assert page.evaluate(COVERED) == []
    pencils.nth(2).tap()
    expect(page.locator(".cell-form select")).to_be_in_viewport(ratio=1)
    assert page.evaluate(BEYOND) <= 0
