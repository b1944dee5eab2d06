"""Long names, and all that belongs to what is said: columns of a board on a phone, a decision on
the wall and what holds in its place, a group's responsibility.

Seen red: four columns were called "N…", "Be…", "W…" and "D…" on the phone; the last line of a
decision lay half beneath the edge; what superseded it had lost its date; a group's responsibility
stood nowhere on the wall; a board's styles moved the console's buttons.
"""

from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.test_closing import say
from tests.browser.test_groups import open_console, open_wall, phone_of, signed_in
from tests.support.browser import axe, screenshot
from tests.support.server import Server

__all__ = ["open_console", "open_wall", "signed_in"]
pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]

COLUMNS = [
    "Not yet started by anybody",
    "Being worked on this week",
    "Waiting for a decision",
    "Delivered and shown to the customer",
]
DECIDED = (
    "We stop two of the seven projects now, and the customer service gets the people who are set"
    " free by it from 1 March"
)
CUT = "span => span.scrollHeight > span.clientHeight + 1 || span.scrollWidth > span.clientWidth + 1"


@pytest.fixture
def desk(demo_server: Server) -> Iterator[Desk]:
    with Desk(demo_server) as opened:
        if opened.state["status"] == "lobby":
            opened.command("room.start")
        yield opened


def test_the_names_of_four_columns_are_read_on_a_phone(
    open_console, new_page: OpenPage, demo_server: Server, desk: Desk
) -> None:
    phone = phone_of(new_page, demo_server, "Kari Ærø", "en")
    console = open_console("en")
    plain = console.locator(".top .button, .times .button")
    before = [box["height"] for box in (one.bounding_box() for one in plain.all()) if box]
    desk.command("groups.make", count=2)
    board = desk.ask("sprint_board", "From obstacle to action", config={"columns": COLUMNS})
    names = phone.locator(".tabs button span")
    expect(names).to_have_text(COLUMNS)
    screenshot(phone, "board-long-columns-phone")
    assert [name.evaluate(CUT) for name in names.all()] == [False] * 4
    for tab in phone.locator(".tabs button").all():
        expect(tab).to_be_in_viewport(ratio=1)
    axe(phone)
    # The board stands beside the console's buttons, and leaves them as they were.
    expect(console.locator(f"#activity-{board} .overview")).to_be_visible()
    margins = plain.evaluate_all("all => all.map((one) => getComputedStyle(one).marginBlock)")
    assert set(margins) == {"0px"}
    after = [box["height"] for box in (one.bounding_box() for one in plain.all()) if box]
    assert after == before
    desk.fresh()
    desk.command("activity.close", activity=board)


def test_a_decision_is_whole_on_the_wall_and_keeps_its_date_when_another_holds(
    open_console, open_wall, demo_server: Server, desk: Desk
) -> None:
    desk.command("note.decide", text=DECIDED, owner_name="Aisha", due="2027-01-15", show=True)
    wall, console = open_wall("en"), open_console("en")
    text = wall.locator(".noted .what")
    expect(text).to_have_text(DECIDED)
    screenshot(wall, "decision-long-wall")
    assert not wall.locator(".noted").evaluate(
        "box => box.scrollHeight > box.clientHeight + 1"
        " || box.firstElementChild.scrollHeight > box.clientHeight + 1"
    )
    note = console.locator(".noted-list > li", has_text=DECIDED)
    note.locator("summary").click()
    note.locator("[name=text]").fill("We stop three of them")
    note.get_by_role("button", name="This holds now").click()
    expect(text).to_have_text("We stop three of them")
    facts = demo_server.facts
    found = httpx.get(
        f"{facts.base_url}/api/v1/kickoffs/{facts.kickoff_id}/decisions",
        headers={"authorization": f"Bearer {facts.api_token}"},
        timeout=30,
    ).json()["items"]
    assert [one["due"] for one in found if one["title"] == "We stop three of them"] == [
        "2027-01-15"
    ]
    desk.fresh()
    desk.command("note.show", note=None)


def test_the_wall_says_what_a_group_is_responsible_for(
    open_wall, new_page: OpenPage, demo_server: Server, desk: Desk
) -> None:
    phone, wall = phone_of(new_page, demo_server, "Ola", "en"), open_wall("en")
    desk.fresh()
    activity = desk.ask("team_close", "What do you take on?", mode="named")
    phone.locator("form.closes [name=responsibility]").fill("Business customers in the north")
    say(phone, "Call the two largest of them", "Ola")
    expect(wall.locator(".stated > li")).to_contain_text("Business customers in the north")
    desk.fresh()
    desk.command("activity.close", activity=activity)
