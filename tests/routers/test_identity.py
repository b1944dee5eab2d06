"""Who somebody is cannot be guessed, bent, kept or borrowed (S02)."""

import random
import re
from datetime import timedelta

import httpx
import pytest
import time_machine
from sqlmodel import select

from app import clock, ids
from app.access import Scope
from app.live import tokens
from app.models.organisations import ApiToken, OneTimeLink, ProjectorLink, SignIn, User, hashed
from app.models.rooms import Participant, Room
from app.operations import accounts
from tests.support.product import PASSWORD, Browser, Product


def mutations(secret: str, *, count: int) -> list[str]:
    """The secret with a character changed, dropped, doubled, swapped or another case; never it."""
    dice, found = random.Random(7), set[str]()
    while len(found) < count:
        place = dice.randrange(len(secret))
        character = dice.choice("abcXYZ019-_.~ '\"")
        found.add(
            dice.choice(
                [
                    secret[:place] + character + secret[place + 1 :],
                    secret[:place] + secret[place + 1 :],
                    secret[:place] + secret[place] + secret[place:],
                    secret[:place],
                    secret + character,
                    secret.swapcase(),
                    secret[::-1],
                ]
            )
        )
    return sorted(found - {secret, secret + " "})


def room_of(product: Product) -> Room:
    with product.database.reading() as session:
        statement = select(Room).where(Room.kickoff_id == product.kickoff.id)
        return session.scalars(statement).one()


def test_no_mutation_of_a_token_is_accepted(product: Product) -> None:
    client = product.api(Scope.READ)
    good = client.headers["authorization"]
    path = f"/api/v1/kickoffs/{product.kickoff.id}"
    assert client.get(path).status_code == 200
    secret = good.removeprefix("Bearer ")
    wrong = [m for m in mutations(secret, count=300) if m.strip() != secret]
    answers = {
        client.get(path, headers={"authorization": f"Bearer {m}"}).status_code for m in wrong
    }
    answers |= {
        client.get(path, headers={"authorization": header}).status_code
        for header in ("", "Bearer", "Bearer ", "Basic " + secret, secret, "Bearer " + "x" * 5000)
    }
    assert answers == {401}


def test_no_mutation_of_a_participants_token_is_accepted(product: Product) -> None:
    room = room_of(product)
    with product.database.unit_of_work() as session:
        phone = Participant(id=ids.random_id(), room_id=room.id)
        removed = Participant(id=ids.random_id(), room_id=room.id, removed=True)
        session.add_all([phone, removed])
    key = product.application.state.settings.signing_key
    good = tokens.issue(key, phone.id, room.id)
    path = f"/api/v1/kickoffs/{product.kickoff.id}"

    def ask(secret: str) -> int:
        return product.with_bearer(secret).get(path).status_code

    assert ask(good) == 403  # known, and not allowed to see the plan
    other_room = tokens.issue(key, phone.id, ids.new_id())
    other_key = tokens.issue(b"another instance's", phone.id, room.id)
    unknown = tokens.issue(key, ids.random_id(), room.id)
    gone = tokens.issue(key, removed.id, room.id)
    wrong = [other_room, other_key, unknown, gone, *mutations(good, count=100)]
    assert {ask(secret) for secret in wrong if secret.strip() != good} == {401}


def test_no_mutation_of_a_session_cookie_is_accepted(product: Product) -> None:
    browser = product.browser("owner")
    good = str(browser.http.cookies["kickoff_session"])
    assert browser.http.get("/api/v1/kickoffs").status_code == 200
    for secret in mutations(good, count=100):
        stranger = product.new_client()
        stranger.cookies.set("kickoff_session", secret.replace('"', "%22").strip() or "x")
        assert stranger.get("/api/v1/kickoffs").status_code == 401


def test_a_cookie_is_worthless_after_sign_out(product: Product) -> None:
    browser = product.browser("owner")
    kept = str(browser.http.cookies["kickoff_session"])
    assert browser.post("/sign-out").headers["location"].startswith("/sign-in")
    replay = product.new_client()
    replay.cookies.set("kickoff_session", kept)
    assert replay.get("/api/v1/kickoffs").status_code == 401


def test_a_sign_in_ends_by_itself(product: Product) -> None:
    with product.database.unit_of_work() as session:
        secret = accounts.sign_in(session, product.users["viewer"])
    client = product.new_client()
    client.cookies.set("kickoff_session", secret)
    assert client.get("/api/v1/kickoffs").status_code == 200
    later = clock.now() + accounts.SIGNED_IN_FOR + timedelta(minutes=1)
    with time_machine.travel(later, tick=True):
        assert client.get("/api/v1/kickoffs").status_code == 401


def test_a_revoked_token_stops_at_once(product: Product) -> None:
    client = product.api(Scope.READ)
    assert client.get("/api/v1/kickoffs").status_code == 200
    secret = client.headers["authorization"].removeprefix("Bearer ")
    with product.database.unit_of_work() as session:
        statement = select(ApiToken).where(ApiToken.secret_hash == hashed(secret))
        session.scalars(statement).one().revoked_at = clock.now()
    assert client.get("/api/v1/kickoffs").status_code == 401


def test_the_sign_in_link_works_once_and_leaves_a_clean_address(product: Product) -> None:
    with product.database.unit_of_work() as session:
        user = accounts.new_user(
            session, organisation_id=product.organisation_id, email="ny@nordlys.example"
        )
        secret = accounts.new_sign_in_link(session, user.id)
    first, second = Browser(product.new_client()), Browser(product.new_client())
    answer = first.http.get(f"/sign-in/{secret}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/welcome")
    assert "HttpOnly" in answer.headers["set-cookie"]
    welcome = first.get("/welcome").text
    assert secret not in welcome
    assert 'value="ny@nordlys.example"' in welcome
    assert second.http.get(f"/sign-in/{secret}").status_code == 403
    assert second.http.get("/api/v1/kickoffs").status_code == 401

    sent = {"name": "Ny", "email": "ny@nordlys.example"}
    assert first.post("/welcome", **sent, password="kort").status_code == 422
    assert first.post("/welcome", **sent, password="en lang nok setning").status_code == 303
    assert first.http.get("/api/v1/kickoffs").status_code == 200
    assert first.post("/welcome", **sent, password="enda en setning").status_code == 303
    again = second.post("/sign-in", email="NY@nordlys.example", password="en lang nok setning")
    assert again.status_code == 303


def test_an_old_sign_in_link_is_dead(product: Product) -> None:
    with product.database.unit_of_work() as session:
        secret = accounts.new_sign_in_link(session, product.users["owner"])
    with time_machine.travel(clock.now() + accounts.LINK_LASTS + timedelta(minutes=1), tick=True):
        assert product.new_client().get(f"/sign-in/{secret}").status_code == 403


def test_a_projector_link_opens_one_room_and_dies_when_revoked(product: Product) -> None:
    room = room_of(product)
    with product.database.unit_of_work() as session:
        link, secret = accounts.new_projector_link(session, room.id, "Scenen")
    screen = product.new_client()
    answer = screen.get(f"/p/{secret}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/projector")
    assert screen.get(f"/api/v1/kickoffs/{product.kickoff.id}").status_code == 403
    with product.database.unit_of_work() as session:
        session.get_one(ProjectorLink, link.id).revoked_at = clock.now()
    assert screen.get(f"/api/v1/kickoffs/{product.kickoff.id}").status_code == 401
    assert product.new_client().get(f"/p/{secret}").status_code == 404
    assert screen.get("/projector").status_code == 404
    assert product.new_client().get("/p/" + "x" * 22).status_code == 404


def test_a_projector_link_leads_who_is_signed_in_to_its_room_as_well(product: Product) -> None:
    room = room_of(product)
    with product.database.unit_of_work() as session:
        _, secret = accounts.new_projector_link(session, room.id, "Scenen")
    shown = product.browser("facilitator").get(f"/p/{secret}")
    assert shown.status_code == 200
    assert shown.url.path == f"/rooms/{room.id}/projector/"


def test_an_unknown_address_and_a_wrong_password_are_answered_alike(product: Product) -> None:
    browser = product.browser()
    wrong = browser.post("/sign-in", email="owner@nordlys.example", password="feil passord her")
    unknown = browser.post("/sign-in", email="xyzzy@nordlys.example", password="feil passord her")
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert masked(wrong, "owner") == masked(unknown, "xyzzy")


def masked(answer: httpx.Response, name: str) -> str:
    """Without the address, and what is new on every page."""
    return re.sub(r'nonce="[^"]+"', "", answer.text.replace(name, "NAME"))


def test_wrong_sign_ins_run_out_for_an_account_and_not_for_others(product: Product) -> None:
    browser = product.browser()
    tries = [
        browser.post("/sign-in", email="outsider@nordlys.example", password="galt").status_code
        for _ in range(12)
    ]
    assert tries == [401] * 10 + [429] * 2
    right = browser.post("/sign-in", email="outsider@nordlys.example", password=PASSWORD)
    assert right.status_code == 429
    assert product.browser("viewer").http.get("/api/v1/kickoffs").status_code == 200


@pytest.mark.parametrize(
    "following",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"],
)
def test_signing_in_leads_nowhere_else(product: Product, following: str) -> None:
    browser = product.browser()
    sent = {"email": "owner@nordlys.example", "password": PASSWORD, "next": following}
    assert browser.post("/sign-in", **sent).headers["location"] == "/"


def test_signing_in_leads_back_to_the_page_that_was_asked_for(product: Product) -> None:
    browser = product.browser()
    path = f"/kickoffs/{product.kickoff.id}/agenda"
    asked = browser.http.get(path, headers={"accept": "text/html"}, follow_redirects=False)
    assert asked.headers["location"] == f"/sign-in?next={path}"
    sent = {"email": "owner@nordlys.example", "password": PASSWORD, "next": path}
    assert browser.post("/sign-in", **sent).headers["location"] == path


def test_no_secret_is_stored_readably(product: Product) -> None:
    with product.database.reading() as session:
        rows: list[object] = []
        for table in (ApiToken, OneTimeLink, ProjectorLink, SignIn, User):
            rows += session.scalars(select(table)).all()
    text = " ".join(repr(row) for row in rows)
    client = product.api(Scope.READ)
    assert len(rows) > 8
    assert PASSWORD not in text
    assert client.headers["authorization"].removeprefix("Bearer ") not in text


def test_a_changed_password_ends_every_other_sign_in(product: Product) -> None:
    here, elsewhere = product.browser("contributor"), product.browser("contributor")
    changed = {"password": "en helt ny setning"}
    for wrong in ("", "galt passord"):
        refused = here.post("/account/password", **changed, current_password=wrong)
        assert refused.status_code == 422
        assert 'id="field-current_password-error"' in refused.text
    assert elsewhere.http.get("/api/v1/kickoffs").status_code == 200
    right = here.post("/account/password", **changed, current_password=PASSWORD)
    assert right.status_code == 303
    assert here.http.get("/api/v1/kickoffs").status_code == 200
    assert elsewhere.http.get("/api/v1/kickoffs").status_code == 401
