"""The room over HTTP: joining, its state, and the published result of an activity."""

from collections.abc import Mapping
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel

from app.access import Permission
from app.errors import NotFound, NotSignedIn
from app.live import roles, state
from app.live.admission import admit
from app.live.live import Live
from app.live.roles import View
from app.live.room import Room
from app.live.snapshot import ActivityView, RoomSnapshot
from app.routers.permissions import declares
from app.routers.schemas import NewParticipant

router = APIRouter(prefix="/rooms", tags=["rooms"])
Code = Annotated[str, Path(description="the typed code, or the QR code's secret", max_length=64)]


class AdmittedParticipant(BaseModel):
    participant_id: str
    token: str


@router.post(
    "/{code}/participants",
    status_code=201,
    response_model=AdmittedParticipant,
    operation_id="join_room",
    dependencies=[declares(Permission.JOIN)],
)
async def join(code: Code, body: NewParticipant, request: Request) -> Any:
    """Become an attendee. No bearer token is needed; the answer's token proves who you are from
    now on."""
    live: Live = request.app.state.live
    room = await live.rooms.find(code)
    participant_id, token = await admit(
        live, room, name=body.name, team=body.team, people=body.people
    )
    told = orjson.dumps({"participant_id": participant_id, "token": token})
    return Response(told, 201, media_type="application/json")


@router.get("/{code}", operation_id="get_room", dependencies=[declares(Permission.JOIN)])
async def room_state(code: Code, request: Request) -> dict[str, Any]:
    """The room as the asker's role sees it; without a token, as an attendee does."""
    view, whole = await _seen(request, code)
    told = state.state_of(roles.seen_by(view, whole), view)
    return {
        "epoch": whole.epoch,
        "rev": whole.revision,
        "now": request.app.state.live.now_ms(),
        **told,
    }


@router.get(
    "/{code}/activities/{activity_id}/result",
    operation_id="get_result",
    dependencies=[declares(Permission.JOIN)],
)
async def result(code: Code, activity_id: str, request: Request) -> dict[str, Any]:
    """The published result, computed from the ballots; a facilitator's token sees it before it is
    published."""
    activity = await _activity(request, code, activity_id)
    told = state.result_of(activity)
    if told is None:
        raise NotFound("its result is not published", code="not_published")
    return {
        "activity": activity.id,
        "kind": activity.kind,
        "round": activity.round,
        "status": activity.status,
        **told,
    }


@router.get(
    "/{code}/activities/{activity_id}/entries",
    operation_id="get_entries",
    dependencies=[declares(Permission.JOIN)],
)
async def entries(code: Code, activity_id: str, request: Request, response: Response) -> Any:
    """What attendees wrote, as far as the asker may see it. Cacheable by ETag."""
    view, whole = await _seen(request, code)
    activity = _find(roles.seen_by(view, whole), activity_id)
    listed = (
        activity.entries
        if view is View.CONSOLE
        else activity.logic.public_entries(activity.config, activity.entries)
    )
    told = {"items": state.entries_of(tuple(listed))}
    tag = f'"{state.digest(told)}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"etag": tag})
    response.headers["etag"] = tag
    return told


async def _activity(request: Request, code: str, activity_id: str) -> ActivityView:
    view, whole = await _seen(request, code)
    return _find(roles.seen_by(view, whole), activity_id)


def _find(room: RoomSnapshot, activity_id: str) -> ActivityView:
    found = next((activity for activity in room.activities if activity.id == activity_id), None)
    if found is None:
        raise NotFound
    return found


async def _seen(request: Request, code: str) -> tuple[View, RoomSnapshot]:
    """The room, looked at now, and the view that the asker's token gives."""
    live: Live = request.app.state.live
    room = await live.rooms.find(code)
    view = await _view(live, room, request.headers)
    return view, await room.fresh(max_age=0.0)


async def _view(live: Live, room: Room, headers: Mapping[str, str]) -> View:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or live.participant_of(token, room.id):
        return View.PHONE
    actor = await live.off_loop(live.actor_of, {"authorization": f"Bearer {token}"}, {})
    if actor.id == "":
        raise NotSignedIn
    return await live.view_of(actor, room, None)
