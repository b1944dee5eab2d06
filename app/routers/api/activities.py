"""A kickoff's activities: prepared here, conducted in the room."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response
from pydantic import BaseModel, ConfigDict, StrictBool
from sqlmodel import Session, select

from app.access import Permission
from app.live import prepared
from app.live.prepared import Config, Options
from app.models.activities import Activity, Entry, Mode
from app.models.fields import Id, Title
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

router = APIRouter(prefix=f"{API}/kickoffs/{{kickoff_id}}/activities", tags=["activities"])

See = Annotated[Asked, needs(Permission.SEE_PLAN)]
Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]


class ActivityCreate(prepared.ActivityFields):
    """What is asked, of whom, and how."""


class ActivityPatch(BaseModel):
    """While it is a draft."""

    model_config = ConfigDict(extra="forbid")

    title: Title | None = None
    mode: Mode | None = None
    config: Config | None = None
    options: Options | None = None
    block_id: Id | None = None
    live: StrictBool | None = None


class OptionShown(BaseModel):
    id: str
    text: str


class ActivityShown(BaseModel):
    """An activity as the plan has it; its result is under /api/v1/rooms/{code}."""

    id: str
    version: int
    created_at: datetime
    updated_at: datetime
    kickoff_id: str
    room_id: str
    block_id: str | None
    position: str
    kind: str
    title: str
    mode: Mode
    config: dict[str, Any]
    options: list[OptionShown]
    status: str
    stage: str | None
    revealed: bool
    live: bool
    round: int


class ActivityPage(BaseModel):
    items: list[ActivityShown]
    next_cursor: str | None = None


@router.get(
    "",
    response_model=ActivityPage,
    operation_id="list_activities",
    responses=problems(401, 403, 404, 422),
)
def listed(
    request: Request,
    kickoff_id: KickoffId,
    asked: See,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    statement = select(Activity).where(Activity.kickoff_id == kickoff_id)
    keys = [Activity.position, Activity.id]
    with asked.database.reading() as session:
        found, following = page_of(session, request, statement, keys, limit=limit, cursor=cursor)
        options = prepared.options_of(session, [one.id for one in found])
    items = [_shown(one, [o for o in options if o.activity_id == one.id]) for one in found]
    return json_answer({"items": items, "next_cursor": following})


@router.post(
    "",
    status_code=201,
    response_model=ActivityShown,
    operation_id="create_activities",
    responses=problems(401, 403, 404, 409, 422),
)
def create(
    request: Request,
    kickoff_id: KickoffId,
    body: Annotated[ActivityCreate, Body()],
    asked: Edit,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    values = body.model_dump(exclude_unset=True)

    def make(session: Session) -> Answer:
        activity = prepared.prepare_activity(session, kickoff_id, values)
        location = f"{request.url.path}/{activity.id}"
        return Answer(encoded(_with_options(session, activity)), etag(activity), location)

    sent = encoded(body.model_dump(mode="json", exclude_unset=True))
    return once_asked(asked, request, idempotency_key, make, sent).response()


@router.get(
    "/{record_id}",
    response_model=ActivityShown,
    operation_id="get_activities",
    responses=problems(401, 403, 404, 422),
)
def get(
    kickoff_id: KickoffId, record_id: RecordId, asked: See, if_none_match: IfNoneMatch = None
) -> Response:
    with asked.database.reading() as session:
        activity = prepared.find_activity(session, kickoff_id, record_id)
        shown = _with_options(session, activity)
    return answered(shown, etag(activity), if_none_match)


@router.patch(
    "/{record_id}",
    response_model=ActivityShown,
    operation_id="patch_activities",
    responses=problems(401, 403, 404, 409, 412, 422, 428),
)
def change(
    kickoff_id: KickoffId,
    record_id: RecordId,
    body: Annotated[ActivityPatch, Body()],
    asked: Edit,
    if_match: IfMatch = None,
) -> Response:
    changes = body.model_dump(exclude_unset=True)
    with writing(asked.database) as session:
        activity = prepared.find_activity(session, kickoff_id, record_id, to_write=True)
        require_match(activity, if_match, lambda: _with_options(session, activity))
        prepared.change_prepared(session, activity, changes)
        shown = _with_options(session, activity)
    return json_answer(shown, etag=etag(activity))


@router.delete(
    "/{record_id}",
    status_code=204,
    operation_id="delete_activities",
    responses=problems(401, 403, 404, 409, 412, 422, 428),
)
def delete(
    kickoff_id: KickoffId, record_id: RecordId, asked: Edit, if_match: IfMatch = None
) -> Response:
    with writing(asked.database) as session:
        activity = prepared.find_activity(session, kickoff_id, record_id, to_write=True)
        require_match(activity, if_match, lambda: _with_options(session, activity))
        prepared.remove_prepared(session, activity)
    return Response(status_code=204)


def _with_options(session: Session, activity: Activity) -> dict[str, Any]:
    return _shown(activity, prepared.options_of(session, [activity.id]))


def _shown(activity: Activity, options: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        name: getattr(activity, name) for name in ActivityShown.model_fields if name != "options"
    }
    told["options"] = [_option(entry) for entry in options]
    return told


def _option(entry: Entry) -> dict[str, str]:
    return {"id": entry.id, "text": entry.text}
