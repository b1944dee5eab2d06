"""A link in a message lets an action's owner say how it goes, without signing in, and does nothing
else (F2).

Seen red with: a GET that saves, a link that outlives its owner, its ending, its action, its address
or the archiving, one without a budget, a double tap that writes two notes, `/l/` in the log.
"""

import logging
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlmodel import select

from app import clock
from app.models.action_notes import ActionNote
from app.models.actions import Action
from app.models.history import RecordChange
from app.models.kickoffs import Kickoff
from app.models.people import Person
from app.operations import bulk
from app.operations.entities import PEOPLE
from app.operations.signed_links import link_token, path_of
from app.web.link_budget import LinkBudget
from tests.support.product import Browser, Product

HOSTILE = "Rydd i <script>alert(1)</script> køen på Ås"


class Owned:
    """An action of Kari's in a kickoff of its own, and her link to it."""

    def __init__(self, product: Product, desk: Browser) -> None:
        self.product, self.desk = product, desk
        made = self.desk.post(
            "/kickoffs", title="Kurs 2027", day="2027-02-03", starts_at="09:00",
            time_zone="Europe/Oslo",
        )  # fmt: skip
        self.kickoff_id = str(made.headers["location"]).split("/")[2]
        with product.database.unit_of_work() as session:
            kari, ola = (
                Person(kickoff_id=self.kickoff_id, name=name, email=f"{name[0]}@nordlys.example")
                for name in ("Kari Bø", "Ola Ås")
            )
            session.add_all([kari, ola])
            session.flush()
            first = Action(kickoff_id=self.kickoff_id, title="Bestill plass")
            session.add(first)
            session.flush()
            action = Action(
                kickoff_id=self.kickoff_id, title=HOSTILE, owner_id=kari.id,
                depends_on_ids=[first.id], expected="Køen er under 20",
            )  # fmt: skip
            session.add(action)
            session.flush()
            self.kari, self.ola, self.action_id = kari.id, ola.id, action.id
        self.link = self.made()
        self.phone = product.browser()

    def made(self, purpose: str = "action-status", **told: Any) -> str:
        key = self.product.application.state.settings.signing_key
        return path_of(link_token(key, purpose, self.action_id, self.kari, **told))

    def action(self) -> Action:
        with self.product.database.reading() as session:
            return session.get_one(Action, self.action_id)

    def notes(self) -> list[ActionNote]:
        with self.product.database.reading() as session:
            wanted = select(ActionNote).where(ActionNote.action_id == self.action_id)
            return list(session.exec(wanted.order_by(ActionNote.id)))

    def say(self, word: str, text: str = "", sent_as: str = "a") -> Any:
        return self.phone.post(self.link, word=word, text=text, sent_as=f"{word}-{text}-{sent_as}")

    def change(self, **values: Any) -> None:
        with self.product.database.unit_of_work() as session:
            action = session.get_one(Action, self.action_id)
            for name, value in values.items():
                setattr(action, name, value)


@pytest.fixture(scope="module")
def desk(product: Product) -> Browser:
    return product.browser("owner")


@pytest.fixture
def owned(product: Product, desk: Browser) -> Owned:
    return Owned(product, desk)


@pytest.fixture
def nobody(product: Product) -> Browser:
    return product.browser()


def test_the_page_shows_the_action_and_asks_one_thing(owned: Owned) -> None:
    page = owned.phone.get(owned.link)
    assert page.status_code == 200
    assert "&lt;script&gt;alert(1)&lt;/script&gt; køen på Ås" in page.text
    assert "<script>alert" not in page.text
    for told in ("Kari Bø", "Bestill plass", "Køen er under 20"):
        assert told in page.text
    for word in ("green", "yellow", "red", "done", "note"):
        assert f'name="word" value="{word}"' in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "strict-origin"
    assert "noindex" in page.headers["x-robots-tag"]


@pytest.mark.parametrize("word", ["green", "yellow", "red"])
def test_one_tap_gives_the_owners_word_with_a_note(owned: Owned, word: str) -> None:
    done = owned.say(word, "Venter på leverandøren")
    assert done.status_code == 303
    assert owned.action().status == word
    assert owned.action().status_at is not None
    [note] = owned.notes()
    assert (note.kind, note.status, note.text) == ("status", word, "Venter på leverandøren")
    assert (note.by_name, note.by_person_id) == ("Kari Bø", owned.kari)
    page = owned.phone.get(done.headers["location"]).text
    assert 'role="status"' in page
    assert "Venter på leverandøren" in page


def test_the_history_says_whose_hand_it_was(owned: Owned) -> None:
    owned.say("red")
    with owned.product.database.reading() as session:
        wanted = select(RecordChange).where(RecordChange.record_id == owned.action_id)
        [change] = session.exec(wanted)
    assert (change.author_name, change.changes) == ("Kari Bø", {"status": [None, "red"]})


def test_the_same_word_given_again_is_fresh_news(owned: Owned) -> None:
    owned.say("green")
    first = owned.action().status_at
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        owned.say("green", sent_as="b")
        again = owned.action().status_at
    assert first is not None
    assert again is not None
    assert again - first > timedelta(days=7)
    assert [note.kind for note in owned.notes()] == ["status", "status"]


def test_a_double_tap_writes_one_note(owned: Owned) -> None:
    assert [owned.say("note", "Snart klart").status_code for _ in range(2)] == [303, 303]
    assert [(note.kind, note.text) for note in owned.notes()] == [("note", "Snart klart")]


def test_done_closes_it_and_a_slip_can_be_taken_back(owned: Owned) -> None:
    owned.say("done", "Alle er varslet")
    assert owned.action().state == "closed"
    page = owned.phone.get(owned.link).text
    assert 'value="undo"' in page
    assert 'value="green"' not in page
    owned.say("undo")
    assert owned.action().state == "open"
    assert [note.kind for note in owned.notes()] == ["closed", "reopened"]


def test_a_closed_action_takes_no_more_words(owned: Owned) -> None:
    owned.say("done")
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        assert 'name="word"' not in owned.phone.get(owned.link).text
        refused = [owned.say(word, "Hei").status_code for word in ("green", "undo", "note")]
    assert refused == [409, 409, 409]
    assert owned.action().status is None
    assert owned.action().state == "closed"


def test_looking_changes_nothing(owned: Owned) -> None:
    before = owned.action()
    for query in ("", "?word=done", "?said=done&word=red&sent_as=x"):
        assert owned.phone.get(owned.link + query).status_code == 200
    after = owned.action()
    assert (before.version, before.state, before.status) == (after.version, "open", None)
    assert owned.notes() == []


def test_a_foreign_page_cannot_press_the_button(owned: Owned) -> None:
    headers = {"origin": "http://evil.example"}
    answer = owned.phone.http.post(owned.link, data={"word": "done"}, headers=headers)
    assert answer.status_code == 403
    assert owned.action().state == "open"


@pytest.mark.parametrize("how", ["removed", "another's", "ended", "archived", "left"])
def test_a_link_ends_when_what_it_was_for_has_ended(owned: Owned, how: str) -> None:
    assert owned.phone.get(owned.link).status_code == 200
    people = f"/kickoffs/{owned.kickoff_id}/people/{owned.kari}"
    match how:
        case "removed":
            owned.desk.post(f"/kickoffs/{owned.kickoff_id}/actions/{owned.action_id}/remove")
        case "another's":
            owned.change(owner_id=owned.ola)
        case "ended":
            assert owned.desk.post(f"{people}/end-links").status_code == 303
        case "archived":
            with owned.product.database.unit_of_work() as session:
                session.get_one(Kickoff, owned.kickoff_id).archived_at = clock.now()
        case "left":
            owned.desk.post(f"{people}/remove")
    page = owned.phone.get(owned.link)
    assert page.status_code == 404
    assert "Rydd i" not in page.text
    assert owned.say("done").status_code == 404
    if how not in ("removed",):
        assert owned.action().state == "open"


def test_after_an_end_of_links_the_next_message_brings_new_ones(owned: Owned) -> None:
    owned.desk.post(f"/kickoffs/{owned.kickoff_id}/people/{owned.kari}/end-links")
    assert owned.phone.get(owned.link).status_code == 404
    later = owned.made(now=clock.now() + timedelta(seconds=1))
    assert owned.phone.get(later).status_code == 200


def through(owned: Owned, door: str, email: str) -> None:
    person = f"/kickoffs/{owned.kickoff_id}/people/{owned.kari}"
    api = owned.product.api()
    values = api.get(f"/api/v1{person}").json()
    match door:
        case "form":
            sent = {name: values[name] for name in ("name", "function", "seniority", "site")}
            answer = owned.desk.post(person, **sent, version=values["version"], email=email)
            assert answer.status_code == 303
        case "cell":
            answer = owned.desk.post(
                f"/kickoffs/{owned.kickoff_id}/people/{owned.kari}/cells/email",
                version=values["version"], email=email,
            )  # fmt: skip
            assert answer.status_code == 200
        case "REST":
            headers = {"if-match": f'"{values["version"]}"'}
            answer = api.patch(f"/api/v1{person}", json={"email": email}, headers=headers)
            assert answer.status_code == 200
        case "several":
            with owned.product.database.unit_of_work() as session:
                found = session.get_one(Person, owned.kari)
                item = bulk.Item({"email": email}, record=found)
                bulk.save_all(session, PEOPLE, owned.kickoff_id, [item])
    assert api.get(f"/api/v1{person}").json()["email"] == email


@pytest.mark.parametrize("door", ["form", "cell", "REST", "several"])
def test_a_changed_address_ends_what_was_sent_to_the_old_one_by_every_door(
    owned: Owned, door: str
) -> None:
    assert owned.phone.get(owned.link).status_code == 200
    through(owned, door, "kari.bo@nordlys.example")
    assert owned.phone.get(owned.link).status_code == 404
    assert owned.say("done").status_code == 404
    assert owned.action().state == "open"
    later = owned.made(now=clock.now() + timedelta(seconds=1))
    assert owned.phone.get(later).status_code == 200


@pytest.mark.parametrize("was, email", [("", "kari@nordlys.example"), ("K@x.no", "k@x.no")])
def test_what_is_no_other_address_ends_nothing(owned: Owned, was: str, email: str) -> None:
    with owned.product.database.unit_of_work() as session:
        session.get_one(Person, owned.kari).email = was
    through(owned, "REST", email)
    api, person = owned.product.api(), f"/api/v1/kickoffs/{owned.kickoff_id}/people/{owned.kari}"
    api.patch(person, json={"site": "Bodø"}, headers={"if-match": "*"})
    assert owned.phone.get(owned.link).status_code == 200


def test_who_was_removed_and_is_back_gets_new_links(owned: Owned) -> None:
    people = f"/kickoffs/{owned.kickoff_id}/people"
    owned.desk.post(f"{people}/{owned.kari}/remove")
    with owned.product.database.reading() as session:
        wanted = select(RecordChange.id).where(
            RecordChange.record_id == owned.kari, RecordChange.done == "removed"
        )
        removal = session.exec(wanted).one()
    back = owned.desk.post(f"/kickoffs/{owned.kickoff_id}/history/{removal}/restore")
    assert back.status_code == 303
    owned.change(owner_id=owned.kari)
    assert owned.phone.get(owned.link).status_code == 404
    later = owned.made(now=clock.now() + timedelta(seconds=1))
    assert owned.phone.get(later).status_code == 200


def test_forged_old_and_unknown_links_look_the_same(owned: Owned, nobody: Browser) -> None:
    other = path_of(link_token(b"another key", "action-status", owned.action_id, owned.kari))
    old = owned.made(now=clock.now() - timedelta(days=121))
    unknown = owned.made("dance")
    pages = [nobody.get(path) for path in (other, old, unknown, "/l/x", "/l/" + "x" * 250)]
    assert [page.status_code for page in pages] == [404] * 5
    bare = {page.text.partition("<main")[2].partition("</main")[0] for page in pages}
    assert len(bare) == 1
    assert "Rydd i" not in bare.pop()


def test_the_link_of_one_action_opens_no_other_page(owned: Owned) -> None:
    owned.phone.get(owned.link)
    assert owned.phone.get(f"/kickoffs/{owned.kickoff_id}/actions").url.path == "/sign-in"


def test_a_word_that_is_none_of_the_buttons_is_refused_and_the_note_kept(owned: Owned) -> None:
    for word, text in (("purple", "Skrevet"), ("", "Skrevet")):
        answer = owned.say(word, text)
        assert answer.status_code == 422
        assert "Skrevet" in answer.text
    assert owned.say("note", " ").status_code == 422
    assert owned.notes() == []


def test_a_link_has_a_budget_of_its_own(owned: Owned) -> None:
    owned.product.application.state.link_budget = LinkBudget()
    seen = [owned.phone.get(owned.link).status_code for _ in range(61)]
    assert seen == [200] * 60 + [429]
    assert owned.phone.get(owned.made()).status_code == 200


def test_no_line_of_the_log_holds_a_link(
    owned: Owned, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise RuntimeError(f"it broke at {owned.link}")

    with caplog.at_level(logging.DEBUG):
        owned.phone.get("/join")
        owned.phone.get(owned.link)
        owned.say("green")
        monkeypatch.setattr("app.routers.pages.links.opened", fails)
        assert owned.phone.get(owned.link).status_code == 500
    # The test client's own library tells what it was asked for.
    ours = [record for record in caplog.records if record.name.startswith("kickoff")]
    written = "\n".join(record.getMessage() for record in ours)
    assert "/join" in written
    assert "it broke at" in written
    assert owned.link.removeprefix("/l/") not in written
    assert owned.link[-20:] not in written
