"""A resonance pulse from phones to the wall, and from there to the plan.

Seen red: with rows of answers that lay under the question after them.
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

TITLE = "Treffer denne dagen deg?"
# What a hall must read is 28 px of 1080 or more.
SMALL = """[...document.querySelectorAll(".resonance *:not(.aloud)")].filter((each) =>
  [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
  && parseFloat(getComputedStyle(each).fontSize) < 28).map((each) => each.textContent)"""


def answer(phone: Page, activity: str, *, value: int, clear: int, text: str = "") -> None:
    form = phone.locator(f"#answer-{activity}")
    for name in ("goals", "belief", "role"):
        form.locator(f"label:has([name={name}][value='{value}'])").click()
    for group in form.locator(f"label:has([name^='clear.'][value='{clear}'])").all():
        group.click()
    form.locator("label:has([name=nps][value='9'])").click()
    form.locator("textarea").fill(text)
    form.locator(".send").click()


def test_from_phones_to_the_wall_and_into_the_plan(
    demo_server: Server, new_page: Callable[..., Page]
) -> None:
    console = new_page(viewport={"width": 1440, "height": 900}, locale="nb-NO")
    console.goto(demo_server.facts.sign_in_url)
    console.goto(demo_server.facts.console_url)
    hall = new_page(device="projector")
    hall.goto(demo_server.facts.projector_url)
    with Desk(demo_server) as desk:
        if desk.state["status"] == "lobby":
            desk.command("room.start")
        activity = desk.ask("resonance", TITLE, mode="anonymous")
    card = console.locator(f"#activity-{activity}")

    # One with a script and four without; half an answer is not sent.
    phone = handset.joined(new_page, demo_server.base_url, demo_server)
    form = phone.locator(f"#answer-{activity}")
    form.locator(".send").click()
    expect(form).not_to_have_attribute("data-own-state", "saved")
    answer(phone, activity, value=4, clear=1, text="Færre ord, <b>flere</b> eksempler")
    expect(form).to_have_attribute("data-own-state", "saved")
    phone.reload()
    expect(form.locator("[name^='clear.'][value='1']:checked").first).to_be_attached()
    expect(form.locator("[name=goals][value='4']")).to_be_checked()
    axe(phone)
    screenshot(phone, "resonance_phone")
    for _ in range(4):
        plain = new_page(device="phone", java_script_enabled=False)
        plain.goto(demo_server.facts.join_url)
        handset.join(plain)
        answer(plain, activity, value=2, clear=1)
        expect(plain.locator(f"#answer-{activity}")).to_have_attribute("data-own-state", "saved")
        plain.context.close()
    expect(hall.locator(".waiting-count")).to_contain_text("5")

    card.locator("[data-command='activity.close']").click()
    card.locator("[data-command='activity.reveal']").click()
    expect(hall.locator(".resonance-statements li")).to_have_count(3)
    expect(hall.locator(".resonance-statements .mean").first).to_contain_text("2,4")
    assert hall.evaluate(SMALL) == []
    axe(hall)
    screenshot(hall, "resonance_answers")
    for stage, shown in (("teams", "h2"), ("clearer", ".resonance-messages li")):
        card.locator(f"[data-command='activity.to_stage'][data-data*='{stage}']").click()
        expect(hall.locator(f".at-{stage} {shown}").first).to_be_visible()
        assert hall.evaluate(SMALL) == []
        axe(hall)
        screenshot(hall, f"resonance_{stage}")
    expect(hall.locator(".notes")).to_contain_text("<b>flere</b>")

    # What nobody finds clear is marked in the plan by one tap, and the planner sees it there.
    card.locator(".notice [data-command='resonance.flag']").click()
    expect(card.locator(".marked").first).to_be_visible()
    axe(console)
    screenshot(console, "resonance_console")

    # Over whatever is on: a quick pulse in two taps.
    console.wait_for_timeout(1500)  # it may lie where the last push was
    console.locator("#quick-pulse summary").click()
    pulses = console.locator("#quick-pulse .ask-row")
    expect(pulses).to_have_count(2)
    mood = pulses.first.locator("input[name=title]").input_value()
    pulses.first.locator("button").click()
    handset.expect_question(phone, mood)
    expect(hall.locator("h1")).to_contain_text(mood)

    console.goto(f"{demo_server.base_url}/kickoffs/{demo_server.facts.kickoff_id}/messages")
    expect(console.locator("tbody tr").first).to_contain_text("20")
    for page in (console, hall, phone):
        assert list(problems(page)) == []
