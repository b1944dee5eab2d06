"""Every part of the plan, its pictures and what is said of it: no violation, no sideways scroll.

Lists and forms are looked at part by part; the one in bokmål, the other in English.
"""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Browser, Page

from app.pictures.picture import registry
from app.routers.pages.plan_parts import SECTIONS
from app.routers.pages.records import Section
from tests.browser.test_every_page import CUT_OFF, LOCALES, SIZES
from tests.support.browser import axe, screenshot
from tests.support.server import Server

pytestmark = pytest.mark.browser

# A node's name is a sentence that begins with its title; drawn, its facts stand in lines and signs.
SAID_OTHERWISE = ("label-content-name-mismatch",)
PAGES = ("plan-check", "pictures", "paper", "history", "responsibilities")


@pytest.fixture(scope="module")
def signed_in(demo_server: Server, browser: Browser) -> dict:
    context = browser.new_context()
    context.new_page().goto(demo_server.facts.sign_in_url)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def look(
    new_page: Callable[..., Page], demo_server: Server, signed_in: dict
) -> Callable[..., Page]:
    """Opens one page of the plan in a language and looks at it in every size.

    `again`: in another language, where its words must fit but axe would find nothing else.
    """
    windows: dict[str, Page] = {}

    def opened(path: str, language: str, *, scrolls: bool = False, again: bool = False) -> Page:
        if language not in windows:
            windows[language] = new_page(
                storage_state=signed_in, locale=LOCALES[language], reduced_motion="reduce"
            )
        page = windows[language]
        page.goto(f"{demo_server.base_url}/kickoffs/{demo_server.facts.kickoff_id}/{path}")
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            name = f"{path.replace('/', '-')}-{size}-{language}"
            assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0, name
            if not scrolls:
                assert page.evaluate(CUT_OFF) == [], name
            screenshot(page, f"plan-{name}", full_page=True)
            if not again:
                axe(page, ignore=SAID_OTHERWISE if scrolls else ())
        return page

    return opened


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_every_part_can_be_used_by_everybody(look: Callable[..., Page], section: Section) -> None:
    for part in section.parts:
        look(part.path, "nb")
        look(f"{part.path}/new", "en")


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("code", registry())
def test_every_picture_can_be_seen_and_heard(
    look: Callable[..., Page], code: str, language: str
) -> None:
    look(f"pictures/{code}", language, scrolls=True, again=language == "en")


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("path", PAGES)
def test_what_is_said_of_the_plan_can_be_read_by_everybody(
    look: Callable[..., Page], path: str, language: str
) -> None:
    look(path, language, again=language == "en")


def test_a_matrix_of_many_people_scrolls_by_itself_and_widens_no_page(
    new_page: Callable[..., Page], demo_server: Server, signed_in: dict
) -> None:
    """Seen red with what is for screen readers only placed against the page and not its table."""
    facts = demo_server.facts
    headers = {"authorization": f"Bearer {facts.api_token}"}
    with httpx.Client(base_url=f"{facts.base_url}/api/v1", headers=headers, timeout=60) as api:
        kickoff = api.post("/kickoffs", json={"title": "Mange"}).json()["id"]

        def made(what: str, items: list[dict[str, str]]) -> list[str]:
            answer = api.post(f"/kickoffs/{kickoff}/{what}/bulk", json={"items": items})
            assert answer.status_code == 201, answer.text
            return [one["id"] for one in answer.json()["items"]]

        people = made("people", [{"name": f"Øyvind Ærlig {n}"} for n in range(40)])
        (deliverable,) = made("deliverables", [{"title": "Felles innboks"}])
        made(
            "raci",
            [
                {"deliverable_id": deliverable, "person_id": person, "role": "C"}
                for person in people
            ],
        )
    page = new_page(device="laptop", storage_state=signed_in)
    page.goto(f"{facts.base_url}/kickoffs/{kickoff}/pictures/raci-matrix")
    wide = page.locator(".raci-scroll").evaluate("box => box.scrollWidth - box.clientWidth")
    assert wide > 0, "there was nothing that could have widened it"
    assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0
