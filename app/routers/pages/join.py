"""The way in for attendees: type the code, join. Every form works without JavaScript.

The page is rendered once for everybody at one state of the room and sent to each with a nonce and a
form token of its own; what is personal is painted by the browser. A browser without a script is
led to `?plain=1`: the same page, rendered for that attendee alone (`app.live.snapshot.OwnView`).

The QR code's secret opens the first page alone: everything on that leads to the room's address
without one (`app.live.way_in`).
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app import ids, rendering
from app.access import Permission
from app.errors import KickoffError, UnknownRoom
from app.live import way_in
from app.live.admission import admit
from app.live.live import Live
from app.live.way_in import PARTICIPANT_COOKIE
from app.routers.forms import Posted, text_of
from app.routers.pages.answer_form import faults_by_field, newcomer
from app.routers.pages.own_page import Own
from app.routers.pages.shared_page import address_after, rendered, shared_page
from app.routers.participants import participant_of
from app.routers.permissions import declares
from app.routers.schemas import NewParticipant
from app.web import cookies
from app.web.guessing import CodesPaused
from app.web.sentences import said

router = APIRouter(include_in_schema=False)
# Where the secret still stands in the address, nothing that the page asks for is told of it.
_TELLS_NOBODY = {"referrer-policy": "strict-origin"}


@router.get("/join", dependencies=[declares(Permission.PUBLIC)])
async def type_code() -> Response:
    return HTMLResponse(rendering.render("live/type_code.html", refused=None, code=""))


@router.post("/join", dependencies=[declares(Permission.PUBLIC)])
async def find_by_code(
    request: Request, code: Annotated[str, Form(max_length=100)] = ""
) -> Response:
    live: Live = request.app.state.live
    typed = ids.normal_code(code)
    try:
        if not ids.is_code(typed):
            raise UnknownRoom
        room = await way_in.find(live, typed, request.scope)
        whole = await room.fresh()
    except KickoffError as error:
        return await _no_room(live, error, typed=code)
    found = RedirectResponse(way_in.address(whole), 303)
    way_in.remember(found, live, whole, request.scope)
    return found


@router.get("/j/{code}", dependencies=[declares(Permission.JOIN)])
async def without_slash(code: str, request: Request) -> Response:
    if way_in.is_secret(code):
        return await page(code, request)
    return RedirectResponse(f"/j/{code}/", 308)


@router.get("/j/{code}/", dependencies=[declares(Permission.JOIN)])
async def page(
    code: str,
    request: Request,
    plain: str = "",
    saved: str = "",
    change: str = "",
    aside: str = "",
) -> Response:
    """`plain` is for browsers without a script; then `saved` names the activity that was just
    answered, `change` the one whose answer is to be changed, and `aside` what runs beside and is
    looked at."""
    live: Live = request.app.state.live
    try:
        room = await way_in.find(live, code, request.scope)
    except (UnknownRoom, CodesPaused) as error:
        return await _no_room(live, error, typed="" if way_in.is_secret(code) else code)
    whole = await room.fresh()
    participant_id = await participant_of(live, room, request)
    by_secret = way_in.is_secret(code)
    answer: Response
    if by_secret and participant_id is not None:
        # Only a first page must not cost one more round trip; what is inside has its own address.
        answer = RedirectResponse(way_in.address(whole), 303)
    elif plain and participant_id is not None:
        # Rendered for one alone, so that it costs more than what everybody shares.
        live.credits.charge(participant_id)
        shown = Own(live, room, participant_id, f"/j/{code}/")
        answer = await shown.page(saved=saved[:36], changing=change[:36], aside=aside[:36])
    else:
        answer = (await shared_page(room, participant_id)).response()
    if by_secret:
        answer.headers.update(_TELLS_NOBODY)
    way_in.remember(answer, live, whole, request.scope)
    return answer


@router.post("/j/{code}/", dependencies=[declares(Permission.JOIN)])
async def join(code: str, request: Request, form: Posted) -> Response:
    live: Live = request.app.state.live
    room = await way_in.find(live, code, request.scope)
    inside: Response = RedirectResponse(await address_after(room, code), 303)
    if await participant_of(live, room, request) is not None:
        return inside
    given = {name: text_of(form, name) for name in NewParticipant.model_fields}
    try:
        who = newcomer(given)
        admitted = await admit(live, room, name=who.name, team=who.team, people=who.people)
    except KickoffError as error:
        page = await rendered(room, False, given=given, faults=faults_by_field(error))
        return HTMLResponse(page, error.status)
    participant_id, token = admitted
    if "plain" not in form and not way_in.is_secret(code):
        # The page at once, not the way to it: on a bad line that is a second's half. The script
        # sees to it that a reload asks for the page and does not join again.
        inside = (await shared_page(room, participant_id)).response()
    cookies.put(inside, request.scope, PARTICIPANT_COOKIE, token, max_age=way_in.KEPT_FOR)
    way_in.remember(inside, live, await room.fresh(), request.scope)
    return inside


async def _no_room(live: Live, error: KickoffError, *, typed: str = "") -> Response:
    """No room by this code or link: said as such, and the next code can be typed at once."""
    # The guess has been charged already, so that this is no way to find codes faster.
    over = isinstance(error, UnknownRoom) and await live.rooms.was_ended(ids.normal_code(typed))
    said_ = said("room_ended" if over else error.code)
    page = rendering.render("live/type_code.html", refused=said_, code=typed[:20])
    return HTMLResponse(page, error.status)
