"""Access to one kickoff: roles of people, tokens of programs, links of projectors.

A secret is shown once, on the page that the form leads to, and nowhere else: it travels there in a
cookie (app.web.flash), never in an address.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from sqlmodel import select
from starlette.datastructures import FormData

from app.access import MEMBER_ROLES, Permission, Scope, scopes_from
from app.errors import Conflict, Fault, Invalid
from app.i18n import gettext
from app.models.faults import validated
from app.models.fields import Fields, Title
from app.models.organisations import members_of, projector_links_of, tokens_of
from app.models.rooms import Room
from app.operations import accounts, members
from app.routers.conditions import writing
from app.routers.forms import Posted, faults_by_name, text_of
from app.routers.pages.page import go_to, page
from app.routers.permissions import Asked, KickoffId, needs
from app.web import flash
from app.web.hosts import public_url

router = APIRouter(prefix="/kickoffs/{kickoff_id}/access", include_in_schema=False)

Manage = Annotated[Asked, needs(Permission.MANAGE_ACCESS)]


class Named(Fields):
    """What tokens and links are told apart by."""

    name: Title


@router.get("")
def show(request: Request, asked: Manage) -> Response:
    key = request.app.state.settings.signing_key
    shown = flash.take(request.scope, key, reader=asked.actor.id, page=_here(asked))
    answer = _page(request, asked, shown=shown)
    if shown:
        flash.forget(answer, request.scope)
    return answer


@router.post("/members")
def invite(request: Request, form: Posted, asked: Manage) -> Response:
    email, role = text_of(form, "email"), text_of(form, "role")
    try:
        with writing(asked.database) as session:
            user, secret = members.invite(
                session,
                asked.its_kickoff,
                by=asked.actor,
                email=email,
                name=text_of(form, "name").strip()[:200],
                role=role,
            )
    except (Invalid, Conflict) as error:
        return _page(request, asked, faults=error, form_of="members", typed=_typed(form))
    if secret is None:
        return go_to(_here(asked), said="saved", part="members")
    address = f"{_root(request)}/sign-in/{secret}"
    return _show_once(request, asked, "sign_in", user.name, address)


@router.post("/members/{user_id}")
def change_role(request: Request, user_id: str, form: Posted, asked: Manage) -> Response:
    try:
        with writing(asked.database) as session:
            members.change_role(
                session, asked.its_kickoff, user_id=user_id, role=text_of(form, "role")
            )
    except (Invalid, Conflict) as error:
        # The fault is of a row of the table, not of the form below it.
        return _page(request, asked, faults=error)
    return go_to(_here(asked), said="saved", part="members")


@router.post("/tokens")
def make_token(request: Request, kickoff_id: KickoffId, form: Posted, asked: Manage) -> Response:
    scopes = scopes_from(str(value) for value in form.getlist("scope"))
    try:
        name = validated(Named, {"name": text_of(form, "name")}).name
        if not scopes:
            raise Invalid(faults=[Fault("/scope", gettext("Choose what the token may do."))])
        with writing(asked.database) as session:
            _, secret = accounts.new_token(
                session,
                organisation_id=asked.its_kickoff.organisation_id,
                kickoff_id=kickoff_id,
                name=name,
                scopes=scopes,
                created_by=asked.actor.id,
            )
    except Invalid as error:
        return _page(request, asked, faults=error, form_of="tokens", typed=_typed(form))
    return _show_once(request, asked, "token", name, secret)


@router.post("/tokens/{token_id}/revoke")
def revoke_token(token_id: str, asked: Manage) -> Response:
    with writing(asked.database) as session:
        members.revoke_token(session, asked.its_kickoff, token_id)
    return go_to(_here(asked), said="revoked", part="tokens")


@router.post("/projectors")
def make_link(request: Request, form: Posted, asked: Manage) -> Response:
    try:
        name = validated(Named, {"name": text_of(form, "name")}).name
        with writing(asked.database) as session:
            rooms = session.scalars(_rooms(asked.its_kickoff.id)).all()
            room_id = text_of(form, "room_id")
            if room_id not in [room.id for room in rooms]:
                sentence = gettext("Choose one of the given values.")
                raise Invalid(faults=[Fault("/room_id", sentence)])
            _, secret = accounts.new_projector_link(session, room_id, name)
    except Invalid as error:
        return _page(request, asked, faults=error, form_of="projectors", typed=_typed(form))
    return _show_once(request, asked, "projector", name, f"{_root(request)}/p/{secret}")


@router.post("/projectors/{link_id}/revoke")
def revoke_link(link_id: str, asked: Manage) -> Response:
    with writing(asked.database) as session:
        members.revoke_projector_link(session, asked.its_kickoff, link_id)
    return go_to(_here(asked), said="revoked", part="projectors")


def _page(
    request: Request,
    asked: Asked,
    *,
    shown: Mapping[str, str] | None = None,
    faults: Invalid | Conflict | None = None,
    form_of: str = "",
    typed: Mapping[str, Any] | None = None,
) -> Response:
    kickoff = asked.its_kickoff
    with asked.database.reading() as session:
        found = session.execute(members_of(kickoff.id)).all()
        rooms = session.scalars(_rooms(kickoff.id)).all()
        tokens = session.scalars(tokens_of(kickoff.id)).all()
        links = session.scalars(projector_links_of([room.id for room in rooms])).all()
    return page(
        request,
        "access/show.html",
        status=faults.status if faults else 200,
        kickoff=kickoff,
        asked=asked,
        members=[(user, member.role) for member, user in found],
        roles=MEMBER_ROLES,
        scopes=list(Scope),
        tokens=tokens,
        links=links,
        rooms=rooms,
        shown=shown,
        errors=faults_by_name(faults.faults) if isinstance(faults, Invalid) else {},
        last_owner=isinstance(faults, Conflict),
        form_of=form_of,
        typed=typed or {},
    )


def _show_once(request: Request, asked: Asked, kind: str, name: str, secret: str) -> Response:
    answer = go_to(_here(asked))
    flash.keep(
        answer,
        request.scope,
        request.app.state.settings.signing_key,
        {"kind": kind, "name": name, "secret": secret},
        reader=asked.actor.id,
        page=_here(asked),
    )
    return answer


def _typed(form: FormData) -> dict[str, Any]:
    """What comes back with a fault; the scopes as a list, for there are several."""
    scope = [str(value) for value in form.getlist("scope")]
    return {name: text_of(form, name) for name in ("email", "name", "role", "room_id")} | {
        "scope": scope
    }


def _rooms(kickoff_id: str) -> Any:
    return select(Room).where(Room.kickoff_id == kickoff_id).order_by(Room.id)


def _root(request: Request) -> str:
    return public_url(request.scope, request.app.state.settings)


def _here(asked: Asked) -> str:
    return f"/kickoffs/{asked.its_kickoff.id}/access"
