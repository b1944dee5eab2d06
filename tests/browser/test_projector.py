"""The projector: every scene fits the screen, is readable, and is clean for those who listen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.paint import shell, show, wait_until
from tests.browser.scenes import SCENES
from tests.support.browser import axe, screenshot

pytestmark = pytest.mark.browser

# 16:9 as in the hall, 4:3 of an old projector, an ultra-wide wall, a small laptop.
SCREENS = {"hall": (1920, 1080), "old": (1024, 768), "wall": (2560, 1080), "laptop": (1366, 768)}

# What leaves the screen, or its box, although it can be seen; and letters under 1.35rem.
FAULTS = """() => {
  const root = document.documentElement, faults = [];
  const rem = parseFloat(getComputedStyle(root).fontSize);
  const seen = (e) => e.checkVisibility({opacityProperty: true, visibilityProperty: true})
    && !e.closest(".aloud, .over, dialog");
  const CLIPPED = ".notes, .names, .day-line, .bar, .column, .mean-line, .cloud, .crumb";
  const ABOVE = `.bars li, .histogram, .card-of-block > *, .arrive > *, .waiting, .sources,
    .way-in, .break`;
  if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) faults.push("it scrolls");
  for (const e of document.querySelectorAll("body *")) {
    if (!seen(e)) continue;
    const r = e.getBoundingClientRect(), name = `${e.tagName}.${e.getAttribute("class")}`;
    const out = r.right > innerWidth + 1 || r.bottom > innerHeight + 1 || r.left < -1 || r.top < -1;
    if (r.width && out && !e.closest(CLIPPED)) faults.push(`${name} leaves the screen`);
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    const size = parseFloat(getComputedStyle(e).fontSize);
    if (own && !e.closest("svg") && size < 1.349 * rem) faults.push(`${name}: letters of ${size}`);
  }
  for (const word of document.querySelectorAll(".cloud text")) {
    const drawn = word.ownerSVGElement.getScreenCTM().a;
    const size = parseFloat(word.getAttribute("font-size")) * drawn;
    if (size < 1.349 * rem) faults.push(`${word.textContent}: letters of ${size}`);
  }
  const foot = document.querySelector(".foot").getBoundingClientRect().top;
  for (const each of document.querySelectorAll(ABOVE)) {
    const bottom = each.getBoundingClientRect().bottom;
    if (seen(each) && bottom > foot + 1) faults.push(`${each.className} lies over the foot`);
  }
  const rect = (selector) => document.querySelector(selector)?.getBoundingClientRect();
  const pages = rect(".pages:not([hidden])");
  for (const r of pages ? [rect(".way-in"), rect(".notes"), rect(".head")] : []) {
    const across = r.left < pages.right && pages.left < r.right;
    if (across && r.top < pages.bottom && pages.top < r.bottom)
      faults.push("the page number lies over something");
  }
  return faults;
}"""


def painted(page: Page, name: str, language: str = "nb") -> Page:
    show(page, shell("projector", SCENES[name], language))
    wait_until(page, "document.fonts.status === 'loaded'")
    return page


@pytest.mark.parametrize("screen", SCREENS)
def test_every_scene_fits_and_can_be_read(new_page: Callable[..., Page], screen: str):
    width, height = SCREENS[screen]
    page = new_page(
        device="projector", viewport={"width": width, "height": height}, reduced_motion="reduce"
    )
    faults = {}
    for name in SCENES:
        painted(page, name, "en" if screen == "laptop" else "nb")
        if screen == "hall":
            screenshot(page, f"projector-{name}")
        if found := page.evaluate(FAULTS):
            faults[name] = found
    assert faults == {}


@pytest.mark.parametrize("language", ["nb", "en"])
def test_no_violation_of_accessibility(new_page: Callable[..., Page], language: str):
    page = new_page(device="projector", reduced_motion="reduce")
    for name in (
        "lobby", "block", "block_pause", "choice_hidden", "choice_others", "choice_round2",
        "scale_nps", "words_shown", "text_shown", "join", "ended",
    ):  # fmt: skip
        axe(painted(page, name, language))


def test_the_qr_code_and_the_code_are_always_there(new_page: Callable[..., Page]):
    page = new_page(device="projector")
    for name, room in SCENES.items():
        if room.status == "ended" or room.locked or room.screen:
            continue
        painted(page, name)
        box = page.locator(".stage .qr-box svg").bounding_box()
        assert box, name
        assert box["width"] > 200, name
        assert page.locator(".stage").get_by_text("K7TQ4M").is_visible(), name
        assert page.locator(".stage").get_by_text("kickoff.nordlys.no").first.is_visible(), name


def test_hidden_answers_are_not_in_the_page_at_all(new_page: Callable[..., Page]):
    page = painted(new_page(device="projector"), "choice_shown")
    assert page.locator("#region-stage").get_by_text("71").count() == 1
    painted(page, "choice_hidden")
    assert page.locator("#region-stage").get_by_text("71").count() == 0
    assert page.locator(".waiting-count").inner_text().split()[0] == "184"
    painted(page, "words_hidden")
    assert "tempo" not in page.content()


def test_hostile_text_is_text(new_page: Callable[..., Page]):
    page = new_page(device="projector")
    for name in ("choice_hostile", "words_hostile", "text_hostile"):
        painted(page, name)
        assert page.locator("main img").count() == 0
        assert page.locator("main script").count() == 0
    assert page.get_by_text("<script>alert(1)</script>").count() == 1


def test_fewer_answers_than_the_minimum_are_not_shown(new_page: Callable[..., Page]):
    page = painted(new_page(device="projector"), "choice_too_few", "en")
    assert page.get_by_text("Shown when at least 5 have answered").is_visible()
    assert page.locator(".bar").count() == 0


def test_hands_and_tables_are_figures_of_their_own(new_page: Callable[..., Page]):
    page = painted(new_page(device="projector"), "choice_others", "en")
    assert page.get_by_text("Table phones: 24 people").is_visible()
    assert page.get_by_text("Show of hands: 14 people").is_visible()
    first = page.locator(".bars li").first
    assert first.locator(".count").inner_text().split()[-1] == "71"
    assert [other.inner_text().split()[-1] for other in first.locator(".other").all()] == ["6", "5"]
