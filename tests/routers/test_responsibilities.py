"""Who is responsible for which part of the plan, and what is still open, on the plan's own page."""

from datetime import timedelta

import pytest

from app import clock
from app.models.responsibilities import Part
from app.operations.entities import PLAN, RESPONSIBILITIES
from tests.routers.test_plan_pages import made, words
from tests.support.product import Browser, Product


@pytest.fixture(scope="module")
def owner(product: Product) -> Browser:
    return product.browser("owner")


@pytest.fixture
def here(owner: Browser) -> str:
    answer = owner.post(
        "/kickoffs", title="Kurs 2027", starts_at="09:00", time_zone="Europe/Oslo", day="2026-02-03"
    )
    return str(answer.headers["location"]).partition("/plan")[0]


def part_of(page: str) -> str:
    return page.partition('id="responsible"')[2].partition("</section>")[0]


# Written after the day, by whoever holds the meeting or answers for the action.
FOLLOW_UP = {
    "learnings",
    "retrospectives",
    "retro-notes",
    "causes",
    "meeting-series",
    "meetings",
    "blockers",
    "pulses",
    "pulse-questions",
    "pulse-measures",
}


def test_every_part_of_the_plan_can_have_somebody() -> None:
    assert {part.value for part in Part} == {
        entity.name
        for entity in PLAN
        if entity is not RESPONSIBILITIES and entity.name not in FOLLOW_UP
    }


def test_the_plan_says_who_sees_to_what_and_what_is_late(owner: Browser, here: str) -> None:
    kari = made(owner, f"{here}/people", name="Kari")
    late = (clock.today() - timedelta(days=3)).isoformat()
    where = f"{here}/responsibilities"
    made(owner, where, part="risks", note="To mangler eier", due="")
    made(owner, where, part="goals", person_id=kari, note="SMART mangler", due=late)
    made(owner, where, part="kpis", person_id=kari, state="done")
    part = part_of(owner.get(f"{here}/plan").text)
    told = words(part)
    assert told.index("Mål") < told.index("Risikoer")  # what is due comes first
    assert "Kari" in told
    assert "SMART mangler" in told
    assert "badge-red" in part
    assert "KPI-er" not in told
    assert f'href="{here}/goals"' in part
    assert f'href="{here}/history"' in part


def test_before_anybody_has_a_part_there_is_the_way_to_the_first(
    product: Product, owner: Browser, here: str
) -> None:
    assert f'href="{here}/responsibilities/new"' in part_of(owner.get(f"{here}/plan").text)
    viewer = product.browser("viewer").get(f"/kickoffs/{product.kickoff.id}/plan").text
    assert "/responsibilities/new" not in part_of(viewer)


def test_its_form_is_called_by_the_part(owner: Browser, here: str) -> None:
    one = made(owner, f"{here}/responsibilities", part="goals")
    page = owner.get(f"{here}/responsibilities/{one}").text
    assert "<h1>Mål</h1>" in page
