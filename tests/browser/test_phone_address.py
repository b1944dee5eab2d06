"""S11 and S10 for attendees: the QR code's secret opens the first page, and shows nowhere later.

Seen red with: the secret kept as the page's address; no cookie that vouches for the room, so that
a paused code or a new one shuts out who is in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Page, Request, WebSocket, expect

from app.ids import room_code
from tests.browser.desk import Desk
from tests.browser.handset import (
    OpenPage,
    expect_live,
    expect_question,
    expect_said,
    join,
    tap,
)
from tests.support.browser import problems
from tests.support.server import Server

pytestmark = pytest.mark.browser

TITLE = "Hva hindrer oss mest?"
OPTIONS = ["Tid", "Folk", "Data"]


@pytest.fixture(scope="module")
def desk(demo_server: Server) -> Iterator[Desk]:
    with Desk(demo_server) as opened_desk:
        yield opened_desk


class Recording:
    """All that a page asks for, with what it says of where it came from."""

    def __init__(self, page: Page) -> None:
        self._asked: list[Request] = []
        self._sockets: list[str] = []
        page.on("request", self._note_request)
        page.on("websocket", self._note_socket)

    def _note_request(self, request: Request) -> None:
        self._asked.append(request)

    def _note_socket(self, socket: WebSocket) -> None:
        self._sockets.append(socket.url)

    @property
    def lines(self) -> list[str]:
        return [
            *(f"{each.method} {each.url} {each.all_headers()}" for each in self._asked),
            *self._sockets,
        ]


def _secret(server: Server) -> str:
    return urlsplit(server.facts.join_url).path.split("/")[2]


def _scan(page: Page, server: Server) -> Recording:
    recording = Recording(page)
    page.goto(server.base_url + urlsplit(server.facts.join_url).path)
    return recording


def _expect_clean(page: Page, server: Server) -> None:
    page.wait_for_url(f"**/j/{server.facts.join_code}/**")
    assert _secret(server) not in page.content() + page.title()


def test_the_secret_stands_in_no_address_after_the_first(
    demo_server: Server, desk: Desk, new_page: OpenPage
) -> None:
    desk.ask("choice", TITLE, options=OPTIONS)
    page = new_page(device="phone")
    recording = _scan(page, demo_server)
    _expect_clean(page, demo_server)
    join(page)
    expect_live(page)
    tap(page, OPTIONS[1])
    expect_said(page, "Lagret")
    page.reload()
    expect_said(page, "Lagret")
    _expect_clean(page, demo_server)
    first, *later = recording.lines
    secret = _secret(demo_server)
    assert secret in first
    assert len(later) > 8, "scripts, form, page and socket were seen"
    assert any(line.startswith("ws://") for line in later)
    assert [line for line in later if secret in line] == []
    assert secret not in page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert secret not in demo_server.log.partition("\n")[2]


def test_a_second_scan_goes_to_the_clean_address_too(
    demo_server: Server, desk: Desk, new_page: OpenPage
) -> None:
    activity = desk.ask("choice", TITLE, options=OPTIONS)
    page = new_page(device="phone")
    _scan(page, demo_server)
    join(page)
    expect_live(page)
    again = page.context.new_page()
    _scan(again, demo_server)
    expect_live(again)
    _expect_clean(again, demo_server)
    tap(again, OPTIONS[0])
    expect_said(again, "Lagret")
    assert desk.result(activity)["answered"] == 1


def test_without_a_script_the_first_form_leads_to_the_clean_address(
    demo_server: Server, desk: Desk, new_page: OpenPage
) -> None:
    activity = desk.ask("choice", TITLE, options=OPTIONS)
    page = new_page(device="phone", java_script_enabled=False)
    recording = _scan(page, demo_server)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Join in")).to_be_visible()
    _expect_clean(page, demo_server)
    join(page)
    tap(page, OPTIONS[0])
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    _expect_clean(page, demo_server)
    assert desk.result(activity)["answered"] == 1
    later = recording.lines[1:]
    assert [line for line in later if _secret(demo_server) in line] == []


def test_a_new_code_leaves_in_who_is_in_and_shuts_out_who_only_looked(
    start_server: Callable[..., Server], new_page: OpenPage
) -> None:
    server = start_server()
    with Desk(server) as desk:
        activity = desk.ask("choice", TITLE, options=OPTIONS)
        inside = new_page(device="phone")
        _scan(inside, server)
        join(inside)
        expect_live(inside)
        looking = new_page(device="phone")
        _scan(looking, server)
        _expect_clean(looking, server)
        desk.command("room.rotate_code")
        looking.wait_for_timeout(2100)  # a code dies within two seconds
        join(looking)
        expect(looking.locator("body")).to_contain_text("Ingen rom har denne koden")
        problems(looking).clear()
        inside.reload()
        expect_live(inside)
        expect_question(inside, TITLE)
        tap(inside, OPTIONS[2])
        expect_said(inside, "Lagret")
        assert desk.result(activity)["answered"] == 1


def test_while_typed_codes_pause_phones_that_came_by_the_qr_code_go_on(
    start_server: Callable[..., Server], new_page: OpenPage
) -> None:
    server = start_server()
    with Desk(server) as desk:
        desk.ask("choice", TITLE, options=OPTIONS)
        inside, looking = new_page(device="phone"), new_page(device="phone")
        _scan(inside, server)
        join(inside)
        expect_live(inside)
        _scan(looking, server)
        _expect_clean(looking, server)
        _guess_until_paused(server)
        stranger = httpx.get(f"{server.base_url}/j/{server.facts.join_code}/")
        assert stranger.status_code == 429, "codes must be paused for this to mean anything"
        inside.reload()
        expect_live(inside)
        tap(inside, OPTIONS[0])
        expect_said(inside, "Lagret")
        looking.reload()
        join(looking)
        expect_live(looking)
        # The first scan of one more phone.
        third = new_page(device="phone")
        _scan(third, server)
        join(third)
        expect_live(third)


def _guess_until_paused(server: Server) -> None:
    with httpx.Client(base_url=server.base_url) as client:
        for _ in range(4000):
            wrong = room_code()
            answer = client.post(f"/api/v1/rooms/{wrong}/participants", json={})
            if answer.status_code == 429:
                return
    raise AssertionError("guessing was never paused")


def test_after_a_restart_the_clean_address_still_leads_in(
    start_server: Callable[..., Server], new_page: OpenPage
) -> None:
    server = start_server()
    page = new_page(device="phone")
    _scan(page, server)
    join(page)
    expect_live(page)
    server.kill9()
    server.start()
    page.reload()
    expect_live(page)
    _expect_clean(page, server)
    problems(page).clear()
