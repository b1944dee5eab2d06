"""Beside every part of the plan stands how it is written: on its list, and beside its form."""

import pytest

from app.routers.pages.guidance import GUIDANCE
from app.routers.pages.plan_parts import SECTIONS
from tests.support.product import Browser, Product

PARTS = [part for section in SECTIONS for part in section.parts]


@pytest.fixture(scope="module")
def here(product: Product) -> str:
    answer = product.browser("owner").post(
        "/kickoffs", title="Kurs", starts_at="09:00", time_zone="Europe/Oslo"
    )
    return str(answer.headers["location"]).partition("/plan")[0]


@pytest.fixture(scope="module")
def owner(product: Product) -> Browser:
    return product.browser("owner")


def test_every_part_has_guidance_and_there_is_none_without_a_part() -> None:
    assert GUIDANCE.keys() == {part.entity.name for part in PARTS}


@pytest.mark.parametrize("name", GUIDANCE)
def test_it_says_what_for_how_many_and_gives_an_example_of_each(name: str) -> None:
    guidance = GUIDANCE[name]
    texts = (
        guidance.purpose,
        guidance.figure,
        guidance.customer,
        guidance.product,
        guidance.operations,
    )
    assert all(texts)
    assert len(set(texts)) == len(texts)
    assert len(guidance.purpose) < 300, "what is read beside a form is short"


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.path)
def test_it_is_on_the_list_and_beside_the_form(owner: Browser, here: str, part: object) -> None:
    for path in (f"{here}/{part.path}", f"{here}/{part.path}/new"):  # type: ignore[attr-defined]
        page = owner.get(path)
        assert page.status_code == 200
        assert page.text.count('class="guidance') == 1, path
