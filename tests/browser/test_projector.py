"""The projector: every scene fits the screen, is readable, and is clean for those who listen."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page

from app.rendering import ms_time
from tests.browser.paint import regions, shell, show, wait_until
from tests.browser.scenes import SCENES
from tests.support.browser import axe, screenshot

pytestmark = pytest.mark.browser

# 16:9 as in the hall, 4:3 of an old projector, an ultra-wide wall, a small laptop.
SCREENS = {"hall": (1920, 1080), "old": (1024, 768), "wall": (2560, 1080), "laptop": (1366, 768)}

# What leaves the screen, or its box, although it can be seen; text that is cut; and letters too
# small for twenty metres: 2rem, which is 32 px of 1080. Where somebody writes paragraphs, 1.35rem.
FAULTS = """(least) => {
  const root = document.documentElement, faults = [];
  const rem = parseFloat(getComputedStyle(root).fontSize);
  const seen = (e) => e.checkVisibility({opacityProperty: true, visibilityProperty: true})
    && !e.closest(".aloud, .over, dialog");
  const CLIPPED = ".notes, .names, .day-line, .bar, .column, .mean-line, .cloud, .crumb";
  const TEXTS = "h1, .what, .card-of-block, .card-of-block p, .few .notes, .doors p, .say, .ends *";
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
    const small = own && !e.closest("svg, kbd") && size < (least - 0.001) * rem;
    if (small) faults.push(`${name}: letters of ${size}`);
  }
  for (const word of document.querySelectorAll(".cloud text")) {
    const drawn = word.ownerSVGElement.getScreenCTM().a;
    const size = parseFloat(word.getAttribute("font-size")) * drawn;
    const enough = word.matches(".times") ? 1.35 : Math.min(least, 1.7);
    if (size < (enough - 0.001) * rem) faults.push(`${word.textContent}: letters of ${size}`);
  }
  for (const each of least < 2 ? [] : document.querySelectorAll(TEXTS)) {
    const tall = each.scrollHeight - each.clientHeight;
    if (seen(each) && tall > 0.5 * parseFloat(getComputedStyle(each).fontSize))
      faults.push(`${each.className || each.tagName} is cut by ${tall}`);
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


# Whole paragraphs where a line was meant: all of it is better than all of it large.
PARAGRAPHS = {"block_long", "choice_long", "choice_hostile", "text_hostile", "words_hostile"}


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
        if found := page.evaluate(FAULTS, 1.35 if name in PARAGRAPHS else 2):
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


def test_a_bar_is_as_long_as_its_percentage(new_page: Callable[..., Page]):
    page = new_page(device="projector", reduced_motion="reduce")
    for name in ("choice_two", "choice_shown", "choice_twelve"):
        painted(page, name)
        for row in page.locator(".bars li").all():
            said = int(row.locator("b .num").inner_text())
            track, bar = row.bounding_box(), row.locator(".bar rect").bounding_box()
            assert track
            assert bar
            assert abs(100 * bar["width"] / track["width"] - said) <= 1, name


def test_a_long_question_uses_the_width_and_is_whole(new_page: Callable[..., Page]):
    page = painted(new_page(device="projector"), "block_title")
    heading = page.get_by_role("heading", level=1)
    lines, across = heading.evaluate(
        """(h) => {
          const range = document.createRange();
          range.selectNodeContents(h);
          const rects = [...range.getClientRects()];
          return [rects.length, Math.max(...rects.map((r) => r.width)) / h.clientWidth];
        }"""
    )
    assert 2 <= lines <= 4
    assert across > 0.8
    # The ring over the first letter stands free: nothing above it is hidden.
    assert heading.evaluate("(h) => getComputedStyle(h).overflow") == "visible"


def test_a_break_ends_when_its_clock_does(new_page: Callable[..., Page]):
    page = painted(new_page(device="projector"), "block_pause", "en")
    clock = SCENES["block_pause"].clock
    assert clock
    assert clock.ends_at
    ends = ms_time(clock.ends_at, "Europe/Oslo")
    assert page.locator(".say").inner_text().startswith(f"We go on at {ends} with")
    painted(page, "break_paused", "en")
    assert page.locator(".say").inner_text().startswith("We go on with")
    assert page.locator(".break").get_by_text("Paused").is_visible()


def test_what_has_stopped_says_so_in_large_letters(new_page: Callable[..., Page]):
    page = new_page(device="projector")
    for name, word in (("choice_closed", "Closed"), ("block_paused", "Paused")):
        state = painted(page, name, "en").locator(".head .state")
        assert state.inner_text().strip() == word
        assert state.evaluate("(e) => parseFloat(getComputedStyle(e).fontSize)") >= 32


def test_a_count_is_said_once_and_the_day_stands_still(new_page: Callable[..., Page]):
    page = painted(new_page(device="projector"), "choice_hidden", "en")
    assert page.locator("body").inner_text().count("have answered") == 1
    places = set()
    for name in ("choice_hidden", "choice_shown", "scale_nps", "block", "choice_nobody"):
        painted(page, name, "en")
        box = page.locator(".day-line").bounding_box()
        assert box
        places.add((box["x"], box["y"], box["width"]))
    assert len(places) == 1
    painted(page, "lobby", "en")
    assert page.get_by_text("are here").count() == 1


def test_who_has_left_is_not_waited_for():
    hidden, shown = SCENES["choice_hidden"], SCENES["choice_shown"]
    for room in (hidden, shown):
        html = regions("projector", replace(room, participants=300, present=190), "en")
        assert "of 190 have answered" in html["stage"] + html["foot"]
        # More than are connected, for an answer stays when its phone goes.
        html = regions("projector", replace(room, participants=300, present=90), "en")
        assert "of 184 have answered" in html["stage"] + html["foot"]


def test_the_lobby_stands_still_while_people_arrive(new_page: Callable[..., Page]):
    page = new_page(device="projector")
    places = set()
    for name in ("lobby_empty", "lobby", "lobby_full"):
        painted(page, name, "en")
        box = page.locator(".lobby .code").bounding_box()
        assert box
        places.add((box["x"], box["y"]))
    assert len(places) == 1
    names = page.locator(".names li")
    assert names.first.inner_text() == "Anne-Margrethe Øvregård-Christensen"
    # Everybody is either named, whole and in sight, or counted.
    room, people = page.locator(".here").bounding_box(), 0
    assert room
    for each in names.all():
        box = each.bounding_box()
        assert box
        assert box["y"] + box["height"] <= room["y"] + room["height"]
        people += "more" not in (each.get_attribute("class") or "")
    assert names.last.inner_text() == f"and {400 - people} more"
    assert page.get_by_text("Starts at 09:00").is_visible()
    assert page.get_by_text("Lofoten konferansesenter").is_visible()


def test_a_closed_room_does_not_ask_anybody_in(new_page: Callable[..., Page]):
    page = painted(new_page(device="projector"), "lobby_locked", "en")
    assert page.locator(".lobby .how").inner_text() == "The room is closed to new phones"
    assert page.locator(".qr-box:visible").count() == 0
