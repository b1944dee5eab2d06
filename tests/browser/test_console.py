"""The console: one next step, every push by key, click and plain form, two consoles that agree."""

import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, expect

from app.live.snapshot import RoomSnapshot
from tests.browser.paint import Line, open_live, shell, show
from tests.browser.scenes import SCENES, blocks, open_text, room, shown, staged
from tests.support.browser import axe, problems, screenshot

pytestmark = pytest.mark.browser

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def desk(new_page: Callable[..., Page]) -> tuple[Page, Line]:
    """A live console with an open question whose answers are shown."""
    page = new_page(viewport=DESK)
    return page, open_live(page, "console", SCENES["choice_shown"], "en")


def said(page: Page, line: Line, number: int = 1) -> list[tuple[str, dict]]:
    for _ in range(80):
        if len(line.commands) >= number:
            break
        page.wait_for_timeout(25)
    return line.commands


@pytest.mark.parametrize(
    "key,command",
    [
        ("ArrowRight", ("agenda.next_phase", {})),
        ("PageDown", ("agenda.next_phase", {})),
        ("Space", ("agenda.next_phase", {})),
        ("PageUp", ("agenda.previous_phase", {})),
        ("p", ("agenda.pause", {})),
        ("+", ("agenda.extend", {"minutes": 1})),
        ("b", ("screen.set", {"screen": "blank"})),
        (".", ("screen.set", {"screen": "blank"})),
        ("j", ("screen.set", {"screen": "join"})),
        ("v", ("activity.hide", {"activity": "a-choice"})),
        ("s", ("activity.close", {"activity": "a-choice"})),
        ("u", ("room.undo", {})),
        ("2", ("activity.stage", {"activity": "a-open_text"})),
    ],
)
def test_a_key_is_a_push(desk, key, command):
    page, line = desk
    page.keyboard.press(key)
    assert said(page, line) == [command]


def test_every_push_says_what_it_believes(desk):
    page, line = desk
    line.push(replace(SCENES["choice_shown"], revision=1300, control=41))
    page.wait_for_timeout(150)
    page.keyboard.press("PageDown")
    said(page, line)
    assert [m["rev"] for m in line.said if m["type"] == "command"] == [41]


def test_exactly_one_button_is_orange_and_it_is_the_next_step(new_page: Callable[..., Page]):
    page = new_page(viewport=DESK)
    steps = {
        "lobby": "Start the day",
        "choice_shown": "To the summing up",
        "block_pause": "Next: Gruppesprint: første leveranse",
    }
    for name, words in steps.items():
        show(page, shell("console", SCENES[name], "en"))
        orange = page.locator(".go")
        expect(orange).to_have_count(1)
        assert orange.inner_text().split("\n")[0] == words
    show(page, shell("console", room(11), "en"))
    assert page.locator(".go").inner_text().startswith("End the day")
    show(page, shell("console", SCENES["ended"], "en"))
    expect(page.locator(".go")).to_have_count(0)


@pytest.mark.parametrize("by", ["click", "key"])
def test_a_block_can_be_left_while_parts_of_it_remain(desk, by):
    """Beside the orange button, which stays the next part, and nobody is asked."""
    page, line = desk
    expect(page.locator(".go")).to_have_text("To the summing up→")
    leaving = page.locator(".steps").get_by_role("button", name="Next block")
    expect(leaving).to_have_attribute("title", "Leave the rest of the block: on to «Pause»")
    if by == "click":
        leaving.click()
    else:
        page.keyboard.press("Shift+ArrowRight")
    assert said(page, line) == [("agenda.next", {})]


def test_shift_and_arrow_is_the_next_block_also_where_no_parts_remain(new_page):
    page = new_page(viewport=DESK)
    line = open_live(page, "console", SCENES["block_pause"], "en")
    page.keyboard.press("Shift+ArrowRight")
    assert said(page, line) == [("agenda.next", {})]
    expect(page.locator(".leap")).to_have_count(0)


def test_out_of_the_last_block_there_is_the_end_of_the_day_and_it_asks(new_page):
    page = new_page(viewport=DESK)
    line = open_live(page, "console", replace(room(4), blocks=blocks(4)[:5]), "en")
    expect(page.locator(".go")).to_have_text("To the summing up→")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_role("dialog")).to_contain_text("End the day?")
    page.keyboard.press("Enter")
    assert said(page, line) == [("room.end", {})]


def test_on_a_phone_leaving_the_block_is_smaller_than_the_next_step(new_page):
    page = new_page(device="phone", viewport=PHONE)
    open_live(page, "console", SCENES["choice_shown"], "en")
    leaving = page.get_by_role("button", name="Next block", exact=True).bounding_box()
    step = page.locator(".go").bounding_box()
    assert leaving["x"] + leaving["width"] < step["x"]
    assert leaving["width"] < 0.75 * step["width"]
    assert leaving["height"] >= 44
    assert step["x"] + step["width"] <= PHONE["width"]


def test_a_day_that_is_over_offers_what_makes_sense_then(new_page):
    """Undo and the kickoff, and what was asked with its figures; nothing that steers a room."""
    page = new_page(viewport=DESK)
    line = open_live(page, "console", SCENES["choice_closed"], "en")
    expect(page.get_by_text("New question")).to_be_visible()
    line.push(over())
    expect(page.get_by_role("heading", level=1)).to_have_text("The day is over")
    link = page.get_by_role("link", name="To the kickoff")
    expect(link).to_have_attribute("href", "/kickoffs/kickoff-1")
    expect(page.locator("#activity-a-choice")).to_contain_text("For mange parallelle prosjekter")
    names = [button.inner_text() for button in page.locator("button:visible").all()]
    assert [name.split("\n")[0] for name in names if name] == ["Undo the end"]
    expect(page.get_by_text("New question")).to_be_hidden()
    expect(page.get_by_text("K7TQ4M")).to_have_count(0)
    for key in ("b", "j", "n", "s", "v", "1", "ArrowRight", "p"):
        page.keyboard.press(key)
    page.keyboard.press("u")
    assert said(page, line) == [("room.undo", {})]
    line.push(replace(SCENES["choice_closed"], revision=1400, control=39))
    expect(page.get_by_text("New question")).to_be_visible()


def test_a_day_whose_end_cannot_be_undone_can_be_opened_again(new_page):
    page = new_page(viewport=DESK)
    line = open_live(page, "console", replace(over(), undo_name=""), "en")
    expect(page.get_by_text("New question")).to_be_hidden()
    page.get_by_role("button", name="Open the day again").click()
    page.keyboard.press("Enter")
    assert said(page, line) == [("room.start", {})]


def over() -> RoomSnapshot:
    """The day has just been ended, with one question asked and one that was not."""
    asked = SCENES["choice_closed"].activities
    draft = replace(open_text(), status="draft", title="Never asked")
    return replace(
        SCENES["ended"],
        activities=(*asked, draft),
        undo_name="room.end",
        revision=1350,
        control=38,
    )


def test_keys_are_letters_while_somebody_types(desk):
    page, line = desk
    page.keyboard.press("n")
    field = page.locator("#new-question input[name=title]").first
    field.fill("")
    field.press_sequentially("bjsv.1?G")
    page.keyboard.press("ArrowRight")
    assert field.input_value() == "bjsv.1?G"
    page.wait_for_timeout(100)
    assert line.commands == []


def test_a_question_in_two_taps(desk):
    page, line = desk
    page.get_by_text("New question").click()
    page.get_by_role("button", name="0 to 10").click()
    (name, data) = said(page, line)[0]
    assert name == "activity.create"
    assert data == {
        "kind": "scale",
        "title": "How likely is it that we succeed?",
        "config": {"min": 0, "max": 10, "min_label": "Not likely", "max_label": "Certain"},
        "mode": "anonymous",
        "options": [],
        "open": True,
        "quietly": False,
    }
    expect(page.locator("#new-question")).not_to_have_attribute("open", "")


def test_a_block_in_two_taps(desk):
    page, line = desk
    page.get_by_text("Insert a block").click()
    page.get_by_role("button", name="Coffee and air").click()
    assert said(page, line) == [
        ("agenda.insert", {"title": "Coffee and air", "kind": "break", "minutes": 20})
    ]


def test_what_is_ready_made_is_found_by_a_word_of_it(desk):
    page, line = desk
    page.keyboard.press("n")
    panel = page.locator("#new-question")
    expect(panel.get_by_label("Find among these")).to_be_focused()
    page.keyboard.type("mood")
    expect(panel.locator(".ask-row:visible")).to_have_count(1)
    expect(panel.get_by_role("heading", name="Decide")).to_be_hidden()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type("xyzzy")
    expect(panel.get_by_text("Nothing like that")).to_be_visible()
    expect(panel.locator("#own-question").get_by_role("button", name="Ask")).to_be_visible()
    assert line.commands == []


def test_a_question_with_own_options(desk):
    page, line = desk
    page.get_by_text("New question").click()
    form = page.locator("#own-question")
    form.get_by_label("The question").fill("Hvor starter vi?")
    form.get_by_label("Options, one on each line").fill("Salg\n\nDrift \nProdukt")
    form.get_by_label("Several may be chosen").check()
    form.get_by_role("button", name="Ask").click()
    assert said(page, line) == [
        (
            "activity.create",
            {
                "kind": "choice",
                "title": "Hvor starter vi?",
                "options": ["Salg", "Drift", "Produkt"],
                "config": {"multiple": True},
                "live": False,
                "open": True,
                "quietly": False,
            },
        )
    ]


def test_what_is_typed_survives_the_frames(desk):
    page, line = desk
    page.get_by_text("Insert a block").click()
    title = page.locator("#insert-block input[name=title]")
    title.fill("Mer om kundedata")
    for n in range(30):
        line.push(replace(SCENES["choice_shown"], revision=1300 + n, control=38 + n))
    page.wait_for_timeout(200)
    assert title.input_value() == "Mer om kundedata"
    expect(title).to_be_focused()
    page.keyboard.press("Enter")
    assert said(page, line) == [
        ("agenda.insert", {"title": "Mer om kundedata", "kind": "interactive", "minutes": 10})
    ]


def test_a_jump_asks_first_and_the_next_block_does_not(desk):
    page, line = desk
    page.locator("#region-day").get_by_text("Lunsj").click()
    expect(page.get_by_role("dialog")).to_contain_text("Go to «Lunsj» now?")
    page.keyboard.press("Escape")
    page.wait_for_timeout(100)
    assert line.commands == []
    page.locator("#region-day").get_by_text("Lunsj").click()
    page.keyboard.press("Enter")
    assert said(page, line) == [("agenda.goto", {"block": "b8"})]
    page.locator("#region-day").get_by_text("Pause", exact=True).click()
    assert said(page, line, 2)[1] == ("agenda.goto", {"block": "b6"})


def test_g_number_enter_asks_and_goes(desk):
    page, line = desk
    for key in ("g", "8", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_contain_text("Lunsj")
    page.keyboard.press("Enter")
    assert said(page, line) == [("agenda.goto", {"block": "b8"})]


def test_a_question_that_was_renewed_under_the_dialog_is_still_pushed_once(desk):
    page, line = desk
    page.locator("#region-day").get_by_text("Lunsj").click()
    line.push(replace(room(5), revision=1500, control=50))
    page.wait_for_timeout(150)
    page.keyboard.press("Enter")
    assert said(page, line) == [("agenda.goto", {"block": "b8"})]


def test_who_was_second_is_told_kindly_and_sees_the_truth(desk):
    page, line = desk
    line.answer = {"type": "error", "code": "conflict", "detail": "the room has moved on"}
    page.keyboard.press("PageDown")
    said(page, line)
    line.push(replace(room(5), revision=1500, control=38))
    expect(page.locator("#said")).to_contain_text("Somebody else was first")
    expect(page.locator("#now-title")).to_have_text("Pause")


def test_what_is_pushed_while_an_own_push_travels_waits_for_it(desk):
    """It is no conflict with somebody else. Seen red: both were sent at the same revision."""
    page, line = desk
    line.slow = True
    for key in ("PageDown", "v", "b"):
        page.keyboard.press(key)
    page.wait_for_timeout(150)
    assert line.commands == [("agenda.next_phase", {})]
    line.answer_next()
    assert said(page, line, 2)[1:] == [("activity.hide", {"activity": "a-choice"})]
    line.push(replace(SCENES["choice_shown"], revision=1300, control=39))
    line.answer_next()
    assert said(page, line, 3)[2:] == [("screen.set", {"screen": "blank"})]
    line.answer_next()
    assert [m["rev"] for m in line.said if m["type"] == "command"] == [37, 38, 39]
    expect(page.locator("#said")).to_be_hidden()


def test_pressed_again_before_it_is_shown_is_one_push(desk):
    """Also between the answer and the picture: else a double click skips a block."""
    page, line = desk
    page.keyboard.press("PageDown")
    said(page, line)
    page.wait_for_timeout(50)
    page.keyboard.press("PageDown")
    page.wait_for_timeout(100)
    assert line.commands == [("agenda.next_phase", {})]
    line.push(replace(SCENES["choice_shown"], revision=1300, control=38))
    page.wait_for_timeout(100)
    page.keyboard.press("PageDown")
    assert said(page, line, 2)[1:] == [("agenda.next_phase", {})]
    assert [m["rev"] for m in line.said if m["type"] == "command"][-1] == 38


def test_after_somebody_else_was_first_the_next_push_is_not_carried_out_unseen(desk):
    page, line = desk
    line.slow = True
    line.answer = {"type": "error", "code": "conflict", "detail": "the room has moved on"}
    page.keyboard.press("PageDown")
    page.keyboard.press("v")
    said(page, line)
    line.push(replace(room(5), revision=1500, control=38))
    line.answer_next()
    said(page, line, 2)
    assert [m["rev"] for m in line.said if m["type"] == "command"] == [37, 37]


def test_what_waits_in_line_when_the_network_goes_is_sent_in_order_when_it_is_back(desk):
    page, line = desk
    line.slow = True
    page.keyboard.press("PageDown")
    page.keyboard.press("v")
    said(page, line)
    line.slow = False
    line.cut()
    page.wait_for_timeout(100)
    line.up = True
    assert [name for name, _ in said(page, line, 3)] == [
        *("agenda.next_phase", "agenda.next_phase", "activity.hide")
    ]
    sent = [m for m in line.said if m["type"] == "command"]
    assert sent[0]["id"] == sent[1]["id"]


def test_somebody_taken_out_can_be_let_in_again(desk):
    page, line = desk
    page.get_by_text("Who is here").click()
    page.locator("#person-p2").get_by_role("button", name="Take out of the room").click()
    page.locator("#offer").get_by_role("button", name="Undo").click()
    assert said(page, line, 2) == [
        ("participant.remove", {"participant": "p2"}),
        ("participant.restore", {"participant": "p2"}),
    ]


def test_a_table_phone_counts_its_people(desk):
    page, line = desk
    page.get_by_text("Who is here").click()
    field = page.locator("#person-p1 input[name=people]")
    field.fill("7")
    field.press("Tab")
    assert said(page, line) == [("participant.people", {"participant": "p1", "people": 7})]


def test_hands_are_counted_by_option(desk):
    page, line = desk
    card = page.locator("#activity-a-choice")
    card.get_by_text("Show of hands").click()
    fields = card.locator(".hands input[type=number]")
    fields.nth(0).fill("12")
    fields.nth(2).fill("3")
    card.get_by_role("button", name="Save the count").click()
    assert said(page, line) == [
        (
            "activity.hands",
            {
                "activity": "a-choice",
                "counts": [{"id": "o0", "count": 12}, {"id": "o2", "count": 3}],
            },
        )
    ]


def test_a_text_is_approved_and_hidden_with_one_tap(new_page):
    page = new_page(viewport=DESK)
    line = open_live(page, "console", SCENES["text_hidden"], "en")
    waiting = page.locator(".entries .pending")
    expect(waiting).to_have_count(2)
    expect(page.get_by_text("2 wait")).to_be_visible()
    waiting.first.get_by_role("button", name="Approve").click()
    page.locator(".entries .visible").first.get_by_role("button", name="Hide").click()
    names = [name for name, _ in said(page, line, 2)]
    assert names == ["entry.show", "entry.hide"]
    assert said(page, line)[0][1] == {"activity": "a-open_text", "entry": "e03"}


def test_closing_an_anonymous_question_can_be_regretted_for_ten_seconds(new_page):
    page = new_page(viewport=DESK)
    line = open_live(page, "console", SCENES["choice_closed"], "en")
    notice = page.locator(".undo-close")
    expect(notice.locator("[data-timer]")).to_have_text("0:05")
    notice.get_by_role("button", name="Open again").click()
    assert said(page, line) == [("room.undo", {})]
    gone = replace(SCENES["choice_closed"].activities[0], scrubbed=True)
    line.push(replace(staged(gone), undo_name="activity.close", revision=1300))
    expect(notice).to_have_count(0)
    expect(page.get_by_role("button", name="New round")).to_be_visible()
    expect(
        page.locator("#activity-a-choice").get_by_role("button", name="Open again")
    ).to_have_count(0)


def test_what_the_projector_shows_is_said(new_page):
    page = new_page(viewport=DESK)
    words = {
        "blank": "Blank screen",
        "join": "K7TQ4M",
        "choice_hidden": "184 of 212, answers hidden",
        "choice_shown": "the answers are shown",
        "block": "the block and its clock",
    }
    for name, expected in words.items():
        show(page, shell("console", SCENES[name], "en"))
        expect(page.locator(".preview")).to_contain_text(expected)


def test_without_a_script_a_push_is_a_plain_form(new_page):
    page = new_page(viewport=DESK, java_script_enabled=False)
    show(page, shell("console", SCENES["choice_shown"], "en"), "rooms/room-1/console/")
    with page.expect_request(lambda request: request.method == "POST") as pushed:
        page.get_by_role("button", name="Hide on the projector").click()
    assert pushed.value.url.endswith("/rooms/room-1/console/commands/activity.hide")
    fields = parse_qs(pushed.value.post_data or "")
    assert fields["control"] == ["37"]
    assert fields["csrf"] == ["scene"]
    assert json.loads(fields["data"][0]) == {"activity": "a-choice"}


def test_without_a_script_a_question_is_asked_by_plain_form(new_page):
    page = new_page(viewport=DESK, java_script_enabled=False)
    show(page, shell("console", SCENES["choice_shown"], "en"), "rooms/room-1/console/")
    page.get_by_text("New question").click()
    with page.expect_request(lambda request: request.method == "POST") as pushed:
        page.get_by_role("button", name="Yes or no").click()
    fields = parse_qs(pushed.value.post_data or "")
    assert json.loads(fields["data"][0])["options"] == ["Yes", "No"]
    assert fields["title"] == ["Do we agree?"]
    assert fields["csrf"] == ["scene"]


@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("language", ["nb", "en"])
def test_no_violation_and_no_sideways_scroll(new_page: Callable[..., Page], size, language):
    page = new_page(viewport=DESK if size == "desk" else PHONE, reduced_motion="reduce")
    for name in (
        "lobby", "lobby_no_agenda", "no_activities", "block_paused", "choice_draft",
        "choice_others", "choice_round2", "choice_twelve", "choice_long",
        "choice_hostile", "scale_nps",
        "words_shown", "text_shown", "text_hostile", "locked", "ended",
    ):  # fmt: skip
        show(page, shell("console", SCENES[name], language))
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, name
        if language == "nb":
            screenshot(page, f"console-{name}-{size}", full_page=size == "phone")
        axe(page)


def test_on_a_phone_the_next_step_is_under_the_thumb(new_page):
    page = new_page(device="phone", viewport=PHONE)
    line = open_live(page, "console", SCENES["choice_shown"], "en")
    orange = page.locator(".go")
    box = orange.bounding_box()
    assert box["y"] + box["height"] <= PHONE["height"]
    assert box["height"] >= 56
    orange.tap()
    assert said(page, line) == [("agenda.next_phase", {})]
    expect(page.get_by_text("Be salget svare først")).to_be_visible()


def test_help_lists_the_keys_and_f5_is_harmless(desk):
    page, _ = desk
    page.evaluate("window.still = true")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("PageDown")
    page.keyboard.press("Escape")
    page.keyboard.press("F5")
    page.wait_for_timeout(300)
    assert page.evaluate("window.still === true")


def test_text_of_people_is_text(new_page):
    page = new_page(viewport=DESK)
    hostile = "<img src=x onerror=alert(1)>"
    one = replace(SCENES["lobby"].people[1], name=hostile, team=hostile)
    scene = replace(
        staged(shown(open_text((hostile,), title=hostile))), people=(one,), kickoff_title=hostile
    )
    show(page, shell("console", scene, "en"))
    assert page.locator("img").count() == 0
    assert page.get_by_text(hostile).count() >= 3
    problems(page).clear()
