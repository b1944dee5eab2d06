"""Many records at once over REST, and a KPI's own readings."""

from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.access import Scope
from app.models.history import RecordChange
from tests.support.product import Product


@pytest.fixture
def api(either_product: Product) -> TestClient:
    return either_product.api()


@pytest.fixture
def here(api: TestClient) -> str:
    kickoff = api.post("/api/v1/kickoffs", json={"title": "Mange"}).json()["id"]
    return f"/api/v1/kickoffs/{kickoff}"


def bulk(api: TestClient, where: str, *items: Any, **headers: str) -> Any:
    return api.post(f"{where}/bulk", json={"items": list(items)}, headers=headers)


def titles(api: TestClient, where: str) -> list[str]:
    return [one["title"] for one in api.get(where, params={"limit": 100}).json()["items"]]


def test_many_are_made_in_their_order(either_product: Product, api: TestClient, here: str) -> None:
    goals = f"{here}/goals"
    api.post(goals, json={"title": "Først"})
    answer = bulk(api, goals, *({"title": f"Mål {number}"} for number in range(100)))
    assert answer.status_code == 201
    made = answer.json()["items"]
    assert [one["title"] for one in made] == [f"Mål {number}" for number in range(100)]
    assert titles(api, goals)[:3] == ["Først", "Mål 0", "Mål 1"]
    assert api.get(f"{goals}/{made[7]['id']}").json() == made[7]
    with either_product.database.reading() as session:
        told = session.scalars(
            select(RecordChange).where(RecordChange.record_id == made[7]["id"])
        ).all()
    assert [(one.done, one.record_name) for one in told] == [("created", "Mål 7")]


def test_all_or_none_and_each_fault_where_it_is(
    product: Product, api: TestClient, here: str
) -> None:
    foreign = product.api(organisation_id=product.other_organisation_id).post(
        f"/api/v1/kickoffs/{product.foreign.id}/people", json={"name": "Fremmed"}
    )
    goals = f"{here}/goals"
    wrong = bulk(api, goals, {"title": "A"}, {"title": " "}, {"title": "C", "level": "x"})
    assert wrong.status_code == 422
    assert [one["pointer"] for one in wrong.json()["errors"]] == [
        "/items/1/title",
        "/items/2/level",
    ]
    for owner in ("0" * 36, foreign.json()["id"]):
        wrong = bulk(api, goals, {"title": "A"}, {"title": "B", "owner_id": owner})
        assert wrong.json()["errors"][0]["pointer"] == "/items/1/owner_id"
    links = bulk(api, f"{here}/cause-effect-links", {"because": "fordi"})
    assert (links.status_code, links.json()["errors"][0]["pointer"]) == (422, "/items/0")
    assert titles(api, goals) == []


def test_what_a_constraint_refuses_leaves_nothing(api: TestClient, here: str) -> None:
    person = api.post(f"{here}/people", json={"name": "Kari"}).json()["id"]
    made = api.post(f"{here}/deliverables", json={"title": "Innboks"}).json()["id"]
    role = {"role": "A", "deliverable_id": made, "person_id": person}
    assert bulk(api, f"{here}/raci", role, role).status_code == 409
    assert api.get(f"{here}/raci").json()["items"] == []


@pytest.mark.parametrize("items", [[], [{"title": "A"}] * 201, "x", [1], [{"after_id": ""}]])
def test_a_batch_has_bounds(api: TestClient, here: str, items: Any) -> None:
    answer = api.post(f"{here}/goals/bulk", json={"items": items})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_same_key_makes_one_batch(api: TestClient, here: str) -> None:
    goals, key = f"{here}/goals", {"idempotency-key": "one batch"}
    first = bulk(api, goals, {"title": "A"}, {"title": "B"}, **key)
    assert (first.status_code, titles(api, goals)) == (201, ["A", "B"])
    assert bulk(api, goals, {"title": "A"}, {"title": "B"}, **key).json() == first.json()
    assert titles(api, goals) == ["A", "B"]
    assert bulk(api, goals, {"title": "C"}, **key).status_code == 409


def test_who_may_not_write_makes_nothing(product: Product) -> None:
    goals = f"/api/v1/kickoffs/{product.kickoff.id}/goals"
    assert bulk(product.api(Scope.READ), goals, {"title": "A"}).status_code == 403


def test_a_kpi_has_its_own_readings(api: TestClient, here: str) -> None:
    one, other = (
        api.post(f"{here}/kpis", json={"title": title}).json()["id"] for title in ("A", "B")
    )
    where = f"{here}/kpis/{one}/readings"
    made = api.post(where, json={"value": 12.5, "read_on": "2026-02-03"})
    assert (made.status_code, made.json()["kpi_id"]) == (201, one)
    assert api.get(made.headers["location"]).json() == made.json()
    api.post(f"{here}/readings", json={"value": 1, "kpi_id": other})
    assert [item["value"] for item in api.get(where).json()["items"]] == [12.5]
    assert api.post(where, json={"value": 1, "kpi_id": other}).status_code == 422
    assert api.post(where, json={"value": "x"}).json()["errors"][0]["pointer"] == "/value"
    assert api.post(f"{here}/kpis/{'0' * 36}/readings", json={"value": 1}).status_code == 404
    assert api.get(f"{here}/kpis/{'0' * 36}/readings").status_code == 404
    again = {"idempotency-key": "read once"}
    for _ in range(2):
        assert api.post(where, json={"value": 14}, headers=again).status_code == 201
    assert len(api.get(where, params={"sort": "-read_on"}).json()["items"]) == 2
