"""D11: what no database holds is refused or left out at every door, on both databases."""

from typing import Any

import pytest

from tests.support.product import Product


@pytest.fixture
def here(either_product: Product) -> str:
    return f"/api/v1/kickoffs/{either_product.kickoff.id}"


def code_of(product: Product) -> str:
    rooms = product.api().get(f"/api/v1/kickoffs/{product.kickoff.id}/rooms").json()["items"]
    return str(rooms[0]["code"])


def test_an_address_with_a_nul_is_nobodys(either_product: Product, here: str) -> None:
    api, owner = either_product.api(), either_product.browser("owner")
    code = code_of(either_product)
    for path in (
        "/api/v1/rooms/%00",
        f"/api/v1/rooms/{code}/activities/%00/result",
        f"{here}/people/%00",
        f"{here}/agenda-blocks/x%00y",
        f"{here}/people?cursor=%00",
        "/api/v1/kickoffs/%00",
    ):
        answer = api.get(path)
        assert answer.status_code in (404, 422), path
        assert answer.headers["content-type"] == "application/problem+json"
    for path in ("/j/x%00y/", "/rooms/%00/console/", "/sign-in/%00", "/p/%00", "/join?fault=%00"):
        assert owner.get(path).status_code in (404, 422), path


def test_a_form_with_a_nul_is_no_fault_of_ours(either_product: Product) -> None:
    owner = either_product.browser("owner")
    here = f"/kickoffs/{either_product.kickoff.id}"
    for path, fields in (
        ("/access/members", {"email": "a\x00b@nordlys.example", "name": "N\x00", "role": "viewer"}),
        ("/access/members", {"email": "c@nordlys.example", "name": "\x00\x07", "role": "viewer"}),
        ("/access/tokens", {"name": "T\x00", "scope": ["read\x00"]}),
        ("/people", {"name": "Kari\x00", "email": "\x00"}),
        ("/agenda", {"title": "A\x00", "after_id": "\x00"}),
        ("/people/import", {"text": "navn\nKari\x00"}),
    ):
        assert owner.post(here + path, **fields).status_code < 500, path
    signing_in = either_product.browser().post("/sign-in", email="\x00", password="\x00")
    assert signing_in.status_code < 500
    phone, code = either_product.browser(), code_of(either_product)
    assert phone.post("/join", code="\x00" * 6).status_code < 500
    assert phone.post(f"/j/{code}/", name="N\x00").status_code < 500
    answer = phone.post(f"/j/{code}/answers/x", submission_id="\x00" * 9, seq="1", text="\x00")
    assert answer.status_code < 500


@pytest.mark.parametrize(
    "config",
    [
        b'{"min_label": "\\ud800"}',
        b'{"min": 18446744073709551616}',
        b'{"min": NaN}',
        b'{"min_label": "\\u0000"}',
    ],
    ids=str,
)
def test_settings_that_no_database_holds_are_refused(
    either_product: Product, here: str, config: bytes
) -> None:
    api = either_product.api()
    headers = {"content-type": "application/json"}
    body = b'{"kind": "scale", "title": "?", "config": ' + config + b"}"
    answer = api.post(f"{here}/activities", content=body, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    made = api.post(f"{here}/activities", json={"kind": "scale", "title": "?"}).json()
    changed = api.patch(
        f"{here}/activities/{made['id']}",
        content=b'{"config": ' + config + b"}",
        headers={**headers, "if-match": "*"},
    )
    assert changed.status_code == 422


@pytest.mark.parametrize("after_id", ["\\ud800", "\\u0000", "x", "nobody"])
@pytest.mark.parametrize(
    "collection, name", [("teams", "name"), ("agenda-blocks", "title")], ids=str
)
def test_after_whom_is_an_id_or_nothing(
    either_product: Product, here: str, collection: str, name: str, after_id: str
) -> None:
    body = f'{{"{name}": "A", "after_id": "{after_id}"}}'
    headers = {"content-type": "application/json"}
    api = either_product.api()
    answer = api.post(f"{here}/{collection}", content=body, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/after_id"


# ---- Idempotency-Key


def test_every_post_takes_an_idempotency_key(product: Product) -> None:
    described: dict[str, Any] = product.api().get("/api/v1/openapi.json").json()["paths"]
    without = [
        path
        for path, methods in described.items()
        if "post" in methods
        and "idempotency-key" not in [one["name"] for one in methods["post"].get("parameters", ())]
    ]
    assert without == []


def test_who_joins_twice_under_one_key_is_one_attendee(either_product: Product) -> None:
    product = either_product
    where = f"/api/v1/rooms/{code_of(product)}/participants"
    guest, key = product.new_client(), {"idempotency-key": "c0ffee-c0ffee-c0ffee"}
    before = product.api().get(where.removesuffix("/participants")).json()["participants"]
    first, again = (guest.post(where, json={"name": "Kari"}, headers=key) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    after = product.api().get(where.removesuffix("/participants")).json()["participants"]
    assert after == before + 1
    other = guest.post(where, json={"name": "Ola"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "id_reused")
    new = guest.post(where, json={"name": "Kari"}, headers={"idempotency-key": "another-key"})
    assert new.json()["participant_id"] != first.json()["participant_id"]


def test_a_day_or_a_number_at_the_end_of_the_world_is_refused_or_left_out(
    either_product: Product, here: str
) -> None:
    """Seen red with: any year taken, and a count of five thousand digits read."""
    api, owner = either_product.api(), either_product.browser("owner")
    for day in ("0001-01-03", "1899-12-31", "9999-12-31"):
        for collection, named in (("meetings", {"day": day}), ("actions", {"due": day})):
            answer = api.post(f"{here}/{collection}", json={"title": "Langt unna", **named})
            assert answer.status_code == 422, day
            (fault,) = answer.json()["errors"]
            assert fault["pointer"] == "/" + next(iter(named))
    many = "9" * 5000
    plan = f"/kickoffs/{either_product.kickoff.id}/30-60-90"
    assert owner.get(f"{plan}/list?from={many}").status_code == 200
