"""A risk dialogue from phones to the register: placed by tap, keyboard and plain form, seen by the
hall, owned on stage.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import handset
from tests.browser.desk import Desk
from tests.support.browser import axe, problems, screenshot
from tests.support.server import Server

pytestmark = pytest.mark.browser

NEW = "Æøå: <b>nøkkelfolk</b> slutter midt i omleggingen, og ingen andre kan det de kan"
# What a hall must read is 28 px of 1080 or more; what is drawn is scaled with its picture.
SMALL = """[...document.querySelectorAll(".risks *:not(.aloud)")].filter((each) => {
  if (![...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) return false;
  const drawn = each.closest("svg"), scale = drawn?.getScreenCTM ? drawn.getScreenCTM().a : 1;
  return scale * parseFloat(getComputedStyle(each).fontSize) < 28;
}).map((each) => each.textContent)"""


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
    with Desk(demo_server) as desk:
        if desk.state["status"] == "lobby":
            desk.command("room.start")
        return desk.ask("risk_dialogue", "Hva kan gå galt?", mode="anonymous")


def card(phone: Page, text: str) -> Locator:
    return phone.locator(".risk-card", has_text=text)


def tap(phone: Page, text: str, likely: str, serious: str) -> None:
    cell = f"[data-likely={likely}][data-serious={serious}]"
    card(phone, text).locator(cell).click()
    expect(card(phone, text)).to_have_attribute("data-own-state", "saved")


def test_from_phones_to_the_register(
    demo_server: Server, new_page: Callable[..., Page], asked: str, console: Page, hall: Page
) -> None:
    phones = [handset.joined(new_page, demo_server.base_url, demo_server) for _ in range(2)]
    plain = new_page(device="phone", java_script_enabled=False)
    plain.goto(demo_server.facts.join_url)
    handset.join(plain)
    desk = console.locator(f"#activity-{asked}")
    titles = phones[0].locator(".risk-card h2").all_text_contents()
    first, second = sorted(titles)[:2]

    # By a finger, by the keyboard, and without a script.
    tap(phones[0], first, "high", "high")
    likely = card(phones[1], first).locator("[name=probability]").first
    likely.focus()
    phones[1].keyboard.press("Space")
    expect(card(phones[1], first)).to_have_attribute("data-own-state", "half")
    phones[1].keyboard.press("Tab")
    phones[1].keyboard.press("Space")
    expect(card(phones[1], first)).to_have_attribute("data-own-state", "saved")
    expect(card(phones[1], first).locator("[data-own-here]")).to_have_attribute(
        "data-likely", "low"
    )
    for number, phone in enumerate(phones):
        tap(phone, second, "medium", ("high", "medium")[number])
    tap(phones[0], second, "medium", "medium")
    for name, value in (("probability", "high"), ("consequence", "high")):
        card(plain, first).locator(f"[name={name}][value={value}]").check(force=True)
    card(plain, first).locator(".risk-send").click()
    expect(card(plain, first).locator(".saved")).not_to_be_empty()
    expect(card(plain, first).locator("[name=consequence]:checked")).to_have_value("high")
    assert len(set(titles)) == len(titles)
    phones[0].reload()
    expect(card(phones[0], first).locator("[data-own-here]")).to_have_count(1)
    expect(phones[0].locator("[data-places-count]")).to_contain_text("2")
    expect(hall.locator(".risk-matrix")).to_have_count(0)
    expect(desk.locator(".mark")).to_have_count(2)
    for page, name in ((hall, "hall"), (phones[0], "phone"), (console, "console")):
        screenshot(page, f"risks_place_{name}")
        axe(page)

    # The hall sees it live, and the eye goes to where it is split.
    desk.locator(".question-desk [data-command='activity.live']").click()
    expect(hall.locator(".mark")).to_have_count(2)
    expect(hall.locator(".mark.disputed")).to_have_count(1)
    expect(hall.locator(".risk-list .disputed")).to_contain_text(first)
    tap(phones[1], second, "low", "low")
    expect(hall.locator(".mark.disputed")).to_have_count(1)

    # What is missing is written, and placed by all.
    phones[1].locator(".writing textarea").fill(NEW)
    phones[1].locator(".writing .send").click()
    expect(phones[1].locator(".own-entry")).to_have_attribute("data-state", "visible")
    desk.locator(".next-stage").click()
    expect(phones[0].locator(".risk-card")).to_have_count(1)
    tap(phones[0], "slutter", "high", "medium")
    screenshot(phones[0], "risks_weigh_phone")
    axe(phones[0])
    card(phones[0], "slutter").locator("[data-away]").click()
    expect(card(phones[0], "slutter")).to_have_attribute("data-own-state", "none")
    tap(phones[0], "slutter", "high", "high")

    # Each gets an owner and a deadline; what has none is red, until it has.
    console.wait_for_timeout(1500)  # it lies where the last push was: a second tap is not meant
    desk.locator(".next-stage").click()
    row = desk.locator(".risk-owners > li", has_text="slutter")
    expect(row).to_have_class(re.compile("lacking"))
    expect(hall.locator(".risk-list li", has_text="slutter").locator(".lacks")).to_have_count(2)
    assert hall.evaluate(SMALL) == []
    row.locator("[name=owner_name]").fill("Åse Ødegård")
    row.locator(".own-form .firm").click()
    expect(row).to_have_class(re.compile("settled"))
    expect(phones[1].locator(".risk-told li", has_text="slutter")).to_contain_text("Åse Ødegård")
    desk.locator("[data-command='risk_dialogue.write']").first.click()
    expect(desk.locator(".risk-owners .badge-green")).to_have_count(3)
    for page, name in ((hall, "hall"), (phones[0], "phone"), (console, "console")):
        screenshot(page, f"risks_own_{name}")
        axe(page)
    row.locator("[data-command='risk_dialogue.take_back']").click()
    expect(row).to_have_class(re.compile("lacking"))
    expect(desk.locator(".risk-owners .badge-green")).to_have_count(2)
    for page in (console, hall, *phones):
        assert list(problems(page)) == []
