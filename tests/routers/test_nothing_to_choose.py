"""A record that must refer to something says what to make first, while there is nothing of it.

Seen red with the field drawn as a line of text, as it was.
"""

import re

import pytest

from app.models.fields import meta_of
from app.operations.entities import REFERRED, Entity
from app.routers.pages.plan_parts import SECTIONS
from app.routers.pages.records import RecordPages
from tests.support.product import Browser, Product

PARTS = [part for section in SECTIONS for part in section.parts]


def must_refer(entity: Entity) -> dict[str, str]:
    """The fields that must refer to something, and where that is made."""
    fields = entity.fields.model_fields
    metas = {name: meta_of(entity.fields, name) for name in fields if fields[name].is_required()}
    return {
        name: REFERRED[meta.widget].name
        for name, meta in metas.items()
        if meta and meta.widget in REFERRED and not meta.several
    }


REFERRING = [part for part in PARTS if must_refer(part.entity)]


@pytest.fixture(scope="module")
def blank(product: Product) -> str:
    made = product.api().post("/api/v1/kickoffs", json={"title": "Blank"})
    return f"/kickoffs/{made.json()['id']}"


@pytest.fixture
def desk(product: Product) -> Browser:
    return product.browser("administrator")


def field(page: str, name: str) -> str:
    found = re.search(rf'<(fieldset) class="field" id="field-{name}".*?</\1>', page, re.DOTALL)
    assert found, name
    return found[0]


def test_there_are_parts_of_the_plan_that_must_refer_to_another() -> None:
    assert len(REFERRING) >= 7


@pytest.mark.parametrize("part", REFERRING, ids=lambda part: part.path)
def test_it_says_what_to_make_first(desk: Browser, blank: str, part: RecordPages) -> None:
    entity, path = part.entity, part.path
    page = desk.get(f"{blank}/{path}/new").text
    for name, made_in in must_refer(entity).items():
        shown = field(page, name)
        assert f'href="{blank}/{made_in}/new"' in shown
        assert "<input" not in shown
        assert desk.get(f"{blank}/{made_in}/new").status_code == 200
    posted = desk.post(f"{blank}/{path}")
    assert posted.status_code == 422
    for name in must_refer(entity):
        assert f'href="#field-{name}"' in posted.text
        assert 'class="error"' in field(posted.text, name)


def test_a_cause_without_anything_to_lead_from_begins_with_a_goal(
    desk: Browser, blank: str
) -> None:
    page = desk.get(f"{blank}/cause-effect-links/new").text
    for end in ("cause", "effect"):
        assert f'href="{blank}/goals/new"' in field(page, end)


def test_with_something_to_choose_it_is_a_list(desk: Browser, product: Product, blank: str) -> None:
    api = product.api()
    kickoff = api.post("/api/v1/kickoffs", json={"title": "Begun"}).json()["id"]
    made = api.post(f"/api/v1/kickoffs/{kickoff}/themes", json={"title": "Ærlig svar"})
    assert made.status_code == 201
    page = desk.get(f"/kickoffs/{kickoff}/theme-pages/new").text
    assert re.search(r'<select id="field-theme_id"[^>]* required.*?Ærlig svar', page, re.DOTALL)
