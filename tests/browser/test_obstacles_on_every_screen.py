"""Top 5 obstacles where the screen is small and the words are many: the console on a phone and on a
small laptop, five long ones with long names on the wall, a phone that was scrolled down.

Seen red: the way to the next phase made the phone's page wider than its glass, so that the bar
under the thumb was beyond its edge; the fourth and the fifth fell off the wall; owners were named
above what the phone showed.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app import clock
from tests.browser.desk import Desk
from tests.browser.gestures import rank, write_obstacle
from tests.browser.handset import expect_live, joined
from tests.browser.test_stage import signed_in
from tests.support.browser import axe, screenshot
from tests.support.server import Server

__all__ = ["signed_in"]
pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]

SIZES = {"phone": (390, 844), "small laptop": (1280, 800), "laptop": (1440, 900)}
LONG = [
    f"{number}: everything is approved twice before it may leave the building, even when the amount"
    " is small and the customer has waited for long"
    for number in ("First", "Second", "Third", "Fourth", "Fifth", "Sixth")
]
NAME = "Bjørn-Erik Christoffersen-Ødegårdshaugen"
LOCALES = {"nb": "nb-NO", "en": "en-GB"}

# Of the controls by which one steers: those that lie on another, or beyond what they stand in.
IN_THE_WAY = """() => {
  const seen = (each) => each.checkVisibility() && each.getBoundingClientRect().width > 1;
  const all = [...document.querySelectorAll(".now-head .button, .new > .more > summary")];
  const told = (each) => [each.textContent.trim(), each.getBoundingClientRect()];
  const boxes = all.filter(seen).map(told);
  const desk = document.querySelector(".new").getBoundingClientRect();
  const found = boxes.filter(([, box]) => box.right > Math.max(desk.right, innerWidth - 16) + 1);
  for (const [one, a] of boxes) for (const [other, b] of boxes) {
    const beside = a.right <= b.left + 1 || b.right <= a.left + 1;
    const below = a.bottom <= b.top + 1 || b.bottom <= a.top + 1;
    if (one < other && !beside && !below) found.push([one, other]);
  }
  return found.map(String);
}"""
BEYOND = "document.scrollingElement.scrollWidth - innerWidth"
# Rows of the five that the wall does not show whole, and letters that are too small for its hall.
OFF_THE_WALL = """() => [...document.querySelectorAll(".five > [data-must]")].filter((row) => {
  const edge = row.parentElement.getBoundingClientRect(), box = row.getBoundingClientRect();
  const letters = parseFloat(getComputedStyle(row.querySelector(".what")).fontSize);
  const beyond = box.right > edge.right + 1 || box.bottom > edge.bottom + 1;
  return beyond || box.height < 2 * letters || letters < 32;
}).map((row) => row.textContent)"""


@pytest.fixture
def desk(demo_server: Server) -> Iterator[Desk]:
    with Desk(demo_server) as opened:
        yield opened


def ask_and_write(desk: Desk, phone: Page, texts: list[str]) -> str:
    asked = desk.ask("top_obstacles", "What stands in the way of the goals we have?")
    for text in texts:
        write_obstacle(phone, text)
    return asked


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("size", SIZES)
def test_nothing_that_one_steers_by_covers_another(
    new_page: NewPage, demo_server: Server, signed_in: Any, size: str, language: str
) -> None:
    width, height = SIZES[size]
    touch: dict[str, Any] = {"is_mobile": True, "has_touch": True} if size == "phone" else {}
    console = new_page(
        viewport={"width": width, "height": height},
        locale=LOCALES[language],
        storage_state=signed_in,
        **touch,
    )
    console.goto(demo_server.facts.console_url)
    expect_live(console)
    # There is a program to walk, and a phase to go to beside it.
    expect(console.locator(".times > *")).to_have_count(5)
    assert console.evaluate(BEYOND) <= 0
    assert console.evaluate(IN_THE_WAY) == []
    expect(console.locator(".steps .go")).to_be_in_viewport(ratio=1)


def test_all_five_stand_on_the_wall_with_their_owners_however_long(
    new_page: NewPage, demo_server: Server, desk: Desk
) -> None:
    phones = [joined(new_page, demo_server.base_url, demo_server) for _ in range(2)]
    wall = new_page(device="projector", locale="en-GB")
    wall.goto(demo_server.facts.projector_url)
    asked = ask_and_write(desk, phones[0], LONG[:5])
    write_obstacle(phones[1], LONG[5])
    desk.fresh()
    desk.command("activity.to_stage", activity=asked, stage="rank")
    entries = {each["text"]: each["id"] for each in desk.activity(asked)["entries"]}
    rank(phones[0], *LONG[:5])
    rank(phones[1], LONG[0], LONG[5])
    desk.fresh()
    desk.command("activity.reveal", activity=asked)
    expect(wall.locator(".five > [data-must]")).to_have_count(5)
    wall.wait_for_timeout(800)
    screenshot(wall, "obstacles-five-long-ranked")
    assert wall.evaluate(OFF_THE_WALL) == []
    desk.fresh()
    desk.command("activity.to_stage", activity=asked, stage="own")
    due = (clock.now() + timedelta(days=30)).date().isoformat()
    five = [entries[text] for text in (*LONG[:4], LONG[5])]
    for entry in five:
        desk.fresh()
        desk.command("top_obstacles.own", activity=asked, entry=entry, owner_name=NAME, due=due)
    expect(wall.locator(".owned .who b")).to_have_count(5)
    wall.wait_for_timeout(800)
    screenshot(wall, "obstacles-five-long-owned")
    assert wall.evaluate(OFF_THE_WALL) == []
    axe(wall)
    desk.fresh()
    desk.command("activity.close", activity=asked)


def test_each_stage_begins_at_its_beginning(
    new_page: NewPage, demo_server: Server, desk: Desk
) -> None:
    phone = joined(new_page, demo_server.base_url, demo_server)
    asked = ask_and_write(desk, phone, LONG[:5])
    desk.fresh()
    desk.command("activity.to_stage", activity=asked, stage="rank")
    expect(phone.locator(".to-rank li")).to_have_count(5)
    phone.locator(".to-rank button").first.click()
    expect(phone.locator(".ranking")).to_have_attribute("data-own-state", "saved")
    phone.evaluate("scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })")
    assert phone.evaluate("scrollY") > 200
    desk.fresh()
    desk.command("activity.to_stage", activity=asked, stage="own")
    expect(phone.locator(".the-five li").first).to_be_in_viewport()
    assert phone.evaluate("scrollY") == 0
    desk.fresh()
    desk.command("activity.close", activity=asked)
