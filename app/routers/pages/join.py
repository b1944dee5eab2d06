"""The attendee's pages: type the code, join, answer. Every form works without JavaScript.

The page is rendered once for everybody at one state of the room and sent to each with a nonce and a
form token of its own; what is personal is painted by the browser. A browser without a script is
led to `?plain=1`: the same page, rendered for that attendee alone (`app.live.snapshot.OwnView`).

The QR code's secret opens the first page alone: everything on that leads to the room's address
without one (`app.live.way_in`).
"""

import asyncio
import re
import types
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, get_args, get_origin

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from app import ids, rendering
from app.access import Permission
from app.errors import (
    ActivityClosed,
    Invalid,
    KickoffError,
    NotAllowed,
    NotFound,
    UnknownRoom,
)
from app.i18n import language
from app.live import parts, submissions, way_in
from app.live.activity import Activity, kind_of
from app.live.admission import admit, correct
from app.live.live import Live
from app.live.renderings import Key
from app.live.roles import View, seen_by
from app.live.room import Room
from app.live.snapshot import ActivityView, OwnView
from app.live.way_in import PARTICIPANT_COOKIE
from app.live.wire import HTML_DIALECT
from app.models.faults import faults_of
from app.routers.forms import Posted, faults_by_name, text_of
from app.routers.participants import participant_of
from app.routers.permissions import declares
from app.routers.schemas import NewParticipant
from app.web import cookies, visit
from app.web.cached_page import CachedPage
from app.web.guessing import CodesPaused
from app.web.sentences import refusal, said

router = APIRouter(include_in_schema=False)
# Where the secret still stands in the address, nothing that the page asks for is told of it.
_TELLS_NOBODY = {"referrer-policy": "strict-origin"}
_OF_FORMS = ("csrf", "seq", "submission_id")  # of every form, beside what it asks
_INTEGER = re.compile(r"[+-]?[0-9]{1,16}")


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
        answer = (await _cached(room, participant_id)).response()
    if by_secret:
        answer.headers.update(_TELLS_NOBODY)
    way_in.remember(answer, live, whole, request.scope)
    return answer


@router.post("/j/{code}/", dependencies=[declares(Permission.JOIN)])
async def join(code: str, request: Request, form: Posted) -> Response:
    live: Live = request.app.state.live
    room = await way_in.find(live, code, request.scope)
    inside: Response = RedirectResponse(await _clean(room, code), 303)
    if await participant_of(live, room, request) is not None:
        return inside
    given = {name: text_of(form, name) for name in NewParticipant.model_fields}
    try:
        who = _newcomer(given)
        admitted = await admit(live, room, name=who.name, team=who.team, people=who.people)
    except KickoffError as error:
        page = await _html(room, False, given=given, faults=_faults_of(error))
        return HTMLResponse(page, error.status)
    participant_id, token = admitted
    if "plain" not in form and not way_in.is_secret(code):
        # The page at once, not the way to it: on a bad line that is a second's half. The script
        # sees to it that a reload asks for the page and does not join again.
        inside = (await _cached(room, participant_id)).response()
    cookies.put(inside, request.scope, PARTICIPANT_COOKIE, token, max_age=way_in.KEPT_FOR)
    way_in.remember(inside, live, await room.fresh(), request.scope)
    return inside


@router.post("/j/{code}/answers/{activity_id}", dependencies=[declares(Permission.SUBMIT)])
async def answer(code: str, activity_id: str, request: Request) -> Response:
    """A vote by plain form, or by a script whose socket cannot get through. The same door as the
    socket's."""
    live: Live = request.app.state.live
    room = await way_in.find(live, code, request.scope)
    here = await _clean(room, code)
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
        seq = _number(str(form.get("seq", "")))
        if seq == "":
            seq = 1 + await live.last_seq(room.id, participant_id, activity_id)
        submit = submissions.of_form(
            id=str(form.get("submission_id", "")) or ids.secret(),
            seq=seq,
            activity=activity_id,
            data=_data_of(activity, form),
        )
        vote = submissions.vote(submit, room_id=room.id, participant_id=participant_id)
        await live.ledger.write(vote)
    except KickoffError as error:
        if wants_json:
            return JSONResponse({"code": error.code, "detail": refusal(error)}, error.status)
        # Not a way on: what was written is shown again, with the reason beside it.
        shown = Own(live, room, participant_id, here)
        return await shown.refused(activity_id, _typed(form), error)
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
    here = await _clean(room, code)
    participant_id = await participant_of(live, room, request)
    if participant_id is None:
        return RedirectResponse(here, 303)
    form = await request.form()
    wants_json = "application/json" in request.headers.get("accept", "")
    data = {field: str(value) for field, value in form.multi_items() if field not in _OF_FORMS}
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
            data=_without_empty(data),
        )
    except KickoffError as error:
        if wants_json:
            return JSONResponse({"code": error.code, "detail": refusal(error)}, error.status)
        activity_id = str(form.get("activity", ""))
        shown = Own(live, room, participant_id, here)
        return await shown.refused(activity_id, _typed(form), error)
    if wants_json:
        return JSONResponse({"type": "ack", "id": command_id, "data": answered})
    await room.fresh(max_age=0)  # what was just taken on is seen on the page that follows
    return RedirectResponse(f"{here}?plain=1", 303)


@router.post("/j/{code}/me", dependencies=[declares(Permission.SUBMIT)])
async def rename(code: str, request: Request, form: Posted) -> Response:
    """Who came without a name, or with a wrong one, corrects it."""
    live: Live = request.app.state.live
    room = await way_in.find(live, code, request.scope)
    here = await _clean(room, code)
    participant_id = await participant_of(live, room, request)
    if participant_id is None:
        return RedirectResponse(here, 303)
    live.credits.charge(participant_id)
    given = {name: text_of(form, name) for name in ("name", "team")}
    try:
        who = _newcomer(given)
        await correct(live, room, participant_id, name=who.name, team=who.team)
    except KickoffError as error:
        shown = Own(live, room, participant_id, here)
        return await shown.page(status=error.status, given=given, faults=_faults_of(error))
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


async def _clean(room: Room, named: str) -> str:
    """Where a form leads on to: the address it was posted at, or the one without the secret."""
    return way_in.address(await room.fresh()) if way_in.is_secret(named) else f"/j/{named}/"


async def _cached(room: Room, participant_id: str | None) -> CachedPage:
    """The page at the room's present state, made once per state, language and group: the join
    card, or for who is in the phone."""
    whole = await room.fresh()
    inside = participant_id is not None
    group = whole.group_of.get(participant_id or "", "") if whole.is_by_group else ""
    if inside:
        now = await room.rendering(Key(View.PHONE, language(), HTML_DIALECT, group))
        state: Any = (now.place, tuple(now.digests.values()))
    else:
        # What the join card reads, votes and arrivals do not change.
        state = (whole.epoch, whole.plan)

    async def make() -> CachedPage:
        return await asyncio.to_thread(CachedPage, await _html(room, inside, group))

    with visit.standing_in():
        return await room.kept((inside, language(), group), state, make)


async def _html(
    room: Room,
    inside: bool,
    group: str = "",
    *,
    given: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
) -> str:
    """For the join card `given` is what a refused form held, `faults` what was wrong with it."""
    whole = await room.fresh()
    seen = seen_by(View.PHONE, whole, group)
    if inside:
        return await rendering.render_apart("live/phone.html", room=seen, own_page=None)
    return await rendering.render_apart(
        "live/join.html",
        room=seen,
        ask_name=whole.ask_name,
        given=given or {},
        faults=faults or {},
    )


@dataclass(frozen=True)
class OwnPage:
    """What `live/phone.html` is told beside the room when it is one attendee's own.

    `renews`: it fetches itself anew in a while, since nothing can be lost by that. `unsent`: what
    came too late, as (title, text). `given` and `faults` are of the refused form for who one is.
    `aside`: what runs beside and has been opened.
    """

    here: str
    me: Mapping[str, Any]
    activities: Mapping[str, OwnView]
    renews: bool
    unsent: tuple[str, str] | None
    given: Mapping[str, str]
    faults: Mapping[str, str]
    aside: str = ""


@dataclass(frozen=True)
class Own:
    """Renders the page for one attendee whose browser runs no script."""

    live: Live
    room: Room
    participant_id: str
    here: str

    async def page(
        self,
        *,
        status: int = 200,
        saved: str = "",
        changing: str = "",
        aside: str = "",
        refused: tuple[str, OwnView] | None = None,
        unsent: tuple[str, str] | None = None,
        given: Mapping[str, str] | None = None,
        faults: Mapping[str, str] | None = None,
    ) -> Response:
        try:
            known = await self.live.own_in(self.room, self.participant_id)
        except KickoffError:
            known = {}  # the database is away: nothing is known, nothing is denied
        group = known.get("me", {}).get("group_id", "")
        seen = seen_by(View.PHONE, await self.room.fresh(), group)
        mine = known.get("mine", {})
        own = {
            activity.id: OwnView(
                self.here,
                mine.get(activity.id, {}).get("data", {}),
                saved=activity.id in mine or activity.id == saved,
                changing=activity.id == changing,
                seed=self.participant_id,
            )
            for activity in seen.activities
        }
        if refused and refused[0] in own:
            # Where several answers are one's own, those that were taken stand beside it.
            kept = {k: v for k, v in own[refused[0]].data.items() if not isinstance(v, str)}
            own[refused[0]] = replace(refused[1], data={**kept, **refused[1].data})
            aside = refused[0]
        opened = aside if any(a.id == aside for a in seen.asides) else ""
        told = OwnPage(
            here=self.here,
            me=known.get("me", {}),
            activities=own,
            renews=seen.status != "ended"
            and not faults
            and not opened
            and not any(_being_filled(asked, own[asked.id]) for asked in seen.open_activities),
            unsent=unsent,
            given=given or {},
            faults=faults or {},
            aside=opened,
        )
        html = await rendering.render_apart("live/phone.html", room=seen, own_page=told)
        return HTMLResponse(html, status, {"cache-control": "no-store"})

    async def refused(
        self, activity_id: str, data: dict[str, Any], error: KickoffError
    ) -> Response:
        """The page after an answer that was not taken: what was written is still there."""
        if isinstance(error, ActivityClosed):
            whole = await self.room.fresh()
            asked = next((a for a in whole.activities if a.id == activity_id), None)
            unsent = (asked.title, _read_aloud(asked, data)) if asked else None
            return await self.page(status=error.status, unsent=unsent)
        own = OwnView(
            self.here, data, changing=True, fault=refusal(error), seed=self.participant_id
        )
        return await self.page(status=error.status, refused=(activity_id, own))


def _being_filled(asked: ActivityView, own: OwnView) -> bool:
    """Whether something may stand in the form that would be lost with the page."""
    return own.changing or not own.saved or asked.logic.is_filled_in(asked.stage)


def _read_aloud(asked: ActivityView, data: Mapping[str, Any]) -> str:
    """What a form held, in words."""
    values = [each for value in data.values() for each in value]
    return ", ".join(asked.text_of(value) or value for value in values)


def _without_empty(data: Mapping[str, str]) -> dict[str, Any]:
    """A field that was left empty was not given."""
    return {name: value for name, value in data.items() if value.strip()}


def _typed(form: FormData) -> dict[str, list[str]]:
    """What a form held, just as it came."""
    names = dict.fromkeys(name for name in form if name not in _OF_FORMS)
    return {name: [str(value) for value in form.getlist(name)] for name in names}


async def _no_room(live: Live, error: KickoffError, *, typed: str = "") -> Response:
    """No room by this code or link: said as such, and the next code can be typed at once."""
    # The guess has been charged already, so that this is no way to find codes faster.
    over = isinstance(error, UnknownRoom) and await live.rooms.was_ended(ids.normal_code(typed))
    said_ = said("room_ended" if over else error.code)
    page = rendering.render("live/type_code.html", refused=said_, code=typed[:20])
    return HTMLResponse(page, error.status)


def _newcomer(given: Mapping[str, str]) -> NewParticipant:
    """What a form says of who joins; a field that was left empty is as if it were not there."""
    try:
        return NewParticipant.model_validate({name: text for name, text in given.items() if text})
    except ValidationError as error:
        raise Invalid(
            faults=faults_of(error.errors(include_url=False, include_input=False))
        ) from None


def _faults_of(error: KickoffError) -> dict[str, str]:
    """By field; what is about none of them is under ""."""
    if not isinstance(error, Invalid) or not error.faults:
        return {"": refusal(error)}
    return faults_by_name(error.faults)


async def _activity(room: Room, activity_id: str) -> Activity:
    for max_age in (1.0, 0.0):  # it may have been opened this very second
        whole = await room.fresh(max_age=max_age)
        found = next(
            (activity for activity in whole.activities if activity.id == activity_id), None
        )
        if found is not None:
            return kind_of(found.kind)
    raise NotFound


def _data_of(activity: Activity, form: FormData) -> dict[str, Any]:
    """A form's fields as the submission's data: the types of its declaration say how to read
    them."""
    data: dict[str, Any] = {}
    for name, declared in activity.Submission.model_fields.items():
        values = [str(value) for value in form.getlist(name)]
        if _is_list(declared.annotation):
            data[name] = values
        elif values and declared.annotation is not int:
            data[name] = values[-1]
        elif values and values[-1]:  # a number that was left empty was not given
            data[name] = _number(values[-1])
    return data


def _is_list(annotation: Any) -> bool:
    if get_origin(annotation) in (types.UnionType,):
        return any(_is_list(part) for part in get_args(annotation))
    return get_origin(annotation) is list


def _number(text: str) -> int | str:
    """A whole number, or the text as it came: what asked for a number refuses that."""
    stripped = text.strip()
    return int(stripped) if _INTEGER.fullmatch(stripped) else text
