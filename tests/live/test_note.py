"""Decisions and assumptions that are written while the talk goes on: the plan's own records, with
owner and date; superseded, never removed; over the picture on the wall if wanted.
"""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from app import clock
from app.access import Actor, Role
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.ids import random_id
from app.live import commands, loading
from app.live.loading import Outside
from app.live.roles import View, seen_by
from app.live.snapshot import RoomSnapshot
from app.models.actions import Action
from app.models.assumptions import Assumption
from app.models.decisions import Decision
from app.models.deliverables import Deliverable
from app.models.kickoffs import Kickoff
from app.models.people import Person
from app.models.rooms import Participant, RoomEvent
from app.operations import records
from app.operations.actions import create_action
from app.operations.entities import DECISIONS
from tests.live.conftest import Desk
from tests.live.test_endings import TABLE, asked, push
from tests.live.test_reset import plan_for_another_day
from tests.live.test_undoing import room_of


def snapshot(desk: Desk) -> RoomSnapshot:
    with desk.database.reading() as session:
        return loading.load(session, desk.room_id, Outside(""))[0]


def on_the_wall(desk: Desk) -> str | None:
    seen = seen_by(View.PROJECTOR, snapshot(desk))
    return seen.shown_note.title if seen.screen == "note" and seen.shown_note else None


def test_a_decision_has_an_owner_by_name_and_falls_today(each_desk: Desk) -> None:
    desk = each_desk
    made = push(desk, "note.decide", text="Én kontakt  for hver kunde", owner_name="Kari Ærø")
    with desk.database.reading() as session:
        decision = session.get_one(Decision, made["note"])
        owner = session.get_one(Person, decision.owner_id)
        event = session.exec(select(RoomEvent)).one()
    assert (decision.title, owner.name) == ("Én kontakt for hver kunde", "Kari Ærø")
    assert abs(decision.decided_on - clock.now().date()) <= timedelta(days=1)
    assert (event.name, event.actor, event.data["made"]) == ("note.decide", "token", decision.id)
    assert event.at > 0
    again = push(desk, "note.decide", text="Igjen", owner_name="kari ærø")
    with desk.database.reading() as session:
        assert session.get_one(Decision, again["note"]).owner_id == owner.id
    (note, _) = snapshot(desk).notes
    assert (note.title, note.owner, note.kind) == ("Igjen", "Kari Ærø", "decision")


def test_an_assumption_is_looked_at_by_a_day(each_desk: Desk) -> None:
    desk = each_desk
    with desk.database.unit_of_work() as session:
        session.add(person := Person(kickoff_id=desk.kickoff_id, name="Ola"))
    said = {"owner_id": person.id, "date": "2027-01-14", "due": "2027-02-01"}
    made = push(desk, "note.assume", text="Leverandøren rekker det", **said)
    with desk.database.reading() as session:
        assumption = session.get_one(Assumption, made["note"])
    assert (assumption.owner_id, assumption.noted_on) == (person.id, date(2027, 1, 14))
    assert (assumption.check_by, assumption.status) == (date(2027, 2, 1), "unknown")


def test_what_a_form_left_empty_was_not_said(desk: Desk) -> None:
    made = push(desk, "note.decide", text="x", owner_id="", owner_name=" ", date="", due="")
    with desk.database.reading() as session:
        assert session.get_one(Decision, made["note"]).owner_id is None


@pytest.mark.parametrize(
    "data",
    [
        {"text": " "},
        {"text": "x", "date": "i går"},
        {"text": "x", "owner_id": random_id()},
        {"text": "x", "owner_name": "y" * 400},
        {},
    ],
)
def test_what_is_no_note_is_refused_and_nothing_is_written(
    each_desk: Desk, data: dict[str, str]
) -> None:
    with pytest.raises(Invalid):
        push(each_desk, "note.decide", **data)
    with each_desk.database.reading() as session:
        assert session.exec(select(Decision)).all() == []
        assert session.exec(select(Person)).all() == []


def test_what_no_longer_holds_stays_and_points_at_what_does(each_desk: Desk) -> None:
    desk = each_desk
    first = push(desk, "note.decide", text="Mandager", owner_name="Kari", show=True)["note"]
    then = push(desk, "note.supersede", note=first, text="Tirsdager", owner_name="Ola")["note"]
    with desk.database.reading() as session:
        assert session.get_one(Decision, first).superseded_by_id == then
    assert on_the_wall(desk) == "Tirsdager", "the wall never shows what no longer holds"
    assert [(n.title, n.superseded) for n in snapshot(desk).notes] == [
        ("Tirsdager", False),
        ("Mandager", True),
    ]
    with pytest.raises(Conflict):
        push(desk, "note.supersede", note=first, text="Onsdager")
    with pytest.raises(NotFound):
        push(desk, "note.supersede", note=random_id(), text="Onsdager")


def test_an_assumption_is_superseded_by_an_assumption(desk: Desk) -> None:
    first = push(desk, "note.assume", text="a")["note"]
    then = push(desk, "note.supersede", note=first, text="b")["note"]
    with desk.database.reading() as session:
        assert session.get_one(Assumption, first).superseded_by_id == then


def test_a_note_lies_over_the_picture_until_something_else_is_shown(desk: Desk) -> None:
    note = push(desk, "note.decide", text="Vi starter i Bodø", show=True)["note"]
    assert on_the_wall(desk) == "Vi starter i Bodø"
    push(desk, "note.show", note=None)
    assert on_the_wall(desk) is None
    push(desk, "note.show", note=note)
    push(desk, "activity.open", activity=asked(desk))
    assert on_the_wall(desk) is None
    push(desk, "room.undo")
    assert on_the_wall(desk) == "Vi starter i Bodø"
    push(desk, "screen.set", screen="blank")
    push(desk, "room.undo")
    assert on_the_wall(desk) == "Vi starter i Bodø"


def test_showing_is_taken_back(desk: Desk) -> None:
    first = push(desk, "note.decide", text="a")["note"]
    second = push(desk, "note.decide", text="b")["note"]
    push(desk, "note.show", note=first)
    push(desk, "note.show", note=second)
    push(desk, "room.undo")
    assert on_the_wall(desk) == "a"


def test_what_was_pushed_before_a_record_is_not_taken_back(desk: Desk) -> None:
    push(desk, "screen.set", screen="join")
    push(desk, "note.decide", text="c")
    assert snapshot(desk).undo_name == ""
    with pytest.raises(Conflict):
        push(desk, "room.undo")
    assert (snapshot(desk).screen, len(snapshot(desk).notes)) == ("join", 1)


def test_there_is_no_note_to_show_before_one_was_shown(desk: Desk) -> None:
    with pytest.raises(Conflict):
        push(desk, "screen.set", screen="note")


@pytest.mark.parametrize("name", ["note.decide", "note.show", "groups.make", "groups.clear"])
def test_an_attendee_may_not(desk: Desk, name: str) -> None:
    me = Actor(id=desk.people[0], roles={desk.kickoff_id: Role.ATTENDEE}, room_id=desk.room_id)
    data = {"note.decide": {"text": "x"}, "groups.make": {"count": 2}}.get(name, {})
    with pytest.raises(NotAllowed):
        commands.execute(
            desk.database,
            desk.vault,
            TABLE,
            room_id=desk.room_id,
            actor=me,
            name=name,
            command_id=random_id(),
            rev=0,
            data=data,
        )


def test_another_kickoffs_note_is_not_there(desk: Desk) -> None:
    with desk.database.unit_of_work() as session:
        theirs = records.create(session, DECISIONS, _other_kickoff(session), {"title": "x"})
    for name, data in (("note.show", {}), ("note.supersede", {"text": "y"})):
        with pytest.raises(NotFound):
            push(desk, name, note=theirs.id, **data)


def test_phones_are_told_nothing_of_notes(desk: Desk) -> None:
    push(desk, "note.decide", text="a", show=True)
    phone = seen_by(View.PHONE, snapshot(desk))
    assert (phone.notes, phone.shown_note) == ((), None)
    assert seen_by(View.PROJECTOR, snapshot(desk)).notes == ()


def test_nothing_of_a_rehearsal_stays_in_the_plan(each_desk: Desk) -> None:
    desk = each_desk
    plan_for_another_day(desk)
    with desk.database.unit_of_work() as session:
        own = records.create(session, DECISIONS, desk.kickoff_id, {"title": "Planens egen"})
        action = create_action(session, desk.kickoff_id, title="Planens egen")
        handed = Deliverable(kickoff_id=desk.kickoff_id, title="Leveranse")
        session.add(handed)
    activity = asked(desk, open=True)
    with desk.database.unit_of_work() as session:
        create_action(
            session,
            desk.kickoff_id,
            title="Av øvelsen",
            source_activity_id=activity,
            source_entry_id=random_id(),
        )
    push(desk, "note.supersede", note=own.id, text="Øvelsens", owner_name="Øver Hansen", show=True)
    push(desk, "note.assume", text="Øvelsens", owner_name="Fast Ansatt")
    with desk.database.unit_of_work() as session:
        stays = session.exec(select(Person).where(Person.name == "Fast Ansatt")).one()
        session.get_one(Deliverable, handed.id).owner_id = stays.id  # the plan knows them by now
    push(desk, "room.reset")
    with desk.database.reading() as session:
        (decision,) = session.exec(select(Decision)).all()
        assert (decision.title, decision.superseded_by_id) == ("Planens egen", None)
        assert session.exec(select(Assumption)).all() == []
        assert [one.id for one in session.exec(select(Action))] == [action.id]
        assert [one.name for one in session.exec(select(Person))] == ["Fast Ansatt"]
        assert all(one.removed for one in session.exec(select(Participant)))
    assert (room_of(desk).screen, room_of(desk).shown_note_id) == ("", None)


def _other_kickoff(session: Session) -> str:
    organisation = session.exec(select(Kickoff.organisation_id)).one()
    other = Kickoff(organisation_id=organisation, title="Et annet")
    session.add(other)
    session.flush()
    return other.id
