"""The three deliverables of the first 30 days, confirmed with their owners; then who owns what."""

from datetime import date

import pytest
from sqlmodel import select

from app.access import Actor, Role
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.ids import random_id
from app.live import commands, loading
from app.live.activities.closing import Closing
from app.live.loading import Outside
from app.live.roles import View, seen_by
from app.live.snapshot import RoomSnapshot
from app.models.activities import Entry
from app.models.deliverables import Deliverable
from app.models.people import Person
from app.models.rooms import Room
from app.operations import deliverables, records
from app.operations.actions import create_action
from app.operations.entities import DELIVERABLES, PEOPLE
from app.operations.people import person_named
from app.operations.rooms import new_room
from tests.live.conftest import Desk
from tests.live.test_endings import TABLE, push
from tests.live.test_reset import plan_for_another_day


def planned(desk: Desk, *titles: str) -> list[str]:
    with desk.database.unit_of_work() as session:
        made = [
            records.create(session, DELIVERABLES, desk.kickoff_id, {"title": title})
            for title in titles
        ]
    return [one.id for one in made]


def deliverable(desk: Desk, id: str) -> Deliverable:
    with desk.database.reading() as session:
        return session.get_one(Deliverable, id)


def room(desk: Desk, view: View = View.PROJECTOR) -> RoomSnapshot:
    with desk.database.reading() as session:
        return seen_by(view, loading.load(session, desk.room_id, Outside(""))[0])


def three(desk: Desk) -> list[tuple[str, str, bool]]:
    return [(one.title, one.owner, one.confirmed) for one in Closing.three(room(desk))]


def test_three_are_picked_and_confirmed_with_their_owners(each_desk: Desk) -> None:
    desk = each_desk
    activity = desk.activity("closing")
    one, two, _, four = planned(desk, "Portalen", "Vakttelefonen", "Kurset", "Kartet")
    push(desk, "closing.pick", activity=activity, deliverables=[one, two, four])
    answer = push(
        desk, "closing.confirm", activity=activity, deliverable=two, owner_name="Kari Ærø"
    )
    assert three(desk) == [
        ("Portalen", "", False),
        ("Vakttelefonen", "Kari Ærø", True),
        ("Kartet", "", False),
    ]
    confirmed = deliverable(desk, two)
    with desk.database.reading() as session:
        assert session.get_one(Person, answer["owner"]).name == "Kari Ærø"
    assert confirmed.confirmed_at is not None
    push(desk, "closing.confirm", activity=activity, deliverable=two, confirmed=False)
    assert deliverable(desk, two).confirmed_at is None
    push(desk, "closing.pick", activity=activity, deliverables=[one])
    assert three(desk) == [("Portalen", "", False)]


def test_nobody_stands_up_for_what_nobody_owns(desk: Desk) -> None:
    activity = desk.activity("closing")
    (one,) = planned(desk, "Portalen")
    with pytest.raises(Conflict, match="named owner"):
        push(desk, "closing.confirm", activity=activity, deliverable=one, owner_name="")
    with desk.database.unit_of_work() as session:
        owner = person_named(session, desk.kickoff_id, "Ola")
    push(desk, "closing.confirm", activity=activity, deliverable=one, owner_id=owner.id)
    assert three(desk) == [("Portalen", "Ola", True)]


def test_more_than_three_and_what_is_not_the_plans_is_refused(desk: Desk) -> None:
    activity = desk.activity("closing")
    four = planned(desk, "1", "2", "3", "4")
    with pytest.raises(Invalid):
        push(desk, "closing.pick", activity=activity, deliverables=four)
    for name, data in (
        ("closing.pick", {"deliverables": [random_id()]}),
        ("closing.confirm", {"deliverable": random_id()}),
    ):
        with pytest.raises(NotFound):
            push(desk, name, activity=activity, **data)
    other = desk.activity("open_text")
    with pytest.raises(NotFound):
        push(desk, "closing.pick", activity=other, deliverables=[])
    assert three(desk) == []


@pytest.mark.parametrize("name", ["closing.pick", "closing.confirm"])
def test_an_attendee_confirms_nothing(desk: Desk, name: str) -> None:
    activity = desk.activity("closing")
    (one,) = planned(desk, "Portalen")
    me = Actor(id=desk.people[0], roles={desk.kickoff_id: Role.ATTENDEE}, room_id=desk.room_id)
    data = {"deliverables": [one]} if name == "closing.pick" else {"deliverable": one}
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
            data={"activity": activity, **data},
        )


def test_who_owns_what_with_what_is_due_first_first(each_desk: Desk) -> None:
    desk = each_desk
    with desk.database.unit_of_work() as session:
        kari = person_named(session, desk.kickoff_id, "Kari").id
        ola = person_named(session, desk.kickoff_id, "Ola").id
        for title, owner_id, due in (
            ("sist", kari, None),
            ("Olas", ola, date(2027, 1, 20)),
            ("Karis", kari, date(2027, 1, 15)),
            ("ingens", None, date(2027, 1, 1)),
        ):
            create_action(session, desk.kickoff_id, title=title, owner_id=owner_id, due=due)
        done = create_action(session, desk.kickoff_id, title="gjort", owner_id=ola)
        done.state = "closed"
    desk.activity("closing")
    told = [(each.owner, [a.title for a in each.actions]) for each in Closing.by_owner(room(desk))]
    assert told == [("Kari", ["Karis", "sist"]), ("Ola", ["Olas"]), ("", ["ingens"])]


@pytest.mark.parametrize("view", [View.PHONE, View.PROJECTOR])
def test_the_plan_is_told_with_the_closing_and_not_before(desk: Desk, view: View) -> None:
    planned(desk, "Portalen")
    draft = desk.activity("closing", status="draft")
    assert (room(desk, view).deliverables, room(desk, view).actions) == ((), ())
    push(desk, "activity.open", activity=draft)
    assert [one.title for one in room(desk, view).deliverables] == ["Portalen"]


def test_after_a_rehearsal_nobody_has_stood_up_for_anything(each_desk: Desk) -> None:
    desk = each_desk
    plan_for_another_day(desk)
    one, two = planned(desk, "Portalen", "Kartet")
    with desk.database.unit_of_work() as session:
        session.get_one(Deliverable, two).prioritised = True
    activity = desk.activity("closing")
    push(desk, "closing.pick", activity=activity, deliverables=[one])
    push(desk, "closing.confirm", activity=activity, deliverable=one, owner_name="Øver Hansen")
    push(desk, "closing.confirm", activity=activity, deliverable=one, confirmed=False)
    push(desk, "closing.confirm", activity=activity, deliverable=one)
    push(desk, "room.reset")
    again = [deliverable(desk, id) for id in (one, two)]
    assert [(d.prioritised, d.owner_id, d.confirmed_at) for d in again] == [
        (False, None, None),
        (True, None, None),
    ]
    with desk.database.reading() as session:
        assert session.exec(select(Person)).all() == []


def test_who_was_removed_meanwhile_owns_nothing_after_a_rehearsal(each_desk: Desk) -> None:
    desk = each_desk
    plan_for_another_day(desk)
    (one,) = planned(desk, "Portalen")
    with desk.database.unit_of_work() as session:
        kari = person_named(session, desk.kickoff_id, "Kari")
        row = session.get_one(Deliverable, one)
        records.change(session, DELIVERABLES, row, {"owner_id": kari.id})
    activity = desk.activity("closing")
    push(desk, "closing.confirm", activity=activity, deliverable=one, owner_name="Ola")
    with desk.database.unit_of_work() as session:
        records.remove(session, PEOPLE, session.get_one(Person, kari.id))
    push(desk, "room.reset")
    again = deliverable(desk, one)
    assert (again.owner_id, again.confirmed_at) == (None, None)


def test_the_kickoffs_other_rooms_hear_that_nobody_stands_up_any_more(desk: Desk) -> None:
    (one,) = planned(desk, "Portalen")
    with desk.database.unit_of_work() as session:
        other = new_room(session, desk.kickoff_id)
        before = other.revision
        deliverables.unconfirm(
            session, desk.kickoff_id, [deliverables.as_it_was(session.get_one(Deliverable, one))]
        )
    with desk.database.reading() as session:
        assert session.get_one(Room, other.id).revision > before


def test_phones_know_whose_group_an_action_is_wherever_its_card_stands(desk: Desk) -> None:
    board = desk.activity("sprint_board", mode="named")
    assert desk.count(desk.vote(board, do="add", text="Ring kundene")) == [None]
    with desk.database.reading() as session:
        card = session.exec(select(Entry).where(Entry.activity_id == board)).one()
    with desk.database.unit_of_work() as session:
        source = {"source_activity_id": board, "source_entry_id": card.id}
        create_action(session, desk.kickoff_id, title=card.text, **source)
    desk.activity("closing")
    ((_, actions),) = [(each.owner, each.actions) for each in Closing.by_owner(room(desk))]
    # The column is another one after each vote, which does not make a room read its plan anew.
    assert (actions[0].place, (card.place or "").partition("/")[0]) == ("all", "all")
