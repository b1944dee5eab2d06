"""Webhooks over REST, and their messages: how the last ones went, and a test.

An owner manages them, and a token whose scope says so.
"""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from app.access import Permission
from app.models.fields import Title
from app.models.webhooks import Fate, Outgoing, Speaks, Webhook
from app.notify import webhooks
from app.notify.addresses import policy_of
from app.notify.webhooks import Url
from app.operations import outbox
from app.operations.listing import Key
from app.routers.api import API
from app.routers.conditions import (
    Answer,
    IdempotencyKey,
    IfMatch,
    etag,
    once_asked,
    require_match,
    writing,
)
from app.routers.paging import Cursor, Limit, page_of
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.routers.schemas import encoded, json_answer, problems

router = APIRouter(prefix=f"{API}/kickoffs/{{kickoff_id}}/webhooks", tags=["webhooks"])

Manage = Annotated[Asked, needs(Permission.MANAGE_WEBHOOKS)]


class WebhookCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Title
    url: Url
    speaks: Annotated[
        Literal[Speaks.SIGNED, Speaks.SLACK, Speaks.TEAMS],
        Field(description="signed: of every change; slack and teams: notices for people"),
    ] = Speaks.SIGNED


class WebhookShown(BaseModel):
    """Messages are signed as https://www.standardwebhooks.com says; their `type` is the collection
    and what was done, as in "goals.changed"."""

    id: str
    version: int = Field(description="the ETag")
    created_at: datetime
    name: str
    speaks: Speaks
    host: str = Field(description="all that is shown of the address")


class WebhookMade(WebhookShown):
    secret: str = Field(
        description="messages are signed with it; told once, and empty where a POST is repeated, "
        "and for slack and teams"
    )


class WebhookPage(BaseModel):
    items: list[WebhookShown]
    next_cursor: str | None = None


class WebhookMessage(BaseModel):
    """One message to the webhook. What was delivered or given up is forgotten after 30 days."""

    id: str = Field(description="the header `webhook-id`, the same at each attempt")
    change_id: str | None = Field(description="what it tells of; null is a test")
    at: datetime
    due_at: datetime = Field(description="of the next attempt, while it waits")
    attempts: int
    fate: Fate
    failure: str = Field(description="what was in the way at the last attempt; empty: nothing")


class WebhookMessagePage(BaseModel):
    items: list[WebhookMessage]
    next_cursor: str | None = None


@router.get(
    "",
    response_model=WebhookPage,
    operation_id="list_webhooks",
    responses=problems(401, 403, 404, 422),
)
def listed(
    request: Request,
    kickoff_id: KickoffId,
    asked: Manage,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    wanted = select(Webhook).where(col(Webhook.kickoff_id) == kickoff_id)
    with asked.database.reading() as session:
        found, following = page_of(
            session, request, wanted, [Webhook.id], limit=limit, cursor=cursor
        )
    return json_answer({"items": [_shown(one) for one in found], "next_cursor": following})


@router.post(
    "",
    status_code=201,
    response_model=WebhookMade,
    operation_id="create_webhook",
    responses=problems(401, 403, 404, 409, 422),
)
def create(
    request: Request,
    kickoff_id: KickoffId,
    body: Annotated[WebhookCreate, Body()],
    asked: Manage,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    settings = request.app.state.settings
    webhooks.check_address(body.url, policy_of(settings.webhook_networks))
    told: dict[str, Any] = {}

    def make(session: Session) -> Answer:
        made, secret = webhooks.make(
            session,
            settings.signing_key,
            kickoff_id,
            name=body.name,
            url=body.url,
            speaks=body.speaks,
        )
        told.update(_shown(made), secret=secret)
        # What is remembered of it has no secret.
        remembered = encoded({**_shown(made), "secret": ""})
        return Answer(remembered, etag(made), f"{request.url.path}/{made.id}")

    answer = once_asked(
        asked, request, idempotency_key, make, encoded(body.model_dump(mode="json"))
    )
    return (replace(answer, body=encoded(told)) if told else answer).response()


@router.get(
    "/{record_id}",
    response_model=WebhookShown,
    operation_id="get_webhook",
    responses=problems(401, 403, 404, 422),
)
def one(kickoff_id: KickoffId, record_id: RecordId, asked: Manage) -> Response:
    with asked.database.reading() as session:
        webhook = webhooks.find(session, kickoff_id, record_id)
    return json_answer(_shown(webhook), etag=etag(webhook))


@router.get(
    "/{record_id}/messages",
    response_model=WebhookMessagePage,
    operation_id="list_webhook_messages",
    responses=problems(401, 403, 404, 422),
)
def messages(
    request: Request,
    kickoff_id: KickoffId,
    record_id: RecordId,
    asked: Manage,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """The newest first."""
    with asked.database.reading() as session:
        webhook = webhooks.find(session, kickoff_id, record_id)
        wanted = select(Outgoing).where(col(Outgoing.webhook_id) == webhook.id)
        newest = [Key(Outgoing.id, descending=True)]
        found, following = page_of(session, request, wanted, newest, limit=limit, cursor=cursor)
    return json_answer({"items": [_told(one) for one in found], "next_cursor": following})


@router.post(
    "/{record_id}/messages",
    status_code=201,
    response_model=WebhookMessage,
    operation_id="send_webhook_test",
    responses=problems(401, 403, 404, 409, 422),
)
def send_a_test(
    request: Request,
    kickoff_id: KickoffId,
    record_id: RecordId,
    asked: Manage,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """A message of the type `webhook.test`, on its way at once."""

    def make(session: Session) -> Answer:
        webhook = webhooks.find(session, kickoff_id, record_id)
        return Answer(encoded(_told(outbox.tell_a_test(session, webhook))))

    return once_asked(asked, request, idempotency_key, make).response()


@router.delete(
    "/{record_id}",
    status_code=204,
    operation_id="delete_webhook",
    responses=problems(401, 403, 404, 409, 412, 422, 428),
)
def delete(
    kickoff_id: KickoffId, record_id: RecordId, asked: Manage, if_match: IfMatch = None
) -> Response:
    with writing(asked.database) as session:
        webhook = webhooks.find(session, kickoff_id, record_id)
        require_match(webhook, if_match, lambda: _shown(webhook))
        session.delete(webhook)
    return Response(status_code=204)


def _told(message: Outgoing) -> dict[str, Any]:
    return {name: getattr(message, name) for name in WebhookMessage.model_fields}


def _shown(webhook: Webhook) -> dict[str, Any]:
    return {name: getattr(webhook, name) for name in WebhookShown.model_fields}
