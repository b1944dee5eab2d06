"""L3: the plan on stage. One key walks pages, pictures and activities; phones follow."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from app.i18n import gettext as say
from app.i18n import speaking
from tests.browser.desk import Desk
from tests.support.browser import axe, screenshot
from tests.support.server import Server
from tests.support.slides import pdf_of

pytestmark = pytest.mark.browser

BLOCK = "Mål og veivalg"
LOCALES = {"nb": "nb-NO", "en": "en-GB"}
READ_FROM_THE_BACK = 28 - 0.1  # of 1080 pixels; what is counted in fractions may lack one


@pytest.fixture(params=["nb", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with speaking(request.param):
        yield request.param


@pytest.fixture
def desk(demo_server: Server) -> Iterator[Desk]:
    """A facilitator who has just come to the block."""
    with Desk(demo_server) as opened:
        block = next(one for one in opened.state["blocks"] if one["title"] == BLOCK)
        opened.command("agenda.goto", block=block["id"])
        yield opened


@pytest.fixture(scope="module")
def signed_in(demo_server: Server, browser: Browser) -> Any:
    """The link signs in once; what it leaves in a browser serves every test here."""
    context = browser.new_context()
    context.new_page().goto(demo_server.facts.sign_in_url)
    state = context.storage_state()
    context.close()
    return state


def joined(server: Server, new_page: Callable[..., Page], language: str) -> Page:
    phone = new_page(device="phone", locale=LOCALES[language])
    phone.goto(server.facts.join_url)
    phone.locator("form button").first.click()
    expect(phone.locator("#region-main")).to_be_visible()
    return phone


def test_one_key_walks_the_program(
    demo_server: Server,
    new_page: Callable[..., Page],
    desk: Desk,
    language: str,
    signed_in: Any,
) -> None:
    facts = demo_server.facts
    console = new_page(device="laptop", locale=LOCALES[language], storage_state=signed_in)
    console.goto(facts.console_url)
    wall = new_page(device="projector", locale=LOCALES[language])
    wall.goto(facts.projector_url)
    phone = joined(demo_server, new_page, language)
    expect(console.locator(".program li")).to_have_count(7)

    console.keyboard.press("ArrowRight")
    expect(wall.locator("h1")).to_have_text("Fra elleve dager til én")
    expect(wall.locator(".point").first).to_be_visible()
    expect(phone.locator(".on-wall li").first).to_have_text("Én kø: den eldste saken står øverst")
    screenshot(wall, f"stage-page-{language}")
    screenshot(phone, f"stage-page-phone-{language}")

    console.keyboard.press("ArrowRight")
    expect(wall.locator("h1")).to_have_text("Ett råd, for ett hus, av kundens egne timer")
    console.wait_for_timeout(700)  # a second press at once is a slip
    console.keyboard.press("ArrowRight")
    expect(wall.locator("h1")).to_have_text(say("Goal tree"))
    expect(wall.locator(".picture-shown .picture-drawn")).to_be_visible()
    assert wall.locator("#region-stage a").count() == 0, "nobody follows a link on the wall"
    whole = wall.locator(".picture-shown .picture-drawn").get_attribute("viewBox")
    screenshot(wall, f"stage-tree-{language}")

    console.keyboard.press("ArrowRight")
    expect(wall.locator(".crumb")).to_contain_text(re.compile(r"1 (av|of) \d"))
    expect(wall.locator(".picture-shown .picture-drawn")).not_to_have_attribute(
        "viewBox", str(whole)
    )
    _is_legible(wall)
    screenshot(wall, f"stage-tree-part-{language}")
    screenshot(console, f"stage-console-{language}")

    console.locator("#light-one summary").click()
    console.locator(".lights button").nth(3).click()
    expect(wall.locator(".picture-node[data-lit]")).to_have_count(1)
    screenshot(wall, f"stage-lit-{language}")

    phone.locator(".on-wall a").click()
    over = phone.locator("dialog.shown-over")
    expect(over.locator("h1")).to_have_text(say("Goal tree"))
    expect(over.locator(".picture-drawn")).to_be_visible()
    assert over.locator(".shown-picture a").count() == 0, "an attendee has no account"
    screenshot(phone, f"stage-phone-{language}")
    for page in (wall, phone, console):
        axe(page)
    phone.go_back()
    expect(over).to_have_count(0)
    expect(phone.locator(".on-wall a")).to_be_visible()
    console.keyboard.press("ArrowLeft")
    expect(wall.locator(".picture-node[data-lit]")).to_have_count(0)


def test_a_clicker_walks_it_from_the_projector(
    demo_server: Server, new_page: Callable[..., Page], desk: Desk, signed_in: Any
) -> None:
    facts = demo_server.facts
    wall = new_page(device="projector", storage_state=signed_in)
    wall.goto(facts.console_url.replace("/console/", "/projector/"))
    expect(wall.locator("h1")).to_have_text(BLOCK)
    wall.keyboard.press("PageDown")
    expect(wall.locator("h1")).to_have_text("Fra elleve dager til én")
    wall.keyboard.press("PageUp")
    expect(wall.locator("h1")).to_have_text(BLOCK)


@pytest.mark.parametrize(
    "code", ["strategy-map", "roadmap", "risk-matrix", "influence-interest", "goal-tree"]
)
def test_every_part_of_a_drawing_is_read_from_the_back(
    demo_server: Server, new_page: Callable[..., Page], desk: Desk, code: str
) -> None:
    wall = new_page(device="projector")
    wall.goto(demo_server.facts.projector_url)
    desk.command("stage.show", item=f"picture:{code}")
    expect(wall.locator(".picture-shown .picture-drawn")).to_be_visible()
    for number in range(desk.state["shown"]["parts"]):
        desk.command("stage.light", focus=f"part:{number}")
        expect(wall.locator(".crumb")).to_contain_text(re.compile(rf"\b{number + 1} (av|of) \d+"))
        _is_legible(wall)


def test_a_speakers_slides_are_walked_like_the_rest(
    demo_server: Server, new_page: Callable[..., Page], desk: Desk
) -> None:
    block = desk.state["block"]["id"]
    deck = _brought_in(demo_server, block, pdf_of("Kjøreplan for Ærø", "Hva vi ber om"))
    wall = new_page(device="projector")
    wall.goto(demo_server.facts.projector_url)
    phone = joined(demo_server, new_page, "nb")
    desk.command("stage.show", item=f"slide:{deck}:1")
    _picture_is_there(wall, ".slide-shown img")
    words = re.compile("Kjøreplan for Ærø")
    expect(wall.locator(".slide-shown img")).to_have_attribute("alt", words)
    screenshot(wall, "stage-slide")
    expect(wall.locator("#region-over")).to_have_attribute("data-show", re.compile(f"{deck}:2"))
    phone.locator(".on-wall a").click()
    _picture_is_there(phone, ".shown-slide")
    expect(phone.locator("dialog")).to_contain_text("Kjøreplan for Ærø")
    screenshot(phone, "stage-slide-phone")
    here = phone.url
    unseen = phone.request.get(f"{here}shown/slides/{deck}/2")
    assert unseen.status == 404, "what the hall has not seen yet no phone sees"
    behind = wall.request.get(f"{wall.url}slides/{deck}/2")
    assert behind.status == 404, "nor whoever has the projector's link"


def _picture_is_there(page: Page, selector: str) -> None:
    picture = page.locator(selector)
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 500


def _brought_in(server: Server, block: str, pdf: bytes) -> str:
    facts = server.facts
    answer = httpx.post(
        f"{facts.base_url}/api/v1/kickoffs/{facts.kickoff_id}/slide-decks",
        params={"block_id": block, "title": "Bjørns lysbilder"},
        content=pdf,
        headers={"authorization": f"Bearer {facts.api_token}", "content-type": "application/pdf"},
        timeout=60,
    )
    assert answer.status_code == 201, answer.text
    deck: str = answer.json()["id"]
    return deck


@pytest.mark.parametrize("code", ["raci-matrix", "kpis", "focus-list", "capacity", "rhythm"])
def test_tables_fit_the_wall_and_every_part_of_them_is_read_from_the_back(
    demo_server: Server, new_page: Callable[..., Page], desk: Desk, code: str
) -> None:
    wall = new_page(device="projector")
    wall.goto(demo_server.facts.projector_url)
    desk.command("stage.show", item=f"picture:{code}")
    expect(wall.locator(".table-shown table")).to_be_visible()
    screenshot(wall, f"stage-{code}")
    inside = wall.evaluate(
        """() => {
          const box = document.querySelector(".table-shown");
          return box.scrollHeight <= box.clientHeight + 1 && box.scrollWidth <= box.clientWidth + 1;
        }"""
    )
    assert inside
    parts = desk.state["shown"]["parts"]
    for number in range(parts):
        desk.command("stage.light", focus=f"part:{number}")
        expect(wall.locator(".crumb")).to_contain_text(re.compile(rf"\b{number + 1} (av|of) \d+"))
        _is_legible(wall)
    if not parts:
        _is_legible(wall)


def _is_legible(wall: Page) -> None:
    """Every word of it, but for boxes that are not whole in the picture: in pixels of 1080."""
    smallest = wall.evaluate(
        """() => {
          const shown = document.querySelector(".picture-shown, .table-shown");
          const frame = shown.getBoundingClientRect();
          const isWhole = (node) => {
            const box = node.querySelector(".box")?.getBoundingClientRect();
            if (!box) return false;
            const across = box.left >= frame.left && box.right <= frame.right;
            return across && box.top >= frame.top && box.bottom <= frame.bottom;
          };
          const size = (text) => text.tagName === "text"
            ? Number(text.getAttribute("font-size")) * text.getScreenCTM().a
            : parseFloat(getComputedStyle(text).fontSize);
          const hasWords = (one) => !one.closest(".aloud")
            && [...one.childNodes].some((part) => part.nodeType === 3 && part.nodeValue.trim());
          const boxes = shown.matches(".picture-shown")
            ? [...shown.querySelectorAll(".picture-node")].filter(isWhole)
              .flatMap((node) => [...node.querySelectorAll("text")])
            : [...shown.querySelectorAll(".table *")].filter(hasWords);
          return boxes.map((one) => [size(one), one.textContent]).sort((a, b) => a[0] - b[0])[0];
        }"""
    )
    assert smallest, "nothing to read"
    assert smallest[0] >= READ_FROM_THE_BACK, smallest
