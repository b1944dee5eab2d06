"""Deliveries over REST: every message with its tries, sending it again, and when and how a
kickoff's notices go out."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from app.access import Permission
from app.models.webhooks import Fate, Outgoing, Speaks
from app.operations import deliveries
from app.operations.deliveries import Delivery
from app.operations.listing import Key
from app.operations.rooms import lock_rooms
from app.routers.api import API
from app.routers.conditions import (
    Answer,
    IdempotencyKey,
    IfMatch,
    once_asked,
    require_tag,
    tag_of,
    writing,
)
from app.routers.notice_settings import NoticeSettingsSaid, save_settings, shown_settings
from app.routers.paging import Cursor, Limit, page_of
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.routers.schemas import encoded, json_answer, problems

router = APIRouter(prefix=f"{API}/kickoffs/{{kickoff_id}}", tags=["deliveries"])

Manage = Annotated[Asked, needs(Permission.MANAGE_WEBHOOKS)]
NEWEST_FIRST = [Key(Outgoing.id, descending=True)]


class DeliveryShown(BaseModel):
    """Its id is in the header `webhook-id`, or begins the Message-ID, and is the same at each
    attempt. A notice has a `kind`, a change of the plan a `collection`, a test neither."""

    id: str
    at: datetime
    due_at: datetime = Field(description="of the next attempt, while it waits")
    attempts: int
    fate: Fate
    failure: str = Field(description="what was in the way at the last attempt; empty: nothing")
    speaks: Speaks
    recipient: str = Field(description="a person's or a channel's name")
    kind: str
    collection: str
    is_carried: bool = Field(description="it went in one message with others")


class DeliveryPage(BaseModel):
    items: list[DeliveryShown]
    next_cursor: str | None = None


@router.get(
    "/deliveries",
    response_model=DeliveryPage,
    operation_id="list_deliveries",
    responses=problems(401, 403, 404, 422),
)
def listed(
    request: Request,
    kickoff_id: KickoffId,
    asked: Manage,
    fate: Annotated[Fate | None, Query(description="these alone")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """The newest first."""
    wanted = deliveries.of_kickoff(kickoff_id, fate=fate or "")
    with asked.database.reading() as session:
        found, following = page_of(
            session, request, wanted, NEWEST_FIRST, limit=limit, cursor=cursor, asked=fate or ""
        )
        items = [_shown(one) for one in deliveries.told(session, found)]
    return json_answer({"items": items, "next_cursor": following})


@router.post(
    "/deliveries/{record_id}/resend",
    response_model=DeliveryShown,
    operation_id="resend_delivery",
    responses=problems(401, 403, 404, 409, 422),
)
def resend(
    request: Request,
    kickoff_id: KickoffId,
    record_id: RecordId,
    asked: Manage,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Once more, at once, under the same id."""

    def make(session: Session) -> Answer:
        row = deliveries.resend(session, kickoff_id, record_id)
        return Answer(encoded(_shown(deliveries.told(session, [row])[0])), status=200)

    return once_asked(asked, request, idempotency_key, make).response()


@router.get(
    "/notice-settings",
    response_model=NoticeSettingsSaid,
    operation_id="get_notice_settings",
    responses=problems(401, 403, 404, 422),
)
def settings(kickoff_id: KickoffId, asked: Manage) -> Response:
    with asked.database.reading() as session:
        found = shown_settings(session, kickoff_id).model_dump()
    return json_answer(found, etag=tag_of(found))


@router.put(
    "/notice-settings",
    response_model=NoticeSettingsSaid,
    operation_id="put_notice_settings",
    responses=problems(401, 403, 404, 409, 412, 422, 428),
)
def set_settings(
    kickoff_id: KickoffId,
    body: Annotated[NoticeSettingsSaid, Body()],
    asked: Manage,
    if_match: IfMatch = None,
) -> Response:
    with writing(asked.database) as session:
        lock_rooms(session, kickoff_id)  # who saves at the same moment waits, and finds this
        before = shown_settings(session, kickoff_id).model_dump()
        require_tag(tag_of(before), if_match, lambda: before)
        save_settings(session, kickoff_id, body)
    return json_answer(body.model_dump(), etag=tag_of(body.model_dump()))


def _shown(one: Delivery) -> dict[str, Any]:
    return {name: getattr(one, name) for name in DeliveryShown.model_fields}
