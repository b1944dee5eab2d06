"""From a blank page to a printed strategy map: a planning team prepares the demo's whole kickoff by
the pages alone, on an installation in which nobody has signed in yet.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from app import clock, demo_plan
from app.demo_records import ORDER
from app.i18n import gettext, speaking
from app.live.activity import kind_of
from app.operations.entities import (
    AGENDA_BLOCKS,
    PEOPLE,
    PULSE_MEASURES,
    PULSE_QUESTIONS,
    PULSES,
)
from app.rules.plan_check.check import SECTIONS
from app.rules.plan_check.rule import BEFORE
from app.rules.timebox import minute_of_day, time_of
from tests.browser.planning_team import PlanningTeam, Row, path_of, typed_first
from tests.support.browser import axe, picture, screenshot
from tests.support.pdf import read
from tests.support.processes import wait_until
from tests.support.server import Server

# A plan of 400 records by hand takes a minute; a machine that does something else takes its time.
pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

LAPTOP = {"width": 1440, "height": 900}
A3_LANDSCAPE = (1191, 842)  # in points
PASSWORD = "nordlys over fjorden"
# So near that what was read and rehearsed the week before the day has been by now.
DAYS_AHEAD = 5
PLAN = demo_plan.read()


@pytest.fixture
def team(new_page: Callable[..., Page], start_server: Callable[..., Server]) -> PlanningTeam:
    server = start_server(command="serve")
    day = clock.now().date() + timedelta(days=DAYS_AHEAD)
    page = new_page(viewport=LAPTOP, reduced_motion="reduce")
    _begin(page, server)
    return PlanningTeam(page, server.base_url, day)


def test_a_team_plans_a_kickoff_from_blank_to_the_poster_on_the_wall(team: PlanningTeam) -> None:
    with speaking("nb"):
        _create_kickoff(team)
        _fill_the_plan(team)
        _prepare_what_is_asked(team)
        _everything_before_the_day_is_met(team)
        _the_poster_hangs(team)
        _the_map_is_on_the_projector(team)


def _begin(page: Page, server: Server) -> None:
    """The first administrator follows the printed link and says who they are."""
    said = re.compile(r"http\S+/sign-in/\S+")
    wait_until(lambda: said.search(server.log) is not None, what="the first administrator's link")
    found = said.search(server.log)
    assert found
    page.goto(found[0])
    page.locator("#field-organisation").fill("Nordlys Energi")
    page.locator("#field-name").fill("Ingrid Aasen")
    page.locator("#field-email").fill("ingrid.aasen@nordlys.example")
    page.locator("#field-password").fill(PASSWORD)
    page.locator("main form button").last.click()
    expect(page.locator(".notice-good")).to_be_visible()


def _create_kickoff(team: PlanningTeam) -> None:
    """With nothing in it; why and for whom is told at once."""
    page, words = team.page, PLAN.kickoff
    page.goto(f"{team.base_url}/kickoffs/new")
    page.get_by_role("radio", name=gettext("An empty plan and an empty day.")).check()
    page.locator("details.more summary").click()
    for name, text in words.items():
        page.locator(f"#field-{name}").fill(text)
    page.locator("#field-day").fill(team.day.isoformat())
    team.press(gettext("Create the kickoff"))
    expect(page.locator(".notice-good")).to_be_visible()
    team.here = page.url.partition("/plan")[0]
    team.open("plan-check")
    screenshot(page, "from-blank-plan-check-at-first")


def _fill_the_plan(team: PlanningTeam) -> None:
    """One of each part is written by hand; the rest is in the spreadsheets that people have."""
    # A pulse is asked after the day; its page begins with questions to choose from.
    asked_afterwards = (PULSES, PULSE_QUESTIONS, PULSE_MEASURES)
    for number, entity in enumerate(one for one in ORDER if one not in asked_afterwards):
        rows: list[Row] = [dict(row) for row in PLAN.records[entity.name]]
        if entity is AGENDA_BLOCKS:
            _fix_lunch(rows)
        typed, others = typed_first(entity, rows)
        team.open(path_of(entity))
        team.page.locator(".empty a.go").click()  # "add the first …"
        team.writes(entity, typed)
        if entity is AGENDA_BLOCKS:
            team.open(path_of(entity))  # a new block's own page comes first
        if others and entity is PEOPLE:
            _bring_people(team, others)
        elif others:
            team.brings(entity, others, as_workbook=number % 2 == 0)
        listed = team.page.locator("main tbody tr, main .agenda-block")
        expect(listed).to_have_count(len(rows))


def _fix_lunch(rows: list[Row]) -> None:
    """It keeps its time whatever happens before it."""
    place = next(number for number, row in enumerate(rows) if row.get("key") == "lunsj")
    before = sum(row["minutes"] for row in rows[:place])
    starts_at = time_of(minute_of_day(PLAN.kickoff["starts_at"]) + before + 10)
    rows[place] = {**rows[place], "fixed_start": starts_at}


def _bring_people(team: PlanningTeam, rows: list[Row]) -> None:
    """Pasted as they lie in the spreadsheet, with the team by its name."""
    names = {row["key"]: row["name"] for row in PLAN.records["teams"]}
    told = ("name", "email", "function", "seniority", "site")
    lines = [
        "\t".join([*(row.get(one, "") for one in told), names[row["team_id"]]]) for row in rows
    ]
    team.press(gettext("From a spreadsheet"))
    team.page.locator("#field-text").fill("\n".join(lines))
    team.press(gettext("Preview"))
    team.page.locator("button[name=confirm]").click()
    expect(team.page.locator(".notice-good")).to_be_visible()


def _prepare_what_is_asked(team: PlanningTeam) -> None:
    """Each block's questions, from the block's own page."""
    page = team.page
    titles = {row["key"]: row["title"] for row in PLAN.blocks if "key" in row}
    at = ""
    for asked in PLAN.activities:
        if asked["block"] != at:
            at = asked["block"]
            team.open("agenda")
            page.get_by_role("link", name=titles[at], exact=True).click()
        team.press(gettext(kind_of(asked["kind"]).name))
        page.locator("#field-title").fill(asked["title"])
        page.locator("#field-mode").select_option(asked["mode"])
        if "options" in asked:
            page.locator("#field-options").fill("\n".join(asked["options"]))
        for name, value in asked.get("config", {}).items():
            setting = page.locator(f"#field-config_{name}")
            setting.check() if value is True else setting.fill(str(value))
        team.press(gettext("Save"))
        prepared = page.locator("#activities").get_by_role("link", name=asked["title"], exact=True)
        expect(prepared).to_be_visible()


def _everything_before_the_day_is_met(team: PlanningTeam) -> None:
    asked = {rule.id for rules in SECTIONS.values() for rule in rules if rule.phase == BEFORE}
    team.open("plan-check")
    page = team.page
    unmet = {
        check.get_attribute("id"): check.inner_text()
        for check in page.locator(".check-of-plan:not(.check-met)").all()
    }
    assert {id: text for id, text in unmet.items() if id in asked} == {}
    expect(page.locator(".readiness-phases dd").first).to_have_text("100 %")
    met = gettext("%(met)s of %(all)s met") % {"met": len(asked), "all": len(asked)}
    expect(page.locator(".readiness-phases dt").first).to_contain_text(met)
    screenshot(page, "from-blank-plan-check", full_page=True)
    axe(page)


def _the_poster_hangs(team: PlanningTeam) -> None:
    """Found and printed from the page of papers: A3, every goal on it, every letter right."""
    team.open("paper")
    poster = team.page.get_by_role("link", name="PDF, A3").first
    address = poster.get_attribute("href") or ""
    answer = team.page.request.get(team.base_url + address)
    assert answer.headers["content-type"] == "application/pdf"
    assert "Strategikart" in answer.headers["content-disposition"]
    made = read(answer.body())
    assert made.sizes == (A3_LANDSCAPE,)
    assert made.overflow <= 0
    assert {font.partition("-")[0] for font in made.fonts} == {"SchibstedGrotesk"}
    flat = made.text.replace(" ", "")
    for goal in PLAN.records["goals"]:
        # A line of the drawing may break within a sentence, and within a long word.
        assert goal["title"].replace(" ", "") in flat, goal["title"]
    _as_a_picture(answer.body(), "from-blank-poster")


def _the_map_is_on_the_projector(team: PlanningTeam) -> None:
    """Put into a block's program, and there one key brings it before the hall."""
    page = team.page
    titles = {block["key"]: block["title"] for block in PLAN.blocks}
    team.open("agenda")
    page.get_by_role("link", name=titles["veivalg"], exact=True).click()
    page.locator("#program-key").select_option("picture:strategy-map")
    team.press(gettext("Put in"))
    expect(page.locator("#program")).to_contain_text(gettext("Strategy map"))
    team.open("")
    page.locator("a[href$='/console/']").first.click()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=gettext("Projector")).click()
    wall = opened.value
    wall.set_viewport_size({"width": 1920, "height": 1080})
    page.get_by_role("button", name=gettext("Start the day")).click()
    expect(wall.locator("h1")).to_have_text(PLAN.blocks[0]["title"])
    wall.keyboard.press("g")
    wall.keyboard.type(str([*titles].index("veivalg") + 1))
    wall.keyboard.press("Enter")
    expect(wall.locator("h1")).to_have_text(titles["veivalg"])
    for _ in range(10):
        if wall.locator("h1").inner_text() == gettext("Strategy map"):
            break
        before = wall.locator("h1").inner_text()
        page.keyboard.press("ArrowRight")
        expect(wall.locator("h1")).not_to_have_text(before)
        page.wait_for_timeout(700)  # a second press at once is a slip
    expect(wall.locator("h1")).to_have_text(gettext("Strategy map"))
    expect(wall.locator(".picture-node").first).to_be_visible()
    screenshot(wall, "from-blank-map-on-the-wall")


def _as_a_picture(pdf: bytes, name: str) -> None:
    """For a person to look at, beside the screenshots."""
    if path := picture(name):
        with pypdfium2.PdfDocument(pdf) as document:
            document[0].render(scale=2).to_pil().save(path)
