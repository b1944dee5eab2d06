"""What the room agrees has an owner before people stand up: six phones write what is in the way and
rank it, the five greatest get owners, two groups turn it into cards on a board, and what was asked
on the way is answered on stage, or in writing for all who have the link.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from app import clock
from app.i18n import gettext as say
from app.i18n import pgettext
from tests.browser import our_day
from tests.browser import room as rooms
from tests.browser.gestures import (
    ask,
    asked,
    bar,
    card,
    expect_columns,
    own,
    push_row,
    rank,
    row,
    write_cards,
    write_obstacle,
)
from tests.browser.handset import Finger, expect_question
from tests.browser.our_day import Asked
from tests.browser.room import Room
from tests.support.browser import problems
from tests.support.server import Server

pytestmark = pytest.mark.browser

NAMES = ("Ingrid", "Jonas", "Aisha", "Per Olav", "Sunniva", "Tomasz")
EXPERT = "Anne-Margrethe Øvregård"
BLOCKS: tuple[tuple[str, int, tuple[Asked, ...]], ...] = (
    ("opening", 10, (("questions", "anonymous", {"approval": True}, ()),)),
    ("interactive", 50, (("top_obstacles", "anonymous", {}, ()),)),
    ("sprint", 60, (("sprint_board", "named", {"minutes": 25}, ()),)),
    ("closing", 15, ()),
)
WORDS = {
    "nb": {
        "sprint": "Gruppesprint: første leveranse",
        "ask_questions": "Spørsmål til ledelsen",
        "ask_top_obstacles": "Hva står i veien for oss?",
        "ask_sprint_board": "Fra hinder til handling",
        "projects": "For mange prosjekter samtidig",
        "projects_again": "for mange prosjekter samtidig!",
        "projects_nearly": "Vi har for mange prosjekter på én gang",
        "data": "Kundedata ligger i tre systemer som ikke snakker sammen",
        "decides": "Uklart hvem som bestemmer mellom salg og produkt",
        "training": "Opplæringen kommer etter lanseringen",
        "meetings": "Møter uten beslutning",
        "measures": "Måltallene måler aktivitet, ikke effekt",
        "twice": "Alt må godkjennes to ganger",
        "cards": ("Velge to prosjekter som stopper", "Si det til kundene", "Måle hver fredag"),
        "theirs": "Tegne hvor kundedata oppstår",
        "salary": "Hva betyr de nye målene for lønn og bonus, og når får vi vite det?",
        "hire": "Ansetter vi flere i drift før sommeren?",
        "blame": "Hvem sin skyld er det egentlig?",
        "written": "Ja. To stillinger lyses ut i mars.\nResten ser vi på i mai.",
    },
    "en": {
        "sprint": "Group sprint: the first deliverable",
        "ask_questions": "Questions for the management",
        "ask_top_obstacles": "What stands in our way?",
        "ask_sprint_board": "From obstacle to action",
        "projects": "Too many projects at once",
        "projects_again": "too many projects at once!",
        "projects_nearly": "We run too many projects at the same time",
        "data": "Customer data in three systems that do not talk to each other",
        "decides": "Unclear who decides between sales and product",
        "training": "Training comes after the launch",
        "meetings": "Meetings without a decision",
        "measures": "We measure activity, not effect",
        "twice": "Everything is approved twice",
        "cards": ("Choose two projects to stop", "Tell the customers", "Measure every Friday"),
        "theirs": "Draw where customer data begins",
        "salary": "What do the new goals mean for pay and bonus, and when will we know?",
        "hire": "Do we hire more people in operations before the summer?",
        "blame": "Whose fault is it really?",
        "written": "Yes. Two positions are announced in March.\nThe rest we look at in May.",
    },
}
WROTE = (
    ("projects", "data"),
    ("projects_again", "decides"),
    ("projects_nearly", "training"),
    ("meetings",),
    ("measures",),
    ("twice",),
)
# 27, 17, 10, 8 and 7 points; the measures get 3, and what is approved twice none.
RANKED = (
    ("projects", "data", "decides"),
    ("data", "projects", "training"),
    ("projects", "decides", "data"),
    ("training", "projects", "meetings"),
    ("projects", "meetings", "measures"),
    ("data", "projects", "decides"),
)
THE_FIVE = ("projects", "data", "decides", "training", "meetings")


@dataclass
class Groups:
    """The phones of the first phone's group, and those of the other."""

    ours: list[Page] = field(default_factory=list)
    theirs: list[Page] = field(default_factory=list)


@pytest.fixture
def room(language: str, start_server: Callable[..., Server], new_page: Callable[..., Page]) -> Room:
    """Six are in the lobby, each with a phone."""
    server = start_server()
    day = our_day.made(server, language, blocks=BLOCKS, words=WORDS[language])
    opened = rooms.opened("agrees", language, server, day, new_page)
    for name in NAMES:
        opened.joined(rooms.new_phone(new_page, language), name)
    return opened


def test_the_room_agrees(room: Room, new_page: Callable[..., Page]) -> None:
    _questions_are_open_from_the_morning_on(room)
    obstacles = _what_is_in_the_way_is_written_in_silence(room)
    _a_question_is_asked_beside_it_and_voted_for(room)
    _what_says_the_same_is_merged(room, obstacles)
    _everybody_ranks_five(room, obstacles)
    _each_of_the_five_gets_an_owner(room, obstacles)
    groups = _two_groups_get_a_board_each(room)
    _a_card_is_dragged_by_a_finger(room, groups)
    _a_card_becomes_an_action(room, groups)
    _a_question_is_answered_on_stage(room)
    _the_day_ends_and_what_was_agreed_stands(room)
    _the_rest_is_answered_in_writing_for_all_who_have_the_link(room, new_page)


def _questions_are_open_from_the_morning_on(room: Room) -> None:
    room.push(say("Start the day"))
    room.hall_says(room.words["opening"])
    stream = _stream(room)
    stream.get_by_role("button", name=pgettext("verb", "Open"), exact=True).click()
    for phone in room.phones:
        expect(bar(phone)).to_contain_text(room.words["ask_questions"])
        expect(bar(phone)).to_be_in_viewport(ratio=1)
        # It stands beside what is on and takes nobody's eyes off it.
        expect_question(phone, room.words["opening"])
    room.hall_says(room.words["opening"])
    room.seen("1-opening")


def _what_is_in_the_way_is_written_in_silence(room: Room) -> Locator:
    _goes_to(room, "interactive")
    obstacles = room.opened("ask_top_obstacles")
    for phone, names in zip(room.phones, WROTE, strict=True):
        for name in names:
            write_obstacle(phone, room.words[name])
    expect(room.hall.locator(".waiting-count .num")).to_have_text("9")
    for silent in (room.hall, room.phones[0]):
        expect(silent.locator("body")).not_to_contain_text(room.words["training"])
    room.seen("2-collect")
    return obstacles


def _a_question_is_asked_beside_it_and_voted_for(room: Room) -> None:
    asks, *others = room.phones
    for name in ("salary", "hire", "blame"):
        ask(asks, room.words[name])
        expect(own(asks, room.words[name])).to_have_attribute("data-state", "pending")
    expect(bar(others[0]).locator(".count b")).to_have_text("0")
    stream = _stream(room)
    expect(stream.locator(".waits")).to_contain_text("3")
    stream.locator("details summary").first.click()
    for name, command in (
        ("salary", "entry.show"),
        ("hire", "entry.show"),
        ("blame", "entry.hide"),
    ):
        push_row(room.laptop, room.words[name], command)
    expect(stream.locator(".waits")).to_have_count(0)
    # Voted for by those who did not ask, and not twice by the same.
    for phone, names in zip(others, (("salary", "hire"), *(("salary",),) * 2), strict=False):
        expect(bar(phone).locator(".count b")).to_have_text("2")
        bar(phone).click()
        for name in names:
            vote = asked(phone, room.words[name]).locator(".up")
            vote.click()
            expect(vote).to_have_attribute("aria-pressed", "true")
    # The phones of a room do not fetch what has changed in one moment: each takes its time.
    expect(asked(asks, room.words["salary"]).locator(".up b")).to_have_text("3", timeout=10_000)
    expect(asked(asks, room.words["hire"]).locator(".up b")).to_have_text("1")
    expect(asked(asks, room.words["blame"])).to_have_count(0)
    room.seen("3-questions", phone=1)
    room.looked_at("3-questions-asker", asks)
    # And back to what the room does.
    for phone in (asks, *others[:3]):
        bar(phone).click()
        expect(phone.locator(".writing textarea").first).to_be_in_viewport()
    stream.locator("details summary").first.click()


def _what_says_the_same_is_merged(room: Room, obstacles: Locator) -> None:
    obstacles.locator(".next-stage").click()
    expect(room.phones[0].locator("#region-main .note .icon")).to_be_visible()
    room.looked_at("4-merge-offers-laptop", room.laptop)
    obstacles.locator('[data-command="top_obstacles.merge_alike"]').click()
    expect(obstacles.locator(".parts-of li:not(.all-parts)")).to_have_count(1)
    near = _obstacle(room, obstacles, "projects_nearly")
    into = obstacles.locator(".written-list > li:has(.parts-of)")
    into.evaluate("row => row.scrollIntoView({ block: 'center' })")
    near.locator(".text").first.drag_to(into.locator(".text").first)
    expect(obstacles.locator(".parts-of li:not(.all-parts)")).to_have_count(2)
    # Taken back with a key, and done again.
    room.laptop.keyboard.press("u")
    expect(obstacles.locator(".parts-of li:not(.all-parts)")).to_have_count(1)
    near.locator(".text").first.drag_to(into.locator(".text").first)
    expect(obstacles.locator(".parts-of li:not(.all-parts)")).to_have_count(2)
    expect(obstacles.locator(".written-list > li")).to_have_count(7)
    room.seen("4-merge")


def _everybody_ranks_five(room: Room, obstacles: Locator) -> None:
    obstacles.locator(".next-stage").click()
    for phone in room.phones:
        expect(phone.locator(".to-rank li")).to_have_count(7)
    orders = {"|".join(phone.locator(".to-rank li").all_inner_texts()) for phone in room.phones}
    assert len(orders) > 1, "the top of the list wins nothing"
    for phone, names in zip(room.phones, RANKED, strict=True):
        rank(phone, *(room.words[name] for name in names))
    room.looked_at("5-ranked-phone", room.phones[0])
    # Another mind, and back: a list that was sent can be changed until it is closed.
    moved = room.phones[2].locator(".chosen li").nth(1)
    moved.locator('[data-act="up"]').click()
    expect(room.phones[2].locator(".chosen li").first).to_contain_text(room.words["decides"])
    room.phones[2].locator(".chosen li").first.locator('[data-act="down"]').click()
    expect(room.phones[2].locator(".ranking")).to_have_attribute("data-own-state", "saved")
    expect(room.hall.locator(".waiting-count")).to_contain_text("6")
    room.revealed(obstacles)
    rows = room.hall.locator(".five > li:not(.rest)")
    expect(rows.locator(".what")).to_have_text(
        [re.compile(re.escape(room.words[name]), re.IGNORECASE) for name in THE_FIVE]
    )
    expect(rows.locator(".figures b")).to_have_text(["27", "17", "10", "8", "7"])
    room.seen("5-rank")


def _each_of_the_five_gets_an_owner(room: Room, obstacles: Locator) -> None:
    obstacles.locator(".next-stage").click()
    owned = room.hall.locator(".owned > li")
    expect(owned).to_have_count(5)
    # One is named at the desk, and says yes on the own phone.
    first = obstacles.locator(".owners > li").first
    first.locator("[name=owner_name]").fill("Sunniva")
    first.locator("[name=due]").fill(_in_a_month())
    first.get_by_role("button").click()
    expect(owned.first).to_contain_text("Sunniva")
    accept = room.phones[4].locator(".the-five li[data-own-mine] .accept")
    expect(accept).to_contain_text(say("You were named owner: accept"))
    room.looked_at("6-named-phone", room.phones[4])
    accept.click()
    expect(first.locator(".badge-green")).to_contain_text("Sunniva")
    # Two take one each without being asked; the rest are named without a date.
    for number, name in ((0, "data"), (5, "training")):
        taken = room.phones[number].locator(".the-five li", has_text=room.words[name])
        taken.get_by_role("button").click()
        expect(owned.filter(has_text=room.words[name])).to_contain_text(NAMES[number])
    for name, owner in (("decides", "Per Olav"), ("meetings", "Aisha")):
        named = obstacles.locator(".owners > li", has_text=room.words[name])
        named.locator("[name=owner_name]").fill(owner)
        named.get_by_role("combobox", name=say("Window")).select_option("60")
        named.get_by_role("button").click()
        expect(owned.filter(has_text=room.words[name])).to_contain_text(owner)
    expect(room.hall.locator(".owned .nobody")).to_have_count(0)
    room.seen("6-owners")
    room.closed(obstacles)


def _two_groups_get_a_board_each(room: Room) -> Groups:
    room.laptop.locator("#groups-made > summary").click()
    make = room.laptop.locator("#make-groups")
    make.locator("[name=count]").fill("2")
    make.get_by_role("button").click()
    for phone in room.phones:
        expect(phone.locator('[data-me="group"]')).to_contain_text(say("Group"))
    _goes_to(room, "sprint")
    boards = room.opened("ask_sprint_board")
    groups = Groups()
    ours = room.phones[0].evaluate("kickoff.me.group_id")
    for phone in room.phones:
        phone.locator(".board-kit").wait_for(state="attached")
        mine = phone.evaluate("kickoff.me.group_id") == ours
        (groups.ours if mine else groups.theirs).append(phone)
    assert len(groups.ours) == len(groups.theirs) == 3
    boards.locator(".sprint-of-all").get_by_role("button").first.click()
    expect(room.hall.locator(".wall-sprint")).to_be_visible()
    write_cards(groups.ours[0], *room.words["cards"])
    write_cards(groups.theirs[0], room.words["theirs"])
    for phone in groups.ours:
        expect_columns(phone, list(room.words["cards"]), [], [])
    for phone in groups.theirs:
        expect_columns(phone, [room.words["theirs"]], [], [])
    expect(room.hall.locator(".tile")).to_have_count(2)
    room.seen("7-boards")
    return groups


def _a_card_is_dragged_by_a_finger(room: Room, groups: Groups) -> None:
    phone, *others = groups.ours
    first, second, third = room.words["cards"]
    finger = Finger(phone)
    # Up in its column, and onto another column's tab.
    finger.drag(card(phone, third).locator(".grip"), card(phone, first), down=0.1)
    for each in groups.ours:
        expect_columns(each, [third, first, second], [], [])
    finger.drag(card(phone, second).locator(".grip"), phone.locator('[data-tab="1"]'))
    for each in groups.ours:
        expect_columns(each, [third, first], [second], [])
    expect(phone.locator("dialog[open]")).to_have_count(0)
    for each in groups.theirs:
        expect_columns(each, [room.words["theirs"]], [], [])
    expect(room.hall.locator(".tile", has_text=second)).to_have_count(1)
    room.looked_at("8-dragged-phone", phone)
    room.looked_at("8-dragged-other-phone", others[0])
    # Two move the same card at once: everybody sees it in the same place.
    Finger(others[0]).drag(
        card(others[0], first).locator(".grip"), others[0].locator('[data-tab="2"]')
    )
    finger.drag(card(phone, third).locator(".grip"), phone.locator('[data-tab="1"]'))
    for each in groups.ours:
        expect(card(each, first)).to_have_count(1)
        expect(card(each, third)).to_have_count(1)
        expect(each.locator('.col[data-column="2"] .k .face b')).to_have_text([first])


def _a_card_becomes_an_action(room: Room, groups: Groups) -> None:
    phone, *others = groups.ours
    title = room.words["cards"][1]
    phone.locator('[data-tab="1"]').click()
    card(phone, title).locator(".face").click()
    form = phone.locator("dialog[open]")
    form.locator("[name=owner]").fill("Jonas")
    form.locator("[name=due]").fill(_in_a_month())
    form.locator("[name=due]").blur()
    expect(form.locator("[data-saved]")).to_have_text(say("Saved"))
    form.locator('[data-do="act"]').click()
    expect(form.locator("[data-is-action]")).to_be_visible()
    room.looked_at("9-card-phone", phone)
    form.locator("[data-finish]").click()
    others[0].locator('[data-tab="1"]').click()
    for told in ("Jonas", say("Action")):
        expect(card(others[0], title).locator("small")).to_contain_text(told)
    room.seen("9-action", phone=room.phones.index(others[0]))


def _a_question_is_answered_on_stage(room: Room) -> None:
    text = room.words["salary"]
    stream = _stream(room)
    stream.locator("details summary").first.click()
    row(room.laptop, text).locator('[data-command="questions.pin"]').click()
    expect(room.hall.locator(".qa-one blockquote")).to_have_text(text)
    row(room.laptop, text).locator(".qa-more summary").click()
    form = row(room.laptop, text).locator("form").first
    form.locator("[name=by]").fill(EXPERT)
    form.locator('[data-command="questions.assign"]').click()
    expect(room.hall.locator(".qa-by")).to_contain_text(EXPERT)
    # The groups work on: their board is what they see.
    expect(room.phones[0].locator(".board")).to_be_visible()
    bar(room.phones[2]).click()
    expect(asked(room.phones[2], text)).to_have_class("pinned")
    room.seen("10-pinned", phone=2)
    row(room.laptop, text).locator('.qa-does [data-command="questions.answered"]').click()
    expect(asked(room.phones[2], text)).to_have_attribute("data-state", "answered")
    row(room.laptop, room.words["hire"]).locator('[data-command="questions.backlog"]').click()
    expect(asked(room.phones[2], room.words["hire"])).to_have_attribute("data-state", "backlog")
    room.seen("10-answered", phone=2)
    bar(room.phones[2]).click()


def _the_day_ends_and_what_was_agreed_stands(room: Room) -> None:
    _goes_to(room, "closing")
    room.push(say("End the day"))
    room.laptop.get_by_role("dialog").get_by_role("button", name=say("Yes")).click()
    expect(room.laptop.locator("#now-title")).to_have_text(say("The day is over"))
    for phone in room.phones:
        expect_question(phone, say("Thank you for today"))
    # What was agreed does not go with the day: who owns what is in the plan.
    actions = {each["title"].casefold(): each for each in room.day.records("actions")}
    wanted = [room.words[name].casefold() for name in THE_FIVE]
    found = [next((title for title in actions if title.startswith(each)), "") for each in wanted]
    assert all(found), actions.keys()
    assert all(actions[title]["owner_id"] for title in found)
    assert room.words["cards"][1].casefold() in actions
    assert len(actions) == 6
    room.seen("11-end")


def _the_rest_is_answered_in_writing_for_all_who_have_the_link(
    room: Room, new_page: Callable[..., Page]
) -> None:
    desk = room.laptop
    desk.goto(f"{room.server.base_url}/kickoffs/{room.day.kickoff_id}/questions")
    room.looked_at("12-questions-desk", desk, full_page=True)
    desk.get_by_role("link", name=room.words["hire"]).click()
    desk.locator("#field-answer").fill(room.words["written"])
    desk.locator("#field-by").fill(EXPERT)
    room.looked_at("12-answer-desk", desk)
    desk.locator('[name=do][value="answered"]').click()
    desk.locator('form[action$="/publish"] button').click()
    link = desk.locator(".published-link a")
    room.looked_at("12-published-desk", desk, full_page=True)
    address = link.get_attribute("href") or ""
    # The phones of the day have the way to it, and so has anybody who is signed in nowhere.
    bar(room.phones[0]).click()
    way = room.phones[0].locator(f'.questions a[href="{urlsplit(address).path}"]')
    expect(way).to_be_visible()
    way.scroll_into_view_if_needed()
    room.looked_at("13-link-phone", room.phones[0])
    for device in ("phone", "laptop"):
        reader = new_page(device=device, locale=rooms.LOCALES[room.language])
        reader.goto(address)
        answer = reader.locator("article", has_text=room.words["hire"])
        expect(answer).to_contain_text(room.words["written"].splitlines()[1])
        expect(answer).to_contain_text(EXPERT)
        expect(reader.locator("article", has_text=room.words["salary"])).to_contain_text(EXPERT)
        expect(reader.locator("body")).not_to_contain_text(room.words["blame"])
        room.looked_at(f"13-published-{device}", reader, full_page=True)
    for page in (room.laptop, room.hall, *room.phones):
        assert list(problems(page)) == []


# -- hands ----------------------------------------------------------------------------------------


def _goes_to(room: Room, block: str) -> None:
    """What is next in the day is one tap away, whatever is left of what is on."""
    room.laptop.locator("#region-day").get_by_text(room.words[block]).click()
    room.hall_says(room.words[block])


def _stream(room: Room) -> Locator:
    """The card of the questions, which stands in its place all day."""
    return room.laptop.locator(f"#activity-{room.day.asks['ask_questions']}")


def _obstacle(room: Room, obstacles: Locator, name: str) -> Locator:
    return obstacles.locator(".written-list > li", has_text=room.words[name])


def _in_a_month() -> str:
    return (clock.now() + timedelta(days=30)).date().isoformat()
