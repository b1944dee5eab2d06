"""Webhooks: who is told of the plan's changes, how the last messages went, and a test message.

The signing secret is shown once, on the page that the form leads to (app.web.flash).
"""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from sqlmodel import col, select

from app.access import Permission
from app.errors import Conflict, Invalid
from app.models.faults import validated
from app.models.webhooks import Outgoing, Speaks, Webhook
from app.notify import webhooks
from app.notify.addresses import policy_of
from app.notify.webhooks import WebhookFields, sentence_of
from app.operations import outbox
from app.routers.conditions import writing
from app.routers.forms import Posted, faults_by_name, text_of
from app.routers.pages.page import go_to, page
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.web import flash

router = APIRouter(prefix="/kickoffs/{kickoff_id}/webhooks", include_in_schema=False)

Manage = Annotated[Asked, needs(Permission.MANAGE_WEBHOOKS)]
LAST_MESSAGES = 20


@router.get("")
def show(request: Request, asked: Manage) -> Response:
    key = request.app.state.settings.signing_key
    shown = flash.take(request.scope, key, reader=asked.actor.id, page=_here(asked))
    answer = _page(request, asked, shown=shown)
    if shown:
        flash.forget(answer, request.scope)
    return answer


@router.post("")
def make(request: Request, kickoff_id: KickoffId, form: Posted, asked: Manage) -> Response:
    settings = request.app.state.settings
    try:
        typed = {"name": text_of(form, "name"), "url": text_of(form, "url").strip()}
        said = validated(WebhookFields, typed)
        webhooks.check_address(said.url, policy_of(settings.webhook_networks))
        with writing(asked.database) as session:
            _, secret = webhooks.make(
                session, settings.signing_key, kickoff_id, name=said.name, url=said.url
            )
    except (Invalid, Conflict) as error:
        return _page(request, asked, faults=error, name=text_of(form, "name"))
    answer = go_to(_here(asked))
    flash.keep(
        answer,
        request.scope,
        settings.signing_key,
        {"name": said.name, "secret": secret},
        reader=asked.actor.id,
        page=_here(asked),
    )
    return answer


@router.post("/{record_id}/test")
def test(kickoff_id: KickoffId, record_id: RecordId, asked: Manage) -> Response:
    with writing(asked.database) as session:
        outbox.tell_a_test(session, webhooks.find(session, kickoff_id, record_id))
    return go_to(_here(asked), said="webhook_tested", part="messages")


@router.post("/{record_id}/remove")
def remove(kickoff_id: KickoffId, record_id: RecordId, asked: Manage) -> Response:
    with writing(asked.database) as session:
        session.delete(webhooks.find(session, kickoff_id, record_id))
    return go_to(_here(asked), said="removed")


def _page(
    request: Request,
    asked: Asked,
    *,
    shown: dict[str, str] | None = None,
    faults: Invalid | Conflict | None = None,
    name: str = "",
) -> Response:
    kickoff = asked.its_kickoff
    is_own = (col(Webhook.kickoff_id) == kickoff.id, col(Webhook.speaks) == Speaks.SIGNED)
    own = select(Webhook).where(*is_own).order_by(col(Webhook.id))
    last = (
        select(Outgoing, Webhook.name)
        .join(Webhook, col(Webhook.id) == col(Outgoing.webhook_id))
        .where(*is_own)
        .order_by(col(Outgoing.id).desc())
        .limit(LAST_MESSAGES)
    )
    with asked.database.reading() as session:
        found = session.scalars(own).all()
        messages = session.execute(last).all()
    return page(
        request,
        "webhooks/show.html",
        status=faults.status if faults else 200,
        kickoff=kickoff,
        asked=asked,
        webhooks=found,
        messages=[
            (message, of, sentence_of(message.failure) if message.failure else "")
            for message, of in messages
        ],
        shown=shown,
        errors=faults_by_name(faults.faults) if isinstance(faults, Invalid) else {},
        too_many=isinstance(faults, Conflict),
        name=name,
    )


def _here(asked: Asked) -> str:
    return f"/kickoffs/{asked.its_kickoff.id}/webhooks"
