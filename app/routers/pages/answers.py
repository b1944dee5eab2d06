"""What attendees send by plain form, or by a script whose socket cannot get through, and the
fragments that their phones fetch. The same doors as the socket's."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from app import ids
from app.access import Permission
from app.errors import KickoffError, NotAllowed, NotFound
from app.i18n import language
from app.live import parts, submissions, way_in
from app.live.activity import Activity, kind_of
from app.live.admission import correct
from app.live.live import Live
from app.live.renderings import Key
from app.live.roles import View
from app.live.room import Room
from app.live.wire import HTML_DIALECT
from app.routers.forms import Posted, text_of
from app.routers.pages.answer_form import (
    OF_FORMS,
    data_of,
    faults_by_field,
    newcomer,
    number,
    typed_in,
    without_empty,
)
from app.routers.pages.own_page import Own
from app.routers.pages.shared_page import address_after
from app.routers.participants import participant_of
from app.routers.permissions import declares
from app.web.sentences import refusal

router = APIRouter(include_in_schema=False)


@router.post("/j/{code}/answers/{activity_id}", dependencies=[declares(Permission.SUBMIT)])
async def answer(code: str, activity_id: str, request: Request) -> Response:
    """A vote by plain form, or by a script whose socket cannot get through. The same door as the
    socket's."""
    live: Live = request.app.state.live
    room = await way_in.find(live, code, request.scope)
    here = await address_after(room, code)
    wants_json = "application/json" in request.headers.get("accept", "")
    participant_id = await participant_of(live, room, request)
    if participant_id is None:
        if wants_json:
            raise NotAllowed
        return RedirectResponse(here, 303)
    form = await request.form()
    try:
        live.credits.charge(participant_id)
        activity = await _activity(room, activity_id)
        seq = number(str(form.get("seq", "")))
        if seq == "":
            seq = 1 + await live.last_seq(room.id, participant_id, activity_id)
        submit = submissions.of_form(
            id=str(form.get("submission_id", "")) or ids.secret(),
            seq=seq,
            activity=activity_id,
            data=data_of(activity, form),
        )
        vote = submissions.vote(submit, room_id=room.id, participant_id=participant_id)
        await live.ledger.write(vote)
    except KickoffError as error:
        if wants_json:
            return JSONResponse({"code": error.code, "detail": refusal(error)}, error.status)
        # Not a way on: what was written is shown again, with the reason beside it.
        shown = Own(live, room, participant_id, here)
        return await shown.refused(activity_id, typed_in(form), error)
    if wants_json:
        return JSONResponse({"type": "ack", "id": vote.id})
    if activity.shared_writing:
        await room.fresh(max_age=0)  # what one wrote stands on the page that follows
    beside = f"&aside={activity_id}" if activity.aside else ""
    return RedirectResponse(f"{here}?plain=1&saved={vote.activity_id}{beside}", 303)


@router.post("/j/{code}/commands/{name}", dependencies=[declares(Permission.SUBMIT)])
async def command(code: str, name: str, request: Request) -> Response:
    """An attendee's move by plain form, such as taking on what is to be done."""
    live: Live = request.app.state.live
    room = await way_in.find(live, code, request.scope)
    here = await address_after(room, code)
    participant_id = await participant_of(live, room, request)
    if participant_id is None:
        return RedirectResponse(here, 303)
    form = await request.form()
    wants_json = "application/json" in request.headers.get("accept", "")
    data = {field: str(value) for field, value in form.multi_items() if field not in OF_FORMS}
    await room.fresh()
    try:
        live.credits.charge(participant_id)
        actor = live.attendee(room, participant_id)
        assert actor is not None
        command_id = str(form.get("submission_id", "")) or ids.secret()
        answered = await live.command(
            room.id,
            actor,
            name=name,
            command_id=command_id[:64],
            rev=0,
            data=without_empty(data),
        )
    except KickoffError as error:
        if wants_json:
            return JSONResponse({"code": error.code, "detail": refusal(error)}, error.status)
        activity_id = str(form.get("activity", ""))
        shown = Own(live, room, participant_id, here)
        return await shown.refused(activity_id, typed_in(form), error)
    if wants_json:
        return JSONResponse({"type": "ack", "id": command_id, "data": answered})
    await room.fresh(max_age=0)  # what was just taken on is seen on the page that follows
    return RedirectResponse(f"{here}?plain=1", 303)


@router.post("/j/{code}/me", dependencies=[declares(Permission.SUBMIT)])
async def rename(code: str, request: Request, form: Posted) -> Response:
    """Who came without a name, or with a wrong one, corrects it."""
    live: Live = request.app.state.live
    room = await way_in.find(live, code, request.scope)
    here = await address_after(room, code)
    participant_id = await participant_of(live, room, request)
    if participant_id is None:
        return RedirectResponse(here, 303)
    live.credits.charge(participant_id)
    given = {name: text_of(form, name) for name in ("name", "team")}
    try:
        who = newcomer(given)
        await correct(live, room, participant_id, name=who.name, team=who.team)
    except KickoffError as error:
        shown = Own(live, room, participant_id, here)
        return await shown.page(status=error.status, given=given, faults=faults_by_field(error))
    return RedirectResponse(here, 303)


@router.get("/j/{code}/regions/{name}", dependencies=[declares(Permission.SEE_ROOM)])
async def region(code: str, name: str, request: Request) -> Response:
    """One region of the phone, for lists too large to push. Its address names its content: kept
    by caches."""
    live: Live = request.app.state.live
    room = await way_in.find(live, code, request.scope)
    participant_id = await participant_of(live, room, request)
    if participant_id is None:
        raise NotAllowed
    whole = await room.fresh()
    group = whole.group_of.get(participant_id, "") if whole.is_by_group else ""
    rendering_ = await room.rendering(Key(View.PHONE, language(), HTML_DIALECT, group))
    if name not in rendering_.parts:
        raise NotFound
    tag = f'"{rendering_.digests[name]}"'
    headers = {"etag": tag, "cache-control": "private, max-age=60"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return HTMLResponse(rendering_.parts[name], headers=headers)


@router.get("/j/{code}/parts/{activity_id}/{name}", dependencies=[declares(Permission.SEE_ROOM)])
async def part(code: str, activity_id: str, name: str, request: Request) -> Response:
    """A fragment that a kind's script asks for when it is needed, such as a form too large to be
    in every frame. Its address names its content: kept by caches."""
    live: Live = request.app.state.live
    room = await way_in.find(live, code, request.scope)
    participant_id = await participant_of(live, room, request)
    if participant_id is None:
        raise NotAllowed
    live.credits.charge(participant_id)
    whole = await room.fresh()
    group = whole.group_of.get(participant_id, "") if whole.is_by_group else ""
    html = await parts.rendered(room, whole, View.PHONE, activity_id, name, group=group)
    return HTMLResponse(html, headers={"cache-control": "private, max-age=60"})


async def _activity(room: Room, activity_id: str) -> Activity:
    for max_age in (1.0, 0.0):  # it may have been opened this very second
        whole = await room.fresh(max_age=max_age)
        found = next(
            (activity for activity in whole.activities if activity.id == activity_id), None
        )
        if found is not None:
            return kind_of(found.kind)
    raise NotFound
