"""Many groups on the wall: whose table is whose, and what each has on its board.

Seen red: the number of the page stood on a table's name; of six boards the last card was cut; of
twelve the names were told by eight letters, and the columns by one.
"""

from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.test_groups import open_wall, signed_in
from tests.support.browser import axe, screenshot
from tests.support.server import Server

__all__ = ["open_wall", "signed_in"]
pytestmark = pytest.mark.browser

ON_A_TABLE = """() => {
  const page = document.getElementById("pages").getBoundingClientRect();
  return [...document.querySelectorAll(".over-groups li")].filter((table) => {
    const box = table.getBoundingClientRect();
    const beside = box.left >= page.right || page.left >= box.right;
    return !beside && box.top < page.bottom && page.top < box.bottom;
  }).length;
}"""
HALF_THERE = """() => [...document.querySelectorAll(".tile-cards li")].filter((card) => {
  const box = card.getBoundingClientRect(), edge = card.parentElement.getBoundingClientRect();
  return box.left < edge.right - 1 && box.bottom > edge.bottom + 1;
}).map((card) => card.textContent)"""
CUT = """() => [...document.querySelectorAll(".tile h2 bdi")].filter((name) =>
  name.scrollWidth > name.clientWidth + 1 || name.scrollHeight > name.clientHeight + 4
).map((name) => name.textContent)"""
NAMES = ("Beredskap og øvelser i Øvre Årdal", "Strømsparing hjemme hos kunden", "HR")


@pytest.fixture
def desk(demo_server: Server) -> Any:
    with Desk(demo_server) as one:
        if one.state["status"] == "lobby":
            one.command("room.start")
        yield one


def come(server: Server, desk: Desk, number: int) -> None:
    path = f"{server.base_url}/api/v1/rooms/{server.facts.join_code}/participants"
    for guest in range(number):
        assert httpx.post(path, json={"name": f"Gjest {guest + 1}"}, timeout=30).is_success
        if guest % 10 == 9:
            desk.fresh()  # who reads nothing for long is cut off


def rename(server: Server, group: str, name: str) -> None:
    path = f"{server.base_url}/api/v1/kickoffs/{server.facts.kickoff_id}/groups/{group}"
    headers = {"authorization": f"Bearer {server.facts.api_token}"}
    headers["if-match"] = httpx.get(path, headers=headers, timeout=30).headers["etag"]
    assert httpx.patch(path, json={"name": name}, headers=headers, timeout=30).is_success


def groups(server: Server) -> list[str]:
    path = f"{server.base_url}/api/v1/kickoffs/{server.facts.kickoff_id}/groups"
    headers = {"authorization": f"Bearer {server.facts.api_token}"}
    return [each["id"] for each in httpx.get(path, headers=headers, timeout=30).json()["items"]]


def test_the_number_of_the_page_stands_on_no_table(
    open_wall, desk: Desk, demo_server: Server
) -> None:
    come(demo_server, desk, 60)
    wall = open_wall("nb")
    desk.fresh()
    desk.command("groups.make", count=12)
    desk.command("screen.set", screen="groups")
    expect(wall.locator("#pages")).to_be_visible()
    screenshot(wall, "wall-twelve-tables")
    assert wall.evaluate(ON_A_TABLE) == 0
    axe(wall)
    desk.command("screen.set", screen="")


@pytest.mark.parametrize("number", [2, 4, 6, 9, 12])
def test_a_card_is_there_or_it_is_not(
    open_wall, desk: Desk, demo_server: Server, number: int
) -> None:
    come(demo_server, desk, number)
    desk.fresh()
    desk.command("groups.make", count=number)
    board = desk.ask("sprint_board", "Fra hinder til handling")
    for group in groups(demo_server):
        for text in ("Velge to prosjekter", "Si det til kundene på Åsgårdstrand", "Måle", "Øve"):
            desk.command("sprint_board.add", activity=board, board=group, text=text)
    wall = open_wall("nb")
    expect(wall.locator(".tile")).to_have_count(number)
    screenshot(wall, f"wall-{number}-boards")
    assert wall.evaluate(HALF_THERE) == []
    assert wall.locator(".tile-cards li").first.is_visible()


def test_twelve_boards_are_told_apart_by_names_that_are_read_whole(
    open_wall, desk: Desk, demo_server: Server
) -> None:
    come(demo_server, desk, 12)
    desk.fresh()
    desk.command("groups.make", count=12)
    for group, name in zip(groups(demo_server), NAMES, strict=False):
        rename(demo_server, group, name)
    columns = ["Å gjøre", "Under arbeid hos oss", "Til godkjenning", "Ferdig"]
    desk.fresh()
    desk.ask("sprint_board", "Fra hinder til handling", config={"columns": columns})
    wall = open_wall("nb")
    expect(wall.locator(".tile")).to_have_count(12)
    expect(wall.locator(".tile h2").first).to_have_text(NAMES[0])
    screenshot(wall, "wall-twelve-long-names")
    assert wall.evaluate(CUT) == []
    named = wall.locator(".wall-columns-named span")
    expect(named).to_have_text(columns)
    assert named.evaluate_all("all => all.every(one => one.scrollWidth <= one.clientWidth)")
