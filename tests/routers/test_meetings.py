"""Meetings (F5): the three series in one click, an agenda that begins with the open actions, a
blocker that becomes its owner's action, and calendars that follow.

Seen red with: a second click that makes the series again, a blocker's second owner that makes a
second action, and leaders that stand in the people list's order.
"""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlmodel import select

from app.models.actions import Action
from app.models.check_ins import CheckIn
from app.models.decisions import Decision
from app.models.kickoffs import Kickoff
from app.models.meetings import Blocker, Meeting, MeetingKind, MeetingSeries, PublishedCalendar
from app.models.objectives import KeyResult, Objective
from app.models.people import Person
from app.operations.derived import today_in
from tests.support.product import Browser, Product

HOSTILE = "<script>alert(1)</script> og æøå"


class Quarter:
    """A kickoff that was yesterday, with its series made."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.kickoff_id = product.kickoff.id
        self.desk = product.browser("owner")
        self.here = f"/kickoffs/{self.kickoff_id}/meetings"
        with product.database.unit_of_work() as session:
            kickoff = session.get_one(Kickoff, self.kickoff_id)
            self.today = today_in(kickoff)
            kickoff.day = None
            session.add(kickoff)
        self.without_a_date = self.desk.post(f"{self.here}/series").status_code
        with product.database.unit_of_work() as session:
            kickoff = session.get_one(Kickoff, self.kickoff_id)
            kickoff.day = self.today - timedelta(days=1)
            people = [
                Person(kickoff_id=self.kickoff_id, name=name, email=f"{name}@nordlys.example")
                for name in ("Kari", "Ola", "Siv")
            ]
            session.add_all([kickoff, *people])
            session.flush()
            self.people = [one.id for one in people]
            asked: Any = {"kickoff_id": self.kickoff_id, "owner_id": self.people[0]}
            session.add(Action(**asked, title="Kommer senere", due=self.today + timedelta(days=30)))
            session.add(Action(**asked, title=HOSTILE, due=self.today - timedelta(days=3)))
        assert self.desk.post(f"{self.here}/series").status_code == 303

    def meetings(self, kind: MeetingKind = MeetingKind.STANDUP) -> list[Meeting]:
        with self.product.database.reading() as session:
            wanted = select(Meeting).where(
                Meeting.kickoff_id == self.kickoff_id, Meeting.kind == kind
            )
            return list(session.exec(wanted.order_by(Meeting.day)).all())

    def one(self, table: Any, title: str) -> Any:
        with self.product.database.reading() as session:
            return session.exec(select(table).where(table.title == title)).one()


@pytest.fixture(scope="module")
def quarter(product: Product) -> Quarter:
    return Quarter(product)


def test_the_series_need_the_kickoffs_date(quarter: Quarter) -> None:
    assert quarter.without_a_date == 409


def test_one_click_makes_the_three_series_and_another_makes_nothing_twice(
    quarter: Quarter,
) -> None:
    counts = [len(quarter.meetings(kind)) for kind in MeetingKind]
    assert counts[0] >= 11
    assert counts[1:] == [3, 1]
    assert [quarter.meetings(kind)[0].minutes for kind in MeetingKind] == [15, 45, 60]
    assert quarter.desk.post(f"{quarter.here}/series").status_code == 303
    assert [len(quarter.meetings(kind)) for kind in MeetingKind] == counts
    page = quarter.desk.get(quarter.here)
    assert page.status_code == 200
    assert f"{quarter.here}/{quarter.meetings()[0].id}/agenda" in page.text


def test_who_leads_goes_round_and_the_turn_goes_on_from_who_led_last(quarter: Quarter) -> None:
    with quarter.product.database.reading() as session:
        series = session.exec(
            select(MeetingSeries).where(MeetingSeries.kind == MeetingKind.STANDUP)
        ).one()
    share = f"{quarter.here}/series/{series.id}/leaders"
    assert quarter.desk.post(share, leader_ids=quarter.people).status_code == 303
    first, second, third, *_ = quarter.people
    assert [one.leader_id for one in quarter.meetings()[:4]] == [first, second, third, first]
    with quarter.product.database.unit_of_work() as session:
        held = session.get_one(Meeting, quarter.meetings()[0].id)
        held.held = True
        session.add(held)
    quarter.desk.post(share, leader_ids=quarter.people[:2])
    assert [one.leader_id for one in quarter.meetings()[:4]] == [first, second, first, second]
    assert "Ola" in quarter.desk.get(quarter.here).text


def test_the_form_keeps_the_order_of_those_who_lead_and_moves_one_by_one(quarter: Quarter) -> None:
    where = f"/kickoffs/{quarter.kickoff_id}/meeting-series"
    api = quarter.product.api()
    made = api.post(f"/api/v1{where}", json={"title": "Stab", "kind": "standup"}).json()["id"]
    share = f"{quarter.here}/series/{made}/leaders"
    first, second, third, *_ = quarter.people  # in the people list's order
    order = [third, first]
    api.patch(
        f"/api/v1{where}/{made}", json={"leader_ids": order}, headers={"if-match": "*"}
    ).raise_for_status()

    def offered() -> list[str]:
        card = quarter.desk.get(quarter.here).text.partition(f'id="series-{made}"')[2]
        return re.findall(r'name="leader_ids" value="([^"]+)"', card.partition("</form>")[0])

    def leads() -> list[str]:
        found: list[str] = api.get(f"/api/v1{where}/{made}").json()["leader_ids"]
        return found

    assert offered()[:3] == [*order, second]
    quarter.desk.post(share, leader_ids=offered()[:3])
    assert leads() == [third, first, second]
    moved = quarter.desk.post(share, leader_ids=leads(), up=second)
    assert leads() == [third, second, first]
    quarter.desk.post(share, leader_ids=leads(), down=third)
    assert leads() == [second, third, first]
    back = quarter.desk.get(moved.headers["location"]).text  # where the next arrow is pressed
    assert '<details class="more" open>' in back.partition(f'id="series-{made}"')[2][:2500]
    api.delete(f"/api/v1{where}/{made}", headers={"if-match": "*"}).raise_for_status()


def test_a_meeting_begins_with_the_open_actions_the_late_ones_first(quarter: Quarter) -> None:
    meeting = quarter.meetings()[1]
    page = quarter.desk.get(f"{quarter.here}/{meeting.id}/agenda")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    found = [page.text.index(f'id="part-{code}"') for code in ("open_actions", "key_results")]
    late, later = page.text.index("&lt;script&gt;alert(1)"), page.text.index("Kommer senere")
    assert found[0] < late < later < found[1]


def test_a_meeting_has_those_that_are_least_sure_at_hand_and_the_rest_behind_one_tap(
    quarter: Quarter,
) -> None:
    """Seen red with: in the order of the plan, all of them."""
    meeting = quarter.meetings()[1]
    with quarter.product.database.unit_of_work() as session:
        objective = Objective(kickoff_id=quarter.kickoff_id, title="Svar samme dag")
        session.add(objective)
        session.flush()
        for sure in (10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0):
            result = KeyResult(
                kickoff_id=quarter.kickoff_id,
                objective_id=objective.id,
                title=f"Sikker {sure}.",
                baseline=1,
                target=9,
            )
            session.add(result)
            session.flush()
            said = {"value": 3, "confidence": sure, "said_on": quarter.today}
            own = {"kickoff_id": quarter.kickoff_id, "key_result_id": result.id}
            session.add(CheckIn(**own, **said))
    page = quarter.desk.get(f"{quarter.here}/{meeting.id}/agenda").text
    found = [page.index(f"Sikker {sure}.") for sure in range(11)]
    assert found == sorted(found)
    assert found[7] < page.index('<details class="more"', found[0]) < found[8]


def test_what_has_moved_is_told_from_where_it_stood_at_the_meeting_before(
    quarter: Quarter,
) -> None:
    """Seen red with: only the last step, and a figure that was put right the same day."""
    standups = quarter.meetings()
    with quarter.product.database.unit_of_work() as session:
        objective = Objective(kickoff_id=quarter.kickoff_id, title="Færre avbrudd")
        session.add(objective)
        session.flush()
        own = {"kickoff_id": quarter.kickoff_id, "objective_id": objective.id}
        result = KeyResult(**own, title="Beveget seg.", baseline=1000, target=2000)
        session.add(result)
        session.flush()
        before, since = standups[0].day, standups[1].day
        assert before
        assert since
        for value, day in (
            (1200.5, before - timedelta(days=1)),
            (1300.5, before + timedelta(days=1)),
            (1400.5, before + timedelta(days=2)),
            (1500.5, before + timedelta(days=2)),
        ):
            said = {"value": value, "said_on": day, "key_result_id": result.id}
            session.add(CheckIn(kickoff_id=quarter.kickoff_id, **said))
            session.flush()
    page = quarter.desk.get(f"{quarter.here}/{standups[1].id}/agenda").text
    told = page[page.index("Beveget seg.") :][:900]
    assert "1\u202f200,5 →" in told or "1\u00a0200,5 →" in told or "1200,5 →" in told
    assert "500,5" in told


def test_a_blocker_gets_an_owner_and_is_one_action_however_often_it_changes_hands(
    quarter: Quarter,
) -> None:
    here = f"{quarter.here}/{quarter.meetings()[1].id}"
    assert quarter.desk.post(f"{here}/blockers", title="Ingen tilgang").status_code == 303
    blocker = quarter.one(Blocker, "Ingen tilgang")
    assert (blocker.owner_id, blocker.raised_on, blocker.action_id) == (None, quarter.today, None)
    assert "status-yellow" in quarter.desk.get(quarter.here).text
    for owner in quarter.people[:2]:
        quarter.desk.post(f"{here}/blockers/{blocker.id}", owner_id=owner)
    action = quarter.one(Action, "Ingen tilgang")
    blocker = quarter.one(Blocker, "Ingen tilgang")
    assert (action.owner_id, action.source) == (quarter.people[1], "meeting")
    assert (blocker.owner_id, blocker.action_id) == (quarter.people[1], action.id)
    quarter.desk.post(f"{here}/blockers/{blocker.id}", do="close")
    assert quarter.one(Blocker, "Ingen tilgang").state == "closed"
    assert quarter.desk.post(f"{here}/blockers", title=" ").status_code == 422


def test_a_blocker_that_nobody_owned_the_same_day_is_flagged(quarter: Quarter) -> None:
    raised = (quarter.today - timedelta(days=1)).isoformat()
    api = quarter.product.api()
    made = api.post(
        f"/api/v1/kickoffs/{quarter.kickoff_id}/blockers",
        json={"title": "Fra i går", "raised_on": raised},
    )
    assert made.json()["shown_status"] == "red"
    page = quarter.desk.get(quarter.here).text
    assert "Fra i går" in page
    assert "status-red" in page


def test_decisions_and_notes_stand_with_the_meeting(quarter: Quarter) -> None:
    meeting = quarter.meetings()[1]
    here = f"{quarter.here}/{meeting.id}"
    answer = quarter.desk.post(f"{here}/decisions", title="Vi går for ett skjema")
    assert answer.status_code == 303
    assert quarter.one(Decision, "Vi går for ett skjema").source_meeting_id == meeting.id
    kept = {"notes": "Alle var der.", "held": "true", "beside": "agenda"}
    saved = quarter.desk.post(here, version=str(meeting.version), **kept)
    assert saved.headers["location"].startswith(f"{here}/agenda")
    page = quarter.desk.get(f"{here}/agenda").text
    assert "Vi går for ett skjema" in page
    assert "Alle var der." in page
    stale = quarter.desk.post(here, version=str(meeting.version), notes="Et annet", beside="agenda")
    assert stale.status_code == 412
    assert "Alle var der." in stale.text


def test_a_calendar_follows_what_is_moved_until_the_link_is_taken_back(
    quarter: Quarter, product: Product
) -> None:
    quarter.desk.post(f"{quarter.here}/calendar", do="publish")
    with product.database.reading() as session:
        secret = session.get_one(PublishedCalendar, quarter.kickoff_id).secret
    link = f"/calendar/{secret}.ics"
    assert link in quarter.desk.get(quarter.here).text
    nobody = product.browser()

    def events() -> dict[str, Any]:
        answer = nobody.get(link)
        assert answer.headers["content-type"].startswith("text/calendar")
        return {str(one["uid"]): one for one in Calendar.from_ical(answer.content).events}

    before = events()
    assert len(before) == sum(len(quarter.meetings(kind)) for kind in MeetingKind)
    meeting = quarter.meetings()[3]
    moved = {"day": (meeting.day or date.max) + timedelta(days=1), "starts_at": "13:30"}
    changed = product.api().patch(
        f"/api/v1{quarter.here}/{meeting.id}",
        json={name: str(value) for name, value in moved.items()},
        headers={"if-match": f'"{meeting.version}"'},
    )
    assert changed.status_code == 200
    uid = f"meeting-{meeting.id}@kickoff"
    after = events()[uid]
    assert (after.start.date(), after.start.strftime("%H:%M")) == (moved["day"], "13:30")
    assert after.start.tzinfo is not None
    assert after.end - after.start == timedelta(minutes=15)
    assert int(after["sequence"]) > int(before[uid]["sequence"])
    quarter.desk.post(f"{quarter.here}/calendar", do="unpublish")
    assert nobody.get(link).status_code == 404


def test_an_invitation_asks_those_on_the_people_list(quarter: Quarter) -> None:
    meeting = quarter.meetings()[-1]
    with quarter.product.database.unit_of_work() as session:
        session.get_one(Meeting, meeting.id).leader_id = quarter.people[0]
    answer = quarter.desk.get(f"{quarter.here}/{meeting.id}/invitation.ics")
    written = Calendar.from_ical(answer.content)
    assert written["method"] == "REQUEST"
    told = str(answer.content.decode().replace("\r\n ", ""))
    assert "mailto:Siv@nordlys.example" in told
    assert "ORGANIZER" in told


@pytest.mark.parametrize("role, status", [("viewer", 403), ("outsider", 404), ("foreigner", 404)])
def test_who_may_not_edit_the_plan_changes_nothing(
    quarter: Quarter, product: Product, role: str, status: int
) -> None:
    asked: Browser = product.browser(role)
    one = f"{quarter.here}/{quarter.meetings()[1].id}"
    for path in (f"{quarter.here}/series", f"{quarter.here}/calendar", f"{one}/blockers"):
        assert asked.post(path, title="x", do="publish").status_code == status
    assert asked.get(f"{one}/agenda").status_code == (200 if role == "viewer" else 404)


def test_programs_make_the_series_in_one_call_and_nothing_twice(quarter: Quarter) -> None:
    api = quarter.product.api()
    call = f"/api/v1/kickoffs/{quarter.kickoff_id}/make-meeting-series"
    there = [len(quarter.meetings(kind)) for kind in MeetingKind]
    answer = api.post(call, json={})
    assert answer.status_code == 200
    assert answer.json()["meetings_made"] == 0
    assert [one["kind"] for one in answer.json()["items"]] == list(MeetingKind)
    assert [len(quarter.meetings(kind)) for kind in MeetingKind] == there
    other = api.post("/api/v1/kickoffs", json={"title": "Uten dag"}).json()["id"]
    call = f"/api/v1/kickoffs/{other}/make-meeting-series"
    assert api.post(call, json={}).status_code == 409
    with quarter.product.database.unit_of_work() as session:
        session.get_one(Kickoff, other).day = quarter.today
    first, again = (api.post(call, json={}, headers={"idempotency-key": "a"}) for _ in range(2))
    assert first.json()["meetings_made"] >= 15
    assert again.json() == first.json()


def test_a_series_says_whom_it_invites_and_whom_it_cannot_reach(quarter: Quarter) -> None:
    with quarter.product.database.unit_of_work() as session:
        unreached = Person(kickoff_id=quarter.kickoff_id, name="Uten adresse")
        session.add(unreached)
        session.flush()
        series = session.exec(
            select(MeetingSeries).where(
                MeetingSeries.kind == MeetingKind.OKR_REVIEW,
                MeetingSeries.kickoff_id == quarter.kickoff_id,
            )
        ).one()
        share, those = f"{quarter.here}/series/{series.id}/leaders", [unreached.id]
    said = {"takes_part": "1", "participant_ids": [quarter.people[2], *those]}
    assert quarter.desk.post(share, leader_ids=quarter.people[:1], **said).status_code == 303
    page = quarter.desk.get(quarter.here).text
    assert "2 personer får innkalling på e-post." in page
    assert "Uten e-postadresse: Uten adresse." in page
