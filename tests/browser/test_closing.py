"""The end of the day in a real room: groups say what they take on, three deliverables are confirmed
with their owners, and everybody sees who does what tomorrow."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import handset
from tests.browser.desk import Desk
from tests.browser.test_groups import open_console, open_wall, phone_of, signed_in
from tests.support.browser import axe, problems, screenshot
from tests.support.server import Server

__all__ = ["open_console", "open_wall", "signed_in"]
pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]
STEP = "Ringe de ti største bedriftskundene og avtale fast kontaktperson"


def say(phone: Page, step: str, owner: str) -> None:
    phone.locator("form.closes [name=next_step]").fill(step)
    phone.locator("form.closes [name=owner]").fill(owner)
    phone.locator("form.closes [name=due]").fill("2027-01-20")
    phone.locator("form.closes button.send").click()


@pytest.mark.parametrize("language", ["nb", "en"])
def test_groups_say_what_they_take_on_and_the_wall_collects_it(
    open_console, open_wall, new_page: OpenPage, demo_server: Server, language: str
) -> None:
    phones = [phone_of(new_page, demo_server, name, language) for name in ("Kari Ærø", "Ola", "")]
    console, wall = open_console(language), open_wall(language)
    with Desk(demo_server) as desk:
        desk.command("groups.make", count=8)
        activity = desk.ask("team_close", "Hva tar gruppen på seg?", mode="named")
        for phone in phones:
            expect(phone.locator("form.closes")).to_be_visible()
        say(phones[0], STEP, "Kari Ærø")
        expect(phones[0].locator("[data-said]")).not_to_be_empty()
        expect(phones[0].locator(".stated")).to_contain_text(STEP)
        expect(wall.locator(".stated")).to_contain_text(STEP)
        expect(wall.locator(".stated")).to_contain_text("Kari Ærø")
        expect(console.locator(f"#stated-of-{activity}")).to_contain_text(STEP)
        groups = [phone.locator('[data-me="group"] bdi').inner_text() for phone in phones]
        other = next((n for n in (1, 2) if groups[n] != groups[0]), None)
        if other is not None:
            # While somebody types, another group's word disturbs nothing.
            field = phones[0].locator("form.closes [name=responsibility]")
            field.click()
            phones[0].keyboard.type("Bedriftskunder i no")
            say(phones[other], "Rydde i køen hver morgen", "Per Åge")
            expect(wall.locator(".stated > li")).to_have_count(2)
            phones[0].keyboard.type("rd")
            expect(field).to_have_value("Bedriftskunder i nord")
            assert "Rydde" not in phones[0].locator("#region-main").inner_text()
            phones[0].locator("form.closes button.send").click()
            expect(phones[0].locator(".stated")).to_contain_text("Bedriftskunder i nord")
        screenshot(phones[0], f"team-close-phone-{language}", full_page=True)
        screenshot(wall, f"team-close-projector-{language}")
        screenshot(console, f"team-close-console-{language}")
        for page in (phones[0], wall, console):
            axe(page)
        desk.command("activity.close", activity=activity)
        desk.command("groups.clear")


def test_what_was_being_written_when_it_closed_is_theirs_to_copy(
    new_page: OpenPage, demo_server: Server
) -> None:
    phone = phone_of(new_page, demo_server, "Sein Hansen")
    with Desk(demo_server) as desk:
        activity = desk.ask("team_close", "Hva tar dere på dere?", mode="named")
        phone.locator("form.closes [name=next_step]").fill("Rakk ikke dette")
        desk.command("activity.close", activity=activity)
        expect(phone.locator("#unsent")).to_contain_text("Rakk ikke dette")


def test_without_a_script_a_group_says_its_word_too(
    new_page: OpenPage, demo_server: Server
) -> None:
    with Desk(demo_server) as desk:
        activity = desk.ask("team_close", "Hva tar dere på dere?", mode="named")
        page = new_page(device="phone", java_script_enabled=False)
        page.goto(demo_server.facts.join_url)
        page.locator("[name=name]").fill("Uten Skript")
        handset.join(page)
        say(page, "Uten skript går det også", "Uten Skript")
        expect(page.locator(".stated")).to_contain_text("Uten skript går det også")
        page.locator("form.closes [name=owner]").fill(" ")
        page.locator("form.closes button.send").click()
        expect(page.get_by_role("alert")).to_be_visible()
        problems(page).clear()  # the refusal has a status of its own
        expect(page.locator("form.closes [name=next_step]")).to_have_value(
            "Uten skript går det også"
        )
        desk.command("activity.close", activity=activity)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_three_are_confirmed_on_stage_and_tomorrow_is_told(
    open_console, open_wall, new_page: OpenPage, demo_server: Server, language: str
) -> None:
    phone = phone_of(new_page, demo_server, "Marte Lunde", language)
    console, wall = open_console(language), open_wall(language)
    with Desk(demo_server) as desk:
        activity = desk.ask("closing", "Det vi går hjem med", mode="anonymous")
        expect(wall.locator(".closing .three > li")).to_have_count(3)
        card = console.locator(f"#activity-{activity}")
        rows = card.locator(".three-list > li")
        first = rows.first
        if first.locator("form").count() == 0:
            first.locator("button").click()
            expect(first.locator("form")).to_be_visible()
        first.locator("[name=owner_name]").fill("Kari Ærø")
        first.locator("form button").click()
        expect(wall.locator(".three > li").first).to_have_class("is-confirmed")
        expect(wall.locator(".three > li").first).to_contain_text("Kari Ærø")
        expect(phone.locator(".three > li").first).to_contain_text("Kari Ærø")
        screenshot(console, f"closing-console-{language}")
        screenshot(wall, f"closing-projector-{language}")
        screenshot(phone, f"closing-phone-{language}")
        for page in (console, wall, phone):
            axe(page)
        desk.fresh()
        desk.command("activity.to_stage", activity=activity, stage="tomorrow")
        expect(wall.locator(".owners")).to_contain_text("Marte Lunde")
        own = phone.locator(".ahead > li[data-own-mine]")
        expect(own.first).to_contain_text("Marte Lunde")
        phone.locator(f"#answer-{activity} .pick").first.click()
        handset.expect_said(phone, "Lagret" if language == "nb" else "Saved")
        desk.fresh()
        desk.command("activity.reveal", activity=activity)
        expect(wall.locator(".closing .sources")).to_contain_text("1")
        screenshot(wall, f"tomorrow-projector-{language}")
        screenshot(phone, f"tomorrow-phone-{language}", full_page=True)
        axe(wall)
        axe(phone)
        desk.command("activity.close", activity=activity)
        desk.command("activity.hide", activity=activity)


def test_what_another_of_the_group_took_on_is_the_groups_and_not_ones_own(
    new_page: OpenPage, demo_server: Server
) -> None:
    """Seen red: "Yours" stood at what a neighbour had promised."""
    phone = phone_of(new_page, demo_server, "Ingrid Solberg", "en")
    with Desk(demo_server) as desk:
        desk.command("groups.make", count=1)
        said = desk.ask("team_close", "What do you take on?", mode="named")
        say(phone, "Tell the customers", "Jonas Haug")
        expect(phone.locator(".stated")).to_contain_text("Tell the customers")
        desk.fresh()
        desk.command("activity.close", activity=said)
        activity = desk.ask("closing", "What we go home with", mode="anonymous")
        desk.fresh()
        desk.command("activity.to_stage", activity=activity, stage="tomorrow")
        row = phone.locator(".ahead > li", has_text="Tell the customers")
        expect(row.locator(".ours")).to_be_visible()
        expect(row.locator(".yours")).to_be_hidden()
        desk.fresh()
        desk.command("activity.close", activity=activity)
        desk.fresh()
        desk.command("groups.clear")
