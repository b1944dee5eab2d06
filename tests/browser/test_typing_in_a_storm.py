"""T18 for kinds that take several answers of one: nobody's typing, selection, focus or half-made
list is touched by what others send meanwhile, nor by a lost line; what was typed survives a reload.

The storm is the scripts of the promises (tests/promises/scripts). Seen red: with regions morphed
without `data-keep` (all), with a form that is another one after a merge (ranking).
"""

import asyncio
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from app.rehearsal.address import RoomAddress
from app.rehearsal.client import Facilitator, Phone
from app.rehearsal.exchange import Pool
from app.rehearsal.link import Refused
from tests.browser.handset import OpenPage, expect_live, joined
from tests.promises.moves import push
from tests.promises.scripts import Script, scripts
from tests.support.server import Server

pytestmark = pytest.mark.browser

OTHERS = 8
HALF = "Halvt skrevet, blåbær"
SELECTED = (6, 13)
# What is unfolded from the first says so as soon as there is time for it.
UNFOLDS_EARLY = """
const asks = setInterval(() => {
  if (!window.kickoff) return;
  clearInterval(asks);
  document.dispatchEvent(new Event("toggle"));
}, 20);
"""
SEEN = """(field) => [field.value, field.selectionStart, field.selectionEnd,
                      document.activeElement === field, field.isConnected]"""


@dataclass(frozen=True)
class Field:
    """Where one types in a kind, what is tapped before, and whether a reload keeps it."""

    css: str
    before: tuple[str, ...] = ()
    kept: bool = True


FIELDS = {
    "Collecting": Field(".writing textarea"),
    "Ranking": Field("[data-search]", kept=False),
    "Asking": Field(".questions textarea", before=(".aside-bar:not(.aside-link)",)),
    "Sprinting": Field("dialog[open] textarea", before=(".col:visible .add",), kept=False),
    "Promising": Field("form.closes [name=next_step]"),
    "Noting": Field(".writing textarea"),
    "Naming": Field(".writing textarea"),
}
TAPPED = {"Weighing", "Placing"}  # where nothing is typed


class Storm:
    """Eight others and a facilitator in the same room, in a thread of their own."""

    def __init__(self, server: Server, script: Script) -> None:
        self.script = script
        self._address = RoomAddress.parse(server.facts.join_url)
        self._token = server.facts.api_token
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._phones: list[Phone] = []
        self._console = Facilitator(self._address, self._token)

    def __enter__(self) -> "Storm":
        self._thread.start()
        self._do(self._gather())
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @contextmanager
    def blowing(self, seconds: float) -> Iterator[None]:
        running = asyncio.run_coroutine_threadsafe(self._blow(seconds), self._loop)
        yield
        running.result(30)

    def _do(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def _gather(self) -> None:
        pool = Pool(self._address, size=4)
        self._phones = [
            Phone(self._address, number, rng=Random(number)) for number in range(OTHERS)
        ]
        for phone in self._phones:
            await phone.join(pool)
            phone.open()
            await phone.link.ready()
        pool.close()
        await self._console.__aenter__()
        if self._console.state["status"] == "lobby":
            await push(self._console, "room.start")
        await self.script.begin(self._console, self._phones)

    async def _blow(self, seconds: float) -> None:
        until, turn = self._loop.time() + seconds, 0
        await self.script.meanwhile(self._console)
        while self._loop.time() < until:
            turn += 1
            for phone in self._phones:
                data = self.script.say(phone.number, phone.number + turn)
                with suppress(Refused):  # as many as fit
                    await self.script.send(phone, data)
            # Phones are shown that in any case.
            await push(self._console, "agenda.extend", {"minutes": 1})

    async def _end(self) -> None:
        await push(self._console, "activity.close", {"activity": self.script.activity})
        for phone in self._phones:
            await phone.close()
        await self._console.__aexit__()


@pytest.mark.parametrize(
    "script",
    [one for one in scripts() if type(one).__name__ not in TAPPED],
    ids=lambda script: type(script).__name__,
)
def test_what_is_half_typed_survives_what_others_send(
    demo_server: Server, new_page: OpenPage, script: Script
) -> None:
    where = FIELDS[type(script).__name__]
    with Storm(demo_server, script) as storm:
        page = joined(new_page, demo_server.base_url, demo_server)
        if script.kind == "sprint_board":
            page.locator(".board-kit").wait_for(state="attached")
        for tapped in where.before:
            page.locator(tapped).first.click()
        field = page.locator(where.css)
        field.click()
        field.fill(HALF)
        field.evaluate("(field, range) => field.setSelectionRange(...range)", SELECTED)
        same = field.element_handle()
        frames = page.evaluate("kickoff.frames")
        with storm.blowing(2.0):
            for _ in range(10):
                page.wait_for_timeout(150)
                assert same.evaluate(SEEN) == [HALF, *SELECTED, True, True]
        assert page.evaluate("kickoff.frames") - frames >= 4, "hardly anything came"
        for _ in range(3):
            page.evaluate("lines.at(-1).close()")
            page.wait_for_timeout(50)
            expect_live(page)
            assert same.evaluate(SEEN) == [HALF, *SELECTED, True, True]
        page.keyboard.type("x")
        expect(field).to_have_value(HALF[: SELECTED[0]] + "x" + HALF[SELECTED[1] :])
        if where.kept:
            page.reload()
            expect_live(page)
            expect(page.locator(where.css)).to_have_value(
                HALF[: SELECTED[0]] + "x" + HALF[SELECTED[1] :]
            )


def test_the_script_of_a_kind_waits_for_those_of_the_page_that_it_builds_on(
    demo_server: Server, new_page: OpenPage
) -> None:
    """Seen red with: fetched at once, where a frame came between two scripts of the page."""
    script = next(one for one in scripts() if type(one).__name__ == "Collecting")
    with Storm(demo_server, script):
        page = joined(new_page, demo_server.base_url, demo_server)
        page.add_init_script(UNFOLDS_EARLY)
        page.route(re.compile("/js/submissions"), _late)
        page.reload()
        expect_live(page)
        page.locator(FIELDS["Collecting"].css).fill(HALF)
        assert "top_obstacles" in page.evaluate("Object.keys(kickoff.folding)")


def _late(route: Route) -> None:
    time.sleep(1.5)
    route.continue_()


def test_a_half_made_ranking_and_what_is_under_the_finger_survive(
    demo_server: Server, new_page: OpenPage
) -> None:
    script = next(one for one in scripts() if type(one).__name__ == "Ranking")
    with Storm(demo_server, script) as storm:
        page = joined(new_page, demo_server.base_url, demo_server)
        for number in (4, 2, 6):
            _row(page, number).click()
        expect(page.locator("form.ranking")).to_have_attribute("data-own-state", "saved")
        chosen = page.locator(".chosen li").all_text_contents()
        _row(page, 5).focus()
        order = page.locator(".to-rank button").all_text_contents()
        with storm.blowing(2.0):
            page.wait_for_timeout(1800)
        assert page.evaluate("document.activeElement.textContent.includes('rank 5')")
        assert page.locator(".chosen li").all_text_contents() == chosen
        # One has gone into another; all others stand where they stood.
        merged = [text for text in order if "rank 1" not in text]
        expect(page.locator(".to-rank button")).to_have_text(merged)
        page.reload()
        expect(page.locator(".chosen li")).to_have_text(chosen)


def test_votes_and_the_order_in_which_one_reads_survive(
    demo_server: Server, new_page: OpenPage
) -> None:
    """Seen red: with rows without ids, where the focus was on another note afterwards."""
    script = next(one for one in scripts() if type(one).__name__ == "Weighing")
    with Storm(demo_server, script) as storm:
        page = joined(new_page, demo_server.base_url, demo_server)
        notes = page.locator(".retro-note")
        for number in (4, 2):
            notes.filter(has_text=f"weigh {number}").locator(".pick").click()
        expect(page.locator(".retro form")).to_have_attribute("data-own-state", "saved")
        last = notes.filter(has_text="weigh 5").locator("input")
        last.focus()
        order = notes.all_text_contents()
        with storm.blowing(2.0):
            page.wait_for_timeout(1800)
        # One has gone into another; all others stand where they stood.
        expect(notes).to_have_text([text for text in order if "weigh 3" not in text])
        assert last.evaluate("field => field === document.activeElement")
        for shown in ("as it was", "reloaded"):
            chosen = page.locator(".retro-note:has(:checked)")
            expect(chosen, shown).to_have_count(2)
            assert {text.strip() for text in chosen.all_text_contents()} == {"weigh 2", "weigh 4"}
            page.reload()
            expect_live(page)


def _row(page: Page, number: int) -> Locator:
    return page.locator(".to-rank button", has_text=f"rank {number}")


def test_every_script_has_its_field() -> None:
    assert FIELDS.keys() | TAPPED == {type(script).__name__ for script in scripts()}
