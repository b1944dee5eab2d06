"""Deliveries of a kickoff: its channels with a test for each, when people may be disturbed, and
every message with its tries and failures."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import ValidationError
from sqlmodel import col, select

from app.access import Permission
from app.errors import Conflict, Fault, Invalid
from app.i18n import gettext
from app.models.faults import validated
from app.models.webhooks import Fate, Outgoing, Speaks, Webhook
from app.notify import webhooks
from app.notify.addresses import policy_of
from app.notify.webhooks import WebhookFields, sentence_of
from app.operations import deliveries, outbox
from app.operations.notice_kinds import KINDS
from app.routers.changes import BY_NAME
from app.routers.conditions import writing
from app.routers.forms import Posted, faults_by_name, text_of
from app.routers.notice_settings import NoticeSettingsSaid, save_settings, shown_settings
from app.routers.pages.page import go_to, page
from app.routers.permissions import Asked, KickoffId, RecordId, needs

router = APIRouter(prefix="/kickoffs/{kickoff_id}/deliveries", include_in_schema=False)

Manage = Annotated[Asked, needs(Permission.MANAGE_WEBHOOKS)]
ON_A_PAGE = 50


@router.get("")
def show(
    request: Request,
    asked: Manage,
    fate: Annotated[str, Query(max_length=10)] = "",
    before: Annotated[str, Query(max_length=36)] = "",
) -> Response:
    return _page(request, asked, fate=fate if fate in set(Fate) else "", before=before)


@router.post("/channels")
def make_channel(request: Request, kickoff_id: KickoffId, form: Posted, asked: Manage) -> Response:
    settings = request.app.state.settings
    typed = {"name": text_of(form, "name"), "url": text_of(form, "url").strip()}
    speaks = text_of(form, "speaks")
    try:
        if speaks not in (Speaks.SLACK, Speaks.TEAMS):
            raise Invalid(faults=[Fault("/speaks", gettext("Choose one of them."))])
        said = validated(WebhookFields, typed)
        webhooks.check_address(said.url, policy_of(settings.webhook_networks))
        with writing(asked.database) as session:
            webhooks.make(
                session,
                settings.signing_key,
                kickoff_id,
                name=said.name,
                url=said.url,
                speaks=Speaks(speaks),
            )
    except (Invalid, Conflict) as error:
        return _page(request, asked, faults=error, typed={**typed, "speaks": speaks})
    return go_to(_here(asked), said="channel_made", part="channels")


@router.post("/channels/{record_id}/test")
def test_channel(kickoff_id: KickoffId, record_id: RecordId, asked: Manage) -> Response:
    with writing(asked.database) as session:
        outbox.tell_a_test(session, webhooks.find(session, kickoff_id, record_id))
    return go_to(_here(asked), said="webhook_tested", part="messages")


@router.post("/channels/{record_id}/remove")
def remove_channel(kickoff_id: KickoffId, record_id: RecordId, asked: Manage) -> Response:
    with writing(asked.database) as session:
        session.delete(webhooks.find(session, kickoff_id, record_id))
    return go_to(_here(asked), said="removed", part="channels")


@router.post("/mail-test")
def test_mail(kickoff_id: KickoffId, asked: Manage) -> Response:
    """To whoever asks for it."""
    if asked.actor.is_token:
        raise Conflict
    with writing(asked.database) as session:
        outbox.mail_a_test(session, kickoff_id, asked.actor.id)
    return go_to(_here(asked), said="webhook_tested", part="messages")


@router.post("/settings")
def set_hours(request: Request, kickoff_id: KickoffId, form: Posted, asked: Manage) -> Response:
    typed = {
        "language": text_of(form, "language") or None,
        "by_mail": "by_mail" in form,
        "opens_at": text_of(form, "opens_at"),
        "closes_at": text_of(form, "closes_at"),
        "on_days_off": "on_days_off" in form,
    }
    try:
        said = NoticeSettingsSaid.model_validate(typed)
    except ValidationError:
        # Times that a time field sends are times: what is left is their order.
        fault = Fault("/closes_at", gettext("Choose a time later than the first."))
        return _page(request, asked, faults=Invalid(faults=[fault]), hours=typed)
    with writing(asked.database) as session:
        save_settings(session, kickoff_id, said)
    return go_to(_here(asked), said="saved", part="hours")


@router.post("/{record_id}/resend")
def resend(kickoff_id: KickoffId, record_id: RecordId, asked: Manage) -> Response:
    with writing(asked.database) as session:
        deliveries.resend(session, kickoff_id, record_id)
    return go_to(_here(asked), said="resent", part="messages")


def _page(
    request: Request,
    asked: Asked,
    *,
    fate: str = "",
    before: str = "",
    faults: Invalid | Conflict | None = None,
    typed: Mapping[str, object] | None = None,
    hours: Mapping[str, object] | None = None,
) -> Response:
    kickoff = asked.its_kickoff
    own = select(Webhook).where(col(Webhook.kickoff_id) == kickoff.id).order_by(col(Webhook.id))
    with asked.database.reading() as session:
        channels = session.scalars(own).all()
        rows = deliveries.newest(session, kickoff.id, fate=fate, before=before, most=ON_A_PAGE + 1)
        found = deliveries.told(session, rows[:ON_A_PAGE])
        counted = deliveries.counts(session, kickoff.id)
        out_of_reach = deliveries.owners_out_of_reach(session, kickoff.id)
        said = shown_settings(session, kickoff.id).model_dump()
    return page(
        request,
        "deliveries/show.html",
        status=faults.status if faults else 200,
        kickoff=kickoff,
        asked=asked,
        channels=channels,
        has_mail=bool(request.app.state.settings.smtp_url),
        deliveries=[(one, sentence_of(one.failure) if one.failure else "") for one in found],
        kinds=KINDS,
        collections={name: entity.many for name, entity in BY_NAME.items()},
        out_of_reach=out_of_reach,
        counted=counted,
        fate=fate,
        before=before,
        older=_older(rows, fate),
        hours=hours or said,
        errors=faults_by_name(faults.faults) if isinstance(faults, Invalid) else {},
        too_many=isinstance(faults, Conflict),
        typed=typed or {"name": "", "speaks": "slack"},
    )


def _older(rows: list[Outgoing], fate: str) -> str:
    if len(rows) <= ON_A_PAGE:
        return ""
    chosen = f"fate={fate}&" if fate else ""
    return f"?{chosen}before={rows[ON_A_PAGE - 1].id}#messages"


def _here(asked: Asked) -> str:
    return f"/kickoffs/{asked.its_kickoff.id}/deliveries"
