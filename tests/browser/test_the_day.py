"""A whole day as people play it: a laptop, a projector and three phones, from the QR code on the
wall to the end, with the server killed in the middle of it. One guest reads another language."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.i18n import gettext as say
from app.i18n import pgettext, speaking
from tests.browser import our_day
from tests.browser import room as rooms
from tests.browser.handset import expect_live, expect_question, submissions, tap
from tests.browser.room import Room
from tests.support.browser import axe, problems, screenshot
from tests.support.server import Server

pytestmark = pytest.mark.browser

NAMES = ("Ingrid", "Jonas", "Bord fem")
AT_THE_TABLE = 6


@pytest.fixture
def room(language: str, start_server: Callable[..., Server], new_page: Callable[..., Page]) -> Room:
    """Everybody is in the lobby; the third phone is a whole table's."""
    server = start_server()
    opened = rooms.opened("day", language, server, our_day.made(server, language), new_page)
    for name in NAMES:
        people = AT_THE_TABLE if name == NAMES[-1] else 1
        opened.joined(rooms.new_phone(new_page, language), name, people=people)
    return opened


def test_the_day(room: Room, new_page: Callable[..., Page]) -> None:
    room.seen("1-lobby")
    _a_guest_reads_english(room, new_page)
    _the_day_opens(room)
    _words_are_asked(room)
    _a_choice_survives_the_server(room)
    _a_new_round_is_compared(room)
    _time_is_the_facilitators(room)
    _several_may_be_chosen(room)
    _what_is_written_is_approved(room)
    _a_need_arises(room)
    _the_day_ends(room)


def _a_guest_reads_english(room: Room, new_page: Callable[..., Page]) -> None:
    """In the same room, at the same time."""
    with speaking("en"):
        guest = rooms.new_phone(new_page, "en")
        room.joined(guest, "Margaret")
        expect(guest.locator("html")).to_have_attribute("lang", "en")
        room.looked_at("1-english-phone", guest)
    room.phones.remove(guest)
    guest.goto("about:blank")  # and goes home again


def _the_day_opens(room: Room) -> None:
    room.push(say("Start the day"))
    room.hall_says(room.words["opening"])
    # The button that was pressed is another one now, and says so.
    expect(room.laptop.locator(".clock").get_by_role("button").first).to_contain_text(
        pgettext("verb", "Pause")
    )
    expect(room.hall.locator(".problem")).to_contain_text(room.words["problem"])
    for phone in room.phones:
        expect_question(phone, room.words["opening"])
        expect(phone.locator("main")).to_contain_text(room.words["indicator"])
    room.seen("2-block")


def _words_are_asked(room: Room) -> None:
    card = room.opened("ask_words")
    for phone, words in zip(room.phones, room.words["words"], strict=True):
        phone.locator("form.answer input[type=text]").fill(words)
        phone.get_by_role("button", name=say("Send answer")).tap()
    room.saved()
    expect(room.hall.locator(".waiting-count .num")).to_have_text("8")
    room.seen("3-words-asked")
    room.revealed(card)
    expect(room.hall.locator(".words")).to_contain_text(room.words["words"][1])
    room.closed(card)
    room.seen("3-words-shown")


def _a_choice_survives_the_server(room: Room) -> None:
    room.laptop.keyboard.press("PageDown")  # as a clicker does
    room.hall_says(room.words["keynote"])
    card = room.opened("ask_choice")
    first, second, table = room.phones
    tap(first, room.words["one"])
    room.saved(0)
    room.server.kill9()
    tap(second, room.words["two"])
    tap(table, room.words["three"])
    for phone in (second, table):
        expect(phone.locator(".saved").first).to_contain_text(
            say("Not saved yet, trying again"), timeout=8000
        )
    expect(room.hall.locator("#connection")).to_be_visible()
    room.seen("4-server-gone")
    room.server.start()
    # Nobody touches anything.
    room.saved(within=25)
    for page in (room.laptop, room.hall, *room.phones):
        expect_live(page, within=25)
        problems(page).clear()
    room.everybody_has(room.words["ask_choice"])
    assert _counts(room.day.result("ask_choice")) == [1, 1, 0]
    assert len({each["id"] for phone in room.phones for each in submissions(phone)}) >= 2
    # Changed, and still one.
    tap(first, room.words["two"])
    room.saved(0)
    figures = _when(room, "ask_choice", lambda found: _counts(found) == [0, 2, 0])
    assert figures["answered"] == 2
    # Those without a phone of their own are figures of their own.
    card.get_by_text(say("Show of hands")).click()
    for field_, count in zip(
        card.locator(".hands input[type=number]").all(), (4, 0, 8), strict=True
    ):
        field_.fill(str(count))
    card.get_by_role("button", name=say("Save the count")).click()
    expect(card.locator("summary", has_text=say("Show of hands"))).to_contain_text("(12)")
    room.revealed(card)
    expect(room.hall.locator(".sources").last).to_contain_text(
        say("Show of hands: %(people)s people") % {"people": 12}
    )
    # One table alone could be told from all others, and the question is anonymous.
    expect(room.hall.locator(".sources").last).not_to_contain_text(say("Table phones:"))
    found = room.day.result("ask_choice")
    assert _counts(found) == [0, 2, 0]
    assert "tables" not in found
    assert _counts(found["hands"]) == [4, 0, 8]
    room.closed(card)
    room.seen("5-choice-shown")


def _a_new_round_is_compared(room: Room) -> None:
    title = room.words["ask_choice"]
    room.card(title).get_by_role("button", name=say("New round")).click()
    room.laptop.get_by_role("dialog").get_by_role("button", name=say("Yes")).click()
    again = say("Round %(number)s") % {"number": 2}
    card = room.laptop.locator(".activity", has_text=title).filter(has_text=again)
    expect(card).to_contain_text(pgettext("question", "Open"))
    expect(room.hall.locator(".crumb")).to_contain_text(again)
    for phone in room.phones:
        expect(phone.locator(".saved").first).to_have_text(say("Not answered yet"))
        tap(phone, room.words["three"])
    room.saved()
    room.revealed(card)
    expect(room.hall.locator(".before.up")).to_contain_text("100")
    expect(room.hall.locator(".before.down")).to_contain_text("100")
    room.closed(card)
    room.seen("6-second-round")


def _time_is_the_facilitators(room: Room) -> None:
    room.push(room.words["interactive"])
    room.hall_says(room.words["interactive"])
    laptop, hall = room.laptop, room.hall
    laptop.keyboard.press("p")
    expect(hall.locator(".countdown.paused")).to_contain_text(say("Paused"))
    for phone in room.phones:
        expect(phone.locator("main")).to_contain_text(say("Short stop. The clock stands still."))
    laptop.keyboard.press("p")
    expect(hall.locator(".countdown.paused")).to_have_count(0)
    clock = hall.locator(".head [data-ends-at]")
    before = int(clock.get_attribute("data-ends-at") or 0)
    laptop.get_by_role("button", name=say("+5 min")).click()
    expect(clock).to_have_attribute("data-ends-at", str(before + 300_000))
    here = laptop.locator("#region-now [aria-current=step]")
    room.push(say("To the work"))
    expect(here).to_contain_text(say("Work"))
    laptop.keyboard.press("u")
    expect(here).to_contain_text(say("Introduction"))
    expect(hall.locator(".parts [aria-current=step]")).to_contain_text(say("Introduction"))
    expect(clock).to_have_attribute("data-ends-at", str(before + 300_000))
    room.seen("7-phases")


def _several_may_be_chosen(room: Room) -> None:
    card = room.opened("ask_several")
    chosen = (("a", "b"), ("b", "c"), ("d",))
    for phone, options in zip(room.phones, chosen, strict=True):
        for option in options:
            tap(phone, room.words[option])
        phone.get_by_role("button", name=say("Send answer")).tap()
    room.saved()
    tap(room.phones[0], room.words["d"])
    expect(room.phones[0].locator(".saved").first).to_contain_text(
        say("Choose {most} at most. Take one away first.").replace("{most}", "2")
    )
    _when(room, "ask_several", lambda found: _counts(found) == [1, 2, 1, 0])
    room.seen("8-several-asked")
    room.revealed(card)
    expect(room.hall.locator(".bar")).to_have_count(4)
    room.closed(card)
    room.seen("8-several-shown")


def _what_is_written_is_approved(room: Room) -> None:
    card = room.opened("ask_open_text")
    for phone, text in zip(room.phones, room.words["texts"], strict=True):
        phone.locator("form.answer textarea").fill(text)
        phone.get_by_role("button", name=say("Send answer")).tap()
    room.saved()
    expect(card.locator(".entries .pending")).to_have_count(3)
    useful, other, blame = room.words["texts"]
    for text in (useful, other):
        entry = card.locator(".entries li", has_text=text)
        entry.get_by_role("button", name=say("Approve")).click()
        expect(entry).to_have_class(re.compile("visible"))
        room.laptop.wait_for_timeout(650)  # no hand aims anew within less (console.js)
    hidden = card.locator(".entries li", has_text=blame)
    hidden.get_by_role("button", name=pgettext("verb", "Hide")).click()
    expect(hidden).to_have_class(re.compile("hidden"))
    room.revealed(card)
    expect(room.hall.locator(".notes li")).to_have_count(2)
    room.seen("9-texts")
    card.locator(".entries li", has_text=other).get_by_role(
        "button", name=pgettext("verb", "Hide")
    ).click()
    expect(room.hall.locator(".notes li")).to_have_text([useful])
    room.closed(card)


def _a_need_arises(room: Room) -> None:
    laptop, hall = room.laptop, room.hall
    laptop.get_by_text(say("Insert a block")).click()
    form = laptop.locator("#insert-block")
    form.get_by_label(pgettext("block", "Title")).fill(room.words["extra"])
    form.get_by_role("button", name=say("Insert")).click()
    expect(laptop.locator("#region-day")).to_contain_text(room.words["extra"])
    room.push(say("To the work"))
    room.push(say("To the summing up"))
    room.push(room.words["extra"])
    room.hall_says(room.words["extra"])
    # Two taps, and the phones have it.
    laptop.get_by_text(say("New question")).click()
    screenshot(laptop, f"day-10-new-question-laptop-{room.language}")
    axe(laptop)
    laptop.get_by_role("button", name=say("0 to 10")).click()
    title = say("How likely is it that we succeed?")
    room.everybody_has(title)
    for phone, value in zip(room.phones, ("9", "6", "8"), strict=True):
        tap(phone, value)
    room.saved()
    card = room.card(title)
    room.revealed(card)
    expect(hall.locator(".figures-of-scale")).to_contain_text("NPS")
    expect(hall.locator(".scale-columns .value")).to_have_count(11)
    room.closed(card)
    room.seen("10-zero-to-ten")


def _the_day_ends(room: Room) -> None:
    laptop, hall = room.laptop, room.hall
    # The rest of the inserted block is let go: what is next in the day is one tap away.
    laptop.locator("#region-day").get_by_text(room.words["break"]).click()
    expect(hall.locator(".break .say")).to_contain_text(room.words["closing"])
    room.seen("11-break")
    laptop.keyboard.press("ArrowRight")
    room.hall_says(room.words["closing"])
    card = room.opened("ask_scale")
    for phone, value in zip(room.phones, ("4", "5", "3"), strict=True):
        tap(phone, value)
    room.saved()
    room.revealed(card)
    room.closed(card)
    room.seen("12-scale")
    room.push(say("End the day"))
    laptop.get_by_role("dialog").get_by_role("button", name=say("Yes")).click()
    expect(laptop.locator("#now-title")).to_have_text(say("The day is over"))
    expect(hall.locator(".thanks")).to_have_text(say("Thank you for today"))
    for phone in room.phones:
        expect_question(phone, say("Thank you for today"))
    room.seen("13-end")
    assert room.day.state()["status"] == "ended"
    assert room.day.result("ask_scale")["mean"] == 4.5


def _counts(figure: dict) -> list[int]:
    return [option["count"] for option in figure["options"]]


def _when(room: Room, asked: str, holds: Callable[[dict], bool]) -> dict:
    """The figures once they hold; they are counted a moment after what was saved."""
    for _ in range(40):
        found = room.day.result(asked)
        if holds(found):
            return found
        room.laptop.wait_for_timeout(50)
    raise AssertionError(found)
