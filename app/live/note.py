"""The shared note: decisions and assumptions, written in seconds while the talk goes on (L11).

They are the plan's own records. What no longer holds is superseded; none is taken back by undo, and
none is removed, but for those of a rehearsal (reset).
"""

from datetime import date
from typing import Annotated, Any

from pydantic import Field
from sqlmodel import col, select

from app.access import Permission
from app.errors import NotFound
from app.i18n import mark
from app.live.activity import Model, Said
from app.live.commands import Command, Move
from app.models.assumptions import Assumption
from app.models.decisions import Decision
from app.models.fields import Id, Kept, Line, Title
from app.models.rooms import Screen
from app.operations import people, records
from app.operations.entities import ASSUMPTIONS, DECISIONS, Entity

Day = Annotated[date | None, Said]


class Write(Model):
    """`owner_name`: somebody on the people list, or who is put on it with this. `date`: when it
    fell; today, where nobody says another day. `due`: of an assumption, when it is looked at."""

    text: Title
    owner_id: Annotated[Id | None, Said] = None
    owner_name: Line = ""
    date: Day = None
    due: Day = None
    show: bool = False


class Supersede(Write):
    note: str = Field(max_length=36)


class Shown(Model):
    note: str | None = Field(default=None, max_length=36)


def decide(move: Move, data: Write) -> dict[str, Any]:
    return _written(move, DECISIONS, data)


def assume(move: Move, data: Write) -> dict[str, Any]:
    return _written(move, ASSUMPTIONS, data)


def supersede(move: Move, data: Supersede) -> dict[str, Any]:
    """What holds from now on; what held until now stays, and points at it."""
    entity, before = _note(move, data.note)
    was_shown = move.room.screen == Screen.NOTE and move.room.shown_note_id == before.id
    answer = _written(move, entity, data, before=before)
    if was_shown:
        _show(move, answer["note"])
    return answer


def show(move: Move, data: Shown) -> None:
    """Over the picture on the projector, until it is taken away or something else is shown."""
    if data.note is not None:
        _, note = _note(move, data.note)
        _show(move, note.id)
        move.event_data["title"] = note.title  # type: ignore[attr-defined]  # both have one
    elif move.room.screen == Screen.NOTE:
        move.room.screen = Screen.SHOW


def _written(
    move: Move, entity: Entity, data: Write, *, before: Kept | None = None
) -> dict[str, Any]:
    session, kickoff_id = move.session, move.room.kickoff_id
    owner_id = people.meant(session, kickoff_id, person_id=data.owner_id, name=data.owner_name)
    fell_on, due = _days(entity)
    values = {"title": data.text, "owner_id": owner_id, fell_on: data.date, due: data.due}
    if before is None:
        made = records.create(session, entity, kickoff_id, values)
    else:
        made = records.supersede(session, entity, before, values)
    assert isinstance(made, Kept)
    made.source_room_id = move.room.id
    move.event_data["made"] = made.id
    if data.show:
        _show(move, made.id)
    return {"note": made.id}


def _days(entity: Entity) -> tuple[str, str]:
    """What the two dates are called in the entity's own words."""
    return ("decided_on", "due") if entity is DECISIONS else ("noted_on", "check_by")


def _show(move: Move, note_id: str) -> None:
    move.room.shown_note_id, move.room.screen = note_id, Screen.NOTE


def _note(move: Move, note_id: str) -> tuple[Entity, Kept]:
    """A decision or an assumption of this kickoff, locked until the commit."""
    tables: tuple[tuple[Entity, type[Kept]], ...] = (
        (DECISIONS, Decision),
        (ASSUMPTIONS, Assumption),
    )
    for entity, table in tables:
        wanted = select(table).where(
            col(table.id) == note_id, col(table.kickoff_id) == move.room.kickoff_id
        )
        found = move.session.scalars(wanted.with_for_update()).first()
        if found is not None:
            return entity, found
    raise NotFound(mark("There is no such note."))


FACILITATE = Permission.FACILITATE

COMMANDS = {
    "note.decide": Command(decide, FACILITATE, Write, premise=False),
    "note.assume": Command(assume, FACILITATE, Write, premise=False),
    "note.supersede": Command(supersede, FACILITATE, Supersede, premise=False),
    "note.show": Command(show, FACILITATE, Shown, premise=False, undoable=True),
}
