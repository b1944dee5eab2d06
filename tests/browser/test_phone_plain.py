"""A browser without a script: it follows the day, and shows what it answered itself.

Seen red with: «saved» believed for any question, no renewal after an answer, the answer not
painted, a refused form led on to an empty one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.handset import OpenPage, expect_question, join, tap
from tests.support.browser import problems
from tests.support.server import Server

pytestmark = pytest.mark.browser

OPTIONS = ["Tid", "Folk", "Data"]


@pytest.fixture(scope="module")
def desk(demo_server: Server) -> Iterator[Desk]:
    with Desk(demo_server) as opened_desk:
        yield opened_desk


@pytest.fixture
def page(demo_server: Server, new_page: OpenPage) -> Page:
    """An attendee who is in, without a script."""
    opened = new_page(device="phone", java_script_enabled=False)
    opened.goto(demo_server.facts.join_url)
    join(opened)
    expect(opened).to_have_url(re.compile(r"\?plain=1$"))
    return opened


def _send(page: Page) -> None:
    page.get_by_role("button", name="Send svar").click()


def _ask_anew(page: Page) -> None:
    page.get_by_role("link", name="Oppdater / neste spørsmål").click()


def _forgive(page: Page) -> None:
    """A form that was refused is complained of by the browser, not by the page."""
    problems(page).clear()


def _renews(page: Page) -> bool:
    return page.locator('meta[http-equiv="refresh"]').count() == 1


def test_saved_is_said_of_the_question_that_was_answered_alone(page: Page, desk: Desk) -> None:
    desk.ask("choice", "Første?", options=OPTIONS)
    _ask_anew(page)
    tap(page, "Folk")
    _send(page)
    expect(page.locator(".saved")).to_contain_text("Lagret")
    desk.ask("choice", "Andre?", options=OPTIONS)
    page.reload()  # the address still names the first
    expect_question(page, "Andre?")
    expect(page.locator("body")).not_to_contain_text("Lagret")


@pytest.mark.parametrize("mode", ["named", "anonymous"])
def test_it_shows_what_one_would_change(page: Page, desk: Desk, mode: str) -> None:
    desk.ask("choice", f"Hva mangler? {mode}", options=OPTIONS, mode=mode)
    _ask_anew(page)
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    tap(page, "Data")
    _send(page)
    expect(page.get_by_role("radio", name="Data")).to_be_checked()
    _ask_anew(page)
    expect(page.get_by_role("radio", name="Data")).to_be_checked()
    expect(page.locator(".saved")).to_contain_text("Lagret")


def test_nobody_else_sees_it(
    demo_server: Server, page: Page, desk: Desk, new_page: OpenPage
) -> None:
    desk.ask("words", "Ett ord?", mode="anonymous")
    _ask_anew(page)
    page.locator("input[name=text]").fill("hemmelighet")
    _send(page)
    expect(page.locator("input[name=text]")).to_have_value("hemmelighet")
    other = new_page(device="phone", java_script_enabled=False)
    other.goto(demo_server.facts.join_url)
    join(other)
    expect(other.locator("input[name=text]")).to_have_value("")
    # The page fetches itself anew now and then: asked once more by hand, it is there as a whole.
    told = other.request.get(other.url)
    assert told.ok
    assert "hemmelighet" not in told.text()


def test_it_renews_itself_only_while_nothing_can_be_lost(page: Page, desk: Desk) -> None:
    desk.ask("open_text", "Hva nå?")
    _ask_anew(page)
    assert not _renews(page)
    page.locator("textarea").fill("Mindre møter")
    _send(page)
    expect(page.locator("textarea")).to_have_value("Mindre møter")
    expect(page.locator("textarea")).to_be_disabled()
    assert _renews(page)
    page.get_by_role("link", name="Endre", exact=True).click()
    assert not _renews(page)
    page.locator("textarea").fill("Færre møter")
    _send(page)
    expect(page.locator("textarea")).to_have_value("Færre møter")
    assert _renews(page)


def test_it_follows_by_itself_after_an_answer(page: Page, desk: Desk) -> None:
    desk.ask("choice", "Før?", options=OPTIONS)
    _ask_anew(page)
    tap(page, "Tid")
    _send(page)
    desk.ask("choice", "Etter?", options=OPTIONS)
    expect_question(page, "Etter?", within=25)


def test_the_time_is_an_hour_and_does_not_stand_still(page: Page) -> None:
    expect(page.locator(".head .timer")).to_have_text(re.compile(r"^til \d\d:\d\d$"))


def test_what_is_refused_is_shown_again_with_the_reason(page: Page, desk: Desk) -> None:
    activity = desk.ask("words", "Hvilke ord?", config={"max": 2})
    _ask_anew(page)
    page.locator("input[name=text]").fill("en, to, tre")
    _send(page)
    expect(page.get_by_role("alert")).to_contain_text("Høyst 2, med komma mellom. Dette er 3.")
    expect(page.locator("input[name=text]")).to_have_value("en, to, tre")
    page.locator("input[name=text]").fill("en, to")
    _send(page)
    expect(page.locator(".saved")).to_contain_text("Lagret")
    assert desk.result(activity)["answered"] == 1
    _forgive(page)


def test_what_comes_too_late_can_still_be_read(page: Page, desk: Desk) -> None:
    activity = desk.ask("open_text", "Hva var det?")
    _ask_anew(page)
    page.locator("textarea").fill("Det jeg ville si")
    desk.command("activity.close", activity=activity)
    _send(page)
    expect(page.locator("#unsent")).to_contain_text("Stengt før du sendte dette")
    expect(page.locator("#unsent")).to_contain_text("Det jeg ville si")
    _forgive(page)


def test_a_name_is_given_later(page: Page) -> None:
    expect(page.locator("#me")).to_contain_text("Du er med uten navn")
    page.locator("#me summary").click()
    page.locator("#me-name").fill("x" * 81)
    page.get_by_role("button", name="Lagre").click()
    expect(page.locator("#name-fault")).to_have_text("Bruk høyst 80 tegn.")
    expect(page.locator("#me-name")).to_have_value("x" * 81)
    page.locator("#me-name").fill("Åse")
    page.get_by_role("button", name="Lagre").click()
    expect(page.locator("#me summary")).to_contain_text("Du er med som Åse")
    _forgive(page)
