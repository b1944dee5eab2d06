"""A cell of a table is changed where it stands; a stale one loses nothing that was typed."""

import re
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.product import Browser, Product


@pytest.fixture(scope="module")
def owner(product: Product) -> Browser:
    return product.browser("owner")


@pytest.fixture(scope="module")
def api(product: Product) -> TestClient:
    return product.api()


@pytest.fixture
def goal(product: Product, api: TestClient) -> tuple[str, str]:
    """A goal: the address of its cells, and of itself over REST."""
    made = api.post(f"/api/v1/kickoffs/{product.kickoff.id}/goals", json={"title": "Svar <b>"})
    where = str(made.headers["location"])
    return where.removeprefix("/api/v1") + "/cells", where


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_cell_opens_as_its_field_and_comes_back_as_its_row(
    product: Product, owner: Browser, api: TestClient, goal: tuple[str, str]
) -> None:
    cells, where = goal
    page = owner.get(cells.rpartition("/")[0].rpartition("/")[0]).text
    assert f'data-cells="{cells}"' in page
    assert 'data-field="level"' in page
    assert f'href="{cells.removesuffix("/cells")}"' in page  # the way without JavaScript
    form = owner.get(f"{cells}/level").text
    assert "<html" not in form
    assert f'action="{cells}/level"' in form
    assert 'name="version" value="1"' in form
    row = owner.post(f"{cells}/level", version="1", level="vision")
    assert row.status_code == 200
    assert "Visjon" in words(row.text)
    assert "Svar &lt;b&gt;" in row.text
    found = api.get(where).json()
    assert (found["level"], found["title"], found["version"]) == ("vision", "Svar <b>", 2)


def test_a_stale_cell_says_what_changed_and_keeps_what_was_typed(
    owner: Browser, api: TestClient, goal: tuple[str, str]
) -> None:
    cells, where = goal
    api.patch(where, json={"title": "Deres"}, headers={"if-match": "*"})
    stale = owner.post(f"{cells}/title", version="1", title="Mitt «æøå»")
    assert stale.status_code == 412
    assert 'value="Mitt «æøå»"' in stale.text
    assert "Deres" in words(stale.text)
    assert 'name="version" value="2"' in stale.text
    assert api.get(where).json()["title"] == "Deres"
    assert owner.post(f"{cells}/title", version="2", title="Mitt").status_code == 200
    assert api.get(where).json()["title"] == "Mitt"


@pytest.mark.parametrize("sent", [{"title": " "}, {"title": "x" * 201}])
def test_a_fault_stands_beside_the_cells_field(
    owner: Browser, api: TestClient, goal: tuple[str, str], sent: dict[str, Any]
) -> None:
    cells, where = goal
    wrong = owner.post(f"{cells}/title", version="1", **sent)
    assert wrong.status_code == 422
    assert 'id="field-title-error"' in wrong.text
    assert api.get(where).json()["version"] == 1


def test_a_cell_changes_nothing_but_its_own_field(
    owner: Browser, api: TestClient, goal: tuple[str, str]
) -> None:
    cells, where = goal
    assert owner.post(f"{cells}/level", version="1", level="vision", title="X").status_code == 200
    assert api.get(where).json()["title"] == "Svar <b>"
    for name in ("specific", "id", "kickoff_id", "nobody"):
        assert owner.get(f"{cells}/{name}").status_code == 404
        assert owner.post(f"{cells}/{name}", version="2", **{name: "1"}).status_code == 404


def test_who_only_reads_opens_no_cell(product: Product, goal: tuple[str, str]) -> None:
    cells, _ = goal
    for role, status in (("viewer", 403), ("outsider", 404)):
        reader = product.browser(role)
        assert reader.get(f"{cells}/title").status_code == status
        assert reader.post(f"{cells}/title", version="1", title="X").status_code == status
    page = product.browser("viewer").get(cells.rpartition("/")[0].rpartition("/")[0]).text
    assert "data-cells" not in page
    assert "cell-button" not in page
