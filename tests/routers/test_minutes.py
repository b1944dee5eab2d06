"""Minutes (F1): edited section by section without a word lost, published as versions at one link,
read by everybody who has it and counted without knowing who they are.

Seen red with: a save that asks no version, and a link that leads on after it was taken back.
"""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlmodel import select

from app import clock
from app.access import Scope
from app.models.actions import Action
from app.models.decisions import Decision
from app.models.minutes import Minutes, MinutesOpening, MinutesReader
from app.models.notices import Notice
from app.models.people import Person
from app.models.rooms import Room
from app.operations import minutes_published
from app.operations.minutes_due import reminders
from app.operations.rooms import new_room
from tests.support.pdf import read
from tests.support.product import Browser, Product

WEIGHED = ("Raskest for kunden", "To team bytter oppgaver", "12 støtter, 3 kan leve med det")
HOSTILE = "<script>alert(1)</script> og æøå"


class Day:
    """A kickoff whose room's day is over."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.kickoff_id = product.kickoff.id
        self.desk = product.browser("facilitator")
        self.here = f"/kickoffs/{self.kickoff_id}/minutes"
        with product.database.reading() as session:
            room = session.exec(select(Room).where(Room.kickoff_id == self.kickoff_id)).one()
        self.room_id = room.id
        self.before = self.desk.get(self.here).text
        self.push("room.start")
        self.push("note.decide", text=HOSTILE)
        self.push("note.decide", text="Vi stopper tre prosjekter")
        with product.database.unit_of_work() as session:
            named = select(Decision).where(Decision.title == "Vi stopper tre prosjekter")
            decision = session.exec(named).all()[-1]
            decision.criteria, decision.consequence, decision.voted = WEIGHED
            kari = Person(kickoff_id=self.kickoff_id, name="Kari Nordmann")
            session.add(kari)
            session.flush()
            due = clock.now().date() - timedelta(days=1)
            asked: Any = {"kickoff_id": self.kickoff_id, "owner_id": kari.id, "due": due}
            session.add(Action(**asked, title="Ring de ti største kundene", status="green"))
        self.push("room.end")
        with product.database.reading() as session:
            self.id = session.exec(select(Minutes).where(Minutes.room_id == room.id)).one().id
        self.page = f"{self.here}/{self.id}"

    def push(self, command: str, **told: Any) -> None:
        with self.product.database.reading() as session:
            control = session.get_one(Room, self.room_id).control
        here = f"/rooms/{self.room_id}/console/"
        said = self.desk.post(
            f"{here}commands/{command}", control=str(control), data=json.dumps(told)
        )
        assert said.headers.get("location") == here, said.text

    def section(self, code: str) -> dict[str, Any]:
        found: dict[str, Any] = self.product.api().get(f"/api/v1{self.page}/sections/{code}").json()
        return found

    def edit(self, code: str, **fields: Any) -> Any:
        version = fields.pop("version", self.section(code)["version"])
        return self.desk.post(f"{self.page}/sections/{code}", version=str(version), **fields)

    def publish(self) -> str:
        """The link. There is always something to publish."""
        text = f"Nytt {clock.now_ms()}"
        assert self.edit("day", text=text).status_code == 303
        assert self.desk.post(f"{self.page}/publish").status_code == 303
        with self.product.database.reading() as session:
            return f"/minutes/{session.get_one(Minutes, self.id).secret}"


@pytest.fixture(scope="module")
def day(product: Product) -> Day:
    return Day(product)


@pytest.fixture
def nobody(product: Product) -> Browser:
    return product.browser()


def test_before_the_day_has_ended_the_page_says_what_will_be_there(day: Day) -> None:
    assert "Ingen dag" in day.before or "No day has ended yet" in day.before


def test_the_draft_stands_there_with_its_countdown_also_on_the_kickoffs_page(day: Day) -> None:
    assert day.desk.http.get(day.here, follow_redirects=False).headers["location"] == day.page
    for path in (day.page, f"/kickoffs/{day.kickoff_id}"):
        page = day.desk.get(path)
        assert page.status_code == 200
        assert "data-countdown=" in page.text
    page = day.desk.get(day.page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; og æøå" in page.text
    assert "<script>alert" not in page.text
    assert "Kari Nordmann" in page.text
    assert re.search(r'class="status status-red"><svg.*?</svg>\s*\w', page.text), "icon and word"


def test_the_countdown_turns_late_after_24_hours(day: Day, product: Product) -> None:
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        late = product.browser("facilitator").get(day.page).text
    assert "minutes-late" in late
    assert "data-countdown=" not in late


def test_a_section_is_edited_and_its_last_save_taken_back(day: Day) -> None:
    line = day.section("decisions")["lines"][1]
    fields = {f"text.{line['key']}": "Tre prosjekter stoppes", "text": "Dette ble vi enige om."}
    saved = day.edit("decisions", **fields)
    assert saved.headers["location"].endswith("?said=saved#section-decisions")
    now = day.section("decisions")
    assert (now["text"], now["lines"][1]["text"]) == (
        "Dette ble vi enige om.", "Tre prosjekter stoppes",
    )  # fmt: skip
    assert "Dette ble vi enige om." in day.desk.get(day.page).text
    assert day.desk.post(f"{day.page}/sections/decisions/undo").status_code == 303
    assert day.section("decisions")["lines"][1]["text"] == "Vi stopper tre prosjekter"


def test_lines_are_left_out_and_added(day: Day) -> None:
    first = day.section("decisions")["lines"][0]["key"]
    own = {"text.new-0": "Ny linje her", "owner.new-0": "Ola", "due.new-0": "2027-03-01"}
    assert day.edit("decisions", text="", left_out=[first], **own).status_code == 303
    page = day.desk.get(day.page).text
    assert "Ny linje her" in page
    assert "alert(1)" not in page
    assert day.edit("decisions", text="", left_out=[]).status_code == 303
    assert "alert(1)" in day.desk.get(day.page).text


def test_what_is_wrong_is_said_beside_the_field_and_the_form_kept(day: Day) -> None:
    answer = day.edit(
        "decisions", text="Beholdt", **{"text.new-0": "Linje", "due.new-0": "i morgen"}
    )
    assert answer.status_code == 422
    assert "Beholdt" in answer.text
    assert "due.new-0-error" in answer.text


def test_two_who_edit_one_section_lose_nothing(day: Day, product: Product) -> None:
    now = day.section("decisions")
    first, second = (line["key"] for line in now["lines"][:2])
    other = product.browser("owner")
    saved = other.post(
        f"{day.page}/sections/decisions",
        version=str(now["version"]),
        text=now["text"],
        **{f"text.{first}": "Den andres ord"},
    )
    assert saved.status_code == 303
    mine = day.edit(
        "decisions", version=now["version"], text=now["text"], **{f"text.{second}": "Mine ord"}
    )
    assert mine.status_code == 412
    assert "Den andres ord" in mine.text
    assert "Mine ord" in mine.text
    assert [line["text"] for line in day.section("decisions")["lines"][:2]] == [
        "Den andres ord", now["lines"][1]["text"],
    ]  # fmt: skip
    version = re.search(r'name="version" value="(\d+)"', mine.text)
    assert version
    both = {f"text.{first}": "Den andres ord", f"text.{second}": "Mine ord"}
    assert day.edit("decisions", version=version[1], text="", **both).status_code == 303
    assert [line["text"] for line in day.section("decisions")["lines"][:2]] == [
        "Den andres ord", "Mine ord",
    ]  # fmt: skip


def test_records_taken_anew_show_first_what_would_change(day: Day, product: Product) -> None:
    with product.database.unit_of_work() as session:
        action = session.exec(select(Action).where(Action.kickoff_id == day.kickoff_id)).first()
        assert action is not None
        action.title = "Ring alle kundene i dag"
        session.add(action)
    asked = f"{day.page}/sections/actions/anew"
    before = day.section("actions")
    page = day.desk.get(asked)
    assert "<ins>alle</ins>" in page.text
    assert day.section("actions") == before
    assert "sections/actions/anew" in day.desk.get(day.page).text
    stale = day.desk.post(asked, version=str(before["version"] - 1))
    assert stale.status_code == 200
    assert day.section("actions") == before
    assert day.desk.post(asked, version=str(before["version"])).status_code == 303
    assert day.section("actions")["lines"][0]["text"] == "Ring alle kundene i dag"
    assert "sections/actions/anew" not in day.desk.get(day.page).text


def test_everybody_with_the_link_reads_it_as_page_and_pdf(day: Day, nobody: Browser) -> None:
    link = day.publish()
    page = nobody.get(link)
    assert page.status_code == 200
    assert page.headers["x-robots-tag"] == "noindex"
    assert page.headers["cache-control"] == "no-store"
    assert "<script>alert" not in page.text
    sheet = nobody.get(f"{link}/minutes.pdf")
    assert sheet.headers["content-type"] == "application/pdf"
    for told in (page.text, read(sheet.content).text):
        assert "Kari Nordmann" in told
        assert "Ring" in told
    for told in (page.text, read(sheet.content).text):  # what the decision was weighed by
        assert [words for words in WEIGHED if words not in " ".join(told.split())] == []


def test_each_publication_is_a_version_and_old_ones_stay_as_they_were(
    day: Day, nobody: Browser
) -> None:
    link = day.publish()
    first = nobody.get(link).text
    number = int(re.findall(rf"{link}/(\d+)/minutes.pdf", first)[0])
    text = re.findall(r"Nytt \d+", first)[0]
    day.publish()
    second = nobody.get(link).text
    assert text not in second
    assert text in nobody.get(f"{link}/{number}").text
    assert nobody.get(f"{link}/{number}/minutes.pdf").status_code == 200
    changes = day.desk.get(f"{day.page}/versions/{number + 1}").text
    assert f"<del>{text.split()[1]}</del>" in changes
    assert day.desk.post(f"{day.page}/publish").status_code == 409


def told(product: Product, kind: str) -> list[Notice]:
    with product.database.reading() as session:
        wanted = select(Notice).where(Notice.kind == kind, Notice.kickoff_id == product.kickoff.id)
        return list(session.exec(wanted.order_by(Notice.id)).all())


def test_each_publication_is_told_once_to_the_common_channels(day: Day, product: Product) -> None:
    before = len(told(product, "minutes_published"))
    link = day.publish()
    assert day.desk.post(f"{day.page}/publish").status_code == 409
    notices = told(product, "minutes_published")
    assert len(notices) == before + 1
    assert (notices[-1].recipient, notices[-1].data["path"]) == ("", link)
    assert len(notices[-1].data["decisions"]) >= 2


def test_who_runs_the_kickoff_is_reminded_however_their_address_is_capitalised(
    product: Product,
) -> None:
    """Seen red with addresses compared letter by letter."""
    with product.database.unit_of_work() as session:
        person = Person(kickoff_id=product.kickoff.id, name="Eier", email="Owner@Nordlys.example")
        session.add(person)
        room = new_room(session, product.kickoff.id)
        room.status, room.ended_at = "ended", clock.now_ms()
        session.add(room)
        session.flush()
        room_id = room.id
    with product.database.unit_of_work() as session:
        found = list(reminders(session, clock.now() + timedelta(hours=12.1)))
        told = [one.person_id for one in found if one.data["room_id"] == room_id]
        session.delete(session.get_one(Person, person.id))
    assert told == [None, person.id]


def test_the_reminder_comes_before_it_is_late_and_never_after_publication(
    product: Product,
) -> None:
    with product.database.unit_of_work() as session:
        room = new_room(session, product.kickoff.id)
        room.status, room.ended_at = "ended", clock.now_ms()
        session.add(room)
        session.flush()
        room_id = room.id

    def due(hours: float) -> list[int]:
        with product.database.reading() as session:
            found = list(reminders(session, clock.now() + timedelta(hours=hours)))
        return [one.data["hours"] for one in found if one.data["room_id"] == room_id]

    assert [due(hours) for hours in (1, 11.9, 12.1, 21.5, 24.1)] == [[], [], [12], [3], []]
    with product.database.unit_of_work() as session:
        made = Minutes(kickoff_id=product.kickoff.id, room_id=room_id)
        session.add(made)
        session.flush()
        minutes_published.publish(session, made, "Kari")
    assert due(21.5) == []
    with product.database.unit_of_work() as session:
        session.delete(session.get_one(Room, room_id))


def test_the_link_ends_at_once_and_the_versions_stay(day: Day, nobody: Browser) -> None:
    first = day.publish()
    day.desk.post(f"{day.page}/link", do="renew")
    assert nobody.get(first).status_code == 404
    second = day.publish()
    assert second != first
    day.desk.post(f"{day.page}/link", do="unpublish")
    for path in (second, f"{second}/minutes.pdf", f"{second}/1", f"{second}/1/minutes.pdf"):
        assert nobody.get(path).status_code == 404
    assert day.desk.get(f"{day.page}/versions/1").status_code == 200
    assert nobody.get("/minutes/" + "x" * 300).status_code == 404


def test_readers_are_counted_once_and_others_only_as_a_number(day: Day, product: Product) -> None:
    link = day.publish()
    with product.database.reading() as session:
        before = len(session.exec(select(MinutesOpening)).all())
    for _ in range(2):
        stranger = product.browser()
        for _ in range(3):
            assert stranger.get(link).status_code == 200
    member = product.browser("viewer")
    for _ in range(2):
        member.get(link)
    outsider = product.browser("foreigner")
    outsider.get(link)
    versions = product.api().get(f"/api/v1{day.page}/versions").json()["items"]
    assert (versions[0]["readers"], versions[0]["others"]) == (1, 3)
    with product.database.reading() as session:
        found = session.exec(select(MinutesOpening)).all()
        named = session.exec(select(MinutesReader)).all()
    assert len(found) - before == 3
    assert set(MinutesOpening.model_fields) == {"id", "version_id", "opened_on"}
    assert {one.user_id for one in named} >= {product.users["viewer"]}


@pytest.mark.parametrize(
    "role, status", [("contributor", 303), ("viewer", 403), ("outsider", 404), ("foreigner", 404)]
)
def test_who_may_edit_the_plan_publishes(
    day: Day, product: Product, role: str, status: int
) -> None:
    day.edit("day", text=f"{role} {clock.now_ms()}")
    asked = product.browser(role)
    if role == "viewer":
        page = asked.get(day.page)
        assert page.status_code == 200
        assert "/publish" not in page.text
    for path in ("/sections/day", "/publish"):
        if status == 303 and path != "/publish":
            continue
        assert asked.post(day.page + path).status_code == status


def test_programs_edit_and_publish_with_etags(day: Day, nobody: Browser) -> None:
    api, here = day.product.api(), f"/api/v1{day.page}"
    listed = api.get(f"/api/v1{day.here}").json()["items"]
    assert [one["id"] for one in listed] == [day.id]
    one = api.get(here).json()
    assert [section["code"] for section in one["sections"]][:3] == [
        "day",
        "attendance",
        "decisions",
    ]
    section = api.get(f"{here}/sections/day")
    assert api.patch(f"{here}/sections/day", json={"text": "x"}).status_code == 428
    tag = {"if-match": section.headers["etag"]}
    text = f"Fra et program {clock.now_ms()}"
    assert api.patch(f"{here}/sections/day", json={"text": text}, headers=tag).status_code == 200
    stale = api.patch(f"{here}/sections/day", json={"text": "y"}, headers=tag)
    assert stale.status_code == 412
    assert stale.json()["current"]["text"] == text
    tag = {"if-match": api.get(f"{here}/sections/day").headers["etag"]}
    for line in (
        {"key": "x"},
        {"key": "own-1", "status": "purple"},
        {"key": "own-1", "number": 9**99},
    ):
        refused = api.patch(f"{here}/sections/day", json={"lines": [line]}, headers=tag)
        assert refused.status_code == 422
    key = {"idempotency-key": f"publish-{clock.now_ms()}"}
    made = api.post(f"{here}/versions", headers=key)
    assert made.status_code == 201
    assert api.post(f"{here}/versions", headers=key).json() == made.json()
    assert api.post(f"{here}/versions").status_code == 409
    address = api.get(here).json()["address"].removeprefix("http://127.0.0.1")
    assert text in nobody.get(address).text
    version = api.get(f"{here}/versions/{made.json()['number']}").json()
    assert version["sections"][0]["text"] == text
    assert api.post(f"/api/v1{day.here}", json={"room_id": day.room_id}).status_code == 409
    reader = day.product.api(Scope.READ)
    assert [reader.get(here).status_code, reader.post(f"{here}/versions").status_code] == [200, 403]
