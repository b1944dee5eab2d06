"""A proposal that the room decides: an objection with its reason, a second round in other words,
and the decision log in one tap, which can be taken back.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import handset
from tests.browser.desk import Desk
from tests.support.browser import axe, problems, screenshot
from tests.support.server import Server

pytestmark = pytest.mark.browser

PROPOSAL = "Vi slår sammen de to køene <b>fra 1. mars</b>, også i Sunndalsøra"
REASON = "Vi mangler folk på kvelden: æøå"
# What a hall must read is 32 px of 1080 or more.
SMALL = """[...document.querySelectorAll(".card-wall *:not(.aloud)")].filter((each) =>
  [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
  && parseFloat(getComputedStyle(each).fontSize) < 32).map((each) => each.textContent)"""


@pytest.fixture
def console(new_page: Callable[..., Page], demo_server: Server) -> Page:
    page = new_page(viewport={"width": 1440, "height": 900}, locale="nb-NO")
    page.goto(demo_server.facts.sign_in_url)
    page.goto(demo_server.facts.console_url)
    handset.expect_live(page)
    return page


@pytest.fixture
def hall(new_page: Callable[..., Page], demo_server: Server) -> Page:
    page = new_page(device="projector")
    page.goto(demo_server.facts.projector_url)
    handset.expect_live(page)
    return page


@pytest.fixture
def asked(demo_server: Server) -> str:
    config = {"criteria": "Kunden får svar samme dag", "consequence": "To team bytter oppgaver"}
    with Desk(demo_server) as desk:
        if desk.state["status"] == "lobby":
            desk.command("room.start")
        return desk.ask("decision_card", PROPOSAL, mode="anonymous", config=config)


def say(phone: Page, answer: str, reason: str = "") -> None:
    phone.locator(f".card-answers .card-{answer}").click()
    why = phone.locator(".card-reason")
    expect(why).to_be_visible(visible=answer == "object")
    if reason:
        why.locator("textarea").fill(reason)
    phone.locator(".card-phone .send").click()


def saved(phone: Page) -> None:
    expect(phone.locator(".card-phone form")).to_have_attribute("data-own-state", "saved")


def test_from_a_proposal_to_the_decision_log(
    demo_server: Server, new_page: Callable[..., Page], asked: str, console: Page, hall: Page
) -> None:
    phones = [handset.joined(new_page, demo_server.base_url, demo_server) for _ in range(2)]
    plain = new_page(device="phone", java_script_enabled=False)
    plain.goto(demo_server.facts.join_url)
    handset.join(plain)
    card = console.locator(f"#activity-{asked}")

    # One objects, with a reason; nobody else is asked why, and the wall tells nothing yet.
    say(phones[0], "object")
    expect(phones[0].locator(".card-phone form")).to_have_attribute("data-own-state", "refused")
    say(phones[0], "object", REASON)
    saved(phones[0])
    say(phones[1], "support")
    saved(phones[1])
    say(plain, "live_with")
    expect(plain.locator("[value=live_with]")).to_be_checked()
    expect(hall.locator(".waiting-count")).to_contain_text("3")
    assert REASON not in hall.locator("body").inner_text()
    phones[0].reload()
    expect(phones[0].locator("textarea[name=reason]")).to_have_value(REASON)
    expect(card.locator(".entries li")).to_contain_text(REASON)
    for page, name in ((hall, "hall"), (phones[0], "phone"), (console, "console")):
        screenshot(page, f"card_asked_{name}")
        axe(page)

    # Shown, it is read from the back row; closed, it is on phones too.
    card.locator("[data-command='activity.reveal']").click()
    expect(hall.locator(".card-against li")).to_have_text(REASON)
    expect(hall.locator(".card-outcome")).to_have_class("card-outcome card-objected")
    assert hall.evaluate(SMALL) == []
    card.locator("[data-command='activity.close']").click()
    expect(phones[1].locator(".quotes li")).to_have_text(REASON)
    for page, name in ((hall, "hall"), (phones[1], "phone"), (console, "console")):
        screenshot(page, f"card_objected_{name}")
        axe(page)

    # In other words, and the first round stays beside it.
    again = card.locator(f"#again-{asked}")
    again.locator("summary").click()
    again.locator("[name=title]").fill("Vi slår dem sammen på dagtid")
    again.locator("button").click()
    for phone in phones:
        expect(phone.locator("h1").first).to_have_text("Vi slår dem sammen på dagtid")
        say(phone, "support")
        saved(phone)
    name = console.locator(".activity.is-open").get_attribute("id")
    second = console.locator(f"#{name}")
    second.locator("[data-command='activity.reveal']").click()
    expect(hall.locator(".card-outcome")).to_have_class("card-outcome card-carried")
    expect(hall.locator(".before .num")).to_have_text(["1", "1", "1"])
    screenshot(hall, "card_second_hall")
    axe(hall)
    second.locator("[data-command='activity.close']").click()

    # One tap, with an owner tied on the spot; and it can be taken back.
    form = second.locator(".card-decide")
    form.locator("[name=owner_name]").fill("Siv Åsen")
    form.locator("button").click()
    kept = second.locator(".card-kept")
    expect(kept).to_contain_text("Siv Åsen")
    expect(console.locator(".noted-list").first).to_contain_text("Vi slår dem sammen på dagtid")
    kept.scroll_into_view_if_needed()
    screenshot(console, "card_decided_console")
    axe(console)
    console.locator("#region-side [data-command='room.undo']").click()
    expect(kept).to_have_count(0)
    form.locator("button").click()
    expect(kept).to_be_visible()
    console.goto(demo_server.base_url + (kept.locator("a").get_attribute("href") or ""))
    told = console.locator("[name=voted]").input_value().splitlines()
    figures = [[int(letter) for letter in line if letter.isdigit()] for line in told]
    assert figures == [[2, 2, 0, 0], [1, 1, 1, 1]], "both rounds, the last one first"
    screenshot(console, "card_record", full_page=True)
    axe(console)
    for page in (console, hall, *phones):
        assert list(problems(page)) == []
