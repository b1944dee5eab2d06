"""How a browser goes on without the QR code's secret once that has opened the first page (S11).

With the first page it gets a cookie that vouches for the room and for the code under which it goes
on: `/j/CODE/` and `/live/CODE`. A code that is vouched for is no guess: it is not charged to the
budget, and works while typed codes are paused (S10).

A code that was changed shuts out whoever only looked. Who is in stays in, also at the old address:
what is kept on the phone is kept under it.
"""

from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.types import Scope
from starlette.websockets import WebSocket

from app import ids
from app.errors import NotFound, UnknownRoom
from app.live import socket, tokens
from app.live.room import Room
from app.live.snapshot import RoomSnapshot
from app.web import cookies, origin

if TYPE_CHECKING:
    from app.live.live import Live

VISIT_COOKIE = "kickoff_visit"
PARTICIPANT_COOKIE = "kickoff_participant"
KEPT_FOR = 60 * 60 * 24 * 120  # the stream stays open after the day, through the 90 days
# Codes of one room that a browser may have come by: somebody changes them in the middle of a day.
MOST_CODES = 4


def is_secret(named: str) -> bool:
    """Whether an address names its room by the QR code's secret."""
    return not ids.is_code(ids.normal_code(named))


def address(known: RoomSnapshot) -> str:
    """The attendee's address without a secret."""
    return f"/j/{known.code}/"


async def find(live: "Live", named: str, scope: Scope) -> Room:
    """The room of an attendee's address; raises `UnknownRoom`, `CodesPaused`."""
    if not is_secret(named):
        vouched = await _vouched(live, ids.normal_code(named), scope)
        if vouched is not None:
            return vouched
    return await live.rooms.find(named)


def remember(response: Response, live: "Live", known: RoomSnapshot, scope: Scope) -> None:
    """To be called where a browser has proved that it knows the way: by secret or by code."""
    codes = _codes_of(live, known.id, scope)
    if known.code in codes:
        return
    newest = (*codes, known.code)[-MOST_CODES:]
    token = tokens.issue_visit(live.settings.signing_key, known.id, newest)
    cookies.put(response, scope, VISIT_COOKIE, token, max_age=KEPT_FOR)


async def endpoint(websocket: WebSocket) -> None:
    """`/live/{code}`: the room's socket, with a code that the browser's cookies vouch for."""
    live: Live = websocket.app.state.live
    named, scope = websocket.path_params["code"], websocket.scope
    # Without an Origin of ours the cookies are not this page's to show.
    if not is_secret(named) and origin.cookies_believed(scope, live.settings):
        websocket.path_params["code"] = await _secret_instead(live, named, scope)
    await socket.endpoint(websocket)


async def _secret_instead(live: "Live", named: str, scope: Scope) -> str:
    try:
        room = await _vouched(live, ids.normal_code(named), scope)
    except UnknownRoom:
        return ""  # nobody's secret: refused, and not as a guess
    return named if room is None else (await room.fresh()).secret


async def _vouched(live: "Live", code: str, scope: Scope) -> Room | None:
    """The room that this browser's cookies vouch for under this code; None where they do not."""
    held = tokens.verify(live.settings.signing_key, cookies.read(scope, PARTICIPANT_COOKIE) or "")
    visit = tokens.verify_visit(live.settings.signing_key, cookies.read(scope, VISIT_COOKIE) or "")
    if visit is not None and code in visit[1]:
        room, known = await _known(live, visit[0])
        is_in = held is not None and held[1] == room.id and held[0] not in room.removed
        if is_in or known.code == code:
            return room
        raise UnknownRoom
    if held is not None:
        room, known = await _known(live, held[1])
        if known.code == code:
            return room
    return None


async def _known(live: "Live", room_id: str) -> tuple[Room, RoomSnapshot]:
    room = live.rooms.get(room_id)
    try:
        return room, await room.fresh()
    except NotFound:
        raise UnknownRoom from None


def _codes_of(live: "Live", room_id: str, scope: Scope) -> tuple[str, ...]:
    visit = tokens.verify_visit(live.settings.signing_key, cookies.read(scope, VISIT_COOKIE) or "")
    return visit[1] if visit is not None and visit[0] == room_id else ()
