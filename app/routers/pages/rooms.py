"""A kickoff's rooms for people: one more, its name, and how people come in."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import TypeAdapter
from sqlmodel import Session, select

from app.access import Permission
from app.errors import NotFound
from app.models.fields import Line
from app.models.rooms import Room
from app.operations.rooms import lock_rooms, new_room, plan_changed
from app.routers.conditions import writing
from app.routers.forms import Posted, text_of
from app.routers.pages.page import go_to, page
from app.routers.permissions import Asked, KickoffId, RecordId, needs

router = APIRouter(include_in_schema=False)

Manage = Annotated[Asked, needs(Permission.MANAGE_KICKOFF)]
_name: TypeAdapter[str] = TypeAdapter(Line)


@router.post("/kickoffs/{kickoff_id}/rooms")
def add(kickoff_id: KickoffId, asked: Manage) -> Response:
    with writing(asked.database) as session:
        room = new_room(session, kickoff_id)
    return go_to(f"/kickoffs/{kickoff_id}/rooms/{room.id}/edit")


@router.get("/kickoffs/{kickoff_id}/rooms/{record_id}/edit")
def edited(request: Request, record_id: RecordId, asked: Manage) -> Response:
    with asked.database.reading() as session:
        room = _find(session, asked.its_kickoff.id, record_id)
    return page(request, "rooms/form.html", kickoff=asked.its_kickoff, asked=asked, room=room)


@router.post("/kickoffs/{kickoff_id}/rooms/{record_id}/edit")
def save(kickoff_id: KickoffId, record_id: RecordId, form: Posted, asked: Manage) -> Response:
    with writing(asked.database) as session:
        lock_rooms(session, kickoff_id)
        room = _find(session, kickoff_id, record_id)
        room.name = _name.validate_python(text_of(form, "name")[:200])
        room.ask_name = bool(text_of(form, "ask_name"))
        room.assigns_teams = bool(text_of(form, "assigns_teams"))
        room.has_changed()
        session.add(room)
        session.flush()
        plan_changed(session, kickoff_id)
    return go_to(f"/kickoffs/{kickoff_id}", said="saved", part=f"room-{record_id}")


def _find(session: Session, kickoff_id: str, room_id: str) -> Room:
    wanted = select(Room).where(Room.id == room_id, Room.kickoff_id == kickoff_id)
    found = session.scalars(wanted).first()
    if found is None:
        raise NotFound
    return found
