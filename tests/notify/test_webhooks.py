"""Webhooks: what was changed is told once it is committed, signed, until it is taken or given up.

Seen red: with the message written in a transaction of its own, a change that was rolled back was
told; with redirects followed, the second server heard of it.
"""

import asyncio
import errno
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pytest
import time_machine
from sqlmodel import col, select
from standardwebhooks import Webhook as Verifier

from app import clock
from app.access import Scope
from app.errors import Conflict
from app.models.webhooks import Outgoing, Webhook
from app.notify import webhooks
from app.notify.courier import Courier
from app.operations import outbox, records
from app.operations.entities import AGENDA_BLOCKS, GOALS
from app.settings import Settings
from tests.notify.receiver import Receiver, receiver
from tests.security.hostile import HOSTILE, stored
from tests.support.postgres import Postgres
from tests.support.product import Product
from tests.support.product import product as running

KEY = "the tests' own key, of no worth at all"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running(tmp_path_factory.mktemp("webhooks")) as made:
        at_rest(made)
        yield made


@pytest.fixture(autouse=True)
def nobody_else_waits(product: Product) -> None:
    with product.database.unit_of_work() as session:
        for webhook in session.exec(select(Webhook)).all():
            session.delete(webhook)


def at_rest(product: Product) -> None:
    """The product's own courier goes home: here the test says when somebody sets out."""
    portal = product.client.portal
    assert portal
    portal.call(product.application.state.courier.stop)


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as server:
        yield server


class Desk:
    """A kickoff with one webhook, and a courier whose rounds the test makes itself."""

    def __init__(self, product: Product, hook: Receiver, networks: str = "127.0.0.0/8") -> None:
        self.database = product.database
        settings = Settings(
            database_url="sqlite://", secret_key=KEY, webhook_networks=networks, _env_file=None
        )
        self.courier = Courier(settings, product.database, self.resolve)
        self.addresses = ["127.0.0.1"]
        made = product.api().post("/api/v1/kickoffs", json={"title": "Kurs"})
        self.kickoff_id = str(made.json()["id"])
        with self.database.unit_of_work() as session:
            webhook, self.secret = webhooks.make(
                session, settings.signing_key, self.kickoff_id, name="Mottaker", url=hook.url
            )
            self.webhook_id = webhook.id

    def resolve(self, _host: str, _port: int) -> Sequence[str]:
        return self.addresses

    def goal(self, title: str = "Svar samme dag") -> str:
        with self.database.unit_of_work() as session:
            return records.create(session, GOALS, self.kickoff_id, {"title": title}).id

    def round(self) -> int:
        return asyncio.run(self.courier.round())

    def messages(self) -> list[Outgoing]:
        with self.database.reading() as session:
            wanted = select(Outgoing).where(Outgoing.webhook_id == self.webhook_id)
            return list(session.exec(wanted.order_by(col(Outgoing.id))))


@pytest.fixture
def desk(product: Product, hook: Receiver) -> Desk:
    return Desk(product, hook)


def test_a_change_is_told_signed_and_once(desk: Desk, hook: Receiver) -> None:
    goal = desk.goal()
    assert desk.round() == 1
    path, headers, body = hook.got[0]
    told = Verifier(desk.secret).verify(body, headers)
    assert path == "/in?key=hemmelig"
    assert headers["host"] == f"hook.example:{hook.server_port}"
    assert told["type"] == "goals.created"
    assert told["data"]["record_id"] == goal
    assert told["data"]["changes"]["title"] == [None, "Svar samme dag"]
    assert desk.round() == 0
    assert [row.fate for row in desk.messages()] == ["delivered"]


def test_what_was_rolled_back_is_told_to_nobody(desk: Desk) -> None:
    with suppress(Conflict), desk.database.unit_of_work() as session:
        records.create(session, GOALS, desk.kickoff_id, {"title": "Aldri"})
        raise Conflict
    assert desk.messages() == []


def test_another_kickoffs_changes_are_not_told(product: Product, desk: Desk) -> None:
    with desk.database.unit_of_work() as session:
        records.create(session, GOALS, product.kickoff.id, {"title": "Andres"})
    assert desk.messages() == []


def test_what_only_facilitators_see_is_told_to_no_webhook(desk: Desk, hook: Receiver) -> None:
    with desk.database.unit_of_work() as session:
        values = {"title": "Åpning", "notes": "Hemmelig stikkord"}
        records.create(session, AGENDA_BLOCKS, desk.kickoff_id, values)
    assert desk.round() == 1
    assert "Åpning" in hook.got[0][2]
    assert "Hemmelig" not in hook.got[0][2]


def test_what_people_typed_is_data_in_a_message_and_nothing_else(
    desk: Desk, hook: Receiver
) -> None:
    """S06 for what goes out. Seen red with the body put together from its texts by hand."""
    for text in HOSTILE:
        desk.goal(text)
    while desk.round():
        pass
    told = [Verifier(desk.secret).verify(body, headers) for _, headers, body in hook.got]
    titles = [message["data"]["changes"]["title"][1] for message in told]
    assert sorted(titles) == sorted(stored(one) for one in HOSTILE)
    assert {message["type"] for message in told} == {"goals.created"}
    assert {path for path, _, _ in hook.got} == {"/in?key=hemmelig"}
    assert not any("set-cookie" in headers for _, headers, _ in hook.got)


def test_it_is_tried_again_later_and_later_with_the_same_id_and_then_given_up(
    desk: Desk, hook: Receiver
) -> None:
    hook.status = 500
    desk.goal()
    begun = clock.now()
    tries = []
    with time_machine.travel(begun, tick=False) as now:
        for _ in range(len(outbox.WAITS) + 1):
            assert desk.round() == 1
            assert desk.round() == 0  # not before its time
            tries.append(clock.now() - begun)
            now.shift(max(desk.messages()[0].due_at - clock.now(), timedelta(0)))
        now.shift(timedelta(days=7))
        assert desk.round() == 0
    (row,) = desk.messages()
    assert (row.fate, row.failure) == ("given_up", "answered_500")
    waits = [later - earlier for earlier, later in pairwise(tries)]
    assert waits == sorted(waits)
    assert {headers["webhook-id"] for _, headers, _ in hook.got} == {row.id}


def test_whoever_is_gone_is_left_in_peace(desk: Desk, hook: Receiver) -> None:
    hook.status = 410
    desk.goal()
    desk.round()
    assert desk.messages()[0].fate == "given_up"


def test_no_redirect_is_followed(desk: Desk, hook: Receiver) -> None:
    with receiver() as inside:
        hook.status, hook.location = 307, inside.url.replace("hook.example", "127.0.0.1")
        desk.goal()
        desk.round()
        assert inside.got == []
    assert desk.messages()[0].failure == "redirected"


def test_a_name_that_turns_inside_after_it_was_saved_is_not_followed(
    product: Product, hook: Receiver
) -> None:
    desk = Desk(product, hook, networks="")
    desk.goal()
    flips = (["127.0.0.1"], ["93.184.215.14", "127.0.0.1"], ["::ffff:127.0.0.1"])
    for number, addresses in enumerate(flips):
        desk.addresses = addresses
        with time_machine.travel(clock.now() + number * timedelta(minutes=10)):
            assert desk.round() == 1
    assert hook.got == []
    assert {row.failure for row in desk.messages()} == {"address_refused"}


def test_a_server_that_is_not_there_costs_nobody_else_anything(
    product: Product, desk: Desk, hook: Receiver
) -> None:
    with receiver() as gone:
        other = Desk(product, gone)
    desk.goal()
    other.goal()
    desk.round()
    assert desk.messages()[0].fate == "delivered"
    assert other.messages()[0].failure == "unreachable"


def test_what_this_machine_lacks_puts_no_message_behind_the_next(
    desk: Desk, hook: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red where only the network's own errors were the target's: it was put off alone."""

    def no_files_left(_host: str, _port: int) -> Sequence[str]:
        raise OSError(errno.EMFILE, "Too many open files")

    desk.goal("Først")
    desk.goal("Så")
    with monkeypatch.context() as poor:
        poor.setattr(desk.courier, "_resolve", no_files_left)
        assert desk.round() == 1
    assert desk.round() == 0
    with time_machine.travel(clock.now() + timedelta(seconds=10)):
        assert desk.round() == desk.round() == 1
    assert [headers["webhook-id"] for _, headers, _ in hook.got] == [
        row.id for row in desk.messages()
    ]


def test_two_processes_never_take_the_same_message(
    tmp_path: Path, postgres_server: Postgres, hook: Receiver
) -> None:
    with postgres_server.database() as url, running(tmp_path, url) as product:
        at_rest(product)
        desk = Desk(product, hook)
        for number in range(5):
            with desk.database.unit_of_work() as session:
                key, there = KEY.encode(), desk.kickoff_id
                webhooks.make(session, key, there, name=str(number), url=hook.url)
        desk.goal("Seks får vite det")
        desk.goal("To ganger hver")
        with desk.database.unit_of_work() as first, desk.database.unit_of_work() as second:
            now = clock.now()
            one = {row.target_id for row in outbox.take(first, now, most=3)}
            two = {row.target_id for row in outbox.take(second, now, most=6)}
        assert len(one) == 3
        assert len(one | two) == 6
        assert not one & two


def test_who_died_on_the_way_leaves_it_to_another(desk: Desk, hook: Receiver) -> None:
    desk.goal()
    with desk.database.unit_of_work() as session:
        assert len(outbox.take(session, clock.now(), most=10)) == 1
    assert desk.round() == 0
    with time_machine.travel(clock.now() + outbox.LEASE + timedelta(seconds=1)):
        assert desk.round() == 1
    assert len(hook.got) == 1


def test_neither_address_nor_secret_is_in_the_database(desk: Desk) -> None:
    with desk.database.reading() as session:
        row = session.get_one(Webhook, desk.webhook_id)
    written = orjson.dumps(row.model_dump(mode="json")).decode()
    assert "hook.example" in written  # what is shown of it
    for secret in ("hemmelig", desk.secret, desk.secret.removeprefix("whsec_")):
        assert secret not in written


def test_a_removed_webhook_takes_its_messages_along(desk: Desk) -> None:
    desk.goal()
    with desk.database.unit_of_work() as session:
        session.delete(webhooks.find(session, desk.kickoff_id, desk.webhook_id))
    assert desk.messages() == []
    assert desk.round() == 0


# ---- The page and the API


def test_who_manages_access_makes_tries_and_removes_one(product: Product) -> None:
    owner, where = product.browser("owner"), f"/kickoffs/{product.kickoff.id}/webhooks"
    for wrong in ("https://127.0.0.1/x", "http://localhost/", "nonsense"):
        refused = owner.post(where, name="Inn", url=wrong)
        assert refused.status_code == 422
        assert "field-url-error" in refused.text
    made: Any = make(product, "Mottaker")
    page = owner.get(where).text
    assert "Mottaker" in page
    assert "key=hemmelig" not in page
    assert owner.post(f"{where}/{made}/test").status_code == 303
    assert "messages" in owner.get(where).text
    assert owner.post(f"{where}/{made}/remove").status_code == 303
    assert "Mottaker" not in owner.get(where).text


def test_nobody_else_sees_or_makes_any(product: Product) -> None:
    where, made = f"/kickoffs/{product.kickoff.id}/webhooks", make(product, "Skjult")
    for role in ("facilitator", "contributor", "viewer"):
        browser = product.browser(role)
        assert browser.get(where).status_code == 403
        assert browser.post(f"{where}/{made}/remove").status_code == 403
    foreign = product.browser("foreigner")
    assert foreign.get(where).status_code == 404
    elsewhere = f"/kickoffs/{product.foreign.id}/webhooks/{made}"
    assert foreign.post(f"{elsewhere}/remove").status_code == 404
    assert (
        product.api(Scope.READ, Scope.WRITE, Scope.FACILITATE).get(f"/api/v1{where}").status_code
        == 403
    )


def test_an_integrator_makes_tries_follows_and_removes_one_over_rest(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red with the scope's permission taken away: 403 at the first request."""
    settings = product.application.state.settings
    monkeypatch.setattr(settings, "webhook_networks", "127.0.0.0/8")
    api = product.api(Scope.WEBHOOKS)
    where = f"/api/v1/kickoffs/{product.kickoff.id}/webhooks"
    body = {"name": "Datavarehus", "url": "https://127.0.0.1:8443/in?key=hemmelig"}
    made = api.post(where, json=body, headers={"idempotency-key": "en gang"})
    assert made.status_code == 201, made.text
    assert made.json()["secret"].startswith("whsec_")
    again = api.post(where, json=body, headers={"idempotency-key": "en gang"})
    assert (again.status_code, again.json()["id"]) == (201, made.json()["id"])
    assert again.json()["secret"] == ""

    one = made.headers["location"]
    assert api.get(one).headers["etag"] == made.headers["etag"]
    assert "hemmelig" not in api.get(one).text
    sent = [api.post(f"{one}/messages").json() for _ in range(3)]
    assert {message["fate"] for message in sent} == {"waiting"}
    first = api.get(f"{one}/messages", params={"limit": 2}).json()
    rest = api.get(f"{one}/messages", params={"cursor": first["next_cursor"]}).json()
    listed = [message["id"] for message in first["items"] + rest["items"]]
    assert listed == [message["id"] for message in reversed(sent)]

    assert api.post(f"/api/v1/kickoffs/{product.kickoff.id}/goals", json={}).status_code == 403
    assert api.delete(one).status_code == 428
    assert api.delete(one, headers={"if-match": made.headers["etag"]}).status_code == 204
    assert api.get(f"{one}/messages").status_code == 404


def make(product: Product, name: str) -> str:
    with product.database.unit_of_work() as session:
        webhook, _ = webhooks.make(
            session,
            KEY.encode(),
            product.kickoff.id,
            name=name,
            url="https://hook.example/in?key=hemmelig",
        )
    return webhook.id
