"""One question on the screen: where it begins, what became of it, and what was written too late.

Seen red with: the form gone with what was typed in it, the page left scrolled where it was, all
results stacked, fields cut at their limit, refusals without a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.handset import (
    OpenPage,
    expect_question,
    expect_said,
    joined,
    submissions,
    tap,
)
from tests.support.browser import axe, screenshot
from tests.support.server import Server

pytestmark = pytest.mark.browser

OPTIONS = ["Tid", "Folk", "Data"]
SIZE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def desk(demo_server: Server) -> Iterator[Desk]:
    with Desk(demo_server) as opened_desk:
        yield opened_desk


@pytest.fixture
def page(demo_server: Server, new_page: OpenPage) -> Page:
    return joined(new_page, demo_server.base_url, demo_server, viewport=SIZE)


def test_what_was_typed_and_not_sent_stays_readable(page: Page, desk: Desk) -> None:
    activity = desk.ask("open_text", "Hva slutter vi med?")
    page.locator("textarea").fill("Møter uten beslutning")
    desk.command("activity.close", activity=activity)
    box = page.locator("#unsent")
    expect(box).to_contain_text("Stengt før du sendte dette")
    expect(box.locator("[data-unsent=text]")).to_have_text("Møter uten beslutning")
    page.reload()
    expect(box.locator("[data-unsent=text]")).to_have_text("Møter uten beslutning")
    screenshot(page, "phone-unsent")
    axe(page)
    # Opened again, it is back where it was.
    desk.command("activity.open", activity=activity)
    expect(page.locator("textarea")).to_have_value("Møter uten beslutning")
    expect(box).to_be_hidden()
    page.get_by_role("button", name="Send svar").click()
    expect_said(page, "Lagret")
    desk.command("activity.close", activity=activity)
    expect(page.locator("textarea")).to_have_count(0)
    expect(box).to_be_hidden()


def test_a_new_question_begins_at_its_title_unless_somebody_writes(page: Page, desk: Desk) -> None:
    many = [f"Svar nummer {n}" for n in range(14)]
    desk.ask("choice", "Lang?", options=many)
    expect_question(page, "Lang?")
    page.evaluate("scrollTo(0, 9999)")
    assert page.evaluate("scrollY") > 100
    desk.ask("choice", "Enda lengre?", options=many)
    expect_question(page, "Enda lengre?")
    expect(page.locator("#region-main h1").first).to_be_in_viewport()
    assert page.evaluate("scrollY") == 0


def test_earlier_results_are_folded_below_the_last(page: Page, desk: Desk) -> None:
    for title in ("Den første", "Den andre", "Den tredje"):
        activity = desk.ask("choice", title, options=OPTIONS)
        expect_question(page, title)
        tap(page, "Folk")
        expect_said(page, "Lagret")
        desk.command("activity.reveal", activity=activity)
        desk.command("activity.close", activity=activity)
    expect_question(page, "Den tredje")
    expect(page.locator(".bars:visible")).to_have_count(1)
    page.locator("details.earlier", has_text="Den første").locator("summary").click()
    expect(page.locator(".bars:visible")).to_have_count(2)


def test_text_is_counted_and_not_cut(page: Page, desk: Desk) -> None:
    activity = desk.ask("open_text", "Kort?", config={"max_length": 20})
    field, line = page.locator("textarea"), page.locator(".ask .counted")
    field.fill("x" * 18)
    expect(line).to_have_text("2 tegn igjen")
    field.fill("x" * 23)
    expect(line).to_have_text("3 tegn for mye: høyst 20")
    expect(field).to_have_value("x" * 23)
    page.get_by_role("button", name="Send svar").click()
    expect_said(page, "3 tegn for mye")
    assert submissions(page) == []
    field.fill("x" * 20)
    page.get_by_role("button", name="Send svar").click()
    expect_said(page, "Lagret")
    assert desk.result(activity)["answered"] == 1


def test_words_that_are_refused_hear_why(page: Page, desk: Desk) -> None:
    desk.ask("words", "Ord?", config={"max": 2})
    field, line = page.locator(".ask input[name=text]"), page.locator(".ask .counted")
    field.fill("en, to, tre")
    expect(line).to_have_text("1 for mange: høyst 2")
    field.fill("a" * 41)
    expect(line).to_contain_text("For langt: aaaaaaaaaaaaaaa … Høyst 40 tegn")
    # And the server says so itself, to whoever looks at nothing before.
    page.evaluate("window.countedWrong = () => ''")
    page.get_by_role("button", name="Send svar").click()
    expect_said(page, "For langt: «aaaaaaaaaaaaaaa…». Høyst 40 tegn hver.")


def test_a_change_is_confirmed_anew_in_the_same_place(page: Page, desk: Desk) -> None:
    activity = desk.ask("choice", "Hva?", options=OPTIONS)
    tap(page, "Tid")
    expect_said(page, "Lagret")
    place = page.locator(".bar").bounding_box()
    tap(page, "Data")
    expect_said(page, "Lagret med endringen din")
    desk.command("activity.reveal", activity=activity)
    expect(page.locator(".bars")).to_be_visible()
    assert place
    now = page.locator(".bar").bounding_box()
    assert now
    # At the bottom of the screen still, though the result has come below the answers.
    assert abs(now["y"] + now["height"] - SIZE["height"]) <= SIZE["height"] - place["y"]


def test_on_its_side_answer_and_confirmation_are_on_the_screen(
    demo_server: Server, desk: Desk, new_page: OpenPage
) -> None:
    desk.ask("open_text", "Hva tar du med deg?")
    wide = {"width": 844, "height": 390}
    page = joined(new_page, demo_server.base_url, demo_server, viewport=wide)
    expect(page.get_by_role("button", name="Send svar")).to_be_in_viewport(ratio=1)
    desk.ask("choice", "Hvem?", options=OPTIONS)
    expect_question(page, "Hvem?")
    expect(page.locator(".saved")).to_be_in_viewport(ratio=1)
    expect(page.locator("#region-main h1").first).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.querySelector('.head').offsetHeight") < 60


def test_a_named_question_tells_who_has_no_name_and_leads_to_it(page: Page, desk: Desk) -> None:
    desk.ask("choice", "Hvem tar det?", options=OPTIONS)
    page.get_by_role("link", name="Oppgi navnet ditt").click()
    page.locator("#me-name").fill("Sunniva")
    page.get_by_role("button", name="Lagre", exact=True).click()
    expect(page.locator("#me summary")).to_contain_text("Du er med som Sunniva")
    expect(page.locator(".nameless")).to_be_hidden()
    desk.ask("choice", "Og uten navn?", options=OPTIONS, mode="anonymous")
    expect_question(page, "Og uten navn?")
    expect(page.locator(".nameless")).to_have_count(0)


def test_a_break_says_when_it_goes_on(
    start_server: Callable[..., Server], new_page: OpenPage
) -> None:
    server = start_server()
    with Desk(server) as desk:
        page = joined(new_page, server.base_url, server, viewport=SIZE)
        for asked in [a for a in desk.state["activities"] if a["status"] == "open"]:
            desk.command("activity.close", activity=asked["id"])
        while desk.state["block"]["kind"] != "break":
            desk.command("agenda.next")
        expect(page.locator(".break")).to_contain_text("Vi fortsetter")
        expect(page.locator(".waiting")).to_have_count(0)


def test_a_pause_is_said_while_a_result_is_shown(page: Page, desk: Desk) -> None:
    activity = desk.ask("choice", "Til pausen?", options=OPTIONS)
    desk.command("activity.reveal", activity=activity)
    desk.command("activity.close", activity=activity)
    desk.command("agenda.pause")
    expect(page.locator("#region-main")).to_contain_text("Kort stopp. Klokka står.")
    expect(page.locator(".head")).to_contain_text("på pause")
    desk.command("agenda.resume")
