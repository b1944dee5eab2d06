"""The page of deliveries and its REST: an owner sees each with its tries and failures, sends it
again, and says when people may be disturbed; nobody else does.

Seen red with `needs(SEE_PLAN)` on the routes, and with `find` looking at all kickoffs.
"""

from typing import Any

import pytest
from sqlmodel import select

from app.access import Scope
from app.models.people import Person
from app.models.webhooks import Outgoing, Speaks
from app.notify import webhooks
from app.operations.notices import post
from tests.support.product import Product

KEY = b"the tests' own key, of no worth at all"
DAY = {"window": "30", "path": "/", "reached": 1, "open": [], "more": 0, "actions_open": 0}


@pytest.fixture(scope="module")
def failed(product: Product) -> str:
    """A message to Slack that was given up, and one by mail that waits."""
    portal = product.client.portal
    assert portal
    portal.call(product.application.state.courier.stop)
    with product.database.unit_of_work() as session:
        webhooks.make(
            session, KEY, product.kickoff.id, name="#kurs <b>", url="https://hooks.slack.example/T/hemmelig",
            speaks=Speaks.SLACK,
        )  # fmt: skip
        person = Person(kickoff_id=product.kickoff.id, name="Åse Bø", email="ase@nordlys.example")
        session.add(person)
        session.flush()
        said: dict[str, Any] = {
            "kickoff_id": product.kickoff.id,
            "kind": "milestone_day",
            "data": DAY,
        }
        post(session, key="30", **said)
        post(session, key="30", person_id=person.id, **said)
        row = session.scalars(select(Outgoing).where(Outgoing.webhook_id != None)).one()  # noqa: E711 -- SQL
        row.fate, row.failure, row.attempts = "given_up", "answered_404", 9
    return row.id


def test_an_owner_sees_what_failed_and_why_and_sends_it_again(
    product: Product, failed: str
) -> None:
    owner, where = product.browser("owner"), f"/kickoffs/{product.kickoff.id}/deliveries"
    page = owner.get(f"{where}?fate=given_up").text
    assert "#kurs &lt;b&gt;" in page
    assert "404" in page
    assert "Ikke satt opp på denne tjeneren" in page  # of mail, before anybody waits for one
    assert "Åse Bø" not in page.partition('id="messages"')[2]
    assert "hemmelig" not in page
    assert owner.post(f"{where}/{failed}/resend").status_code == 303
    with product.database.reading() as session:
        row = session.get_one(Outgoing, failed)
    assert (row.fate, row.attempts, row.failure) == ("waiting", 0, "")
    assert owner.post(f"{where}/mail-test").status_code == 303
    assert "Åse Bø" in owner.get(where).text


def test_hours_are_kept_and_a_day_that_ends_before_it_begins_is_refused(product: Product) -> None:
    owner, where = product.browser("owner"), f"/kickoffs/{product.kickoff.id}/deliveries"
    hours = {"opens_at": "10:00", "closes_at": "15:30", "language": "en", "by_mail": "true"}
    assert owner.post(f"{where}/settings", **hours).status_code == 303
    refused = owner.post(f"{where}/settings", **{**hours, "closes_at": "09:00"})
    assert refused.status_code == 422
    assert 'value="09:00"' in refused.text
    assert "field-closes_at-error" in refused.text
    api = product.api(Scope.WEBHOOKS)
    said = api.get(f"/api/v1/kickoffs/{product.kickoff.id}/notice-settings").json()
    assert (said["opens_at"], said["closes_at"], said["on_days_off"]) == ("10:00", "15:30", False)


def test_a_channel_is_added_where_its_address_may_be_reached(product: Product) -> None:
    owner, where = product.browser("owner"), f"/kickoffs/{product.kickoff.id}/deliveries"
    for wrong in ("http://127.0.0.1/x", "http://localhost/", "tull"):
        refused = owner.post(f"{where}/channels", name="Inn", url=wrong, speaks="teams")
        assert refused.status_code == 422
        assert "field-url-error" in refused.text
    other = owner.post(f"{where}/channels", name="Inn", url="https://x.example/", speaks="signed")
    assert other.status_code == 422


def test_deliveries_over_rest(product: Product, failed: str) -> None:
    api = product.api(Scope.WEBHOOKS)
    where = f"/api/v1/kickoffs/{product.kickoff.id}/deliveries"
    found = api.get(where, params={"limit": 1}).json()
    assert found["next_cursor"]
    everything = api.get(where).json()["items"]
    mine = next(one for one in everything if one["id"] == failed)
    assert (mine["speaks"], mine["recipient"], mine["kind"]) == (
        "slack",
        "#kurs <b>",
        "milestone_day",
    )
    with product.database.unit_of_work() as session:
        row = session.get_one(Outgoing, failed)
        row.fate, row.attempts = "given_up", 9
    key = {"idempotency-key": "once"}
    first = api.post(f"{where}/{failed}/resend", headers=key)
    assert first.status_code == 200
    assert api.post(f"{where}/{failed}/resend", headers=key).json() == first.json()
    assert api.post(f"{where}/{failed}/resend").status_code == 409  # it goes out by itself
    assert api.get(where, params={"fate": "nonsense"}).status_code == 422


def test_nobody_else_sees_or_sends_any(product: Product, failed: str) -> None:
    where = f"/kickoffs/{product.kickoff.id}/deliveries"
    for role in ("facilitator", "contributor", "viewer"):
        browser = product.browser(role)
        assert browser.get(where).status_code == 403
        assert browser.post(f"{where}/{failed}/resend").status_code == 403
    foreign = product.browser("foreigner")
    assert foreign.get(where).status_code == 404
    elsewhere = f"/kickoffs/{product.foreign.id}/deliveries/{failed}/resend"
    assert foreign.post(elsewhere).status_code == 404
    assert product.api(Scope.READ).get(f"/api/v1{where}").status_code == 403
