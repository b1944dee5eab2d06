"""After a rehearsal: the room begins anew, and every phone that was in it stands at its door."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import handset
from tests.browser.desk import Desk
from tests.support.browser import problems
from tests.support.server import Server

pytestmark = pytest.mark.browser


def test_phones_of_a_rehearsal_come_to_the_door_and_may_join_again(
    start_server: Callable[..., Server], new_page: handset.OpenPage
):
    """Those that are awake at once, one that slept when it wakes."""
    server = start_server()
    awake = handset.joined(new_page, server.base_url, server)
    asleep = handset.joined(new_page, server.base_url, server)
    with Desk(server) as desk:
        title = "Er vi enige?"
        desk.ask("choice", title, options=["Ja", "Nei"], mode="anonymous")
        handset.expect_question(awake, title)
        handset.tap(awake, "Ja")
        expect(awake.locator("#region-main")).to_contain_text("Lagret")
        asleep.context.set_offline(True)
        desk.command("room.end")
        desk.command("room.reset")
        expect(awake.locator("form.join")).to_be_visible(timeout=10_000)
        asleep.context.set_offline(False)
        expect(asleep.locator("form.join")).to_be_visible(timeout=20_000)
        problems(asleep).clear()  # it was cut off on purpose
        state = desk.fresh()
        assert (state["status"], state["participants"]) == ("lobby", 0)
        assert all(activity["status"] == "draft" for activity in state["activities"])
        assert title not in [activity["title"] for activity in state["activities"]]
        handset.join(awake)
        handset.expect_live(awake)
        desk.command("room.start")
        again = desk.ask("choice", title, options=["Ja", "Nei"])
        handset.expect_question(awake, title)
        handset.tap(awake, "Nei")
        awake.wait_for_timeout(500)
        assert desk.result(again)["answered"] == 1
