"""The facilitator's console and the projector's view of a room."""

import json
import re
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import col, select
from starlette.datastructures import FormData

from app import ids, rendering
from app.access import NOBODY, Actor, Permission, allowed, require
from app.database import Database
from app.errors import Invalid, KickoffError, NotFound, NotSignedIn
from app.live import parts, wire
from app.live.activity import ready_made
from app.live.live import Live
from app.live.ready import BLOCKS
from app.live.roles import View, seen_by
from app.models.kickoffs import Kickoff
from app.models.rooms import Room
from app.routers.identity import PROJECTOR_COOKIE, of_projector
from app.routers.permissions import Asked, asks_itself
from app.web import cookies
from app.web.hosts import can_be_read
from app.web.sentences import sentence

router = APIRouter(include_in_schema=False)

_WHOLE = re.compile(r"-?\d{1,15}", re.ASCII)

Facilitates = Annotated[Asked, asks_itself(Permission.FACILITATE)]
SeesProjector = Annotated[Asked, asks_itself(Permission.SEE_PROJECTOR)]


def may(database: Database, actor: Actor, room_id: str, permission: Permission) -> tuple[str, bool]:
    """(the kickoff, whether the actor may facilitate), or refused."""
    with database.reading() as session:
        found = session.exec(
            select(Kickoff)
            .join(Room, col(Room.kickoff_id) == col(Kickoff.id))
            .where(col(Room.id) == room_id)
        ).first()
    if found is None or (actor.room_id is not None and actor.room_id != room_id):
        raise NotFound
    if actor == NOBODY:
        raise NotSignedIn
    where = {"kickoff_id": found.id, "organisation_id": found.organisation_id}
    require(actor, permission, **where)
    return found.id, allowed(actor, Permission.FACILITATE, **where)


@router.get("/rooms/{room_id}/console/")
async def console(
    room_id: str,
    request: Request,
    asked: Facilitates,
    fault: str = "",
) -> Response:
    live: Live = request.app.state.live
    try:
        await live.off_loop(may, live.database, asked.actor, room_id, Permission.FACILITATE)
    except NotSignedIn:
        return RedirectResponse(f"/sign-in?next={request.url.path}", 303)
    whole = await live.rooms.get(room_id).fresh(max_age=0, with_people=True)
    seen = seen_by(View.CONSOLE, whole)
    page = await rendering.render_apart(
        "live/console.html",
        room=seen,
        ready_activities=ready_made(),
        ready_blocks=BLOCKS,
        fault=sentence(fault) if fault else "",
        network_can_be_read=can_be_read(request.scope, live.settings),
    )
    return HTMLResponse(page)


@router.post("/rooms/{room_id}/console/commands/{name}")
async def command(room_id: str, name: str, request: Request, asked: Facilitates) -> Response:
    """A push by plain form: the console works without JavaScript."""
    live: Live = request.app.state.live
    form = await request.form()
    control = str(form.get("control", ""))
    try:
        await live.command(
            room_id,
            asked.actor,
            name=name,
            command_id=ids.secret(),
            rev=int(control) if control.isdecimal() and len(control) < 16 else -1,
            data=_data_of(live, name, dict(form.multi_items()), _several(form)),
        )
    except KickoffError as error:
        if error.status in (401, 403, 404):
            raise
        return RedirectResponse(f"/rooms/{room_id}/console/?fault={error.code}", 303)
    return RedirectResponse(f"/rooms/{room_id}/console/", 303)


@router.get("/rooms/{room_id}/console/parts/{activity_id}/{name}")
async def part(
    room_id: str,
    activity_id: str,
    name: str,
    request: Request,
    asked: Facilitates,
    of: str = "",
) -> Response:
    """A fragment that a kind's script asks for when it is needed. Without a script it is a page."""
    live: Live = request.app.state.live
    await live.off_loop(may, live.database, asked.actor, room_id, Permission.FACILITATE)
    room = live.rooms.get(room_id)
    whole = await room.fresh(max_age=0)
    html = await parts.rendered(
        room,
        whole,
        View.CONSOLE,
        activity_id,
        name,
        of=of[:36],
        alone="text/html" in request.headers.get("accept", ""),
    )
    return HTMLResponse(html, headers={"cache-control": "no-store"})


@router.get("/rooms/{room_id}/projector/")
async def projector(room_id: str, request: Request, asked: SeesProjector) -> Response:
    live: Live = request.app.state.live
    try:
        _, facilitates = await live.off_loop(
            may, live.database, asked.actor, room_id, Permission.SEE_PROJECTOR
        )
    except NotSignedIn:
        return RedirectResponse(f"/sign-in?next={request.url.path}", 303)
    whole = await live.rooms.get(room_id).fresh(max_age=0)
    seen = seen_by(View.PROJECTOR, whole)
    page = await rendering.render_apart(
        "live/projector.html", room=seen, may_facilitate=facilitates
    )
    return HTMLResponse(page)


@router.get("/projector")
def projector_of_link(request: Request, asked: SeesProjector) -> Response:
    """Where a projector link ends: its cookie says which room, to whoever is signed in as well."""
    secret = cookies.read(request.scope, PROJECTOR_COOKIE) or ""
    with asked.database.reading() as session:
        link = of_projector(session, secret)
    if link is None:
        raise NotFound
    return RedirectResponse(f"/rooms/{link.room_id}/projector/", 303)


def _several(form: FormData) -> dict[str, list[str]]:
    """Fields that stand in the form more than once, such as the names of columns."""
    told = {name: [str(value) for value in form.getlist(name)] for name in form}
    return {name: values for name, values in told.items() if len(values) > 1}


def _data_of(
    live: Live, name: str, fields: dict[str, Any], several: dict[str, list[str]]
) -> dict[str, Any]:
    """A form's fields as a command's data: `data` holds what the button says, the rest is typed.

    A dot in a name makes a part, as in live.js: `config.multiple`, `counts.id.OPTION`.
    """
    known = live.commands.get(name)
    if known is None:
        raise Invalid
    data = _of_the_button(str(fields.get("data", "{}")))
    for field, declared in known.data.model_fields.items():
        if field in several and str(declared.annotation).startswith("list["):
            data[field] = several[field]
        elif field in fields and field != "data":
            data[field] = _value(declared.annotation, str(fields[field]))
    for field, typed in fields.items():
        match field.split(".", 2):
            case ["config", key]:
                _part(data, "config", dict)[key] = str(typed)
            case ["counts", by, which]:
                counts = _part(data, "counts", list)
                if str(typed).strip():
                    counts.append({by: which, "count": str(typed)})
    if not wire.can_be_kept(data):
        raise Invalid
    return data


def _of_the_button(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise Invalid from None
    if not isinstance(data, dict):
        raise Invalid
    return data


def _part(data: dict[str, Any], name: str, kind: type[dict[str, Any]] | type[list[Any]]) -> Any:
    """The part of the data that a field with a dot belongs to; the button may have begun it."""
    found = data.setdefault(name, kind())
    if not isinstance(found, kind):
        raise Invalid
    return found


def _value(annotation: Any, text: str) -> Any:
    if annotation is int and _WHOLE.fullmatch(text.strip()):
        return int(text)
    if annotation is bool:
        return text in ("on", "true", "1")
    if str(annotation).startswith("list["):
        return [line.strip() for line in text.splitlines() if line.strip()]
    return text
