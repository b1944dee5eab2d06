"""Lists over REST: asked for by field, by words and in an order, on both databases."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.operations.entities import PLAN
from tests.support.product import Product


@pytest.fixture
def api(either_product: Product) -> TestClient:
    return either_product.api()


@pytest.fixture
def here(api: TestClient) -> str:
    kickoff = api.post("/api/v1/kickoffs", json={"title": "Lister"}).json()["id"]
    return f"/api/v1/kickoffs/{kickoff}"


def made(api: TestClient, where: str, **values: Any) -> str:
    answer = api.post(where, json=values)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def names(api: TestClient, where: str, name: str = "title", **query: Any) -> list[str]:
    answer = api.get(where, params=query)
    assert answer.status_code == 200, answer.text
    return [one[name] for one in answer.json()["items"]]


def walked(api: TestClient, where: str, **query: Any) -> list[dict[str, Any]]:
    """Every record of a list, page by page."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = api.get(where, params=query | cursor)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        if (following := answer.json()["next_cursor"]) is None:
            return found
        cursor = {"cursor": following}


def test_a_list_is_asked_for_by_its_fields(api: TestClient, here: str) -> None:
    kari, ola = (made(api, f"{here}/people", name=name) for name in ("Kari Ærø", "Ola"))
    goals = f"{here}/goals"
    made(api, goals, title="A", level="vision", owner_id=kari, due="2026-12-31")
    made(api, goals, title="B", level="strategic", owner_id=kari)
    made(api, goals, title="C", level="strategic", owner_id=ola)
    made(api, goals, title="D")
    assert names(api, goals, owner_id=kari) == ["A", "B"]
    assert names(api, goals, owner_id=kari, level="strategic") == ["B"]
    assert names(api, goals, owner_id="") == ["D"]
    assert names(api, goals, due="2026-12-31") == ["A"]
    assert names(api, goals, title="C") == ["C"]
    actions = f"{here}/deliverables"
    made(api, actions, title="Begge", supporter_ids=[kari, ola], prioritised=True)
    made(api, actions, title="Ingen")
    assert names(api, actions, supporter_ids=ola) == ["Begge"]
    assert names(api, actions, supporter_ids="") == ["Ingen"]
    assert names(api, actions, prioritised="true") == ["Begge"]
    kpis = f"{here}/kpis"
    made(api, kpis, title="Feil", baseline=3.5)
    assert names(api, kpis, baseline="3.5") == ["Feil"]
    assert names(api, kpis, baseline="") == []


@pytest.mark.parametrize(
    "query",
    [
        "owner_id=x",
        "owner_id='",
        "level=none",
        "due=x",
        "due=2026-13-01",
        "nobody=1",
        "sort=nobody",
        "sort=title;drop",
        "sort=specific",
        "sort=stakeholder_ids",
        "sort=title,due,level,kind",
        "specific=x",
        "q=",
        "limit=0",
        "title=%ED%A0%80",
    ],
)
def test_what_a_list_cannot_be_asked_for_is_said(api: TestClient, here: str, query: str) -> None:
    answer = api.get(f"{here}/goals?{query}")
    assert answer.status_code in (200, 422)
    if not query.startswith("title"):
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == f"/query/{query.partition('=')[0]}"


def test_words_are_found_whatever_their_case(api: TestClient, here: str) -> None:
    for title in ("ÆRLIG svar", "100 % sikre", "a*b[c]?", "Øvelse_en", "Øvelse en", "'; --"):
        made(api, f"{here}/goals", title=title)
    goals = f"{here}/goals"
    assert names(api, goals, q="ærlig") == ["ÆRLIG svar"]
    assert names(api, goals, q="øVEL") == ["Øvelse_en", "Øvelse en"]
    assert names(api, goals, q="0 %") == ["100 % sikre"]
    assert names(api, goals, q="*b[C]?") == ["a*b[c]?"]
    assert names(api, goals, q="e_e") == ["Øvelse_en"]
    assert names(api, goals, q="';") == ["'; --"]
    assert names(api, goals, q="finnes ikke") == []
    made(api, f"{here}/readings", kpi_id=made(api, f"{here}/kpis", title="K"), value=12.5)
    assert len(names(api, f"{here}/readings", name="value", q="12.5")) == 1


@pytest.mark.parametrize("sort", ["due", "-due", "level,-due", "-title", "due,title", "updated_at"])
def test_pages_of_a_sorted_list_lose_and_repeat_nothing(
    api: TestClient, here: str, sort: str
) -> None:
    days = ["2026-02-03", None, "2026-02-03", "2027-01-01", None, "2026-02-03", None, "2026-01-01"]
    for number, due in enumerate(days):
        level = "vision" if number % 3 else "sub_goal"
        made(api, f"{here}/goals", title=f"Mål {number % 4}", level=level, due=due)
    whole = api.get(f"{here}/goals", params={"sort": sort}).json()["items"]
    assert len({one["id"] for one in whole}) == len(days)
    for limit in (1, 2, 3):
        paged = walked(api, f"{here}/goals", sort=sort, limit=limit)
        assert [one["id"] for one in paged] == [one["id"] for one in whole]
    values = [one["due"] for one in whole if one["due"]]
    if sort in ("due", "due,title"):
        assert values == sorted(values)
        assert [one["due"] for one in whole[-3:]] == [None] * 3
    if sort == "-due":
        assert values == sorted(values, reverse=True)
        assert [one["due"] for one in whole[-3:]] == [None] * 3


def test_a_cursor_is_of_its_filter_and_order(api: TestClient, here: str) -> None:
    for number in range(4):
        made(api, f"{here}/goals", title=f"Mål {number}")
    goals = f"{here}/goals"
    cursor = api.get(goals, params={"sort": "title", "limit": 1}).json()["next_cursor"]
    assert api.get(goals, params={"sort": "title", "limit": 2, "cursor": cursor}).is_success
    for other in ({}, {"sort": "-title"}, {"sort": "title", "q": "mål"}):
        answer = api.get(goals, params={"cursor": cursor, **other})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/cursor")


def test_a_cursor_holds_long_names(api: TestClient, here: str) -> None:
    for number in range(3):
        made(api, f"{here}/kpis", title="🚀" * 199 + str(number), unit="ø" * 200)
    assert len(walked(api, f"{here}/kpis", sort="title,unit", limit=1)) == 3


def test_every_list_is_described_with_its_fields(product: Product) -> None:
    paths = product.application.openapi()["paths"]
    for entity in PLAN:
        where = f"/api/v1/kickoffs/{{kickoff_id}}/{entity.name}"
        told = {one["name"]: one for one in paths[where]["get"]["parameters"]}
        assert {"limit", "cursor", "q", "sort"} <= told.keys(), entity.name
        assert not entity.private & told.keys()
    goals = paths["/api/v1/kickoffs/{kickoff_id}/goals"]["get"]["parameters"]
    level = next(one for one in goals if one["name"] == "level")
    assert "sub_goal" in str(level["schema"])
    due = next(one for one in goals if one["name"] == "due")
    assert "date" in str(due["schema"])


@pytest.mark.parametrize(
    "asked, told",
    [
        ({"sort": "colour"}, ["title", "due", "created_at"]),
        ({"sort": "title,due,-level,kind"}, ["3", "title"]),
        ({"colour": "red"}, ["limit", "cursor", "q", "sort", "owner_id", "due"]),
        ({"level": "enormous"}, ["vision", "strategic"]),
    ],
)
def test_what_cannot_be_asked_for_is_told_what_can(
    api: TestClient, here: str, asked: dict[str, str], told: list[str]
) -> None:
    """Seen red with "There is no such field." and "This cannot be understood."."""
    answer = api.get(f"{here}/goals", params=asked)
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert fault["pointer"] == f"/query/{next(iter(asked))}"
    words = fault["detail"].replace(",", " ").replace(".", " ").split()
    assert set(told) <= set(words)
    assert "notes" not in words
