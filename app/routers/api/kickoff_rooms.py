"""A kickoff's rooms: one is made with it, more where the day is held in several places."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response
from pydantic import BaseModel, ConfigDict, StrictBool
from sqlmodel import Session, select

from app.access import Permission
from app.errors import NotFound
from app.models.fields import Line
from app.models.rooms import Room, RoomStatus
from app.operations.rooms import lock_rooms, new_room, plan_changed, remove_room
from app.routers.api import API
from app.routers.conditions import (
    Answer,
    IdempotencyKey,
    IfMatch,
    IfNoneMatch,
    answered,
    etag,
    once_asked,
    require_match,
    writing,
)
from app.routers.paging import Cursor, Limit, page_of
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.routers.schemas import encoded, json_answer, problems
from app.web.hosts import public_url

router = APIRouter(prefix=f"{API}/kickoffs/{{kickoff_id}}/rooms", tags=["rooms"])

See = Annotated[Asked, needs(Permission.SEE_PLAN)]
Manage = Annotated[Asked, needs(Permission.MANAGE_KICKOFF)]


class RoomFields(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Line = ""
    ask_name: StrictBool = True
    assigns_teams: StrictBool = False


class RoomShown(BaseModel):
    """Where people join: by typing `code`, or at `join_url` (the QR code's address)."""

    id: str
    version: int
    created_at: datetime
    updated_at: datetime
    kickoff_id: str
    name: str
    code: str
    join_url: str
    spoken_word: str
    status: RoomStatus
    locked: bool
    ask_name: bool
    assigns_teams: bool


class RoomPage(BaseModel):
    items: list[RoomShown]
    next_cursor: str | None = None


@router.get(
    "",
    response_model=RoomPage,
    operation_id="list_rooms",
    responses=problems(401, 403, 404, 422),
)
def listed(
    request: Request,
    kickoff_id: KickoffId,
    asked: See,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    statement = select(Room).where(Room.kickoff_id == kickoff_id)
    with asked.database.reading() as session:
        found, following = page_of(
            session, request, statement, [Room.id], limit=limit, cursor=cursor
        )
    return json_answer({"items": [_shown(request, r) for r in found], "next_cursor": following})


@router.post(
    "",
    status_code=201,
    response_model=RoomShown,
    operation_id="create_rooms",
    responses=problems(401, 403, 404, 409, 422),
)
def create(
    request: Request,
    kickoff_id: KickoffId,
    body: Annotated[RoomFields, Body()],
    asked: Manage,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    def make(session: Session) -> Answer:
        room = new_room(session, kickoff_id, name=body.name)
        room.ask_name, room.assigns_teams = body.ask_name, body.assigns_teams
        session.flush()
        location = f"{request.url.path}/{room.id}"
        return Answer(encoded(_shown(request, room)), etag(room), location)

    return once_asked(
        asked, request, idempotency_key, make, encoded(body.model_dump(mode="json"))
    ).response()


@router.get(
    "/{record_id}",
    response_model=RoomShown,
    operation_id="get_rooms",
    responses=problems(401, 403, 404, 422),
)
def get(
    request: Request,
    kickoff_id: KickoffId,
    record_id: RecordId,
    asked: See,
    if_none_match: IfNoneMatch = None,
) -> Response:
    with asked.database.reading() as session:
        room = _find(session, kickoff_id, record_id)
    return answered(_shown(request, room), etag(room), if_none_match)


@router.patch(
    "/{record_id}",
    response_model=RoomShown,
    operation_id="patch_rooms",
    responses=problems(401, 403, 404, 409, 412, 422, 428),
)
def change(
    request: Request,
    kickoff_id: KickoffId,
    record_id: RecordId,
    body: Annotated[RoomFields, Body()],
    asked: Manage,
    if_match: IfMatch = None,
) -> Response:
    with writing(asked.database) as session:
        room = _find(session, kickoff_id, record_id, to_write=True)
        require_match(room, if_match, lambda: _shown(request, room))
        for name in body.model_fields_set:
            setattr(room, name, getattr(body, name))
        room.has_changed()
        session.flush()
        plan_changed(session, kickoff_id)
    return json_answer(_shown(request, room), etag=etag(room))


@router.delete(
    "/{record_id}",
    status_code=204,
    operation_id="delete_rooms",
    responses=problems(401, 403, 404, 409, 412, 422, 428),
)
def delete(
    request: Request,
    kickoff_id: KickoffId,
    record_id: RecordId,
    asked: Manage,
    if_match: IfMatch = None,
) -> Response:
    """A room in which nothing has happened; a room that was used goes with its kickoff."""
    with writing(asked.database) as session:
        room = _find(session, kickoff_id, record_id, to_write=True)
        require_match(room, if_match, lambda: _shown(request, room))
        remove_room(session, room)
    return Response(status_code=204)


def _find(session: Session, kickoff_id: str, room_id: str, *, to_write: bool = False) -> Room:
    statement = select(Room).where(Room.id == room_id, Room.kickoff_id == kickoff_id)
    if to_write:
        lock_rooms(session, kickoff_id)
    found = session.scalars(statement.with_for_update() if to_write else statement).first()
    if found is None:
        raise NotFound
    return found


def _shown(request: Request, room: Room) -> dict[str, Any]:
    root = public_url(request.scope, request.app.state.settings)
    told = {name: getattr(room, name) for name in RoomShown.model_fields if name != "join_url"}
    return told | {"join_url": f"{root}/j/{room.secret}/"}
