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

# What scrolls sideways inside the page, or hangs over its edge: on no page anything needs to.
CUT_OFF = """[...document.querySelectorAll("body *:not(.aloud, .aloud *, .skip)")]
.filter((element) => {
  const box = element.getBoundingClientRect();
  if (!box.width || getComputedStyle(element).display === "inline") return false;
  const scrolls = element.scrollWidth > element.clientWidth && element.clientWidth
    && ["auto", "scroll"].includes(getComputedStyle(element).overflowX)
    && element.tagName !== "TEXTAREA";
  return scrolls || box.right > innerWidth + 1;
}).map((element) => element.outerHTML.slice(0, 120))"""

# HERE is the kickoff; what stands in braces is found on the page before the colon.
PAGES = {
    "kickoffs": "/",
    "kickoffs-put-away": "/?list=put-away",
    "kickoff-new": "/kickoffs/new",
    "account": "/account",
    "welcome": "/welcome",
    "overview": "HERE",
    "overview-edit": "HERE/edit",
    "overview-copy": "HERE/copy",
    "plan": "HERE/plan",
    "plan-check": "HERE/plan-check",
    "goals": "HERE/goals",
    "goal-new": "HERE/goals/new",
    "kpis": "HERE/kpis",
    "kpi-new": "HERE/kpis/new",
    "deliverables": "HERE/deliverables",
    "risks": "HERE/risks",
    "risk-new": "HERE/risks/new",
    "actions": "HERE/actions",
    "plan-board": "HERE/30-60-90",
    "plan-list": "HERE/30-60-90/list",
    "plan-mine": "HERE/30-60-90/mine",
    "plan-review": "HERE/30-60-90/review",
    "decisions": "HERE/decisions",
    "assumptions": "HERE/assumptions",
    "agenda": "HERE/agenda",
    "agenda-new": "HERE/agenda/new",
    "minutes": "HERE/minutes",
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
    "goal": ("HERE/goals", "tbody th a"),
    "deliverable": ("HERE/deliverables", "tbody th a"),
    "action": ("HERE/actions", "tbody tr:nth-of-type(2) th a"),
    "plan-action": ("HERE/30-60-90", ".card-title"),
    "decision-superseding": ("HERE/decisions", ".actions a"),
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
    """Opens one page in this language and looks at it in every size.

    What axe finds does not hang on the words, beyond the language that the page says they are in.
    """
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
        assert page.locator("html").get_attribute("lang") == request.param, name
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            _fits(page, name, f"{name}-{size}-{request.param}")
            if request.param == "nb":
                _no_violation(page, name)
        return page

    return opened


def _fits(page: Page, name: str, file: str) -> None:
    assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0, file
    if name != "api-docs":
        assert page.evaluate(CUT_OFF) == [], file
    screenshot(page, f"page-{file}", full_page=True)


def _no_violation(page: Page, name: str) -> None:
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


PAPER = {"overview": "HERE", "agenda": "HERE/agenda", "people": "HERE/people"}
A4_WIDTH = 688  # 210 mm without the margins of base.css, in CSS pixels
SHOWN = """(selector) => [...document.querySelectorAll(selector)]
  .filter((element) => element.checkVisibility())
  .map((element) => element.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("name", PAPER)
def test_on_paper_a_page_is_what_it_says_and_nothing_to_press(
    name: str, new_page: Callable[..., Page], demo_server: Server, signed_in: dict
) -> None:
    here = f"/kickoffs/{demo_server.facts.kickoff_id}"
    page = new_page(storage_state=signed_in, viewport={"width": A4_WIDTH, "height": 1000})
    page.goto(demo_server.base_url + PAPER[name].replace("HERE", here))
    page.emulate_media(media="print")
    assert page.evaluate(SHOWN, "nav, footer, button, summary, input, select, .button") == []
    assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.get_by_text("Kurs 2027").locator("visible=true").count() >= 1
    screenshot(page, f"paper-{name}", full_page=True)
    if name == "people":
        assert page.locator("thead th").locator("visible=true").count() == 6
        assert page.locator("tbody tr").locator("visible=true").count() == 12
    if name == "agenda":
        assert page.locator(".agenda-block").locator("visible=true").count() == 17
    if name == "overview":
        assert page.locator(".overview-qr svg").is_visible()


def test_what_asks_are_you_sure_is_not_cut_off_by_its_table(
    new_page: Callable[..., Page], demo_server: Server, signed_in: dict
) -> None:
    page = new_page(storage_state=signed_in)
    for viewport in SIZES.values():
        page.set_viewport_size(viewport)
        page.goto(f"{demo_server.base_url}/kickoffs/{demo_server.facts.kickoff_id}/people")
        last = page.locator(".confirm").last
        last.locator("summary").click()
        last.get_by_role("button", name="Fjern").click(trial=True)
        region = page.locator(".table-scroll").evaluate("(t) => t.scrollHeight - t.clientHeight")
        assert region == 0 or page.locator(".table-scroll").evaluate(
            "(table) => getComputedStyle(table).overflowY === 'visible'"
        )
