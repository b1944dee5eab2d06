"""L3: what a facilitator's moves leave behind, by the one way in which they are carried out."""

import re
from typing import Any

import pytest
from sqlmodel import col, select

from app import rendering
from app.errors import Conflict, Invalid, NotFound
from app.i18n import speaking
from app.live import day, loading, roles
from app.live.loading import Outside
from app.live.roles import View
from app.models.activities import Activity, Entry
from app.models.agenda import AgendaBlock
from app.models.kickoffs import Kickoff
from app.models.rooms import Room
from app.operations import records
from app.operations.entities import AGENDA_BLOCKS
from tests.live.conftest import Desk
from tests.live.test_endings import push


def planned(desk: Desk, *titles: str) -> list[str]:
    """The ids of new blocks, half an hour each."""
    with desk.database.unit_of_work() as session:
        return [
            records.create(
                session, AGENDA_BLOCKS, desk.kickoff_id, {"title": title, "minutes": 30}
            ).id
            for title in titles
        ]


def room_of(desk: Desk) -> Room:
    with desk.database.reading() as session:
        return session.get_one(Room, desk.room_id)


def titles(desk: Desk) -> list[str]:
    wanted = select(AgendaBlock).order_by(col(AgendaBlock.position), col(AgendaBlock.id))
    with desk.database.reading() as session:
        return [block.title for block in session.exec(wanted)]


def clock_of(desk: Desk) -> tuple[int | None, int | None]:
    """(ends at, left) as every screen shows it."""
    with desk.database.reading() as session:
        room = session.get_one(Room, desk.room_id)
        kickoff = session.get_one(Kickoff, desk.kickoff_id)
        blocks = [(block, None) for block in session.exec(select(AgendaBlock)).all()]
    shown = day.blocks_of(room, kickoff, blocks)
    clock = day.clock_of(room, next(block for block in shown if block.state == "now"))
    assert clock
    return clock.ends_at, clock.left_ms


def test_a_day_that_ended_in_a_pause_and_begins_again_has_a_running_clock(desk: Desk) -> None:
    planned(desk, "A")
    for name in ("room.start", "agenda.pause"):
        push(desk, name)
    left = room_of(desk).paused_left_ms
    for name in ("room.end", "room.start"):
        push(desk, name)
    ends_at, standing = clock_of(desk)
    assert standing is None, "the clock stands still, and nothing can move it"
    assert ends_at
    assert left
    assert ends_at >= left
    push(desk, "agenda.pause")
    push(desk, "agenda.resume")


@pytest.mark.parametrize("before", [(), ("room.start", "room.end")])
def test_going_to_a_block_begins_the_day_or_takes_it_up_again(
    desk: Desk, before: tuple[str, ...]
) -> None:
    _, second = planned(desk, "A", "B")
    for name in before:
        push(desk, name)
    push(desk, "agenda.goto", block=second)
    room = room_of(desk)
    assert (room.status, room.block_id) == ("live", second)
    assert room.started_at is not None
    assert room.ended_at is None


def test_the_running_block_is_not_deleted(desk: Desk) -> None:
    first, second, third = planned(desk, "A", "B", "C")
    push(desk, "room.start")
    push(desk, "agenda.next")

    def delete(block_id: str) -> None:
        with desk.database.unit_of_work() as session:
            block = records.find(session, AGENDA_BLOCKS, desk.kickoff_id, block_id, to_write=True)
            records.remove(session, AGENDA_BLOCKS, block)

    with pytest.raises(Conflict, match="running"):
        delete(second)
    delete(first)
    push(desk, "agenda.next")
    assert room_of(desk).block_id == third


def test_a_block_is_put_in_where_two_have_one_place(desk: Desk) -> None:
    planned(desk, "A", "B", "C")
    with desk.database.unit_of_work() as session:
        blocks = session.exec(select(AgendaBlock).order_by(col(AgendaBlock.position))).all()
        blocks[1].position = blocks[0].position
    order = titles(desk)
    push(desk, "room.start")
    push(desk, "agenda.insert", title="Neu")
    assert titles(desk) == [order[0], "Neu", *order[1:]]


# ---- hands, entries


def choice(desk: Desk) -> tuple[str, list[str]]:
    made = push(desk, "activity.create", kind="choice", title="?", options=["A", "B"], open=True)
    activity = str(made["activity"])
    wanted = select(Entry.id).where(Entry.activity_id == activity).order_by(col(Entry.position))
    with desk.database.reading() as session:
        return activity, list(session.exec(wanted))


def test_hands_for_one_option_are_counted_once(desk: Desk) -> None:
    activity, options = choice(desk)
    counts = [{"id": options[0], "count": 1}, {"id": options[0], "count": 2}]
    with pytest.raises(Invalid):
        push(desk, "activity.hands", activity=activity, counts=counts)
    push(desk, "activity.hands", activity=activity, counts=counts[:1])


def test_what_a_constraint_refuses_is_a_conflict(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity, options = choice(desk)

    class Careless(set[Any]):
        def __contains__(self, what: object) -> bool:
            return False

    monkeypatch.setattr("app.live.conduct.set", Careless, raising=False)
    counts = [{"id": options[0], "count": 1}, {"id": options[0], "count": 2}]
    with pytest.raises(Conflict):
        push(desk, "activity.hands", activity=activity, counts=counts)


def test_an_option_is_no_text_to_be_hidden(desk: Desk) -> None:
    activity, options = choice(desk)
    with pytest.raises(NotFound):
        push(desk, "entry.hide", activity=activity, entry=options[0])


def test_what_somebody_wrote_can_be_hidden(desk: Desk) -> None:
    made = push(desk, "activity.create", kind="open_text", title="?", open=True)
    assert desk.count(desk.vote(made["activity"], text="ja")) == [None]
    with desk.database.reading() as session:
        entry = session.exec(select(Entry)).one()
    push(desk, "entry.hide", activity=made["activity"], entry=entry.id)
    with desk.database.reading() as session:
        assert session.exec(select(Entry.state)).one() == "hidden"


# ---- ETags


def version(desk: Desk, activity: str) -> int:
    with desk.database.reading() as session:
        return session.get_one(Activity, activity).version


@pytest.mark.parametrize("name", ["room.lock", "room.rotate_code", "room.start", "room.end"])
def test_a_room_that_is_shown_otherwise_has_another_version(desk: Desk, name: str) -> None:
    before = room_of(desk).version
    push(desk, name)
    assert room_of(desk).version == before + 1


def test_a_room_that_is_shown_as_before_keeps_its_version(desk: Desk) -> None:
    before = room_of(desk).version
    push(desk, "screen.set", screen="join")
    assert room_of(desk).version == before


@pytest.mark.parametrize(
    "name, data",
    [
        ("activity.reveal", {}),
        ("activity.hide", {}),
        ("activity.live", {"live": True}),
        ("activity.close", {}),
    ],
)
def test_an_activity_that_is_shown_otherwise_has_another_version(
    desk: Desk, name: str, data: dict[str, Any]
) -> None:
    activity, _ = choice(desk)
    before = version(desk, activity)
    push(desk, name, activity=activity, **data)
    assert version(desk, activity) > before


def test_a_form_that_is_being_filled_in_stays_when_answers_are_shown(desk: Desk) -> None:
    """D15: a phone keeps a form whose version stays; the ETag does not."""
    activity, _ = choice(desk)

    def form() -> str:
        with desk.database.reading() as session:
            room, _ = loading.load(session, desk.room_id, Outside("http://x"))
        shown = next(one for one in roles.seen_by(View.PHONE, room).activities)
        with speaking("nb"):
            page = rendering.render(
                "live/choice/phone.html", room=room, activity=shown, result=None, own=None
            )
        found = re.search(r'data-keep data-version="([^"]+)"', page)
        assert found
        return found[1]

    before = form()
    push(desk, "activity.reveal", activity=activity)
    assert form() == before
    push(desk, "activity.hide", activity=activity)
    push(desk, "activity.new_round", activity=activity)
    with desk.database.unit_of_work() as session:
        for option in session.exec(select(Entry)):
            option.text += "?"
        session.get_one(Room, desk.room_id).revision += 1
    assert form() != before
