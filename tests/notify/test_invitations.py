"""F5: whoever leads or takes part is invited by mail to each meeting of their series, hears of one
that is moved or cancelled, and hears it once.

A real mail server on this machine takes the mails. Seen red with: news that is told whenever the
meeting's version is another (its notes sent everybody a mail), a cancellation that is told to
who was never invited, and a look of its own for each that is off.
"""

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from icalendar import Calendar
from sqlmodel import delete, select

from app import clock
from app.models.kickoffs import Kickoff
from app.models.meetings import Meeting, MeetingSeries
from app.models.notices import Notice
from app.models.webhooks import DeliveryTarget, Outgoing
from app.operations import duties, invitations, meetings, records
from app.operations.entities import MEETING_SERIES, MEETINGS, PEOPLE
from tests.notify.conftest import MONDAY
from tests.notify.post_office import PostOffice, post_office
from tests.notify.test_channels import Desk, soon
from tests.notify.test_webhooks import at_rest
from tests.support.product import Product
from tests.support.product import product as running


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder: Path = tmp_path_factory.mktemp("invitations")
    with running(folder) as made:
        at_rest(made)
        yield made


class Invited(Desk):
    """A kickoff with a series of one meeting, and a calendar as its mails make it."""

    def __init__(self, product: Product, office: PostOffice, at: Any) -> None:
        super().__init__(product, office)
        self.at, self.office = at, office
        series = {"title": "Standup", "place": "Rom 3", "participant_ids": [self.person_id]}
        self.series_id = self.make(MEETING_SERIES, **series)
        self.meeting_id = self.meeting(3)

    def meeting(self, days: int) -> str:
        day = MONDAY.date() + timedelta(days=days)
        return self.make(MEETINGS, title="Standup", day=day, series_id=self.series_id)

    def told(self) -> list[EmailMessage]:
        """What goes out now. Asked twice, as after a killed process."""
        before = len(self.office.got)
        for _ in range(2):
            with self.database.reading() as session:
                found = list(invitations.due(session, clock.now()))
            with self.database.unit_of_work() as session:
                for due in [one for one in found if one.kickoff_id == self.kickoff_id]:
                    duties._post(session, due)
        soon(self.at)
        self.rounds()
        return [mail for _, mail in self.office.got[before:]]

    def events(self) -> list[tuple[str, Any]]:
        """Method and event of each mail that goes out now."""
        return [(str(one["method"]), one.events[0]) for one in map(entry_of, self.told())]


def entry_of(mail: EmailMessage) -> Calendar:
    """As the part that mail programs read; the file beside it says the same."""
    (part,) = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    (file,) = mail.iter_attachments()
    assert file.get_filename() == "invite.ics"
    written = part.get_content().replace("\r\n", "\n").strip()
    assert written == file.get_content().decode().replace("\r\n", "\n").strip()
    calendar = Calendar.from_ical(file.get_content())
    assert part.get_param("method") == calendar["method"]
    return calendar


@pytest.fixture
def desk(product: Product) -> Iterator[Invited]:
    with product.database.unit_of_work() as session:
        for table in (Outgoing, Notice, DeliveryTarget):
            session.execute(delete(table))
    with post_office() as office, time_machine.travel(MONDAY, tick=False) as at:
        yield Invited(product, office, at)


def test_a_meeting_is_invited_to_moved_and_cancelled_once_each_under_one_uid(
    desk: Invited,
) -> None:
    ((method, asked),) = desk.events()
    assert (method, asked["status"], asked["summary"]) == ("REQUEST", "CONFIRMED", "Standup")
    assert asked["attendee"] == "mailto:ase@nordlys.example"
    assert asked["organizer"] == "mailto:post@nordlys.example"
    assert asked.start.isoformat() == "2027-02-04T09:00:00+01:00"
    desk.change(MEETINGS, desk.meeting_id, notes="Alle er med")
    assert desk.told() == []

    desk.change(MEETINGS, desk.meeting_id, starts_at="13:30", place="Rom 4")
    ((method, moved),) = desk.events()
    assert (method, moved["uid"], moved["location"]) == ("REQUEST", asked["uid"], "Rom 4")
    assert moved.start.hour == 13
    assert moved["sequence"] > asked["sequence"]
    # Back where it was: that is news too.
    desk.change(MEETINGS, desk.meeting_id, starts_at="09:00", place="")
    ((_, back),) = desk.events()
    assert back["sequence"] > moved["sequence"]

    with desk.database.unit_of_work() as session:
        gone = records.find(session, MEETINGS, desk.kickoff_id, desk.meeting_id, to_write=True)
        records.remove(session, MEETINGS, gone)
    (mail,) = desk.told()
    assert mail["subject"] == "Cancelled: Standup, Thursday 4 February at 09:00"
    off = entry_of(mail)
    assert (off["method"], off.events[0]["status"]) == ("CANCEL", "CANCELLED")
    assert off.events[0]["uid"] == asked["uid"]
    assert off.events[0]["sequence"] > back["sequence"]
    assert desk.told() == []


def test_who_takes_part_no_longer_is_told_and_who_joins_is_invited(desk: Invited) -> None:
    desk.told()
    ola = desk.make(PEOPLE, name="Ola", email="ola@nordlys.example")
    desk.make(PEOPLE, name="Uten adresse")
    desk.change(MEETING_SERIES, desk.series_id, participant_ids=[], leader_ids=[ola])
    found = {mail["to"]: str(entry_of(mail)["method"]) for mail in desk.told()}
    assert found == {
        "Ola <ola@nordlys.example>": "REQUEST",
        "Åse Ødegård <ase@nordlys.example>": "CANCEL",
    }


def test_what_is_off_before_anybody_heard_of_it_is_told_to_nobody(desk: Invited) -> None:
    desk.office.answer = "451 Later"
    assert desk.told() == []
    desk.office.answer = "250 Taken"
    desk.change(MEETINGS, desk.meeting_id, day=None)
    desk.at.shift(timedelta(hours=1))
    assert desk.told() == []
    assert {row.fate for row in desk.rows()} == {"dropped"}


def test_what_is_over_is_neither_invited_to_nor_cancelled(desk: Invited) -> None:
    desk.meeting(-1)
    assert len(desk.told()) == 1
    desk.at.shift(timedelta(days=7))
    with desk.database.unit_of_work() as session:
        gone = records.find(session, MEETINGS, desk.kickoff_id, desk.meeting_id, to_write=True)
        records.remove(session, MEETINGS, gone)
    assert desk.told() == []


def test_the_database_is_asked_as_often_for_five_that_are_off_as_for_one(desk: Invited) -> None:
    those = [desk.meeting_id, *(desk.meeting(days) for days in (4, 5, 6, 7))]
    assert len(desk.told()) == 5

    def off(meeting_ids: list[str]) -> tuple[int, int]:
        with desk.database.unit_of_work() as session:
            for id in meeting_ids:
                gone = records.find(session, MEETINGS, desk.kickoff_id, id, to_write=True)
                records.remove(session, MEETINGS, gone)
        with desk.product.counting() as sent, desk.database.reading() as session:
            due = list(invitations.due(session, clock.now()))
        own = sum(one.kickoff_id == desk.kickoff_id for one in due)
        return own, sum("FROM notice" in statement for statement in sent)

    one, looks = off(those[:1])
    assert (one, off(those[1:])) == (1, (5, looks))


def test_to_what_began_today_nobody_is_asked_and_it_is_not_cancelled(desk: Invited) -> None:
    """Seen red with the day alone: in the afternoon one was asked to the standup of the morning."""
    now = clock.now().astimezone(ZoneInfo("Europe/Oslo"))
    earlier, later = (f"{now + timedelta(hours=hours):%H:%M}" for hours in (-1, 1))
    began, today = {"title": "Standup", "series_id": desk.series_id}, now.date()
    desk.make(MEETINGS, day=today, starts_at=earlier, **began)
    soon_on = desk.make(MEETINGS, day=today, starts_at=later, **began)
    told = desk.events()
    assert {str(event["uid"]).split("@")[0] for _, event in told} == {
        f"meeting-{one}" for one in (desk.meeting_id, soon_on)
    }
    desk.at.shift(timedelta(hours=2))
    desk.change(MEETING_SERIES, desk.series_id, participant_ids=[])
    left = desk.events()
    assert [(method, str(event["uid"]).split("@")[0]) for method, event in left] == [
        ("CANCEL", f"meeting-{desk.meeting_id}")
    ]


def test_invitations_stand_in_mails_of_their_own(desk: Invited) -> None:
    desk.remind(desk.action())
    desk.meeting(10)
    kinds = sorted(
        sum(part.get_content_type() == "text/calendar" for part in mail.walk())
        for mail in desk.told()
    )
    assert kinds == [0, 1, 1]


def test_a_made_series_invites_its_people_three_weeks_ahead_and_in_the_end_to_every_meeting(
    desk: Invited,
) -> None:
    with desk.database.unit_of_work() as session:
        kickoff = session.get_one(Kickoff, desk.kickoff_id)
        kickoff.day = MONDAY.date()
        session.flush()
        made = meetings.make_series(session, kickoff)
        for one in meetings.series_of(session, desk.kickoff_id):
            session.get_one(MeetingSeries, one.id).participant_ids = [desk.person_id]
    first = _uids(desk.told())
    assert first == [f"meeting-{desk.meeting_id}@kickoff"], "not a whole quarter in one morning"
    found = list(first)
    for _ in range(14):
        desk.at.shift(timedelta(weeks=1))
        found += _uids(desk.told())
    with desk.database.reading() as session:
        ahead = session.scalars(select(Meeting.id).where(Meeting.kickoff_id == desk.kickoff_id))
        assert sorted(found) == sorted(f"meeting-{one}@kickoff" for one in ahead)
    assert len(found) == made + 1


def test_what_somebody_was_invited_to_is_moved_however_far(desk: Invited) -> None:
    desk.told()
    desk.change(MEETINGS, desk.meeting_id, day=MONDAY.date() + timedelta(weeks=6))
    ((method, moved),) = desk.events()
    assert (method, moved.start.date()) == ("REQUEST", MONDAY.date() + timedelta(weeks=6))


def _uids(mails: list[EmailMessage]) -> list[str]:
    return [str(entry_of(mail).events[0]["uid"]) for mail in mails]
