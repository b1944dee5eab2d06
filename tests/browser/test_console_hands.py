"""The console under hands that do not look twice: things stay where they are, keys mean one thing.

What a facilitator ran into on the first day: a button that had become another one under the finger,
a key that pressed what happened to have the focus, and a list that moved while it was read.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from app.live.snapshot import RoomSnapshot
from tests.browser.paint import Line, open_live, shell, show
from tests.browser.scenes import LONG, SCENES, blocks, choice, open_text, room, scale, staged
from tests.browser.test_console import DESK, PHONE, said

pytestmark = pytest.mark.browser

STEERING = (".go", ".times [data-key=p]", ".times [data-key='+']", ".times > button:last-child")


@pytest.fixture
def desk(new_page: Callable[..., Page]) -> tuple[Page, Line]:
    page = new_page(viewport=DESK, reduced_motion="reduce")
    return page, open_live(page, "console", SCENES["choice_shown"], "en")


def places(page: Page) -> list[tuple[float, float]]:
    boxes = [page.locator(one).bounding_box() for one in STEERING]
    return [(box["x"], box["y"]) for box in boxes]


def long_titles() -> RoomSnapshot:
    """Whole sentences as the titles of the block and of the one after it."""
    here = room(5)
    day = tuple(replace(block, title=LONG[:200]) for block in here.blocks)
    return replace(here, blocks=day, block=replace(here.block, title=LONG[:200]))


@pytest.mark.parametrize("language", ["nb", "en"])
def test_what_one_steers_by_stays_where_it_is(new_page: Callable[..., Page], language: str):
    """Seen red: a pause moved three buttons sideways, a long title the orange one by 66 px."""
    page = new_page(viewport=DESK)
    show(page, shell("console", SCENES["choice_shown"], language))
    before = places(page)
    for scene in (SCENES["block_paused"], SCENES["block_pause"], long_titles(), room(11)):
        show(page, shell("console", scene, language))
        assert places(page) == before


def test_clock_and_next_step_stay_in_sight_and_another_block_is_read_from_its_top(desk):
    page, line = desk
    content = page.locator("#content")
    content.evaluate("desk => { desk.scrollTop = desk.scrollHeight; }")
    expect(page.locator(".go")).to_be_in_viewport(ratio=1)
    expect(page.locator("#now-1")).to_be_in_viewport(ratio=1)
    line.push(replace(room(5), revision=1500, control=38))
    expect(page.locator("#now-title")).to_have_text("Pause")
    assert content.evaluate("desk => desk.scrollTop") == 0


def test_space_after_a_click_is_the_next_step(desk):
    """Seen red: it pressed "+5 min" once more."""
    page, line = desk
    page.get_by_role("button", name="+5 min").click()
    page.keyboard.press("Space")
    assert said(page, line, 2) == [("agenda.extend", {"minutes": 5}), ("agenda.next_phase", {})]


def test_space_is_the_next_step_also_on_a_button_that_has_the_focus(desk):
    page, line = desk
    page.get_by_role("button", name="+1 min").focus()
    page.keyboard.press("Space")
    page.wait_for_timeout(100)
    assert line.commands == [("agenda.next_phase", {})]


def test_enter_after_a_jump_presses_nothing(desk):
    """Seen red: the focus was on "←", and Enter went back a block on the wall."""
    page, line = desk
    for key in ("g", "8", "Enter", "Enter"):
        page.keyboard.press(key)
    said(page, line)
    line.push(replace(room(7), revision=1500, control=38))
    expect(page.locator("#now-title")).to_have_text("Lunsj")
    page.keyboard.press("Enter")
    page.wait_for_timeout(150)
    assert line.commands == [("agenda.goto", {"block": "b8"})]


def test_a_second_tap_does_not_push_what_the_button_has_become(desk):
    page, line = desk
    line.push(replace(SCENES["choice_draft"], revision=1300, control=38))
    button = page.locator("#activity-a-choice footer button").first
    expect(button).to_contain_text("Open")
    box = button.bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(*middle)
    said(page, line)
    line.push(replace(SCENES["choice_hidden"], revision=1310, control=39))
    expect(page.locator("#activity-a-choice")).to_contain_text("Show on the projector")
    at = page.locator("#activity-a-choice footer button").first.bounding_box()
    middle = (at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
    page.mouse.click(*middle)
    page.wait_for_timeout(1100)
    assert line.commands == [("activity.open", {"activity": "a-choice"})]
    page.mouse.click(*middle)
    assert said(page, line, 2)[1] == ("activity.close", {"activity": "a-choice"})


def test_a_double_click_on_new_question_asks_nothing(new_page: Callable[..., Page]):
    """It opens in sight, which may bring a button under the finger."""
    page = new_page(device="phone", viewport=PHONE)
    line = open_live(page, "console", SCENES["choice_shown"], "en")
    door = page.locator("#new-question > summary")
    door.scroll_into_view_if_needed()
    box = door.bounding_box()
    door.click()
    page.wait_for_timeout(150)
    for _ in range(3):
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(150)
    assert line.commands == []


def test_showing_the_answers_stands_apart_from_opening(new_page: Callable[..., Page]):
    page = new_page(viewport=DESK)
    show(page, shell("console", SCENES["choice_draft"], "en"))
    opening = page.locator("[data-command='activity.open']").bounding_box()
    show(page, shell("console", SCENES["choice_hidden"], "en"))
    showing = page.locator("[data-command='activity.reveal']").bounding_box()
    assert showing["x"] > opening["x"] + opening["width"] + 100


def test_rows_stay_while_somebody_points_at_them(desk):
    """Seen red: the approved row left, and the next one slid under the pointer."""
    page, line = desk
    texts = open_text()
    line.push(replace(staged(texts), revision=1300, control=38))
    rows = page.locator(".entries li")
    expect(rows.first).to_contain_text("Approve")
    order = rows.evaluate_all("rows => rows.map((row) => row.id)")
    rows.first.get_by_role("button", name="Approve").click()
    assert said(page, line)[0][0] == "entry.show"
    approved = tuple(
        replace(entry, state="visible") if order[0].endswith(entry.id) else entry
        for entry in texts.entries
    )
    line.push(replace(staged(replace(texts, entries=approved)), revision=1310, control=39))
    expect(rows.first).to_contain_text("approved")
    assert rows.evaluate_all("rows => rows.map((row) => row.id)") == order
    page.mouse.move(5, 5)
    line.push(replace(staged(replace(texts, entries=approved)), revision=1320, control=40))
    later = replace(texts, entries=approved, title="Another picture")
    line.push(replace(staged(later), revision=1330, control=41))
    expect(rows.first).not_to_have_id(order[0])


def test_what_comes_between_press_and_release_takes_no_click_away(desk):
    """Seen red: the row moved under the button that was held down, and nothing was pushed."""
    page, line = desk
    texts = open_text()
    line.push(replace(staged(texts), revision=1300, control=38))
    row = page.locator(".entries .pending").first
    button = row.get_by_role("button", name="Approve").bounding_box()
    page.mouse.move(button["x"] + 10, button["y"] + 10)
    page.mouse.down()
    answered = replace(texts, title="Asked in a title so long that it needs two lines " * 3)
    line.push(replace(staged(answered), revision=1310, control=38))
    page.wait_for_timeout(200)
    page.mouse.up()
    assert said(page, line)[0][0] == "entry.show"
    expect(page.locator(".activity h3, .activity h2").first).to_contain_text("so long")


def test_who_holds_a_button_down_sees_on(desk):
    page, line = desk
    page.mouse.move(700, 300)
    page.mouse.down()
    line.push(replace(room(5), revision=1500, control=38))
    expect(page.locator("#now-title")).to_have_text("Pause")
    page.mouse.up()


def test_all_that_wait_are_approved_at_once_and_only_they(desk):
    page, line = desk
    line.push(replace(staged(open_text()), revision=1300, control=38))
    page.get_by_role("button", name="Approve all 2").click()
    page.keyboard.press("Enter")
    assert said(page, line) == [
        ("entry.show_all", {"activity": "a-open_text", "entries": ["e03", "e09"]})
    ]


def test_who_wrote_is_said_where_people_answer_with_names_and_nowhere_else(
    new_page: Callable[..., Page],
):
    page = new_page(viewport=DESK)
    texts = open_text()
    by_jonas = tuple(replace(entry, author="p1") for entry in texts.entries)
    for mode, number in (("named", len(by_jonas)), ("anonymous", 0)):
        scene = staged(replace(texts, entries=by_jonas, mode=mode))
        show(page, shell("console", scene, "en"))
        expect(page.locator(".entries li", has_text="Jonas")).to_have_count(number)


@pytest.mark.parametrize("device", ["desk", "phone"])
def test_a_new_question_opens_in_sight_and_nothing_changes_places(
    new_page: Callable[..., Page], device: str
):
    page = new_page(viewport=DESK if device == "desk" else PHONE)
    open_live(page, "console", SCENES["choice_shown"], "en")
    first, second = page.locator("#new-question > summary"), page.locator("#new-block > summary")
    first.scroll_into_view_if_needed()
    apart = second.bounding_box()["x"]
    first.click()
    expect(page.locator("#new-question .ask-row").first).to_be_in_viewport(ratio=1)
    level = first.bounding_box()["y"]
    assert second.bounding_box()["x"] == apart
    assert second.bounding_box()["y"] == level
    if device == "desk":
        expect(page.locator("#new-question").get_by_label("Find among these")).to_be_focused()
    second.click()
    expect(page.locator("#new-question")).not_to_have_attribute("open", "")
    expect(page.locator("#insert-block")).to_be_visible()


def test_a_question_can_be_for_the_phones_alone(desk):
    page, line = desk
    page.keyboard.press("n")
    expect(page.locator("#new-question")).to_contain_text("and the question to the projector")
    page.locator("#ask-quietly").get_by_label("Phones only").check()
    page.get_by_role("button", name="Yes or no").click()
    assert said(page, line)[0][1]["quietly"] is True


def left_open() -> RoomSnapshot:
    """The wall shows this block's second question; two others are open from blocks before."""
    first, second = choice(), replace(open_text(), status="draft")
    older = [replace(scale(), id=f"a-old-{n}", block_id="b2", title=f"Older {n}") for n in (1, 2)]
    return staged(second, first, *older, revision=1300, control=38)


def test_what_is_on_the_wall_comes_first_and_what_was_left_open_is_said(desk):
    page, line = desk
    there = left_open()
    first, second, *older = (there.activities[1], there.activities[0], *there.activities[2:])
    line.push(replace(there, activities=(*older, first, second)))
    expect(page.locator(".activity")).to_have_count(4)
    order = page.locator(".activity").evaluate_all("cards => cards.map((card) => card.id)")
    assert order == [
        *("activity-a-open_text", "activity-a-choice", "activity-a-old-1", "activity-a-old-2")
    ]
    expect(page.get_by_text("2 questions of other blocks are still open.")).to_be_visible()
    page.get_by_role("button", name="Close them").click()
    assert said(page, line) == [
        ("activity.close_open", {"activities": ["a-old-1", "a-old-2"]}),
    ]


def test_a_closed_question_of_another_block_stays_until_it_has_settled(desk):
    page, line = desk
    older = replace(scale(), block_id="b2", status="closed", closed_at=1)
    line.push(room(4, activities=(older,), undo_name="activity.close", undo_touches=("a-scale",),
                   revision=1300, control=38))  # fmt: skip
    expect(
        page.locator("#activity-a-scale").get_by_role("button", name="Open again")
    ).to_have_count(2)
    settled = replace(older, scrubbed=True)
    line.push(room(4, activities=(settled,), revision=1310, control=39))
    expect(page.locator("#activity-a-scale")).to_have_count(0)
    expect(page.get_by_text("Questions of other blocks (1)")).to_be_visible()


def test_undo_says_what_it_takes_back_and_that_there_is_nothing(desk):
    page, line = desk
    line.push(
        replace(
            SCENES["choice_shown"],
            undo_name="agenda.extend", undo_data={"minutes": 5}, revision=1300, control=38,
        )
    )  # fmt: skip
    expect(page.locator(".undo")).to_contain_text("Undo: +5 min")
    line.push(replace(SCENES["choice_shown"], undo_name="", revision=1310, control=39))
    expect(page.locator(".undo")).to_contain_text("Nothing to undo")
    page.keyboard.press("u")
    expect(page.locator("#said")).to_have_text("There is nothing to undo.")
    assert line.commands == []


def test_on_a_phone_undo_blank_and_clock_are_in_the_bar(new_page: Callable[..., Page]):
    """And what the hall sees is above what is to be said. Seen red: four screens below."""
    page = new_page(device="phone", viewport=PHONE)
    line = open_live(page, "console", SCENES["choice_shown"], "en")
    bar = page.locator(".quick")
    expect(bar.locator("[data-timer]")).to_be_in_viewport(ratio=1)
    bar.get_by_role("button", name="Blank").tap()
    bar.get_by_role("button", name="Undo: next block").tap()
    assert [name for name, _ in said(page, line, 2)] == ["screen.set", "room.undo"]
    hall = page.locator(".projector-now").bounding_box()
    assert hall["y"] < page.locator(".notes-of-block").bounding_box()["y"]
    assert page.locator(".projector-now .drift").bounding_box()["y"] < PHONE["height"]
    name = page.locator(".phase-bar .is-now > span")
    assert name.evaluate("name => name.scrollWidth <= name.clientWidth + 1")


def test_the_list_of_keys_is_true_of_the_console(desk):
    page, _ = desk
    page.keyboard.press("?")
    keys = page.get_by_role("dialog")
    for words in ("Ask something new", "Pause or go on", "One minute more"):
        expect(keys).to_contain_text(words)
    expect(keys).not_to_contain_text("The day")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    numbers = page.locator("#region-day .n")
    assert numbers.all_inner_texts() == [str(n + 1) for n in range(12)]


def test_an_empty_agenda_offers_no_orange_start_and_speaks_of_no_block(
    new_page: Callable[..., Page],
):
    page = new_page(viewport=DESK)
    show(page, shell("console", SCENES["lobby_no_agenda"], "en"))
    expect(page.locator(".go")).to_have_count(0)
    expect(page.get_by_role("button", name="Start without an agenda")).to_be_visible()
    expect(page.locator("#region-activities")).not_to_contain_text("block")


def test_a_rehearsal_is_no_delay_and_can_be_cleared_away(desk):
    page, line = desk
    scene = replace(SCENES["choice_shown"], on_the_day=False, revision=1300, control=38)
    line.push(scene)
    expect(page.locator(".drift")).to_contain_text("Rehearsal, not the day")
    page.get_by_text("After a rehearsal").click()
    page.get_by_role("button", name="Reset the room").click()
    expect(page.get_by_role("dialog")).to_contain_text("cannot be undone")
    page.keyboard.press("Enter")
    assert said(page, line) == [("room.reset", {})]
    line.push(replace(scene, on_the_day=True, revision=1310, control=39))
    expect(page.get_by_text("After a rehearsal")).to_have_count(0)


def test_who_is_present_is_who_is_connected(new_page: Callable[..., Page]):
    page = new_page(viewport=DESK)
    show(page, shell("console", replace(SCENES["choice_hidden"], present=200), "en"))
    expect(page.locator(".present")).to_have_text("200 present")
    expect(page.locator(".people-line")).to_contain_text("12 have joined and are away now")
    expect(page.locator("#activity-a-choice")).to_contain_text("184 of 200 here")
    page.get_by_text("Who is here").click()
    expect(page.locator(".people-head")).to_have_text("People at this phone")
    expect(page.locator("#person-p5")).to_be_hidden()
    page.get_by_text("8 without a name").click()
    expect(page.locator("#person-p5")).to_be_visible()


def test_small_things_of_the_first_day(new_page: Callable[..., Page]):
    page = new_page(viewport=DESK)
    bare = replace(blocks(4)[4], notes="", customer_problem="", effect_indicator="")
    show(page, shell("console", replace(staged(scale()), block=bare), "en"))
    expect(page.locator(".notes-of-block")).to_have_count(0)
    expect(page.locator(".ends")).to_contain_text("Helt sikkert")
    skipped = tuple(replace(block, skipped=block.number == 2) for block in blocks(4))
    show(page, shell("console", replace(room(4), blocks=skipped), "en"))
    expect(page.locator("#go-b2")).to_contain_text("skipped")
    expect(page.locator("#go-b2 svg")).to_have_count(0)
    expect(page.locator("#go-b1 svg")).to_have_count(1)
