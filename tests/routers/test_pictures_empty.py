"""A picture of nothing says what it will show, and leads to the first thing in it.

Seen red with the focus list, the KPIs and the cases as they were: a sentence, and no way on.
"""

import re

import pytest

from app.pictures.picture import registry
from tests.support.product import Browser, Product


@pytest.fixture(scope="module")
def blank(product: Product) -> str:
    made = product.api().post("/api/v1/kickoffs", json={"title": "Blankt Ærø"})
    return f"/kickoffs/{made.json()['id']}"


@pytest.fixture(scope="module")
def desk(product: Product) -> Browser:
    return product.browser("administrator")


@pytest.mark.parametrize("code", registry())
def test_it_leads_to_the_first_thing_in_it(desk: Browser, blank: str, code: str) -> None:
    page = desk.get(f"{blank}/pictures/{code}").text
    first = re.search(rf'class="button[^"]*" href="({blank}/[a-z-]+/new)', page)
    assert first, "no way on"
    assert desk.get(first[1]).status_code == 200
