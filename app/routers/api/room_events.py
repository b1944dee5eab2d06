"""The event log of a room: who did what when, never a ballot. Minutes are drafted from it."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlmodel import col, select

from app.access import Permission
from app.errors import NotFound
from app.models.rooms import Room, RoomEvent
from app.routers.api import API
from app.routers.paging import Cursor, Limit, page_of
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.routers.schemas import json_answer, problems

router = APIRouter(
    prefix=f"{API}/kickoffs/{{kickoff_id}}/rooms/{{record_id}}/events", tags=["rooms"]
)


class EventShown(BaseModel):
    """`at` is server time in ms; `control` is where the room then was; `data` is what the command
    said."""

    id: str
    at: int
    control: int
    actor_name: str
    name: str
    data: dict[str, Any]


class EventPage(BaseModel):
    items: list[EventShown]
    next_cursor: str | None = None


@router.get(
    "",
    response_model=EventPage,
    operation_id="list_room_events",
    responses=problems(401, 403, 404, 422),
)
def listed(
    request: Request,
    kickoff_id: KickoffId,
    record_id: RecordId,
    asked: Annotated[Asked, needs(Permission.FACILITATE)],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Oldest first."""
    with asked.database.reading() as session:
        room = session.scalars(
            select(Room).where(Room.id == record_id, Room.kickoff_id == kickoff_id)
        ).first()
        if room is None:
            raise NotFound
        statement = select(RoomEvent).where(col(RoomEvent.room_id) == record_id)
        found, following = page_of(
            session, request, statement, [RoomEvent.id], limit=limit, cursor=cursor
        )
    shown = [{name: getattr(event, name) for name in EventShown.model_fields} for event in found]
    return json_answer({"items": shown, "next_cursor": following})
