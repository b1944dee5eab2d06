"""The projector while the day goes on: it moves, says when it is not live, recovers alone."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests.browser.paint import open_live, wait_until
from tests.browser.scenes import NOW, OBSTACLES, SCENES, WORDS, choice, shown, staged, words
from tests.support.browser import problems

pytestmark = pytest.mark.browser


def votes(*counts: int, revision: int = 1201):
    options = tuple((text, n) for (text, _), n in zip(OBSTACLES, counts, strict=True))
    return replace(staged(shown(choice(options, sum(counts)))), revision=revision)


def first_bar(page: Page) -> float:
    return page.locator(".bars li .bar rect").first.bounding_box()["width"]  # type: ignore[index]


def test_bars_grow_and_the_picture_never_goes_blank(new_page: Callable[..., Page]):
    page = new_page(device="projector")
    line = open_live(page, "projector", votes(5, 10, 1, 1, 1))
    page.wait_for_timeout(600)
    before = first_bar(page)
    rows = page.locator(".bars li").first.evaluate_handle("e => e")
    line.push(votes(30, 10, 1, 1, 1, revision=1202))
    page.wait_for_timeout(120)
    on_the_way = first_bar(page)
    page.wait_for_timeout(600)
    assert before < on_the_way < first_bar(page)
    assert rows.evaluate("e => e.isConnected")


def test_with_reduced_motion_everything_is_just_there(new_page: Callable[..., Page]):
    page = new_page(device="projector", reduced_motion="reduce")
    line = open_live(page, "projector", votes(5, 10, 1, 1, 1))
    line.push(votes(30, 10, 1, 1, 1, revision=1202))
    expect(page.locator(".bars .count").first).to_have_text(re.compile("30$"))
    # Within a few frames; what moves does so for 400 ms.
    wait_until(page, "document.getAnimations().length === 0", timeout_ms=200)


def test_words_travel_to_their_new_place(new_page: Callable[..., Page]):
    page = new_page(device="projector")
    line = open_live(page, "projector", SCENES["words_shown"])
    page.wait_for_timeout(600)
    assert page.evaluate("document.getAnimations().length") == 0
    others = tuple((text, 42 - n) for text, n in reversed(WORDS))
    line.push(replace(staged(shown(words(others))), revision=1203))
    wait_until(page, "document.getAnimations().length > 10", timeout_ms=400)


def test_an_older_picture_never_replaces_a_newer_one(new_page: Callable[..., Page]):
    page = new_page(device="projector")
    line = open_live(page, "projector", votes(5, 10, 1, 1, 1))
    line.push(votes(30, 10, 1, 1, 1, revision=1300))
    line.push(votes(1, 1, 1, 1, 1, revision=1250))
    page.wait_for_timeout(300)
    expect(page.locator(".bars .count").first).to_have_text(re.compile("30$"))


def test_it_says_since_when_it_is_not_live_keeps_the_picture_and_recovers_alone(
    new_page: Callable[..., Page],
):
    page = new_page(device="projector")
    line = open_live(page, "projector", votes(5, 10, 1, 1, 1))
    page.evaluate("window.neverLoadedAnew = true")
    wait_until(page, "!isNaN(kickoff.now())")
    line.cut()
    notice = page.locator("#connection")
    page.wait_for_timeout(1500)
    assert not notice.is_visible()
    expect(notice).to_be_visible(timeout=4000)
    assert re.search(r"\d\d:\d\d", notice.inner_text())
    expect(page.locator(".bars .count").nth(1)).to_have_text(re.compile("10$"))
    # In large letters, and over nothing: the foot, whose figures are old now, has made room.
    box, answers = notice.bounding_box(), page.locator(".stage").bounding_box()
    assert box
    assert answers
    assert box["y"] >= answers["y"] + answers["height"] - 1
    assert notice.evaluate("(e) => parseFloat(getComputedStyle(e).fontSize)") >= 32
    expect(page.locator(".day-line")).to_be_hidden()
    line.room, line.up = votes(30, 10, 1, 1, 1, revision=1400), True
    expect(notice).to_be_hidden(timeout=8000)
    expect(page.locator(".bars .count").first).to_have_text(re.compile("30$"))
    assert page.evaluate("window.neverLoadedAnew")
    problems(page).clear()


def test_two_hundred_frames_leave_no_more_nodes_than_one(new_page: Callable[..., Page]):
    page = new_page(device="projector")
    line = open_live(page, "projector", votes(5, 10, 1, 1, 1))
    count = "document.querySelectorAll('*').length"
    before = page.evaluate(count)
    for n in range(200):
        line.push(votes(n, 10, 1, 1, 1, revision=1300 + n))
    expect(page.locator(".bars .count").first).to_have_text(re.compile("199$"))
    assert page.evaluate(count) == before


def test_the_clock_counts_down_and_says_over_time(new_page: Callable[..., Page]):
    page = new_page(device="projector")
    open_live(page, "projector", SCENES["block"], "en")
    expect(page.locator(".countdown-clock")).to_have_text(re.compile(r"^12:(40|39|38)$"))
    page = new_page(device="projector")
    open_live(page, "projector", SCENES["block_overrun"], "en")
    expect(page.locator(".countdown-clock")).to_have_text(re.compile(r"^−1:3\d$"))
    expect(page.get_by_text("over time")).to_be_visible()


def test_many_texts_are_turned_page_by_page(new_page: Callable[..., Page]):
    page = new_page(device="projector", reduced_motion="reduce")
    open_live(page, "projector", SCENES["text_many"], "en")
    expect(page.locator("#pages")).to_have_text(re.compile(r"^Page 1 of \d$"))
    page.keyboard.press("ArrowDown")
    expect(page.locator("#pages")).to_have_text(re.compile(r"^Page 2 of \d$"))
    assert page.locator(".notes").evaluate("e => e.scrollLeft") > 300
    page.keyboard.press("ArrowUp")
    expect(page.locator("#pages")).to_have_text(re.compile(r"^Page 1 of \d$"))


def test_the_lobby_shows_people_arriving(new_page: Callable[..., Page]):
    page = new_page(device="projector")
    line = open_live(page, "projector", SCENES["lobby_empty"], "en")
    expect(page.locator(".here-count")).to_have_text("0")
    line.push(replace(SCENES["lobby"], revision=1300))
    expect(page.locator(".here-count")).to_have_text("212")
    expect(page.locator(".names").get_by_text("Sunniva")).to_be_visible()


def test_a_sound_when_a_part_begins_unless_it_is_off(new_page: Callable[..., Page]):
    page = new_page(device="projector")
    room = SCENES["block"]
    line = open_live(page, "projector", room, "en")
    page.keyboard.press("x")  # a browser is silent until it has been touched
    later = replace(room, clock=replace(room.clock, phase=2, ends_at=NOW + 600_000), revision=1300)  # type: ignore[type-var]
    page.wait_for_timeout(300)
    line.push(later)
    wait_until(page, "document.documentElement.dataset.sounded === '1'")
    page.keyboard.press("m")
    expect(page.get_by_text("Sound off")).to_be_visible()
    line.push(replace(room, revision=1301))
    page.wait_for_timeout(400)
    assert page.evaluate("document.documentElement.dataset.sounded") == "1"
