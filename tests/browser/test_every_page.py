"""Every page that is not the room's: no violation, no sideways scroll, a picture to look at."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import axe, problems, screenshot
from tests.support.server import Server

pytestmark = pytest.mark.browser

SIZES = {"laptop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
LOCALES = {"nb": "nb-NO", "en": "en-GB"}

# HERE is the kickoff; what stands in braces is found on the page before the colon.
PAGES = {
    "kickoffs": "/",
    "kickoffs-put-away": "/?list=put-away",
    "kickoff-new": "/kickoffs/new",
    "password": "/password",
    "overview": "HERE",
    "overview-edit": "HERE/edit",
    "overview-copy": "HERE/copy",
    "agenda": "HERE/agenda",
    "agenda-new": "HERE/agenda/new",
    "people": "HERE/people",
    "people-new": "HERE/people/new",
    "people-import": "HERE/people/import",
    "teams": "HERE/teams",
    "access": "HERE/access",
}
# Pages about one thing: the page that leads there, and the link.
LED_TO = {
    "room": ("HERE", 'a[href$="/edit"][href*="/rooms/"]'),
    "block": ("HERE/agenda", ".agenda-block:nth-of-type(5) h2 a"),
    "person": ("HERE/people", "tbody th a"),
    "team": ("HERE/teams", "tbody th a"),
}
STRANGERS = {"sign-in": "/sign-in", "join": "/join"}


@pytest.fixture(scope="module")
def signed_in(demo_server: Server, browser: Browser) -> dict:
    context = browser.new_context()
    context.new_page().goto(demo_server.facts.sign_in_url)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(params=LOCALES)
def look(
    request: pytest.FixtureRequest, new_page: Callable[..., Page], demo_server: Server
) -> Callable[..., Page]:
    """Opens one page in this language and looks at it in every size."""
    here = f"/kickoffs/{demo_server.facts.kickoff_id}"
    windows: dict[str, Page] = {}

    def opened(name: str, path: str, *, link: str = "", who: str = "", **options: object) -> Page:
        if who not in windows:
            spoken = {"locale": LOCALES[request.param], "reduced_motion": "reduce"}
            windows[who] = new_page(**spoken, **options)
        page = windows[who]
        page.goto(demo_server.base_url + path.replace("HERE", here))
        if link:
            page.goto(demo_server.base_url + (page.locator(link).first.get_attribute("href") or ""))
        if name == "api-docs":
            page.locator(".opblock").first.wait_for()
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            _no_fault(page, name, f"{name}-{size}-{request.param}")
        return page

    return opened


def _no_fault(page: Page, name: str, file: str) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, file
    screenshot(page, f"page-{file}", full_page=True)
    # The description's own widget is not ours; it brings a second <main> and its own contrasts.
    if name == "api-docs":
        axe(page, scope="{exclude: ['#api']}", ignore=("landmark-no-duplicate-main",))
    else:
        axe(page)


def test_every_page_can_be_used_by_everybody(look: Callable[..., Page], signed_in: dict) -> None:
    for name, path in STRANGERS.items():
        look(name, path)
    for name, path in PAGES.items():
        look(name, path, who="facilitator", storage_state=signed_in)
    for name, (path, link) in LED_TO.items():
        page = look(name, path, link=link, who="facilitator")
        if name == "block":
            for kind in ("choice", "scale", "words", "open_text"):
                new = page.url.partition(page.url.split("/")[2])[2] + "/activities/new?kind=" + kind
                look(f"activity-{kind}", new, who="facilitator")
                page.go_back()
    look("api-docs", "/api/docs", who="facilitator")
    gone = look("not-found", "HERE-that-is-gone", who="facilitator")
    problems(gone).clear()  # the browser complains of the 404 that was asked for
