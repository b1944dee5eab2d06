"""Questions all day, from asked to published: two phones, the console, the projector, the planner,
and somebody who has the link.

Seen red with: the bar under the question's own bar, a panel that lets the page behind be reached, a
reload that closes what was open, typing lost to a frame, a phone's "back" that leaves the room.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk import Desk
from tests.browser.gestures import ask, asked, bar, own, push_row, row, scroll_up
from tests.browser.handset import join, joined, tap
from tests.support.browser import axe, problems, screenshot
from tests.support.server import Server

pytestmark = pytest.mark.browser

SIZE = {"width": 390, "height": 844}
TITLE = "Spørsmål til ledelsen"
SALARY = "Hva betyr de nye målene for lønn og bonus, og når får vi vite det?"
HIRE = "Ansetter vi flere i drift før sommeren, eller må vi klare det med dem vi er?"
HOSTILE = "<script>alert(1)</script> Er æ, ø og å med?"
CUT = """[...document.querySelectorAll(".qa-list .what")].filter((line) => {
  const box = line.closest("ol").getBoundingClientRect();
  return line.getBoundingClientRect().bottom > box.bottom + 1;
}).length"""
SMALLEST = """Math.min(...[...document.querySelectorAll(".qa-list .what")].map(
  (line) => parseFloat(getComputedStyle(line).fontSize)))"""
NewPage = Callable[..., Page]


@pytest.fixture(scope="module")
def signed_in(demo_server: Server, browser: Browser) -> Any:
    context = browser.new_context(locale="nb-NO")
    page = context.new_page()
    page.goto(demo_server.facts.sign_in_url)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="module")
def desk(demo_server: Server) -> Any:
    with Desk(demo_server) as opened:
        if opened.state["status"] == "lobby":
            opened.command("room.start")
        yield opened


@pytest.fixture(scope="module")
def stream(desk: Desk) -> str:
    made = desk.command(
        "activity.create", kind="questions", title=TITLE, config={"approval": True}, open=True
    )
    return str(made["activity"])


@pytest.fixture
def console(new_page: NewPage, demo_server: Server, signed_in: Any) -> Page:
    page = new_page(viewport={"width": 1440, "height": 900}, storage_state=signed_in)
    page.goto(demo_server.facts.console_url)
    return live(page)


@pytest.fixture
def hall(new_page: NewPage, demo_server: Server) -> Page:
    page = new_page(device="projector")
    page.goto(demo_server.facts.projector_url)
    return live(page)


@pytest.fixture
def phone(new_page: NewPage, demo_server: Server) -> Page:
    return joined(new_page, demo_server.base_url, demo_server, viewport=SIZE)


@pytest.fixture
def other(new_page: NewPage, demo_server: Server) -> Page:
    return joined(new_page, demo_server.base_url, demo_server, viewport=SIZE, locale="en-GB")


def test_from_asked_to_published(
    desk: Desk,
    stream: str,
    phone: Page,
    other: Page,
    console: Page,
    hall: Page,
    new_page: NewPage,
    demo_server: Server,
    signed_in: Any,
) -> None:
    ask_in_main(desk)
    # What is asked in the room and the way to the questions are both on the screen.
    for page in (phone, other):
        expect(bar(page)).to_be_in_viewport(ratio=1)
        expect(page.locator(".pick").first).to_be_in_viewport()
    screenshot(phone, "questions-phone-bar")
    axe(phone)

    # Asked, and nobody else's yet.
    for words in (SALARY, HIRE, HOSTILE):
        ask(phone, words)
        expect(own(phone, words)).to_have_attribute("data-state", "pending")
    screenshot(phone, "questions-phone-waiting")
    axe(phone)
    expect(bar(other).locator(".count b")).to_have_text("0")

    # The facilitator reads them, and lets two through.
    card = console.locator(f"#activity-{stream}")
    expect(card.locator(".waits")).to_be_visible()
    screenshot(console, "questions-console-card")
    card.locator("details summary").first.click()
    for words in (SALARY, HIRE, HOSTILE):
        push_row(console, words, "entry.show")
    expect(card.locator(".waits")).to_have_count(0)

    # Voted for, in the other language.
    expect(bar(other).locator(".count b")).to_have_text("3")
    bar(other).click()
    vote = asked(other, SALARY).locator(".up")
    vote.click()
    expect(vote).to_have_attribute("aria-pressed", "true")
    expect(vote.locator("b")).to_have_text("1")
    screenshot(other, "questions-phone-voted-en")
    axe(other)
    vote.click()
    expect(vote.locator("b")).to_have_text("0")
    vote.click()
    expect(vote.locator("b")).to_have_text("1")
    other.reload()
    expect(asked(other, SALARY).locator(".up")).to_have_attribute("aria-pressed", "true")

    # Large on the wall, with who answers it.
    screenshot(console, "questions-console-list", full_page=True)
    scroll_up(console)
    axe(console)
    row(console, SALARY).locator('[data-command="questions.pin"]').click()
    expect(hall.locator(".qa-one blockquote")).to_have_text(SALARY)
    row(console, SALARY).locator(".qa-more summary").click()
    form = row(console, SALARY).locator("form").first
    form.locator("[name=by]").fill("Kjersti Bråten")
    screenshot(console, "questions-console-answering")
    scroll_up(console)
    axe(console)
    form.locator('[data-command="questions.assign"]').click()
    expect(hall.locator(".qa-by")).to_be_visible()
    screenshot(hall, "questions-wall-pinned")
    axe(hall)
    expect(asked(phone, SALARY)).to_have_class("pinned")

    # Answered: it leaves the wall, and stands as answered on phones.
    row(console, SALARY).locator('.qa-does [data-command="questions.answered"]').click()
    expect(asked(phone, SALARY)).to_have_attribute("data-state", "answered")
    expect(hall.locator(".qa-list")).to_contain_text("Er æ, ø og å med?")
    screenshot(hall, "questions-wall-list")
    row(console, HIRE).locator('[data-command="questions.backlog"]').click()
    expect(asked(phone, HIRE)).to_have_attribute("data-state", "backlog")
    screenshot(phone, "questions-phone-answered", full_page=True)

    # After the day it is still open.
    desk.fresh()
    desk.command("room.end")
    late = "Kommer svarene på spørsmålene skriftlig?"
    ask(phone, late)
    expect(own(phone, late)).to_be_visible()
    phone.go_back()
    expect(bar(phone)).to_be_in_viewport(ratio=1)
    screenshot(phone, "questions-phone-ended")
    axe(phone)

    # Answered in writing the next day, and published at one link.
    planner = new_page(viewport={"width": 1440, "height": 900}, storage_state=signed_in)
    planner.goto(f"{demo_server.base_url}/kickoffs/{demo_server.facts.kickoff_id}/questions")
    screenshot(planner, "questions-planner", full_page=True)
    axe(planner)
    planner.locator(".actions a", has_text="").first.scroll_into_view_if_needed()
    planner.get_by_role("link", name=HIRE).click()
    planner.locator("#field-answer").fill(
        "Ja. To stillinger lyses ut i mars.\nResten ser vi på i mai."
    )
    planner.locator("#field-by").fill("Anne-Margrethe Øvregård")
    screenshot(planner, "questions-planner-form")
    axe(planner)
    planner.locator('[name=do][value="answered"]').click()
    planner.locator('form[action$="/publish"] button').click()
    address = planner.locator(".published-link a").get_attribute("href")
    screenshot(planner, "questions-planner-published", full_page=True)
    axe(planner)

    assert address is not None
    for language, device in (("nb-NO", "phone"), ("en-GB", "laptop")):
        reader = new_page(device=device, locale=language)
        reader.goto(address)
        expect(reader.locator("article", has_text=HIRE)).to_contain_text("To stillinger")
        expect(reader.locator("article", has_text=SALARY)).to_be_visible()
        expect(reader.locator(".working")).to_contain_text("<script>alert(1)</script>")
        screenshot(reader, f"questions-published-{language[:2]}", full_page=True)
        axe(reader)
    reader.emulate_media(media="print")
    screenshot(reader, "questions-published-print", full_page=True)
    # And the phones of the day have the way to it.
    bar(phone).click()
    expect(phone.locator(f'.questions a[href="/answers/{address[-22:]}"]')).to_be_visible()
    screenshot(phone, "questions-phone-published")
    axe(phone)
    desk.command("room.start")


def test_nothing_of_what_is_asked_in_the_room_is_disturbed(
    desk: Desk, stream: str, phone: Page
) -> None:
    ask_in_main(desk)
    bar(phone).click()
    field = phone.locator(".questions textarea")
    field.fill("Halvt skrevet")
    desk.command("activity.stage", activity=None)
    # Something new is asked: it is said, and what is being written stays, with the focus in it.
    ask_in_main(desk, "Ble du overrasket?")
    expect(phone.locator(".aside-news")).to_be_visible()
    expect(field).to_have_value("Halvt skrevet")
    expect(field).to_be_focused()
    screenshot(phone, "questions-phone-news")
    phone.locator(".aside-news button").click()
    expect(phone.locator("#region-main h1").first).to_have_text("Ble du overrasket?")
    tap(phone, "Ja")
    expect(phone.locator(".saved").first).to_contain_text("Lagret")
    bar(phone).click()
    expect(field).to_have_value("Halvt skrevet")


def test_it_is_opened_and_closed_by_keyboard_and_by_back_and_stays_in_the_room(
    desk: Desk, stream: str, phone: Page
) -> None:
    ask_in_main(desk)
    summary = phone.locator("summary.aside-bar")
    summary.focus()
    phone.keyboard.press("Enter")
    panel = phone.locator("details.aside")
    expect(panel).to_have_attribute("open", "")
    # The page behind is covered: the keyboard does not get into it.
    expect(phone.locator("#region-main")).to_have_js_property("inert", True)
    phone.keyboard.press("Escape")
    expect(panel).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()
    expect(phone.locator("#region-main")).to_have_js_property("inert", False)
    until(phone, "!history.state?.aside")
    summary.click()
    until(phone, "Boolean(history.state?.aside)")
    address = phone.url
    phone.go_back()
    expect(panel).not_to_have_attribute("open", "")
    assert phone.url == address
    phone.go_forward()
    expect(panel).to_have_attribute("open", "")
    phone.reload()
    expect(panel).to_have_attribute("open", "")


def test_without_a_script_it_is_a_page_of_its_own_that_loses_nothing(
    desk: Desk, stream: str, new_page: NewPage, demo_server: Server
) -> None:
    ask_in_main(desk)
    page = new_page(device="phone", viewport=SIZE, java_script_enabled=False)
    page.goto(demo_server.facts.join_url)
    join(page)
    page.locator("a.aside-bar").first.click()
    expect(page.locator('meta[http-equiv="refresh"]')).to_have_count(0)
    page.locator("textarea").fill("Uten skript?")
    page.locator(".writing .send").click()
    expect(own(page, "Uten skript?")).to_have_attribute("data-state", "pending")
    screenshot(page, "questions-phone-plain", full_page=True)
    desk.command("entry.show_all", activity=stream, entries=waiting(desk, stream))
    page.locator("a.aside-bar").first.click()
    page.locator("a.aside-bar").first.click()
    asked(page, "Uten skript?").locator(".up").click()
    expect(asked(page, "Uten skript?").locator(".up")).to_have_attribute("aria-pressed", "true")
    asked(page, "Uten skript?").locator(".up").click()
    expect(asked(page, "Uten skript?").locator(".up")).to_have_attribute("aria-pressed", "false")
    page.locator(".own-act[name=withdraw]").first.click()
    page.wait_for_timeout(1500)  # a page may be a second old
    page.reload()
    expect(asked(page, "Uten skript?")).to_have_count(0)
    assert not list(problems(page))


def test_the_wall_holds_what_it_shows_however_long_and_however_many(
    desk: Desk, stream: str, phone: Page, hall: Page
) -> None:
    """Of long questions fewer are shown, and each of those to its end."""
    sentence = (
        "Hvorfor måler vi antall saker og ikke hvor mange som måtte ringe en gang til om det? "
    )
    for number in range(9):
        ask(phone, f"{number + 1}. {(sentence * 3)[: 265 if number < 6 else 70]}")
        expect(own(phone, f"{number + 1}. ")).to_have_attribute("data-state", "pending")
    desk.command("entry.show_all", activity=stream, entries=waiting(desk, stream))
    desk.command("activity.stage", activity=stream)
    expect(hall.locator(".qa-list li").first).to_be_visible()
    hall.wait_for_timeout(700)
    screenshot(hall, "questions-wall-long")
    axe(hall)
    assert hall.evaluate(CUT) == 0
    assert hall.evaluate(SMALLEST) >= 32
    expect(hall.locator(".sources")).to_be_visible()


# -- hands ----------------------------------------------------------------------------------------


def ask_in_main(desk: Desk, title: str = "Er vi enige?") -> None:
    """A question in the room; the stream stays open."""
    for activity in desk.fresh()["activities"]:
        if activity["status"] == "open" and activity["kind"] != "questions":
            desk.command("activity.close", activity=activity["id"])
    desk.command(
        "activity.create",
        kind="choice",
        title=title,
        options=["Ja", "Nei"],
        mode="named",
        open=True,
    )


def waiting(desk: Desk, stream: str) -> list[str]:
    entries = desk.activity(stream)["entries"]
    return [entry["id"] for entry in entries if entry["state"] == "pending"]


def live(page: Page) -> Page:
    expect(page.locator("html")).to_have_attribute("data-connection", "live")
    return page


def until(page: Page, holds: str) -> None:
    for _ in range(100):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(50)
    raise AssertionError(holds)
