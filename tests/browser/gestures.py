"""What people do with the kinds of activity, on the phone and at the desk, as the tests say it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

# -- obstacles ------------------------------------------------------------------------------------


def write_obstacle(phone: Page, text: str) -> None:
    for _ in range(200):  # its script comes with its fragment
        if phone.evaluate("Boolean(window.kickoff?.writing)"):
            break
        phone.wait_for_timeout(50)
    phone.locator(".writing textarea").fill(text)
    phone.keyboard.press("Enter")
    row = phone.locator(".own-entry", has_text=text)
    expect(row).to_have_attribute("data-state", "visible")
    expect(phone.locator(".writing textarea")).to_be_focused()


def rank(phone: Page, *texts: str) -> None:
    for text in texts:
        phone.locator(".to-rank button", has_text=text).click()
    expect(phone.locator(".ranking")).to_have_attribute("data-own-state", "saved")


# -- boards ---------------------------------------------------------------------------------------


def expect_columns(page: Page, *wanted: list[str]) -> None:
    for number, titles in enumerate(wanted):
        cards = page.locator(f'.col[data-column="{number}"] .k:not(.on-its-way) .face b')
        expect(cards).to_have_text(titles, timeout=10_000)


def write_cards(page: Page, *titles: str) -> None:
    for title in titles:
        page.locator(".col:visible .add").click()
        page.locator("dialog[open] textarea").fill(title)
        page.locator("dialog[open] [data-finish]").click()
    expect(page.locator(".col:visible .k .face b").last).to_have_text(titles[-1])


def card(page: Page, title: str) -> Locator:
    return page.locator(".k", has_text=title)


# -- questions ------------------------------------------------------------------------------------


def bar(page: Page) -> Locator:
    return page.locator(".aside-bar:not(.aside-link)").first


def ask(page: Page, words: str) -> None:
    if not page.locator("details.aside[open]").count():
        bar(page).click()
    page.locator(".questions textarea").fill(words)
    page.locator(".questions .writing .send").click()


def own(page: Page, words: str) -> Locator:
    return page.locator(".own-entry", has_text=words)


def asked(page: Page, words: str) -> Locator:
    return page.locator(".asked li", has_text=words)


def row(console: Page, words: str) -> Locator:
    return console.locator(".qa-row").filter(has=console.locator(".qa-said", has_text=words))


def push_row(console: Page, words: str, command: str) -> None:
    """Pushes a row's button as somebody who has read the row: when the list has closed up after it,
    a moment passes, for a tap right after is taken for a second one."""
    button = row(console, words).locator(f'[data-command="{command}"]')
    button.click()
    expect(button).to_have_count(0)
    console.wait_for_timeout(700)


def scroll_up(page: Page) -> None:
    """Nothing lies half under what sticks to the edge: the window and every pane at their top."""
    page.evaluate(
        """() => {
          const panes = document.querySelectorAll("main, main *");
          for (const each of [document.scrollingElement, ...panes])
            if (each.scrollTop) each.scrollTo({ top: 0, behavior: "instant" });
        }"""
    )
