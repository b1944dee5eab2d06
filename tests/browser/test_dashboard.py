"""The dashboard changes while one looks, for those who may see it and nobody else."""

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.support.browser import axe, screenshot
from tests.support.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def api(demo_server: Server) -> httpx.Client:
    facts = demo_server.facts
    return httpx.Client(
        base_url=f"{demo_server.base_url}/api/v1/kickoffs/{facts.kickoff_id}",
        headers={"authorization": f"Bearer {facts.api_token}"},
    )


def test_it_changes_while_one_looks(
    new_page: Callable[..., Page], demo_server: Server, api: httpx.Client
) -> None:
    laptop = new_page(device="laptop")
    laptop.goto(demo_server.facts.sign_in_url)
    phone = new_page(device="phone", storage_state=laptop.context.storage_state())
    for page in (laptop, phone):
        page.goto(f"{demo_server.base_url}/kickoffs/{demo_server.facts.kickoff_id}/dashboard")
        expect(page.locator(".as-of[data-live]")).to_be_visible()
        axe(page)
    title = "Uten eier <b>æøå</b>"
    assert api.post("/actions", json={"title": title}).status_code == 201
    for page, device in ((laptop, "laptop"), (phone, "phone")):
        expect(page.locator("#panel-needs")).to_contain_text(title)
        screenshot(page, f"dashboard-{device}", full_page=True)


def test_nobody_else_hears_of_it(demo_server: Server) -> None:
    where = f"ws://127.0.0.1:{demo_server.port}/live/kickoffs/"
    token = {"authorization": f"Bearer {demo_server.facts.api_token}"}
    for kickoff, headers in (
        (demo_server.facts.kickoff_id, {}),
        (demo_server.facts.kickoff_id, {"authorization": "Bearer kick_wrong"}),
        ("no-such-kickoff", token),
    ):
        with pytest.raises(InvalidStatus), connect(where + kickoff, additional_headers=headers):
            pass
    with connect(where + demo_server.facts.kickoff_id, additional_headers=token) as line:
        assert line.recv(timeout=5) == '{"type":"changed"}'
