"""Handouts at one link: for everybody who has it, of the blocks that have begun, and without what
the hall was not shown.

Seen red with: blocks that are ahead told by their address, pages kept after the link was taken
back, the whole plan's slides behind one block, a page and a PDF made for each who asks.
"""

import io
import json
from typing import Any

import pytest
from PIL import Image
from sqlmodel import select

from app import ids
from app.access import Role, Scope
from app.clock import now_ms
from app.live import handout
from app.live.loading import Outside, load
from app.live.roles import View, seen_by
from app.models.activities import Activity, ActivityStatus, Entry
from app.models.agenda import AgendaBlock, BlockKind
from app.models.answers import PublishedHandouts
from app.models.decisions import Decision
from app.models.people import Person
from app.models.rooms import Room
from app.models.slides import Slide, SlideDeck
from app.models.themes import Theme, ThemePage
from app.outputs import paper
from app.routers.pages import handouts as pages
from tests.support.pdf import read
from tests.support.product import Browser, Product

HOSTILE = "<script>alert(1)</script> og æøå"
NOTES = "Si ingenting om oppsigelsene"
EMAIL = "kari@nordlys.example"


def webp(width: int, height: int) -> bytes:
    into = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(into, "WEBP")
    return into.getvalue()


SMALL = webp(160, 90)


class Day:
    """A kickoff whose room is in the second of four blocks."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.kickoff_id = product.kickoff.id
        self.desk = product.browser("facilitator")
        with product.database.unit_of_work() as session:
            room = session.exec(select(Room).where(Room.kickoff_id == self.kickoff_id)).one()
            self.room_id = room.id
            for old in session.exec(
                select(AgendaBlock).where(AgendaBlock.kickoff_id == self.kickoff_id)
            ):
                session.delete(old)
            placed: Any = {"kickoff_id": self.kickoff_id, "position": "a0"}
            theme = Theme(**placed, title="Svar samme dag")
            kari = Person(kickoff_id=self.kickoff_id, name="Kari Nordmann", email=EMAIL)
            session.add_all([theme, kari])
            session.flush()
            session.add(ThemePage(**placed, theme_id=theme.id, title="Én vei inn", text="Ett sted"))
            self.blocks: dict[str, str] = {}
            self.decks: dict[str, str] = {}
            for number, (name, title, kind) in enumerate(
                (
                    ("first", HOSTILE, "opening"),
                    ("now", "Mål og veivalg", "keynote"),
                    ("pause", "Kaffe", "break"),
                    ("ahead", "Det vi ikke har fortalt ennå", "closing"),
                )
            ):
                block = AgendaBlock(
                    kickoff_id=self.kickoff_id,
                    position=f"a{number}",
                    title=title,
                    kind=BlockKind(kind),
                    notes=NOTES,
                    owner_id=kari.id,
                    theme_ids=[theme.id],
                )
                session.add(block)
                session.flush()
                self.blocks[name] = block.id
                deck = SlideDeck(**placed, title=f"Lysark {name}", block_id=block.id, pages=1)
                session.add(deck)
                session.flush()
                session.add(
                    Slide(
                        deck_id=deck.id, number=1, width=160, height=90, text=f"Side {name}",
                        small=SMALL, image=b"stor",
                    )
                )  # fmt: skip
                self.decks[name] = deck.id
        self.push("room.start")
        self.push("agenda.goto", block=self.blocks["now"])
        self.push("note.decide", text="Vi stopper tre prosjekter")
        with product.database.unit_of_work() as session:
            for title, revealed in (("Hva betyr mest?", True), ("Stoler du på oss?", False)):
                activity = Activity(
                    **placed,
                    room_id=self.room_id,
                    block_id=self.blocks["now"],
                    kind="choice",
                    title=title,
                    status=ActivityStatus.CLOSED,
                    revealed=revealed,
                )
                session.add(activity)
                session.flush()
                session.add(Entry(activity_id=activity.id, text="Svar", position="a0"))

    def push(self, command: str, **told: Any) -> None:
        """A facilitator's button, as the console's form sends it."""
        with self.product.database.reading() as session:
            control = session.get_one(Room, self.room_id).control
        here = f"/rooms/{self.room_id}/console/"
        said = self.desk.post(
            f"{here}commands/{command}", control=str(control), data=json.dumps(told)
        )
        assert said.headers.get("location") == here, said.text

    def publish(self, **anew: str) -> str:
        done = self.desk.post(f"/kickoffs/{self.kickoff_id}/paper/handouts/publish", **anew)
        assert done.status_code == 303
        with self.product.database.reading() as session:
            return "/handouts/" + session.get_one(PublishedHandouts, self.kickoff_id).secret

    def unpublish(self) -> None:
        done = self.desk.post(f"/kickoffs/{self.kickoff_id}/paper/handouts/unpublish")
        assert done.status_code == 303


@pytest.fixture(scope="module")
def day(product: Product) -> Day:
    return Day(product)


@pytest.fixture
def nobody(product: Product) -> Browser:
    return product.browser()


def test_at_the_link_are_the_blocks_that_have_begun(day: Day, nobody: Browser) -> None:
    link = day.publish()
    answer = nobody.get(link)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex"
    for name in ("first", "now"):
        assert f'href="{link}/{day.blocks[name]}"' in answer.text
        assert f'href="{link}/{day.blocks[name]}/handout.pdf"' in answer.text
    for told in ("Kaffe", "Det vi ikke har fortalt ennå"):
        assert told not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; og æøå" in answer.text
    assert "<script>alert" not in answer.text


def test_what_is_ahead_is_not_found_there_until_it_begins(day: Day, nobody: Browser) -> None:
    link = day.publish()
    ahead = f"{link}/{day.blocks['ahead']}"
    paths = (ahead, f"{ahead}/handout.pdf", f"{ahead}/slides/{day.decks['ahead']}/1/small")
    assert [nobody.get(path).status_code for path in paths] == [404, 404, 404]
    day.push("agenda.goto", block=day.blocks["ahead"])
    assert [nobody.get(path).status_code for path in paths] == [200, 200, 200]
    assert "Det vi ikke har fortalt ennå" in nobody.get(link).text
    day.push("room.undo")
    assert [nobody.get(path).status_code for path in paths] == [404, 404, 404]
    assert "Det vi ikke har fortalt ennå" not in nobody.get(link).text


def test_a_handout_there_says_what_the_hall_was_shown_and_nothing_private(
    day: Day, nobody: Browser
) -> None:
    here = f"{day.publish()}/{day.blocks['now']}"
    page = nobody.get(here)
    assert page.status_code == 200
    sheet = nobody.get(f"{here}/handout.pdf")
    assert sheet.headers["content-type"] == "application/pdf"
    for told in (page.text, read(sheet.content).text):
        for shown in (
            "Mål og veivalg",
            "Kari Nordmann",
            "Én vei inn",
            "Hva betyr mest?",
            "Vi stopper tre prosjekter",
        ):
            assert shown in told
        for private in (NOTES, EMAIL, "Stoler du på oss?"):
            assert private not in told


def test_so_many_slides_that_paper_cannot_hold_them_are_told_of(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red with the pictures of all of them sent to the paper."""
    monkeypatch.setattr(handout, "SLIDES_MAX", 0)
    where = f"/kickoffs/{day.kickoff_id}/paper/handouts/{day.blocks['now']}/handout.pdf"
    sheet = read(day.desk.get(where).content)
    assert sheet.pictures == 0
    assert "Lysbilder" in sheet.text
    assert "Lysark now" not in sheet.text


def test_slides_are_those_of_the_block_alone(day: Day, nobody: Browser) -> None:
    here = f"{day.publish()}/{day.blocks['now']}"
    page = nobody.get(here).text
    assert 'alt="Side now"' in page
    assert "Side first" not in page
    at = f"{here}/slides/{day.decks['now']}/1"
    assert f'src="{at}/large"' in page
    small, large = nobody.get(f"{at}/small"), nobody.get(f"{at}/large")
    assert (small.content, large.content) == (SMALL, b"stor")
    assert small.headers["content-type"] == "image/webp"
    assert nobody.get(f"{here}/slides/{day.decks['first']}/1/small").status_code == 404
    sheet = read(nobody.get(f"{here}/handout.pdf").content)
    assert sheet.pictures == 1
    assert "Lysark now · Lysbilde 1 av 1" in sheet.text
    assert "Lysark first" not in sheet.text
    assert nobody.get(f"{here}/slides/{day.decks['now']}/2/small").status_code == 404


def test_the_link_ends_at_once_when_it_is_taken_back_or_made_anew(
    day: Day, nobody: Browser
) -> None:
    first = day.publish()
    assert day.publish() == first
    block = day.blocks["now"]
    parts = (
        "",
        f"/{block}",
        f"/{block}/handout.pdf",
        f"/{block}/slides/{day.decks['now']}/1/small",
    )
    assert [nobody.get(first + part).status_code for part in parts] == [200] * 4
    second = day.publish(anew="yes")
    assert [nobody.get(first + part).status_code for part in parts] == [404] * 4
    assert [nobody.get(second + part).status_code for part in parts] == [200] * 4
    day.unpublish()
    assert [nobody.get(second + part).status_code for part in parts] == [404] * 4
    assert day.publish() not in (first, second)


def test_an_unknown_link_and_another_kickoffs_block_are_not_found(
    day: Day, product: Product, nobody: Browser
) -> None:
    link = day.publish()
    with product.database.unit_of_work() as session:
        foreign = AgendaBlock(kickoff_id=product.foreign.id, position="a0", title="Hemmelig")
        session.add(foreign)
        session.flush()
    for path in ("/handouts/abc", f"/handouts/{'x' * 300}", f"/handouts/{ids.secret()}"):
        assert nobody.get(path).status_code == 404
    for block in (foreign.id, "nothing", "x" * 36):
        assert nobody.get(f"{link}/{block}").status_code == 404
        assert nobody.get(f"{link}/{block}/handout.pdf").status_code == 404


@pytest.mark.parametrize(
    "role, status",
    [("contributor", 303), ("facilitator", 303), ("viewer", 403), ("outsider", 404)],
)
def test_who_may_edit_the_plan_publishes(
    day: Day, product: Product, role: str, status: int
) -> None:
    here = f"/kickoffs/{day.kickoff_id}/paper"
    link = day.publish()
    asked = product.browser(role)
    assert asked.post(f"{here}/handouts/publish").status_code == status
    if role == Role.VIEWER:
        page = asked.get(here).text
        assert link in page
        assert "handouts/unpublish" not in page
    if status == 303:
        assert "handouts/unpublish" in asked.get(here).text


def test_programs_publish_renew_and_take_back_the_same_link(day: Day, nobody: Browser) -> None:
    api, here = day.product.api(), f"/api/v1/kickoffs/{day.kickoff_id}/handouts"
    link = day.publish()
    assert api.get(here).json() == {"address": f"http://127.0.0.1{link}"}
    assert api.put(here).json() == {"address": f"http://127.0.0.1{link}"}
    second = api.put(f"{here}?anew=true").json()["address"].removeprefix("http://127.0.0.1")
    assert [nobody.get(each).status_code for each in (link, second)] == [404, 200]
    assert api.delete(here).status_code == 204
    assert nobody.get(second).status_code == 404
    assert api.get(here).json() == {"address": None}
    reader = day.product.api(Scope.READ)
    assert [reader.get(here).status_code, reader.put(here).status_code] == [200, 403]


def test_the_planners_page_has_the_link_with_its_code(day: Day) -> None:
    here = f"/kickoffs/{day.kickoff_id}/paper"
    day.unpublish()
    assert "/handouts/publish" in day.desk.get(here).text
    link = day.publish()
    page = day.desk.get(here).text
    assert f"http://127.0.0.1{link}</a>" in page
    assert 'class="handouts-qr"' in page
    assert (
        f'href="{link}/{day.blocks["now"]}"'
        in day.desk.get(f"{here}/handouts/{day.blocks['now']}").text
    )
    assert link not in day.desk.get(f"{here}/handouts/{day.blocks['ahead']}").text


def test_a_hall_that_asks_at_once_has_one_page_and_one_paper_made(
    day: Day, nobody: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = f"{day.publish(anew='yes')}/{day.blocks['now']}"
    made: list[str] = []

    def counted(module: Any, name: str) -> None:
        real = getattr(module, name)

        def counting(*told: Any) -> Any:
            made.append(name)
            return real(*told)

        monkeypatch.setattr(module, name, counting)

    for module, name in ((pages, "of_block"), (pages, "contents"), (paper, "pdf")):
        counted(module, name)
    for _ in range(3):
        assert nobody.get(here).status_code == 200
        assert nobody.get(f"{here}/handout.pdf").status_code == 200
    assert sorted(made) == ["contents", "of_block", "pdf"]


def test_what_is_decided_is_there_at_once(day: Day, nobody: Browser) -> None:
    here = f"{day.publish()}/{day.blocks['now']}"
    assert "Vi tar én ting om gangen" not in nobody.get(here).text
    day.push("note.decide", text="Vi tar én ting om gangen")
    assert "Vi tar én ting om gangen" in nobody.get(here).text
    with day.product.database.unit_of_work() as session:
        wanted = select(Decision).where(Decision.title == "Vi tar én ting om gangen")
        session.delete(session.exec(wanted).one())


def test_phones_know_the_link_while_there_is_one(day: Day) -> None:
    def told() -> str:
        outside = Outside(public_url="", now_ms=now_ms(), people_too=False)
        with day.product.database.reading() as session:
            return seen_by(View.PHONE, load(session, day.room_id, outside)[0]).handouts

    link = day.publish()
    assert f"/handouts/{told()}" == link
    day.unpublish()
    assert told() == ""


def test_the_handout_to_those_who_plan_has_the_slides_too(day: Day) -> None:
    page = day.desk.get(f"/kickoffs/{day.kickoff_id}/paper/handouts/{day.blocks['ahead']}").text
    assert f'src="/kickoffs/{day.kickoff_id}/slides/{day.decks["ahead"]}/1"' in page
