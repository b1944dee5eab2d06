"""The room over HTTP: joining, its state, and the published result of an activity."""

from collections.abc import Mapping
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Header, Path, Request, Response
from pydantic import BaseModel

from app.access import Permission
from app.errors import NotFound, NotPublished, NotSignedIn
from app.i18n import language
from app.live import roles, state
from app.live.admission import admit
from app.live.live import Live
from app.live.renderings import Key
from app.live.roles import View
from app.live.room import Room
from app.live.snapshot import ActivityView, RoomSnapshot
from app.live.wire import JSON_DIALECT
from app.routers.api import API
from app.routers.conditions import IfNoneMatch, names
from app.routers.description import WITHOUT_TOKEN
from app.routers.permissions import declares
from app.routers.schemas import NewParticipant, problems

router = APIRouter(prefix=f"{API}/rooms", tags=["rooms"])
Code = Annotated[str, Path(description="the typed code, or the QR code's secret", max_length=64)]
ActivityId = Annotated[str, Path(description="the activity", max_length=36)]
JoiningKey = Annotated[
    str | None,
    Header(min_length=8, max_length=200, description="the same key in one room: the same attendee"),
]
JOIN = [declares(Permission.JOIN)]
SEEN = problems(401, 404, 422, 429)


class AdmittedParticipant(BaseModel):
    participant_id: str
    token: str


@router.post(
    "/{code}/participants",
    status_code=201,
    response_model=AdmittedParticipant,
    operation_id="join_room",
    dependencies=JOIN,
    responses=problems(404, 409, 422, 429),
    openapi_extra=WITHOUT_TOKEN,
)
async def join(
    code: Code, body: NewParticipant, request: Request, idempotency_key: JoiningKey = None
) -> Any:
    """Become an attendee. No bearer token is needed; the answer's token proves who you are from
    now on. Who sends the same Idempotency-Key is the same attendee: make it as hard to guess as a
    password."""
    live: Live = request.app.state.live
    room = await live.rooms.find(code)
    participant_id, token = await admit(
        live, room, name=body.name, team=body.team, people=body.people, key=idempotency_key
    )
    told = orjson.dumps({"participant_id": participant_id, "token": token})
    return Response(told, 201, media_type="application/json")


@router.get(
    "/{code}",
    operation_id="get_room",
    response_model=dict[str, Any],
    dependencies=JOIN,
    responses=SEEN,
    openapi_extra=WITHOUT_TOKEN,
)
async def room_state(code: Code, request: Request) -> Response:
    """The room as the asker's role sees it; without a token, as an attendee does."""
    live: Live = request.app.state.live
    room, view, whole = await _seen(request, code)
    told = await room.rendering(Key(view, language(), JSON_DIALECT), whole)
    place = {"epoch": whole.epoch, "rev": whole.revision, "now": live.now_ms()}
    return _json({**place, **told.parts["state"]})


@router.get(
    "/{code}/activities/{activity_id}/result",
    operation_id="get_result",
    response_model=dict[str, Any],
    dependencies=JOIN,
    responses=SEEN,
    openapi_extra=WITHOUT_TOKEN,
)
async def result(code: Code, activity_id: ActivityId, request: Request) -> Response:
    """The published result, computed from the ballots; a facilitator's token sees it before it is
    published."""
    _, view, whole = await _seen(request, code)
    activity = _find(roles.seen_by(view, whole), activity_id)
    told = state.result_of(activity)
    if told is None:
        raise NotPublished
    return _json(
        {
            "activity": activity.id,
            "kind": activity.kind,
            "round": activity.round,
            "status": activity.status,
            **told,
        }
    )


@router.get(
    "/{code}/activities/{activity_id}/entries",
    operation_id="get_entries",
    response_model=dict[str, Any],
    dependencies=JOIN,
    responses=SEEN,
    openapi_extra=WITHOUT_TOKEN,
)
async def entries(
    code: Code, activity_id: ActivityId, request: Request, if_none_match: IfNoneMatch = None
) -> Response:
    """What attendees wrote, as far as the asker may see it. Cacheable by ETag."""
    live: Live = request.app.state.live
    _, view, whole = await _seen(request, code)
    activity = _find(roles.seen_by(view, whole), activity_id)
    told, tag = await live.off_loop(_entries, activity)
    if if_none_match is not None and names(if_none_match, tag):
        return Response(status_code=304, headers={"etag": tag})
    return _json(told, etag=tag)


def _entries(activity: ActivityView) -> tuple[dict[str, Any], str]:
    """Those that this view may see, and their ETag."""
    told = {"items": state.entries_of(activity.entries)}
    return told, f'"{state.digest(told)}"'


def _find(room: RoomSnapshot, activity_id: str) -> ActivityView:
    found = next((activity for activity in room.activities if activity.id == activity_id), None)
    if found is None:
        raise NotFound
    return found


async def _seen(request: Request, code: str) -> tuple[Room, View, RoomSnapshot]:
    """The room, looked at now, and the view that the asker's token gives. Whoever needs no token
    for that cannot make the room look as often as they like."""
    live: Live = request.app.state.live
    room = await live.rooms.find(code)
    view = await _view(live, room, request.headers)
    whole = await (room.paced() if view is View.PHONE else room.fresh(max_age=0.0))
    return room, view, whole


def _json(told: dict[str, Any], **headers: str) -> Response:
    return Response(orjson.dumps(told), 200, headers, media_type="application/json")


async def _view(live: Live, room: Room, headers: Mapping[str, str]) -> View:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or live.participant_of(token, room.id):
        return View.PHONE
    actor = await live.off_loop(live.actor_of, {"authorization": f"Bearer {token}"}, {})
    if actor.id == "":
        raise NotSignedIn
    return await live.view_of(actor, room, None)
