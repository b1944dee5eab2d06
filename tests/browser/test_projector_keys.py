"""Keys on the projector: what hands press and what clickers send."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests.browser.paint import open_live, wait_until
from tests.browser.scenes import SCENES, blocks, room

pytestmark = pytest.mark.browser


@pytest.fixture
def hall(new_page: Callable[..., Page]):
    """A live projector of one who may facilitate, showing answers."""
    page = new_page(device="projector")
    return page, open_live(page, "projector", SCENES["choice_shown"], "en")


@pytest.mark.parametrize(
    "key,command",
    [
        ("ArrowRight", ("agenda.next_phase", {})),
        ("PageDown", ("agenda.next_phase", {})),
        ("Space", ("agenda.next_phase", {})),
        ("Shift+ArrowRight", ("agenda.next", {})),
        ("ArrowLeft", ("agenda.previous_phase", {})),
        ("PageUp", ("agenda.previous_phase", {})),
        ("b", ("screen.set", {"screen": "blank"})),
        (".", ("screen.set", {"screen": "blank"})),
        ("j", ("screen.set", {"screen": "join"})),
        ("v", ("activity.hide", {"activity": "a-choice"})),
        ("s", ("activity.close", {"activity": "a-choice"})),
        ("u", ("room.undo", {})),
        ("1", ("activity.stage", {"activity": "a-choice"})),
        ("2", ("activity.stage", {"activity": "a-open_text"})),
    ],
)
def test_a_key_is_a_push(hall, key, command):
    page, line = hall
    page.keyboard.press(key)
    page.wait_for_timeout(100)
    assert line.commands == [command]


def test_a_key_that_is_held_down_pushes_once(hall):
    page, line = hall
    page.keyboard.down("PageDown")
    for _ in range(5):
        page.keyboard.down("PageDown")  # repeats
    page.keyboard.up("PageDown")
    page.wait_for_timeout(100)
    assert line.commands == [("agenda.next_phase", {})]


def test_next_in_the_lobby_starts_the_day(new_page):
    page = new_page(device="projector")
    line = open_live(page, "projector", SCENES["lobby"], "en")
    page.keyboard.press("PageDown")
    page.wait_for_timeout(100)
    assert line.commands == [("room.start", {})]


def test_next_after_the_last_block_asks_before_it_ends_the_day(new_page):
    page = new_page(device="projector")
    line = open_live(page, "projector", room(11), "en")
    page.keyboard.press("PageDown")
    expect(page.get_by_text("End the day? Press Enter")).to_be_visible()
    page.keyboard.press("Escape")
    assert line.commands == []
    page.keyboard.press("PageDown")
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    assert line.commands == [("room.end", {})]


def test_leaving_the_last_block_early_asks_before_it_ends_the_day(new_page):
    page = new_page(device="projector")
    line = open_live(page, "projector", replace(room(4), blocks=blocks(4)[:5]), "en")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_text("End the day? Press Enter")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    assert line.commands == [("room.end", {})]


def test_g_and_a_number_goes_to_that_block(hall):
    page, line = hall
    for key in ("g", "1", "2"):
        page.keyboard.press(key)
    expect(page.get_by_text("Go to block 12: press Enter")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    assert line.commands == [("agenda.goto", {"block": "b12"})]


def test_blank_again_is_the_show_again_and_escape_too(new_page):
    page = new_page(device="projector")
    line = open_live(page, "projector", SCENES["blank"], "en")
    expect(page.locator(".over-blank")).to_be_visible()
    page.keyboard.press(".")
    page.keyboard.press("Escape")
    page.wait_for_timeout(100)
    assert line.commands[0] == ("screen.set", {"screen": ""})


def test_f5_never_loads_anew_and_goes_to_full_screen(hall):
    page, _ = hall
    page.evaluate("window.still = true")
    page.keyboard.press("F5")
    page.wait_for_timeout(400)
    assert page.evaluate("window.still === true")
    assert page.evaluate("!!document.fullscreenElement")
    page.keyboard.press("f")
    wait_until(page, "!document.fullscreenElement")
    page.keyboard.press("Escape")
    page.wait_for_timeout(200)
    assert page.evaluate("window.still === true")


def test_the_day_lies_over_the_picture_until_it_is_put_away(hall):
    page, line = hall
    page.keyboard.press("o")
    expect(page.locator(".over-day")).to_be_visible()
    line.push(replace(SCENES["choice_shown"], revision=1300))
    page.wait_for_timeout(150)
    expect(page.locator(".over-day")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".over-day")).to_be_hidden()
    assert line.commands == []


def test_the_question_mark_shows_the_keys_and_the_next_key_works(hall):
    page, line = hall
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("PageDown")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.wait_for_timeout(100)
    assert line.commands == [("agenda.next_phase", {})]


def test_who_may_not_facilitate_steers_only_this_screen(new_page):
    page = new_page(device="projector")
    line = open_live(page, "projector", SCENES["choice_shown"], "en", may_facilitate=False)
    for key in ("PageDown", "PageUp", "v", "s", "u", "1", "g"):
        page.keyboard.press(key)
    page.keyboard.press("b")
    expect(page.locator(".over-blank")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator(".over-join")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".over-join")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog").get_by_text("Undo the last push")).to_have_count(0)
    assert line.commands == []


def test_ctrl_r_is_the_browsers(hall):
    page, line = hall
    prevented = page.evaluate(
        "!document.body.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'r', ctrlKey: true, bubbles: true, cancelable: true}))"
    )
    assert not prevented
    assert line.commands == []
