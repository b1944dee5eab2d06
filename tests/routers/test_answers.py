"""Questions answered in writing, and published at one link.

Seen red with: a link that stays after unpublishing, dismissed and pending questions on the page, a
premise that is not asked for, text that is not escaped.
"""

from time import monotonic, sleep
from typing import Any

import pytest
from sqlmodel import Session

from app import ids
from app.access import Scope
from app.live import backlog
from app.models.activities import Activity, ActivityStatus, Ballot, Entry, EntryState, Mark
from app.models.people import Person
from app.models.rooms import Participant, Room, RoomStatus
from tests.support.product import Browser, Product

HOSTILE = "<script>alert(1)</script> og æøå"


class Asked:
    """A kickoff in whose room some questions were asked."""

    def __init__(self, product: Product, *, mode: str = "anonymous") -> None:
        self.product = product
        self.api = product.api()
        self.kickoff_id = str(
            self.api.post("/api/v1/kickoffs", json={"title": "Kurs 2027"}).json()["id"]
        )
        self.path = f"/api/v1/kickoffs/{self.kickoff_id}"
        made = self.api.post(
            f"{self.path}/activities", json={"kind": "questions", "title": "Spør oss", "mode": mode}
        )
        self.activity: str = made.json()["id"]
        with product.database.unit_of_work() as session:
            activity = session.get_one(Activity, self.activity)
            activity.status, activity.revealed = ActivityStatus.OPEN, True
            self.room_id = activity.room_id
            self.code = session.get_one(Room, self.room_id).code
            self.writer = Participant(id=ids.random_id(), room_id=self.room_id, name="Åse Ærlig")
            session.add(self.writer)
            session.flush()
            self.questions = {
                name: self._ask(session, text, votes=votes, **held)
                for name, text, votes, held in (
                    ("salary", "Hva skjer med lønna?", 3, {}),
                    ("hostile", HOSTILE, 2, {}),
                    ("waits", "Venter på godkjenning", 0, {"state": EntryState.PENDING}),
                    ("hidden", "Stygge ord", 0, {"state": EntryState.HIDDEN}),
                )
            }

    def _ask(self, session: Session, text: str, *, votes: int, **held: Any) -> str:
        entry = Entry(activity_id=self.activity, text=text, **held)
        session.add(entry)
        session.flush()
        for _ in range(votes):
            _vote(session, self.activity, entry.id)
        return entry.id

    def vote(self, name: str) -> None:
        with self.product.database.unit_of_work() as session:
            _vote(session, self.activity, self.questions[name])

    def at(self, name: str) -> str:
        return f"{self.path}/questions/{self.activity}/{self.questions[name]}"

    def patch(self, name: str, **values: Any) -> Any:
        return self.api.patch(self.at(name), json=values, headers={"if-match": "*"})

    def publish(self) -> str:
        answer = self.api.put(f"{self.path}/answers")
        assert answer.status_code == 200, answer.text
        return "/answers/" + answer.json()["address"].rsplit("/", 1)[1]

    def person(self, name: str) -> str:
        made = self.api.post(f"{self.path}/people", json={"name": name})
        return str(made.json()["id"])


def _vote(session: Session, activity: str, entry: str) -> None:
    key, lane = ids.random_id(), f"vote:{entry}"
    session.add(Ballot(activity_id=activity, key=key, lane=lane, seq=1))
    session.add(Mark(activity_id=activity, key=key, lane=lane, entry_id=entry, value=1))


@pytest.fixture
def asked(either_product: Product) -> Asked:
    return Asked(either_product)


# -- at the API -----------------------------------------------------------------------------------


def test_the_list_has_every_question_with_its_votes(asked: Asked) -> None:
    items = asked.api.get(f"{asked.path}/questions").json()["items"]
    assert [(one["text"], one["votes"], one["shown"]) for one in items[:2]] == [
        ("Hva skjer med lønna?", 3, "visible"),
        (HOSTILE, 2, "visible"),
    ]
    assert {one["shown"] for one in items[2:]} == {"pending", "hidden"}


def test_who_may_only_read_the_plan_is_not_told_what_waits_or_was_hidden(asked: Asked) -> None:
    reader = asked.product.api(Scope.READ)
    texts = [one["text"] for one in reader.get(f"{asked.path}/questions").json()["items"]]
    assert texts == ["Hva skjer med lønna?", HOSTILE]
    assert reader.get(asked.at("waits")).status_code == 404
    assert reader.get(asked.at("salary")).status_code == 200
    answer = reader.patch(asked.at("salary"), json={"answer": "x"}, headers={"if-match": "*"})
    assert answer.status_code == 403
    assert reader.put(f"{asked.path}/answers").status_code == 403


def test_the_list_is_read_page_by_page(asked: Asked) -> None:
    texts, address = [], f"{asked.path}/questions?limit=1"
    cursor = ""
    while cursor is not None:
        told = asked.api.get(address + (f"&cursor={cursor}" if cursor else "")).json()
        texts += [one["text"] for one in told["items"]]
        cursor = told["next_cursor"]
    whole = asked.api.get(f"{asked.path}/questions").json()
    assert texts == [one["text"] for one in whole["items"]]
    assert len(texts) == 4
    assert whole["next_cursor"] is None
    assert asked.api.get(f"{address}&cursor=nonsense").status_code == 422
    assert asked.api.get(f"{asked.path}/questions?limit=0").status_code == 422


def test_a_vote_makes_another_version_and_stands_in_no_answers_way(asked: Asked) -> None:
    first = asked.api.get(asked.at("salary"))
    tag = first.headers["etag"]
    same = asked.api.get(asked.at("salary"), headers={"if-none-match": tag})
    assert same.status_code == 304
    asked.vote("salary")
    again = asked.api.get(asked.at("salary"), headers={"if-none-match": tag})
    assert again.status_code == 200
    assert again.json()["votes"] == first.json()["votes"] + 1
    answer = {"answer": "Ingenting."}
    assert asked.api.patch(asked.at("salary"), json=answer, headers={"if-match": tag}).is_success
    stale = asked.api.patch(asked.at("salary"), json=answer, headers={"if-match": tag})
    assert stale.status_code == 412


def test_an_answer_is_written_by_merge_patch_and_demands_what_it_believes(asked: Asked) -> None:
    kari = asked.person("Kari Nordmann")
    first = asked.api.get(asked.at("salary"))
    values = {"state": "answered", "answer": "Ingenting før jul.", "by_id": kari}
    assert asked.api.patch(asked.at("salary"), json=values).status_code == 428
    tag = first.headers["etag"]
    saved = asked.api.patch(asked.at("salary"), json=values, headers={"if-match": tag})
    assert saved.status_code == 200, saved.text
    assert saved.json()["by"] == "Kari Nordmann"
    assert saved.json()["answered_at"]
    again = asked.api.patch(asked.at("salary"), json={"answer": "Nei."}, headers={"if-match": tag})
    assert again.status_code == 412
    assert again.json()["current"]["answer"] == "Ingenting før jul."
    assert asked.patch("salary", answer="Nei.").json()["by"] == "Kari Nordmann"
    assert asked.patch("salary", by="En annen").json()["by_id"] is None


def test_answered_without_an_answer_or_a_name_is_refused(asked: Asked) -> None:
    refused = asked.patch("salary", state="answered")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/answer"
    assert asked.patch("salary", state="answered", by="Kari").status_code == 200


@pytest.mark.parametrize("values", [{"state": "no"}, {"answer": "x" * 4001}, {"votes": 3}])
def test_what_is_no_answer_is_refused(asked: Asked, values: dict[str, Any]) -> None:
    assert asked.patch("salary", **values).status_code == 422


def test_a_person_of_another_kickoff_answers_nothing(asked: Asked) -> None:
    stranger = Asked(asked.product).person("Fremmed")
    assert asked.patch("salary", by_id=stranger).status_code == 404


def test_another_kickoffs_question_is_not_found(asked: Asked) -> None:
    other = Asked(asked.product)
    where = f"{other.path}/questions/{asked.activity}/{asked.questions['salary']}"
    assert other.api.get(where).status_code == 404
    answer = other.api.patch(where, json={"answer": "x"}, headers={"if-match": "*"})
    assert answer.status_code == 404


def test_a_person_who_leaves_the_list_keeps_the_name_on_the_answer(asked: Asked) -> None:
    kari = asked.person("Kari Nordmann")
    asked.patch("salary", state="answered", answer="Ja.", by_id=kari)
    with asked.product.database.unit_of_work() as session:
        session.delete(session.get_one(Person, kari))
    saved = asked.patch("salary", answer="Nei.")
    assert saved.status_code == 200, saved.text
    assert (saved.json()["by"], saved.json()["by_id"]) == ("Kari Nordmann", None)


# -- the link -------------------------------------------------------------------------------------


def test_an_unknown_link_is_not_found(asked: Asked) -> None:
    nobody = asked.product.browser()
    for secret in ("abc", "x" * 300, ids.secret()):
        assert nobody.get(f"/answers/{secret}").status_code == 404


def test_what_is_published_is_read_without_signing_in_and_says_no_more_than_it_should(
    asked: Asked,
) -> None:
    asked.patch("salary", state="answered", answer="Ingenting\nfør jul.", by="Kari Nordmann")
    page = asked.product.browser().get(asked.publish())
    assert page.status_code == 200
    assert "Hva skjer med lønna?" in page.text
    assert "Ingenting<br>før jul." in page.text
    assert "Kari Nordmann" in page.text
    # Asked, and not answered yet: listed, as text and nothing else.
    assert "&lt;script&gt;alert(1)&lt;/script&gt; og æøå" in page.text
    assert "<script>alert" not in page.text
    for secret in ("Venter på godkjenning", "Stygge ord", "Åse Ærlig"):
        assert secret not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "noindex" in page.headers["x-robots-tag"]


def test_who_answered_in_the_room_is_named_and_what_was_said_where_it_is_written(
    asked: Asked,
) -> None:
    """Seen red: where nothing was written it said only that it had been answered."""
    asked.patch("salary", state="answered", by="Kari <b>Nordmann</b>")
    link, reader = asked.publish(), asked.product.browser()
    page = reader.get(link).text
    assert "Kari &lt;b&gt;Nordmann&lt;/b&gt;" in page
    assert page.count("Nordmann") == 1, "said once"
    assert 'class="answer quiet"' in page
    asked.patch("salary", answer="Ingenting før jul.")
    page = reader.get(link).text
    assert "Ingenting før jul." in page
    assert page.count("Nordmann") == 1
    assert 'class="answer quiet"' not in page


def test_what_was_not_taken_up_and_what_is_not_ready_is_not_there(asked: Asked) -> None:
    asked.patch("salary", state="dismissed", reason="Tas i linja")
    asked.patch("hostile", state="backlog", answer="Et utkast som ikke er ferdig")
    page = asked.product.browser().get(asked.publish()).text
    for secret in ("Hva skjer med lønna?", "Tas i linja", "Et utkast"):
        assert secret not in page


def test_what_is_published_is_counted_once_for_all_who_read_it(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, counted = asked.publish(), []
    count = backlog.activities_of

    def counting(*told: Any) -> Any:
        counted.append(told)
        return count(*told)

    monkeypatch.setattr(backlog, "activities_of", counting)
    reader = asked.product.browser()
    pages = [reader.get(link).text for _ in range(3)]
    assert len(counted) == 1
    assert all("lønna" in page for page in pages)
    asked.patch("salary", state="answered", answer="Ingenting før jul.")
    assert "Ingenting før jul." in reader.get(link).text


def test_published_twice_it_has_one_link_and_a_new_one_ends_the_old(asked: Asked) -> None:
    nobody, first = asked.product.browser(), asked.publish()
    assert asked.publish() == first
    made = asked.api.put(f"{asked.path}/answers?anew=true").json()["address"]
    second = "/answers/" + made.rsplit("/", 1)[1]
    assert nobody.get(first).status_code == 404
    assert nobody.get(second).status_code == 200
    assert asked.api.delete(f"{asked.path}/answers").status_code == 204
    assert nobody.get(second).status_code == 404
    assert asked.api.get(f"{asked.path}/answers").json() == {"address": None}
    assert asked.publish() not in (first, second)


@pytest.mark.parametrize("mode", ["anonymous", "named"])
def test_who_asked_is_told_nowhere(either_product: Product, mode: str) -> None:
    asked = Asked(either_product, mode=mode)
    with asked.product.database.unit_of_work() as session:
        entry = session.get_one(Entry, (asked.activity, asked.questions["salary"]))
        entry.author = asked.writer.id if mode == "named" else None
    told = asked.api.get(f"{asked.path}/questions").text
    told += asked.product.browser().get(asked.publish()).text
    told += planner(asked).get(f"/kickoffs/{asked.kickoff_id}/questions").text
    assert "Åse Ærlig" not in told
    assert asked.writer.id not in told


def test_phones_are_shown_the_way_to_what_is_published(asked: Asked) -> None:
    phone = asked.product.browser()
    phone.post(f"/j/{asked.code}/")
    # Beside the questions, which a phone fetches when they are opened.
    panel = f"/j/{asked.code}/parts/{asked.activity}/phone"
    assert "/answers/" not in phone.get(panel).text
    link = f'href="{asked.publish()}"'
    until = monotonic() + 5  # a page may be a second old
    while link not in phone.get(panel).text:
        assert monotonic() < until
        sleep(0.2)


# -- the planners' pages --------------------------------------------------------------------------


def test_who_comes_by_the_square_when_the_day_is_over_is_shown_the_way_too(asked: Asked) -> None:
    with asked.product.database.unit_of_work() as session:
        room = session.get_one(Room, asked.room_id)
        room.status, secret = RoomStatus.ENDED, room.secret
    link = f'href="{asked.publish()}"'
    until = monotonic() + 5  # a page may be a second old
    while link not in (page := asked.product.browser().get(f"/j/{secret}/").text):
        assert monotonic() < until, page
        sleep(0.2)


def planner(asked: Asked, role: str = "administrator") -> Browser:
    return asked.product.browser(role)


def form_of(asked: Asked, name: str) -> str:
    return f"/kickoffs/{asked.kickoff_id}/questions/{asked.activity}/{asked.questions[name]}"


def test_an_answer_is_written_and_published_by_plain_forms(asked: Asked) -> None:
    browser, here = planner(asked), f"/kickoffs/{asked.kickoff_id}/questions"
    assert "Hva skjer med lønna?" in browser.get(here).text
    page = browser.get(form_of(asked, "salary")).text
    version = page.split('name="version" value="', 1)[1].split('"', 1)[0]
    saved = browser.post(
        form_of(asked, "salary"),
        version=version,
        answer="Ingenting før jul.",
        by="Kari",
        by_id="",
        reason="",
        do="answered",
    )
    assert saved.status_code == 303, saved.text
    assert browser.post(f"{here}/publish").status_code == 303
    link = browser.get(here).text.split("/answers/", 1)[1].split('"', 1)[0]
    assert "Ingenting før jul." in asked.product.browser().get(f"/answers/{link}").text
    # Somebody who opened it before that is told, and nothing of theirs is lost.
    late = browser.post(form_of(asked, "salary"), version=version, answer="Min", do="answered")
    assert late.status_code == 412
    assert "Min</textarea>" in late.text


def in_faq(asked: Asked, question: str, answer: str, **values: Any) -> str:
    faq = {"question": question, "answer": answer, **values}
    made = asked.api.post(f"{asked.path}/faq", json=faq)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def test_the_faq_is_suggested_where_it_fits_and_taken_by_one_button(asked: Asked) -> None:
    kari = asked.person("Kari Nordmann")
    fits = in_faq(asked, "Hva skjer med lønna vår?", "Ingenting <i>før</i> jul.", owner_id=kari)
    in_faq(asked, "Flytter vi til Lillestrøm?", "Nei.")
    in_faq(asked, "Hva skjer med lønna i år?", "")
    browser = planner(asked)
    page = browser.get(form_of(asked, "salary")).text
    assert f'name="use" value="{fits}"' in page
    assert page.count('name="use"') == 1
    assert "Ingenting &lt;i&gt;før&lt;/i&gt; jul." in page
    assert 'name="use"' not in browser.get(form_of(asked, "waits")).text

    typed = {"version": version_in(page), "reason": "Kanskje", "by": "", "by_id": ""}
    taken = browser.post(form_of(asked, "salary"), answer="Kort sagt:", use=fits, **typed)
    assert taken.status_code == 200
    assert "Kort sagt:\n\nIngenting &lt;i&gt;før&lt;/i&gt; jul.</textarea>" in taken.text
    assert f'value="{kari}" selected' in taken.text
    assert 'value="Kanskje"' in taken.text
    assert 'name="use"' not in taken.text
    # Nothing is said of the question before it is saved, and what it believed is asked for then.
    assert asked.api.get(asked.at("salary")).json()["answer"] == ""
    assert version_in(taken.text) == typed["version"]
    # Who was named stays, and what is in no FAQ of this kickoff is not there.
    by = browser.post(form_of(asked, "salary"), answer="", use=fits, **{**typed, "by": "Åse"})
    assert 'value="Åse"' in by.text
    assert f'value="{kari}" selected' not in by.text
    stranger = in_faq(Asked(asked.product), "Hva skjer med lønna vår?", "Alt.")
    assert browser.post(form_of(asked, "salary"), use=stranger, **typed).status_code == 404


def test_what_is_in_the_faq_is_told_to_no_reader_of_the_answers(asked: Asked) -> None:
    in_faq(asked, "Hva skjer med lønna vår?", "Ikke fortalt noen ennå")
    assert "Ikke fortalt noen ennå" in planner(asked).get(form_of(asked, "salary")).text
    link = asked.publish()
    phone = asked.product.browser()
    phone.post(f"/j/{asked.code}/")
    panel = f"/j/{asked.code}/parts/{asked.activity}/phone"
    for path in (link, panel, f"/j/{asked.code}/"):
        page = phone.get(path)
        assert page.status_code == 200
        assert "Ikke fortalt" not in page.text


def version_in(page: str) -> str:
    return page.split('name="version" value="', 1)[1].split('"', 1)[0]


def test_a_form_without_an_answer_comes_back_with_what_is_missing(asked: Asked) -> None:
    refused = planner(asked).post(form_of(asked, "salary"), answer=" ", by="", do="answered")
    assert refused.status_code == 422
    assert 'href="#field-answer"' in refused.text


def test_what_waits_is_approved_and_hidden_from_here_too(asked: Asked) -> None:
    browser = planner(asked)
    browser.post(form_of(asked, "waits"), do="show")
    browser.post(form_of(asked, "salary"), do="hide")
    page = asked.product.browser().get(asked.publish()).text
    assert "Venter på godkjenning" in page
    assert "Hva skjer med lønna?" not in page
    assert browser.post(form_of(asked, "salary"), do="nonsense").status_code == 404


def test_the_console_works_by_plain_forms_too(asked: Asked) -> None:
    with asked.product.database.reading() as session:
        control = session.get_one(Room, asked.room_id).control
    browser, here = planner(asked), f"/rooms/{asked.room_id}/console/"
    page = browser.get(here).text
    entry, other = asked.questions["salary"], asked.questions["hostile"]
    assert f'form="answered-{entry}"' in page, "its token stands outside the region"
    at = {"control": str(control), "activity": asked.activity, "entry": entry}
    said = browser.post(f"{here}commands/questions.answered", **at, person="", by="Kari", text="Ja")
    assert said.headers["location"] == here
    part = f'{{"activity": "{asked.activity}", "entries": ["{other}"]}}'
    merged = browser.post(f"{here}commands/entry.merge", control="0", data=part, into=entry)
    assert merged.headers["location"] == here
    told = asked.api.get(asked.at("salary")).json()
    assert (told["state"], told["by"], told["answer"]) == ("answered", "Kari", "Ja")
    assert told["also"] == [HOSTILE]
    # Whoever voted for either is counted once.
    assert told["votes"] == 5
