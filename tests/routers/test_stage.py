"""L4: the room's pages: what they show at first, who draws them, and forms that hold nonsense."""

import asyncio
import time
from typing import Any

import jinja2
import pytest
from sqlmodel import col, select

from app.live.live import Live
from app.models.rooms import Room
from tests.support.product import Browser, Product

ENGLISH = {"accept": "text/html", "accept-language": "en"}


@pytest.fixture(scope="module")
def room(product: Product) -> Room:
    with product.database.reading() as session:
        wanted = select(Room).where(col(Room.kickoff_id) == product.kickoff.id)
        return session.scalars(wanted).one()


@pytest.fixture(scope="module")
def desk(product: Product) -> Browser:
    return product.browser("facilitator")


@pytest.fixture
def on_the_loop(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates of rooms that were drawn while everybody's socket waited. (The page on which a
    code is typed knows no room, and costs nothing.)"""
    drawn: list[str] = []
    render = jinja2.Template.render

    def noting(self: jinja2.Template, *args: Any, **values: Any) -> str:
        if str(self.name).startswith("live/") and "type_code" not in str(self.name):
            try:
                asyncio.get_running_loop()
                drawn.append(str(self.name))
            except RuntimeError:
                pass
        return render(self, *args, **values)

    monkeypatch.setattr(jinja2.Template, "render", noting)
    return drawn


def test_the_first_picture_of_the_console_has_the_people(
    product: Product, room: Room, desk: Browser
) -> None:
    joined = product.new_client().post(
        f"/api/v1/rooms/{room.code}/participants", json={"name": "Ragnhild"}
    )
    assert joined.status_code == 201
    assert "Ragnhild" in desk.get(f"/rooms/{room.id}/console/").text


def test_no_page_of_a_room_is_drawn_on_the_event_loop(
    product: Product, room: Room, desk: Browser, on_the_loop: list[str]
) -> None:
    phone = product.browser()
    assert phone.get(f"/j/{room.code}/").status_code == 200
    assert phone.post(f"/j/{room.code}/", name="x" * 81).status_code == 422
    assert phone.post(f"/j/{room.code}/", name="Kari").status_code == 200
    for page in (f"/j/{room.code}/", f"/j/{room.code}/?plain=1"):
        assert "Kari" in phone.get(page).text or phone.get(page).status_code == 200
    for page in ("console", "projector"):
        assert desk.get(f"/rooms/{room.id}/{page}/").status_code == 200
    assert on_the_loop == []


def test_who_needs_no_token_makes_the_room_look_no_more_than_once_a_tick(
    product: Product, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    live: Live = product.application.state.live
    looks: list[float] = []
    see = live.rooms.get(room.id)._see

    def seen(*args: Any) -> Any:
        looks.append(time.monotonic())
        return see(*args)

    monkeypatch.setattr(live.rooms.get(room.id), "_see", seen)

    async def crowd() -> None:
        async with asyncio.timeout(0.5):
            while True:
                await live.rooms.get(room.id).paced()

    async def all_at_once() -> None:
        await asyncio.gather(*(crowd() for _ in range(20)), return_exceptions=True)

    product.client.portal.call(all_at_once)
    assert 3 <= len(looks) <= 7


def test_what_is_read_without_a_token_is_as_new_as_the_last_write(
    product: Product, room: Room
) -> None:
    """The published result can be checked against a count at once."""
    guest, api = product.new_client(), product.api()
    where = f"/api/v1/kickoffs/{product.kickoff.id}"
    for title in ("Én", "To", "Tre"):
        version = api.get(where).headers["etag"]
        api.patch(where, json={"title": title}, headers={"if-match": version})
        before = guest.get(f"/api/v1/rooms/{room.code}").json()["rev"]
        api.post(f"{where}/teams", json={"name": title})
        assert guest.get(f"/api/v1/rooms/{room.code}").json()["rev"] == before + 1


def test_the_join_page_shows_a_new_team_a_new_title_and_what_is_asked(
    product: Product, room: Room
) -> None:
    guest, api = product.browser(), product.api()
    here = f"/api/v1/kickoffs/{product.kickoff.id}"

    def page() -> str:
        time.sleep(1.1)  # a page may be a second old
        return guest.get(f"/j/{room.code}/").text

    assert 'name="name"' in page()
    api.post(f"{here}/teams", json={"name": "Zebralaget"}).raise_for_status()
    assert "Zebralaget" in page()
    title = api.get(here)
    renamed = {"title": "Helt nytt navn"}
    api.patch(here, json=renamed, headers={"if-match": title.headers["etag"]}).raise_for_status()
    assert "Helt nytt navn" in page()
    asked = api.patch(
        f"{here}/rooms/{room.id}", json={"ask_name": False}, headers={"if-match": "*"}
    )
    asked.raise_for_status()
    assert 'name="name"' not in page()


@pytest.mark.parametrize(
    "name, fields",
    [
        ("agenda.extend", {"minutes": "--5"}),
        ("agenda.extend", {"minutes": "9" * 5000}),
        ("activity.create", {"data": '{"config": "x"}', "config.multiple": "on"}),
        ("activity.hands", {"data": '{"counts": "x"}', "counts.id.a": "1"}),
        ("activity.create", {"data": '{"kind": "scale", "title": "\\ud800"}'}),
        ("activity.create", {"data": "[" * 5000}),
        ("agenda.goto", {"block": "\x00"}),
        ("no.such", {}),
    ],
)
def test_a_form_that_holds_nonsense_is_answered_on_the_console(
    room: Room, desk: Browser, name: str, fields: dict[str, str]
) -> None:
    answer = desk.post(f"/rooms/{room.id}/console/commands/{name}", control="0", **fields)
    assert answer.status_code in (303, 404), answer.status_code
    assert answer.status_code == 404 or "fault=" in answer.headers["location"]
