"""After a rehearsal a room begins anew: nobody in it, nothing answered, the plan as it was.

Seen red: without the new epoch a phone kept showing the rehearsal's figures, for they were higher.
"""

from datetime import timedelta

import pytest
from sqlmodel import select

from app import clock
from app.errors import Conflict
from app.live import loading
from app.live.loading import Outside
from app.live.mine import read
from app.models.activities import Activity, Ballot, Entry, Receipt
from app.models.kickoffs import Kickoff
from app.models.rooms import Participant, Room, RoomEvent
from app.operations.derived import today_in
from tests.live.conftest import Desk
from tests.live.test_endings import asked, push
from tests.live.test_undoing import room_of, with_blocks


def rehearse(desk: Desk) -> tuple[str, str]:
    """A day in the middle of it: a prepared question that was answered, and one asked ad hoc."""
    with_blocks(desk, "Først", "Så")
    prepared = desk.activity("choice", status="draft", options=["Ja", "Nei"])
    push(desk, "room.start")
    push(desk, "activity.open", activity=prepared)
    with desk.database.reading() as session:
        option = session.exec(select(Entry.id).where(Entry.activity_id == prepared)).first()
    assert desk.count(desk.vote(prepared, options=[option])) == [None]
    push(desk, "activity.new_round", activity=prepared)
    ad_hoc = asked(desk, open=True)
    assert desk.count(desk.vote(ad_hoc, text="hei")) == [None]
    return prepared, ad_hoc


def plan_for_another_day(desk: Desk) -> None:
    with desk.database.unit_of_work() as session:
        kickoff = session.get_one(Kickoff, desk.kickoff_id)
        kickoff.day = clock.now().date() + timedelta(days=30)


def test_a_rehearsal_leaves_nothing_but_the_plan(desk: Desk) -> None:
    plan_for_another_day(desk)
    prepared, ad_hoc = rehearse(desk)
    before = room_of(desk)
    push(desk, "room.reset")
    after = room_of(desk)
    assert (after.status, after.block_id, after.stage_activity_id) == ("lobby", None, None)
    assert (after.epoch != before.epoch, after.code, after.undo) == (True, before.code, None)
    with desk.database.reading() as session:
        (draft,) = session.exec(select(Activity)).all()
        assert (draft.status, draft.kind, draft.round, draft.opened_at) == (
            *("draft", "choice", 1, None),
        )
        assert draft.id not in (prepared, ad_hoc)
        options = select(Entry.text).where(Entry.activity_id == draft.id)
        assert sorted(session.exec(options)) == ["Ja", "Nei"]
        for table in (Ballot, Receipt):
            assert session.exec(select(table)).all() == []
        assert [event.name for event in session.exec(select(RoomEvent))] == ["room.reset"]
        left = session.exec(select(Participant)).all()
        assert all(one.removed and not one.name and one.person_id is None for one in left)


def test_phones_of_the_rehearsal_are_out_and_their_answers_reach_nothing(desk: Desk) -> None:
    plan_for_another_day(desk)
    prepared, _ = rehearse(desk)
    late = desk.vote(prepared, 1, options=[])
    push(desk, "room.reset")
    assert desk.count(late) != [None]
    with desk.database.reading() as session:
        asked_for = [(desk.room_id, one) for one in desk.people]
        assert read(session, desk.vault, asked_for) == {}
        snapshot, _ = loading.load(session, desk.room_id, Outside("", now_ms=clock.now_ms()))
    assert snapshot.participants == 0


def test_keys_of_what_was_asked_have_no_activity_any_more(desk: Desk) -> None:
    """So that they are destroyed (`keys`)."""
    plan_for_another_day(desk)
    rehearse(desk)
    push(desk, "room.reset")
    with desk.database.reading() as session:
        known = set(session.exec(select(Activity.id)))
    assert desk.vault.held()
    assert not desk.vault.held() & known


@pytest.mark.parametrize("today", [True, False])
def test_a_day_that_runs_is_not_reset(desk: Desk, today: bool) -> None:
    if today:
        with desk.database.unit_of_work() as session:
            kickoff = session.get_one(Kickoff, desk.kickoff_id)
            kickoff.day = today_in(kickoff)
    with_blocks(desk, "Først")
    push(desk, "room.start")
    with pytest.raises(Conflict, match="End it first"):
        push(desk, "room.reset")
    push(desk, "room.end")
    push(desk, "room.reset")
    assert room_of(desk).status == "lobby"


def test_what_was_jumped_over_is_skipped_and_nothing_else(desk: Desk) -> None:
    _, _, three, _, five = with_blocks(desk, "1", "2", "3", "4", "5")
    push(desk, "room.start")
    push(desk, "agenda.goto", block=five)
    push(desk, "room.undo")
    push(desk, "agenda.goto", block=three)
    push(desk, "agenda.next")
    assert states(desk) == [("done", False), ("done", True), ("done", False), ("now", False)]


def states(desk: Desk) -> list[tuple[str, bool]]:
    with desk.database.reading() as session:
        snapshot, _ = loading.load(session, desk.room_id, Outside("", now_ms=clock.now_ms()))
    return [(block.state, block.skipped) for block in snapshot.blocks[:4]]


def test_present_is_who_is_connected(desk: Desk) -> None:
    push(desk, "participant.people", participant=desk.people[0], people=6)
    here = frozenset(desk.people[:2])
    with desk.database.reading() as session:
        alone, _ = loading.load(session, desk.room_id, Outside("", connected=here))
        one_of_two, _ = loading.load(
            session, desk.room_id, Outside("", connected=here, alone=False)
        )
    assert (alone.present, alone.participants) == (7, 8)
    assert one_of_two.present is None


def test_undo_names_what_it_takes_back(desk: Desk) -> None:
    with_blocks(desk, "Først")
    push(desk, "room.start")
    push(desk, "agenda.extend", minutes=5)
    with desk.database.reading() as session:
        room = session.get_one(Room, desk.room_id)
        snapshot, _ = loading.load(session, room.id, Outside(""))
    assert (snapshot.undo_name, snapshot.undo_data) == ("agenda.extend", {"minutes": 5})
