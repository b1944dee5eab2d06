"""What the room does to the plan is in its history: a facilitator by name, an attendee as the room.

Seen red: with the attendee's own actor in it, their id stood beside the time of what they sent.
"""

import orjson
from sqlmodel import col, select

from app.models.history import RecordChange
from tests.live.conftest import Desk
from tests.live.test_endings import push
from tests.live.test_top_obstacles import attendee, opened, rank, to, write


def rows(desk: Desk) -> list[RecordChange]:
    with desk.database.reading() as session:
        return list(session.exec(select(RecordChange).order_by(col(RecordChange.id))))


def test_a_facilitator_is_named_and_an_attendee_is_the_room(desk: Desk) -> None:
    push(desk, "note.decide", text="Vi starter i mars")
    activity = opened(desk)
    entry = write(desk, activity, "For lite tid")[0]
    to(desk, activity, "rank")
    rank(desk, activity, 0, entry)
    to(desk, activity, "own")
    attendee(desk, 1, "top_obstacles.take", activity=activity, entry=entry, name="Kari")
    told = [(row.entity, row.done, row.author_kind, row.author_id) for row in rows(desk)]
    assert told[0] == ("decisions", "created", "token", "token")
    assert set(told[1:]) == {
        ("people", "created", "room", ""),
        ("actions", "created", "room", ""),
    }


def test_no_vote_and_no_phone_is_ever_in_it(desk: Desk) -> None:
    activity = opened(desk)
    entry = write(desk, activity, "For lite tid")[0]
    to(desk, activity, "rank")
    assert rank(desk, activity, 2, entry) is None
    assert rows(desk) == []
    to(desk, activity, "own")
    attendee(desk, 1, "top_obstacles.take", activity=activity, entry=entry, name="Kari")
    written = orjson.dumps([row.model_dump(mode="json") for row in rows(desk)]).decode()
    assert "For lite tid" in written  # it is the action's title
    assert not [phone for phone in desk.people if phone in written]
