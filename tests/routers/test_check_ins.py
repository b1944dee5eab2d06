"""Check-ins of key results: said once, never overwritten, withdrawn rather than removed.

Seen red without `require_changing`, and with DELETE offered as for other records.
"""

import pytest
from starlette.testclient import TestClient

from tests.support.product import Browser, Product


@pytest.fixture
def api(product: Product) -> TestClient:
    return product.api()


@pytest.fixture
def here(product: Product) -> str:
    return f"/api/v1/kickoffs/{product.kickoff.id}"


@pytest.fixture
def key_result(api: TestClient, here: str) -> str:
    objective = api.post(f"{here}/objectives", json={"title": "Kunden får svar"}).json()["id"]
    sent = {"title": "Løst uten overføring", "objective_id": objective, "baseline": 54}
    made = api.post(f"{here}/key-results", json={**sent, "target": 70, "unit": "%"})
    return str(made.json()["id"])


def test_a_check_in_is_sent_beneath_its_key_result(
    api: TestClient, here: str, key_result: str
) -> None:
    where = f"{here}/key-results/{key_result}/check-ins"
    made = api.post(where, json={"value": 57.5, "confidence": 6, "note": "Ny vaktliste"})
    assert made.status_code == 201
    assert made.json()["said_on"]  # today, where nobody says another day
    assert made.json()["key_result_id"] == key_result
    again = api.post(where, json={"value": 1}, headers={"idempotency-key": "en gang"})
    repeated = api.post(where, json={"value": 1}, headers={"idempotency-key": "en gang"})
    assert again.json()["id"] == repeated.json()["id"]
    assert [one["value"] for one in api.get(where).json()["items"]] == [57.5, 1]
    assert (
        api.post(f"{here}/key-results/{'0' * 36}/check-ins", json={"value": 1}).status_code == 404
    )


def test_what_is_still_ahead_was_not_measured(api: TestClient, here: str, key_result: str) -> None:
    """It would stand as the newest until then. Seen red with: any day taken."""
    kpi = api.post(f"{here}/kpis", json={"title": "Svartid"}).json()["id"]
    ahead = "2999-01-01"
    refused = [
        api.post(f"{here}/key-results/{key_result}/check-ins", json={"value": 9, "said_on": ahead}),
        api.post(f"{here}/kpis/{kpi}/readings", json={"value": 9, "read_on": ahead}),
    ]
    faults = [(one.status_code, one.json()["errors"][0]["pointer"]) for one in refused]
    assert faults == [(422, "/said_on"), (422, "/read_on")]


@pytest.mark.parametrize("confidence", [-1, 11, 5.5, "7", True])
def test_confidence_is_a_whole_number_from_0_to_10(
    api: TestClient, here: str, key_result: str, confidence: object
) -> None:
    where = f"{here}/key-results/{key_result}/check-ins"
    refused = api.post(where, json={"value": 1, "confidence": confidence})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/confidence"


def test_what_was_said_stays_and_can_be_withdrawn(
    product: Product, api: TestClient, here: str, key_result: str
) -> None:
    made = api.post(f"{here}/key-results/{key_result}/check-ins", json={"value": 57}).json()
    where, tag = f"{here}/check-ins/{made['id']}", {"if-match": "*"}
    for other in ({"value": 60}, {"said_on": "2026-01-01"}, {"note": "Annet"}):
        assert api.patch(where, json=other, headers=tag).status_code == 409, other
    assert api.delete(where, headers=tag).status_code == 405
    withdrawn = api.patch(where, json={"withdrawn": True}, headers=tag)
    assert (withdrawn.status_code, withdrawn.json()["value"]) == (200, 57)
    # What was left open can still be filled in, once.
    assert api.patch(where, json={"confidence": 4}, headers=tag).status_code == 200
    assert api.patch(where, json={"confidence": 9}, headers=tag).status_code == 409
    owner = product.browser("owner")
    _spreadsheet_changes_nothing(owner, product.kickoff.id, made["id"])
    assert api.get(where).json()["value"] == 57


def _spreadsheet_changes_nothing(owner: Browser, kickoff_id: str, id: str) -> None:
    text = f"ID;Verdi\n{id};99"
    where = f"/kickoffs/{kickoff_id}/check-ins/import"
    assert "99" in owner.post(where, text=text).text
    owner.post(where, text=text, confirm="1")


def test_what_is_removed_with_its_key_result_comes_back_as_it_was(
    product: Product, api: TestClient, here: str, key_result: str
) -> None:
    made = api.post(f"{here}/key-results/{key_result}/check-ins", json={"value": 57}).json()
    api.patch(f"{here}/check-ins/{made['id']}", json={"withdrawn": True}, headers={"if-match": "*"})
    api.delete(f"{here}/key-results/{key_result}", headers={"if-match": "*"})
    assert api.get(f"{here}/check-ins/{made['id']}").status_code == 404
    lines = api.get(f"{here}/key-results/{key_result}/history").json()["items"]
    removal = next(one["id"] for one in lines if one["done"] == "removed")
    back = product.browser("owner").post(
        f"/kickoffs/{product.kickoff.id}/history/{removal}/restore"
    )
    assert back.status_code == 303
    there = api.get(f"{here}/check-ins/{made['id']}").json()
    assert (there["value"], there["withdrawn"]) == (57, True)


def test_a_form_offers_only_what_may_change(product: Product, here: str, key_result: str) -> None:
    api = product.api()
    made = api.post(f"{here}/key-results/{key_result}/check-ins", json={"value": 57.5}).json()
    owner = product.browser("owner")
    where = f"/kickoffs/{product.kickoff.id}/check-ins"
    page = owner.get(f"{where}/{made['id']}").text
    assert 'name="withdrawn"' in page
    assert 'name="value"' not in page
    assert "57,5" in page
    saved = owner.post(f"{where}/{made['id']}", version="1", withdrawn="true")
    assert saved.status_code == 303
    assert api.get(f"{here}/check-ins/{made['id']}").json()["withdrawn"] is True
    listed = owner.get(where).text
    assert f"{where}/{made['id']}/remove" not in listed
