"""What was made by a push is taken back with it, unless somebody has answered or it has begun.

Seen red: `activity.create`, `agenda.insert`, `activity.new_round` and the door's lock were outside
undo, and undo took back what had been done before them.
"""

import pytest
from sqlmodel import select

from app.errors import Conflict
from app.models.activities import Activity, HandCount
from app.models.agenda import AgendaBlock
from app.models.rooms import Participant, Room
from app.operations.rooms import new_room
from tests.live.conftest import Desk
from tests.live.test_endings import asked, push, row, scrub_what_is_due


def room_of(desk: Desk) -> Room:
    with desk.database.reading() as session:
        return session.get_one(Room, desk.room_id)


def with_blocks(desk: Desk, *titles: str) -> list[str]:
    """An agenda of sprints, which have three parts each."""
    with desk.database.unit_of_work() as session:
        for number, title in enumerate(titles):
            session.add(
                AgendaBlock(
                    kickoff_id=desk.kickoff_id,
                    title=title,
                    kind="sprint",
                    minutes=60,
                    position=f"a{number}",
                )
            )
        session.flush()
        wanted = select(AgendaBlock.id).order_by(AgendaBlock.position)
        return list(session.exec(wanted))


def test_a_question_that_nobody_answered_is_gone_with_its_undo(desk: Desk) -> None:
    earlier = asked(desk, open=True)
    activity = asked(desk, open=True)
    assert room_of(desk).stage_activity_id == activity
    push(desk, "room.undo")
    with desk.database.reading() as session:
        assert session.get(Activity, activity) is None
    assert room_of(desk).stage_activity_id == earlier


def test_a_question_that_was_answered_is_closed_and_hidden(desk: Desk) -> None:
    activity = asked(desk, open=True, live=True)
    assert desk.count(desk.vote(activity, text="ja")) == [None]
    push(desk, "room.undo")
    kept = row(desk, activity)
    assert (kept.status, kept.revealed, kept.live) == ("closed", False, False)
    assert scrub_what_is_due(desk) == [activity]


def test_a_question_on_the_phones_alone_leaves_the_projector(desk: Desk) -> None:
    first = asked(desk, open=True)
    push(desk, "screen.set", screen="blank")
    asked(desk, open=True, quietly=True)
    assert (room_of(desk).stage_activity_id, room_of(desk).screen) == (first, "blank")


def test_a_new_round_taken_back_shows_the_round_before(desk: Desk) -> None:
    first = asked(desk, open=True, mode="named")
    push(desk, "activity.reveal", activity=first)
    again = push(desk, "activity.new_round", activity=first)["activity"]
    assert (row(desk, first).status, room_of(desk).stage_activity_id) == ("closed", again)
    push(desk, "room.undo")
    with desk.database.reading() as session:
        assert session.get(Activity, again) is None
    assert (row(desk, first).status, row(desk, first).revealed) == ("open", True)
    assert room_of(desk).stage_activity_id == first


def test_a_count_of_hands_taken_back_is_the_count_before(desk: Desk) -> None:
    activity = push(
        desk, "activity.create", kind="scale", title="?", config={"min": 0, "max": 5}, open=True
    )["activity"]
    push(desk, "activity.hands", activity=activity, counts=[{"value": 3, "count": 4}])
    push(desk, "activity.hands", activity=activity, counts=[{"value": 5, "count": 9}])
    push(desk, "room.undo")
    with desk.database.reading() as session:
        assert [(hand.value, hand.count) for hand in session.exec(select(HandCount))] == [(3, 4)]


def test_an_inserted_block_goes_with_what_it_was_to_ask(desk: Desk) -> None:
    push(desk, "room.start")
    block = push(desk, "agenda.insert", title="Mer")["block"]
    with desk.database.unit_of_work() as session:
        session.add(
            Activity(
                kickoff_id=desk.kickoff_id,
                room_id=desk.room_id,
                block_id=block,
                kind="words",
                title="?",
                position="a",
            )
        )
    push(desk, "room.undo")
    with desk.database.reading() as session:
        assert session.exec(select(AgendaBlock)).all() == []
        assert session.exec(select(Activity)).all() == []


def test_an_inserted_block_that_runs_in_another_room_stays(desk: Desk) -> None:
    block = push(desk, "agenda.insert", title="Mer")["block"]
    with desk.database.unit_of_work() as session:
        new_room(session, desk.kickoff_id).block_id = block
    with pytest.raises(Conflict, match="has begun"):
        push(desk, "room.undo")
    with desk.database.reading() as session:
        assert session.get(AgendaBlock, block) is not None


def test_undo_takes_back_the_lock_and_not_what_was_before_it(desk: Desk) -> None:
    with_blocks(desk, "Først", "Så")
    push(desk, "room.start")
    push(desk, "agenda.extend", minutes=5)
    ends_at = room_of(desk).phase_ends_at
    push(desk, "room.lock")
    push(desk, "room.undo")
    assert (room_of(desk).locked, room_of(desk).phase_ends_at) == (False, ends_at)


def test_undo_lets_in_again_who_was_taken_out(desk: Desk) -> None:
    push(desk, "participant.remove", participant=desk.people[0])
    push(desk, "room.undo")
    with desk.database.reading() as session:
        assert not session.get_one(Participant, desk.people[0]).removed


def test_a_new_code_taken_back_is_the_old_one(desk: Desk) -> None:
    before = room_of(desk)
    push(desk, "room.rotate_code")
    assert room_of(desk).code != before.code
    push(desk, "room.undo")
    assert (room_of(desk).code, room_of(desk).secret) == (before.code, before.secret)


def test_what_other_blocks_left_open_is_closed_at_once_and_opened_again(desk: Desk) -> None:
    first, second, third = (asked(desk, open=True) for _ in range(3))
    push(desk, "activity.close_open", activities=[first, second])
    states = [row(desk, one).status for one in (first, second, third)]
    assert states == ["closed", "closed", "open"]
    push(desk, "room.undo")
    assert {row(desk, one).status for one in (first, second, third)} == {"open"}


def test_back_leads_to_where_one_came_from(desk: Desk) -> None:
    first, second = with_blocks(desk, "Først", "Så")
    push(desk, "room.start")
    activity = asked(desk, open=True)
    push(desk, "agenda.next_phase")
    push(desk, "agenda.next_phase")
    assert room_of(desk).phase == 2
    push(desk, "agenda.next")
    assert (room_of(desk).block_id, room_of(desk).stage_activity_id) == (second, None)
    push(desk, "agenda.back")
    there = room_of(desk)
    assert (there.block_id, there.phase, there.stage_activity_id) == (first, 2, activity)
