"""Papers over HTTP: listed, well named, and telling nobody what is not theirs to read."""

import re
from datetime import date
from urllib.parse import unquote

import pytest

from app import clock
from app.models.activities import Activity, ActivityStatus, Entry
from app.models.agenda import AgendaBlock
from app.models.decisions import Decision
from app.models.kickoffs import Kickoff
from app.models.rooms import Room, RoomEvent
from app.models.themes import Theme, ThemePage
from app.outputs.papers.registry import registry
from tests.support.pdf import overwritten, read
from tests.support.product import Browser, Product

NOTES = "Si ingenting om oppsigelsene"


@pytest.fixture(scope="module")
def owner(product: Product) -> Browser:
    return product.browser("owner")


@pytest.fixture
def here(product: Product) -> str:
    return f"/kickoffs/{product.kickoff.id}/paper"


@pytest.fixture(scope="module")
def block(product: Product) -> AgendaBlock:
    """A block that has been: with a page, an activity that was shown, one that never was, and a
    decision that was written while the room was in it."""
    with product.database.unit_of_work() as session:
        kickoff = session.get_one(Kickoff, product.kickoff.id)
        placed = {"kickoff_id": kickoff.id, "position": "a0"}
        theme = Theme(**placed, title="Svar samme dag")
        session.add(theme)
        session.flush()
        text = "Ett sted å spørre\n\nÉn som svarer"
        session.add(ThemePage(**placed, theme_id=theme.id, title="Én vei inn", text=text))
        made = AgendaBlock(
            **placed,
            title="Mål & veivalg",
            purpose="Hva vi slutter med",
            notes=NOTES,
            theme_ids=[theme.id],
        )
        other = AgendaBlock(**{**placed, "position": "a1"}, title="Pause", kind="break")
        room = Room(kickoff_id=kickoff.id, code="ABC123", secret="hemmelig", name="Fyrsalen")
        session.add_all([made, other, room])
        session.flush()
        for title, revealed in (("Hva betyr mest?", True), ("Stoler du på oss?", False)):
            activity = Activity(
                **placed,
                room_id=room.id,
                block_id=made.id,
                kind="choice",
                title=title,
                status=ActivityStatus.CLOSED,
                revealed=revealed,
            )
            session.add(activity)
            session.flush()
            session.add(Entry(activity_id=activity.id, text="Svar", position="a0"))
        kept = Decision(kickoff_id=kickoff.id, title="Vi stopper tre prosjekter")
        later = Decision(kickoff_id=kickoff.id, title="Vi tar en pause")
        session.add_all([kept, later])
        session.flush()
        for number, (name, data) in enumerate(
            (
                ("room.start", {"entered": made.id}),
                ("note.decide", {"made": kept.id}),
                ("agenda.next", {"left": made.id, "entered": other.id}),
                ("note.decide", {"made": later.id}),
            )
        ):
            session.add(
                RoomEvent(room_id=room.id, at=clock.now_ms(), control=number, name=name, data=data)
            )
        product.kickoff.day = date(2027, 1, 12)
    return made


def test_each_paper_is_listed_and_comes_as_a_pdf_of_that_name(owner: Browser, here: str) -> None:
    page = owner.get(here).text
    for code, one in registry().items():
        for size in one.sizes:
            query = f"?size={size}" if len(one.sizes) > 1 else ""
            assert f'href="{here}/{code}.pdf{query}"' in page
        answer = owner.get(f"{here}/{code}.pdf")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["cache-control"] == "private, no-store"
        named = unquote(answer.headers["content-disposition"])
        assert named.startswith('inline; filename="Kurs 2027')
        assert re.search(r"filename\*=UTF-8''Kurs 2027 – .+\.pdf$", named)


@pytest.mark.parametrize("code", registry())
def test_of_an_empty_plan_nothing_is_written_over_anything(product: Product, code: str) -> None:
    """Seen red with the roadmap's heading over the sentence that there is nothing on it yet."""
    made = product.api().post("/api/v1/kickoffs", json={"title": "Blankt Ærø"}).json()["id"]
    sheet = product.browser("administrator").get(f"/kickoffs/{made}/paper/{code}.pdf")
    assert sheet.status_code == 200
    assert "Blankt Ærø" in read(sheet.content).text
    assert overwritten(sheet.content) == ""


def test_a_paper_that_is_not_or_not_in_that_size_is_not_found(owner: Browser, here: str) -> None:
    for path in ("nothing.pdf", "agenda.pdf?size=a2", "handouts/nothing", "..%2Fagenda.pdf"):
        assert owner.get(f"{here}/{path}").status_code == 404, path


def test_papers_are_for_those_who_may_see_the_plan(product: Product, here: str) -> None:
    assert product.browser("viewer").get(f"{here}/agenda.pdf").status_code == 200
    for role in ("outsider", "foreigner"):
        assert product.browser(role).get(f"{here}/agenda.pdf").status_code == 404


def test_no_paper_has_the_private_notes(owner: Browser, here: str, block: AgendaBlock) -> None:
    for path in ("agenda.pdf", "overview.pdf", f"handouts/{block.id}/handout.pdf"):
        told = read(owner.get(f"{here}/{path}").content).text
        assert "Mål & veivalg" in told
        assert NOTES not in told
    assert NOTES not in owner.get(f"{here}/handouts/{block.id}").text


def test_a_handout_has_what_the_hall_was_shown_on_the_page_and_on_paper(
    owner: Browser, here: str, block: AgendaBlock
) -> None:
    page = owner.get(f"{here}/handouts/{block.id}")
    assert page.status_code == 200
    paper = read(owner.get(f"{here}/handouts/{block.id}/handout.pdf").content).text
    for told in (page.text.replace("&amp;", "&"), paper):
        for shown in (
            "Mål & veivalg",
            "Hva vi slutter med",
            "Én vei inn",
            "Ett sted å spørre",
            "Hva betyr mest?",
            "Vi stopper tre prosjekter",
        ):
            assert shown in told
        assert "Stoler du på oss?" not in told
        assert "Vi tar en pause" not in told


def test_a_block_of_another_kickoff_has_no_handout_here(
    product: Product, owner: Browser, here: str
) -> None:
    with product.database.unit_of_work() as session:
        foreign = AgendaBlock(kickoff_id=product.foreign.id, position="a0", title="Hemmelig")
        session.add(foreign)
        session.flush()
    for path in ("", "/handout.pdf"):
        assert owner.get(f"{here}/handouts/{foreign.id}{path}").status_code == 404
