"""A link in a message lets a key result's owner check in with two taps, without signing in, and
does nothing else (F4).

Seen red with: a GET that saves, a link that outlives its owner, a second tap that says it twice.
"""

from typing import Any

import pytest

from app.operations.signed_links import link_token, path_of
from tests.support.product import Product

TITLE = "Løst <b>uten</b> overføring"


@pytest.fixture
def owned(product: Product) -> dict[str, Any]:
    api = product.api()
    here = f"/api/v1/kickoffs/{product.kickoff.id}"

    def make(collection: str, **fields: Any) -> str:
        return str(api.post(f"{here}/{collection}", json=fields).json()["id"])

    kari = make("people", name="Kari Bø")
    about = {"objective_id": make("objectives", title="Mål"), "baseline": 54, "target": 70}
    one = make("key-results", title=TITLE, owner_id=kari, unit="%", **about)
    make("check-ins", key_result_id=one, value=57.5, confidence=6, said_on="2026-01-05")
    key = product.application.state.settings.signing_key
    link = path_of(link_token(key, "check-in", one, kari))
    return {"api": api, "here": here, "one": one, "kari": kari, "link": link}


def said(owned: dict[str, Any]) -> list[dict[str, Any]]:
    where = f"{owned['here']}/key-results/{owned['one']}/check-ins"
    items: list[dict[str, Any]] = owned["api"].get(where).json()["items"]
    return items


def test_two_taps_check_in_and_a_second_tap_says_nothing_twice(
    product: Product, owned: dict[str, Any]
) -> None:
    phone, link = product.browser(), owned["link"]
    page = phone.get(link)
    assert page.status_code == 200
    assert "Løst &lt;b&gt;uten" in page.text
    assert 'value="57,5"' in page.text or 'value="57.5"' in page.text  # what was said last
    assert page.headers["x-robots-tag"] == "noindex"
    assert len(said(owned)) == 1  # looking changes nothing
    for _ in range(2):
        assert phone.post(link, value="61,5", confidence="8", note="Ny vakt").status_code == 303
    told = said(owned)
    assert len(told) == 2
    assert (told[1]["value"], told[1]["confidence"], told[1]["said_by_id"]) == (
        61.5,
        8,
        owned["kari"],
    )
    assert phone.post(link, value="62", confidence="8").status_code == 303  # a correction
    assert [one["value"] for one in said(owned)] == [57.5, 61.5, 62]


def test_a_fault_is_told_and_what_was_typed_is_kept(
    product: Product, owned: dict[str, Any]
) -> None:
    page = product.browser().post(owned["link"], value="mye", confidence="12", note="Æ ø å")
    assert page.status_code == 422
    assert 'value="mye"' in page.text
    assert 'value="Æ ø å"' in page.text
    assert "value-fault" in page.text
    assert "confidence-fault" in page.text
    assert len(said(owned)) == 1


def test_nothing_but_the_three_fields_is_taken(product: Product, owned: dict[str, Any]) -> None:
    sent = {"value": "60", "withdrawn": "true", "said_on": "2020-01-01", "key_result_id": "x" * 36}
    assert product.browser().post(owned["link"], **sent).status_code == 303
    last = said(owned)[-1]
    assert (last["withdrawn"], last["said_by_id"]) == (False, owned["kari"])
    assert last["said_on"] != "2020-01-01"


def test_the_link_ends_when_the_key_result_is_somebody_elses_or_gone(
    product: Product, owned: dict[str, Any]
) -> None:
    api, phone = owned["api"], product.browser()
    where = f"{owned['here']}/key-results/{owned['one']}"
    api.patch(where, json={"owner_id": None}, headers={"if-match": "*"})
    assert phone.get(owned["link"]).status_code == 404
    assert phone.post(owned["link"], value="60").status_code == 404
    api.patch(where, json={"owner_id": owned["kari"]}, headers={"if-match": "*"})
    assert phone.get(owned["link"]).status_code == 200
    api.delete(where, headers={"if-match": "*"})
    assert phone.get(owned["link"]).status_code == 404
    assert phone.get(owned["link"][:-2] + "xx").status_code == 404
