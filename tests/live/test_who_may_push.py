"""Who may push what: asked before anything is locked, and of what is of the command's kind alone.

Seen red with: a pin that revealed a word cloud, a board's frame on a stream of questions, an
attendee who locked any activity by its id, another's answer told for the id of another's command.
"""

from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from app import ids
from app.access import Actor, Role
from app.errors import IdReused, NotAllowed, NotFound
from app.live import commands
from app.live.activity import registry
from app.models.activities import Activity, Entry
from app.models.rooms import Room
from app.operations.rooms import new_room
from tests.live.conftest import Desk
from tests.live.test_endings import TABLE

OF_KINDS = [f"{kind}.{verb}" for kind, logic in registry().items() for verb in logic.commands]


@pytest.mark.parametrize("name", OF_KINDS)
def test_a_kinds_command_does_nothing_to_what_is_of_another_kind(desk: Desk, name: str) -> None:
    other = desk.activity("words", mode="named")
    desk.count(desk.vote(other, text="ord"))
    before = written(desk, other)
    fields = TABLE[name].data.model_fields
    data = {"entry": before[1][0], "card": before[1][0], "columns": ["A", "B"], "activity": other}
    data |= {"owner": "Kari", "next_step": "Noe", "deliverable": "x", "deliverables": []}
    data |= {"entries": [before[1][0]], "column": 0, "text": "Noe", "title": "Noe", "board": "all"}
    with pytest.raises(NotFound):
        send(
            desk,
            name,
            attendee(desk) if not TABLE[name].steers else facilitator(desk),
            **{field: value for field, value in data.items() if field in fields},
        )
    assert written(desk, other) == before


def test_an_attendee_is_refused_what_is_a_facilitators_before_anything_is_asked(
    desk: Desk,
) -> None:
    activity = desk.activity()
    with statements(desk) as asked, pytest.raises(NotAllowed):
        send(desk, "activity.close", attendee(desk), activity=activity)
    assert asked == []


def test_nobody_locks_what_is_not_of_the_own_room(each_desk: Desk) -> None:
    desk = each_desk
    with desk.database.unit_of_work() as session:
        elsewhere = new_room(session, desk.kickoff_id)
        session.flush()
        board = Activity(
            kickoff_id=desk.kickoff_id, room_id=elsewhere.id, kind="sprint_board", title="?"
        )
        session.add(board)
    with statements(desk) as asked, pytest.raises(NotFound):
        send(desk, "sprint_board.act", attendee(desk), activity=board.id, card="x")
    assert not [told for told in asked if "pg_advisory" in told]


def test_what_one_attendee_was_answered_is_told_to_no_other(desk: Desk) -> None:
    activity = desk.activity("team_close", mode="named")
    data = {"activity": activity, "owner": "Kari", "next_step": "Ringe"}
    command_id = ids.secret()
    first = send(desk, "team_close.state", attendee(desk), command_id, **data)
    assert send(desk, "team_close.state", attendee(desk), command_id, **data) == first
    with pytest.raises(IdReused):
        send(desk, "team_close.state", attendee(desk, 1), command_id, **data)


def attendee(desk: Desk, who: int = 0) -> Actor:
    roles = {desk.kickoff_id: Role.ATTENDEE}
    return Actor(id=desk.people[who], roles=roles, room_id=desk.room_id)


def facilitator(desk: Desk) -> Actor:
    return Actor(id="f", name="F", roles={desk.kickoff_id: Role.FACILITATOR})


def send(
    desk: Desk, name: str, actor: Actor, command_id: str | None = None, **data: Any
) -> dict[str, Any]:
    with desk.database.reading() as session:
        rev = session.get_one(Room, desk.room_id).control
    return commands.execute(
        desk.database,
        desk.vault,
        TABLE,
        room_id=desk.room_id,
        actor=actor,
        name=name,
        command_id=command_id or ids.secret(),
        rev=rev,
        data=data,
    )


def written(desk: Desk, activity: str) -> tuple[dict[str, Any], tuple[Any, ...]]:
    with desk.database.reading() as session:
        entry = session.exec(select(Entry).where(Entry.activity_id == activity)).one()
        row = session.get_one(Activity, activity)
        return row.model_dump(), (entry.id, entry.text, entry.state, entry.data)


class statements:  # noqa: N801 -- reads as a function
    """The statements that writers send meanwhile."""

    def __init__(self, desk: Desk) -> None:
        self.engine, self.asked = desk.database.write_engine, list[str]()

    def __enter__(self) -> list[str]:
        event.listen(self.engine, "before_cursor_execute", self._note)
        return self.asked

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, *told: Any) -> None:
        self.asked.append(told[2])
