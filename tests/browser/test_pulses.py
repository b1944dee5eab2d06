"""A pulse on a phone without a script, and what planners see of it: clean, in both languages."""

import sqlite3
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from app.operations import pulse_links
from tests.browser.test_every_page import CUT_OFF
from tests.support.browser import axe, screenshot
from tests.support.server import Server

pytestmark = pytest.mark.browser

LOCALES = {"nb": "nb-NO", "en": "en-GB"}


def links(server: Server) -> list[str]:
    """As the messages carry them."""
    key = server.environment["KICKOFF_SECRET_KEY"].encode()
    path = server.environment["KICKOFF_DATABASE_URL"].removeprefix("sqlite:///")
    with sqlite3.connect(path) as database:
        rows = database.execute(
            "SELECT i.id FROM pulse_invitation i JOIN pulse_wave w ON w.id = i.wave_id"
            " WHERE w.closed_at IS NULL"
        ).fetchall()
    return [f"{server.base_url}/pulse/{pulse_links.token_of(key, id)}" for (id,) in rows]


def test_a_pulse_is_answered_on_a_phone_and_seen_by_planners(
    demo_server: Server, new_page: Callable[..., Page]
) -> None:
    facts = demo_server.facts
    here = f"{demo_server.base_url}/kickoffs/{facts.kickoff_id}/pulses"
    api = httpx.Client(
        base_url=f"{demo_server.base_url}/api/v1/kickoffs/{facts.kickoff_id}",
        headers={"authorization": f"Bearer {facts.api_token}"},
    )
    pulse = api.get("/pulses").json()["items"][0]["id"]
    assert api.post(f"/pulses/{pulse}/waves").status_code == 201
    for language, link in zip(LOCALES, links(demo_server), strict=False):
        phone = new_page(
            device="phone", locale=LOCALES[language], java_script_enabled=language == "en"
        )
        phone.goto(link)
        expect(phone.locator("html")).to_have_attribute("lang", language)
        expect(phone.locator(".asked")).to_have_count(7)
        if language == "en":
            axe(phone)
            assert phone.evaluate(CUT_OFF) == []
        for row in phone.locator("fieldset.asked").all():
            row.locator("input").nth(2).check()
        phone.locator("textarea").fill("Møter <b>midt</b> på dagen")
        screenshot(phone, f"pulse-answer-{language}", full_page=True)
        phone.locator("button.wide").click()
        expect(phone.locator("form.answer")).to_have_count(0)
        phone.goto(link)
        expect(phone.locator("form.answer")).to_have_count(0)
    laptop = new_page(device="laptop")
    laptop.goto(facts.sign_in_url)
    phone = new_page(device="phone", storage_state=laptop.context.storage_state())
    for name, path in (
        ("list", here),
        ("asks", f"{here}/{pulse}/asks"),
        ("results", f"{here}/{pulse}/results?by=team"),
        ("preview", f"{here}/{pulse}/preview"),
    ):
        for page, device in ((laptop, "laptop"), (phone, "phone")):
            page.goto(path)
            axe(page)
            assert page.evaluate(CUT_OFF) == [], f"{name} on a {device}"
            screenshot(page, f"pulse-{name}-{device}", full_page=True)
