"""What an attendee meets: two taps to the first answer, and words for what became of it."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.handset import (
    OpenPage,
    expect_live,
    expect_question,
    expect_said,
    join,
    joined,
    open_sockets,
    opened,
    submissions,
    tap,
)
from tests.faults.proxy import Faults, proxy_in_thread
from tests.support.browser import axe, screenshot
from tests.support.processes import at_most
from tests.support.server import Server

pytestmark = pytest.mark.browser

TITLE = "Hva hindrer oss mest de neste 90 dagene?"
OPTIONS = ["For mange prosjekter", "Uklart hvem som bestemmer", "Kundedata i tre systemer"]


@pytest.fixture(scope="module")
def desk(demo_server: Server) -> Iterator[Desk]:
    with Desk(demo_server) as opened_desk:
        yield opened_desk


def _count(desk: Desk, activity: str, text: str) -> int:
    found = desk.activity(activity)
    wanted = next(option["id"] for option in found["options"] if option["text"] == text)
    return next(o["count"] for o in found["result"]["options"] if o["id"] == wanted)


def test_from_scan_to_first_answer_is_two_taps(
    demo_server: Server, desk: Desk, new_page: OpenPage
) -> None:
    activity = desk.ask("choice", TITLE, options=OPTIONS)
    page = opened(new_page, demo_server.base_url, demo_server)
    join(page)
    expect_question(page, TITLE)
    expect(page.locator(".mode")).to_contain_text("Med navn")
    tap(page, OPTIONS[1])
    expect_said(page, "Lagret")
    assert desk.result(activity)["answered"] == 1
    assert _count(desk, activity, OPTIONS[1]) == 1


def test_a_changed_answer_counts_once_and_is_shown_after_reload(
    demo_server: Server, desk: Desk, new_page: OpenPage
) -> None:
    activity = desk.ask("choice", TITLE, options=OPTIONS)
    page = joined(new_page, demo_server.base_url, demo_server)
    for option in OPTIONS:
        tap(page, option)
        expect_said(page, "Lagret")
    assert desk.result(activity)["answered"] == 1
    assert _count(desk, activity, OPTIONS[2]) == 1
    page.reload()
    expect_said(page, "Lagret")
    expect(page.get_by_role("radio", name=OPTIONS[2])).to_be_checked()


def test_anonymous_is_said_before_the_first_answer(
    demo_server: Server, desk: Desk, new_page: OpenPage
) -> None:
    desk.ask("scale", "Hvor trygg er du?", mode="anonymous")
    page = joined(new_page, demo_server.base_url, demo_server)
    expect(page.locator(".mode")).to_contain_text("Anonymt: ingen kan se hva du svarte")


def test_several_answers_keep_to_the_limit_and_are_sent_together(
    demo_server: Server, desk: Desk, new_page: OpenPage
) -> None:
    config = {"multiple": True, "max": 2}
    activity = desk.ask("choice", TITLE, options=OPTIONS, config=config)
    page = joined(new_page, demo_server.base_url, demo_server)
    tap(page, OPTIONS[0])
    tap(page, OPTIONS[1])
    expect_said(page, "Ikke sendt ennå")
    tap(page, OPTIONS[2])
    expect_said(page, "Velg høyst 2")
    page.get_by_role("button", name="Send svar").click()
    expect_said(page, "Lagret")
    assert [_count(desk, activity, option) for option in OPTIONS] == [1, 1, 0]
    assert len(submissions(page)) == 1


def test_words_and_sentences_are_taken_as_they_are(
    demo_server: Server, desk: Desk, new_page: OpenPage
) -> None:
    page = joined(new_page, demo_server.base_url, demo_server)
    words = desk.ask("words", "Hvilket ord beskriver kunden?")
    page.get_by_label("ord, med komma").fill("ærlig, modig")
    page.keyboard.press("Enter")
    expect_said(page, "Lagret")
    assert {word["text"] for word in desk.result(words)["words"]} == {"ærlig", "modig"}
    text = desk.ask("open_text", "Hva bør vi slutte med?")
    hostile = "<b>Møter</b> & {{ 7 * 7 }}"
    page.get_by_label("Med egne ord").fill(hostile)
    page.get_by_role("button", name="Send svar").click()
    expect_said(page, "Lagret")
    desk.command("activity.reveal", activity=text)
    expect(page.locator(".quotes li")).to_have_text(hostile)


def test_a_number_is_tapped_and_my_own_is_marked_in_the_result(
    demo_server: Server, desk: Desk, new_page: OpenPage
) -> None:
    activity = desk.ask("scale", "Hvor klart er det?", config={"min": 0, "max": 10})
    page = joined(new_page, demo_server.base_url, demo_server)
    tap(page, "9")
    expect_said(page, "Lagret")
    desk.command("activity.reveal", activity=activity)
    mine = page.locator("[data-own-mine]")
    expect(mine).to_have_count(1)
    expect(mine).to_contain_text("Ditt svar")
    expect(page.locator(".sum")).to_contain_text("NPS")


def test_my_own_is_marked_once_among_those_i_am_counted_with(
    demo_server: Server, desk: Desk, new_page: OpenPage
) -> None:
    activity = desk.ask("choice", TITLE, options=OPTIONS)
    alone = joined(new_page, demo_server.base_url, demo_server)
    table = opened(new_page, demo_server.base_url, demo_server)
    table.get_by_text("Én telefon for hele bordet?").click()
    table.get_by_label("Hvor mange er dere?").fill("6")
    join(table)
    expect_live(table)
    for page in (alone, table):
        tap(page, OPTIONS[0])
        expect_said(page, "Lagret")
    desk.command("activity.reveal", activity=activity)
    for page, place in ((alone, ".bars >> nth=0"), (table, "h2 + .bars")):
        expect(page.locator(".bars")).to_have_count(2)
        expect(page.locator("[data-own-mine]")).to_have_count(1)
        expect(page.locator(place).locator("[data-own-mine] .yours")).to_be_visible()
    desk.command("activity.hide", activity=activity)  # the room is the other tests' as well


@pytest.mark.parametrize(
    "locale, words", [("nb-NO", "KariTeamet ditt: {}"), ("en-GB", "KariYour team: {}")]
)
def test_who_is_put_into_a_team_sees_which(
    demo_server: Server, new_page: OpenPage, locale: str, words: str
) -> None:
    facts = demo_server.facts
    room = _post(demo_server, f"kickoffs/{facts.kickoff_id}/rooms", {"assigns_teams": True})
    page = new_page(device="phone", locale=locale)
    page.goto(demo_server.base_url + "/j/" + room["join_url"].split("/j/")[1])
    expect(page.locator("#team")).to_have_count(0)
    page.locator("#name").fill("Kari")
    join(page)
    expect_live(page)
    teams = _get(demo_server, f"kickoffs/{facts.kickoff_id}/teams")["items"]
    expect(page.locator("#me")).to_be_visible()
    expect(page.locator("#me")).to_have_text(
        re.compile("|".join(re.escape(words.format(t["name"])) for t in teams))
    )
    screenshot(page, f"phone-team-{locale[:2]}")
    axe(page)


def _post(server: Server, path: str, body: dict[str, object]) -> dict[str, Any]:
    return _asked(server, path, json.dumps(body).encode())


def _get(server: Server, path: str) -> dict[str, Any]:
    return _asked(server, path, None)


def _asked(server: Server, path: str, body: bytes | None) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{server.base_url}/api/v1/{path}",
        data=body,
        headers={
            "authorization": f"Bearer {server.facts.api_token}",
            "content-type": "application/json",
        },
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        made: dict[str, Any] = json.load(answer)
        return made


def test_an_answer_after_closing_is_refused_in_words(
    demo_server: Server, desk: Desk, new_page: OpenPage
) -> None:
    activity = desk.ask("open_text", "Hva bør vi slutte med?", config={"max_length": 20})
    page = joined(new_page, demo_server.base_url, demo_server)
    page.get_by_label("Med egne ord").evaluate("(field) => { field.maxLength = 99; }")
    page.get_by_label("Med egne ord").fill("mer enn tjue tegn er for langt")
    page.get_by_role("button", name="Send svar").click()
    expect(page.locator('form[data-own-state="refused"]')).to_be_visible()
    expect(page.get_by_label("Med egne ord")).to_have_value("mer enn tjue tegn er for langt")
    assert desk.activity(activity)["answered"] == 0


def test_it_works_without_a_script(demo_server: Server, desk: Desk, new_page: OpenPage) -> None:
    activity = desk.ask("choice", TITLE, options=OPTIONS)
    page = new_page(device="phone", java_script_enabled=False)
    page.goto(demo_server.facts.join_url)
    page.get_by_label("Navnet ditt").fill("Åse")
    join(page)
    tap(page, OPTIONS[0])
    page.get_by_role("button", name="Send svar").click()
    expect(page.get_by_role("status").first).to_contain_text("Lagret")
    assert _count(desk, activity, OPTIONS[0]) == 1
    tap(page, OPTIONS[1])
    page.get_by_role("button", name="Send svar").click()
    expect(page.get_by_role("status").first).to_contain_text("Lagret")
    assert [_count(desk, activity, option) for option in OPTIONS] == [0, 1, 0]
    desk.command("activity.close", activity=activity)
    page.goto(demo_server.facts.join_url)
    expect(page.locator('meta[http-equiv="refresh"]')).to_have_count(1)


def test_a_reload_after_joining_asks_for_the_page_and_does_not_join_again(
    demo_server: Server, new_page: OpenPage
) -> None:
    page = opened(new_page, demo_server.base_url, demo_server)
    join(page)
    expect_live(page)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.reload()
    expect_live(page)
    assert "POST" not in sent


def test_a_tap_before_the_script_has_come_is_not_lost(
    demo_server: Server, desk: Desk, new_page: OpenPage
) -> None:
    activity = desk.ask("choice", TITLE, options=OPTIONS)
    page = opened(new_page, demo_server.base_url, demo_server)
    late: list[Callable[[], None]] = []
    page.route(re.compile(r"/js/"), lambda route: late.append(route.continue_))
    page.evaluate("document.querySelector('form.join button').click()")
    tap(page, OPTIONS[0])
    for go_on in late:
        go_on()
    expect_said(page, "Lagret")
    assert _count(desk, activity, OPTIONS[0]) == 1


def test_the_first_page_is_light_and_can_be_answered_within_three_seconds(
    demo_server: Server, desk: Desk, new_page: OpenPage
) -> None:
    desk.ask("choice", TITLE, options=OPTIONS)
    page = opened(new_page, demo_server.base_url, demo_server)
    join(page)
    expect_live(page)
    cookies = page.context.storage_state()
    slow = Faults(delay=0.2, bytes_per_second=50_000)  # 400 ms round trip, 400 kbit/s
    with proxy_in_thread(demo_server.port, slow) as network:
        cold = new_page(device="phone", storage_state=cookies)
        began = monotonic()
        cold.goto(network.base_url + page.evaluate("location.pathname"), wait_until="commit")
        cold.locator(".pick").first.wait_for()
        assert monotonic() - began < at_most(3)
        expect_live(cold)
        loaded = cold.evaluate(
            """[...performance.getEntriesByType("navigation"),
              ...performance.getEntriesByType("resource")]
              .reduce((sum, entry) => sum + entry.transferSize, 0)"""
        )
        assert 10_000 < loaded < 33_000
        # With every header, the socket's handshake and its first frames.
        assert network.bytes_down < 40_000


def test_one_phone_for_a_table_says_so(demo_server: Server, new_page: OpenPage) -> None:
    page = opened(new_page, demo_server.base_url, demo_server)
    page.get_by_text("Én telefon for hele bordet?").click()
    page.get_by_label("Hvor mange er dere?").fill("6")
    join(page)
    expect_live(page)


def test_it_holds_on_a_small_screen_in_both_languages(
    demo_server: Server, desk: Desk, new_page: OpenPage
) -> None:
    for language in ("nb-NO", "en-GB"):
        page = opened(new_page, demo_server.base_url, demo_server, locale=language)
        _look_at(page, f"phone-join-{language[:2]}")
        join(page)
        expect_live(page)
        long = "Ættesøkjarane " * 10 + "x" * 40
        activity = desk.ask("choice", long, options=[long, "Kort"])
        expect_question(page, long)
        _look_at(page, f"phone-choice-{language[:2]}")
        tap(page, "Kort")
        expect_said(page, "Lagret" if language == "nb-NO" else "Saved")
        desk.command("activity.reveal", activity=activity)
        desk.command("activity.close", activity=activity)
        expect(page.locator(".ask .bars")).to_be_visible()
        _look_at(page, f"phone-result-{language[:2]}")
        desk.ask(
            "scale", "NPS", config={"min": 0, "max": 10, "min_label": "Nei", "max_label": "Ja"}
        )
        expect_question(page, "NPS")
        _look_at(page, f"phone-nps-{language[:2]}")
        desk.ask("words", "Ord?")
        expect_question(page, "Ord?")
        _look_at(page, f"phone-words-{language[:2]}")
        desk.ask("open_text", "Tekst?", config={"approval": True})
        expect_question(page, "Tekst?")
        _look_at(page, f"phone-text-{language[:2]}")
    page.goto(demo_server.base_url + "/join")
    _look_at(page, "phone-code")


def test_a_day_from_lobby_to_end(start_server: Callable[..., Server], new_page: OpenPage) -> None:
    server = start_server()
    with Desk(server) as desk:
        page = joined(new_page, server.base_url, server)
        desk.command("agenda.pause")
        expect(page.locator(".timer-paused")).to_be_visible()
        desk.command("agenda.resume")
        desk.command("agenda.next")
        expect(page.locator(".between h1, .ask h1").first).to_be_visible()
        _look_at(page, "phone-between")
        for asked in [a for a in desk.fresh()["activities"] if a["status"] == "open"]:
            desk.command("activity.close", activity=asked["id"])
        desk.command("room.end")
        expect_question(page, "Takk for i dag")
        _look_at(page, "phone-ended")
        assert open_sockets(page) <= 1


def _look_at(page: Page, name: str) -> None:
    """No faults that a machine finds, no side scrolling, no target too small for a thumb."""
    screenshot(page, name)
    axe(page)
    wide, small = page.evaluate(
        """() => [document.documentElement.scrollWidth - innerWidth,
          [...document.querySelectorAll(
            ".main :is(button, .row, select, textarea, summary, .write input)")]
            .filter((each) => each.offsetParent && each.getBoundingClientRect().height < 56)
            .map((each) => each.outerHTML.slice(0, 80))]"""
    )
    assert wide <= 0
    assert small == []
