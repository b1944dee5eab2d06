"""What stands on the stage, for those who need it in their hand; and slides, for the projector."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response

from app import rendering
from app.access import Permission
from app.errors import NotAllowed, NotFound
from app.i18n import language
from app.live import way_in
from app.live.live import Live
from app.live.room import Room
from app.live.shown import SLIDE
from app.live.snapshot import RoomSnapshot
from app.operations import slides
from app.operations.slides import Picture
from app.routers.pages.slide_pictures import picture_answer
from app.routers.pages.stage import SeesProjector, may
from app.routers.participants import participant_of
from app.routers.permissions import declares

router = APIRouter(include_in_schema=False)

DeckId = Annotated[str, Path(max_length=36)]
Number = Annotated[int, Path(ge=1, le=9999)]


@router.get("/j/{code}/shown/", dependencies=[declares(Permission.SEE_ROOM)])
async def shown(code: str, request: Request) -> Response:
    """The one-page version of what the hall looks at now."""
    room, whole = await _inside(code, request)
    here, on_stage = way_in.address(whole), whole.shown

    async def make() -> str:
        return await rendering.render_apart("live/shown.html", room=whole, here=here)

    # Once for all of a hall: a drawing and its words are long.
    state = (whole.epoch, whole.code, on_stage and (on_stage.key, on_stage.as_of, on_stage.points))
    page = await room.kept(("shown", language()), state, make)
    return HTMLResponse(page, headers={"cache-control": "no-store"})


@router.get(
    "/j/{code}/shown/slides/{deck_id}/{number}", dependencies=[declares(Permission.SEE_ROOM)]
)
async def slide(code: str, deck_id: DeckId, number: Number, request: Request) -> Response:
    """The slide that the hall looks at, and no other."""
    room, whole = await _inside(code, request)
    _require_shown(whole, deck_id, number)
    live: Live = request.app.state.live

    async def read() -> Picture:
        return await _picture(live, whole.kickoff_id, deck_id, number, small=True)

    # Once for all of a hall that looks at it: it never changes.
    return picture_answer(request, await room.kept(("slide", deck_id, number), 0, read))


@router.get("/rooms/{room_id}/projector/slides/{deck_id}/{number}")
async def on_projector(
    room_id: str, deck_id: DeckId, number: Number, request: Request, asked: SeesProjector
) -> Response:
    live: Live = request.app.state.live
    """A link to the projector shows what the projector shows; who facilitates may see them all."""
    kickoff_id, facilitates = await live.off_loop(
        may, live.database, asked.actor, room_id, Permission.SEE_PROJECTOR
    )
    if not facilitates:
        _require_shown(await live.rooms.get(room_id).fresh(), deck_id, number)
    return picture_answer(request, await _picture(live, kickoff_id, deck_id, number))


def _require_shown(whole: RoomSnapshot, deck_id: str, number: int) -> None:
    on_stage = whole.shown
    if on_stage is None or on_stage.key != f"{SLIDE}:{deck_id}:{number}":
        raise NotFound


async def _inside(code: str, request: Request) -> tuple[Room, RoomSnapshot]:
    """The room of somebody who is in it, as it is now."""
    live: Live = request.app.state.live
    room = await way_in.find(live, code, request.scope)
    participant_id = await participant_of(live, room, request)
    if participant_id is None:
        raise NotAllowed
    live.credits.charge(participant_id)
    return room, await room.fresh()


async def _picture(
    live: Live,
    kickoff_id: str,
    deck_id: str,
    number: int,
    *,
    small: bool = False,
) -> Picture:
    def read() -> Picture:
        with live.database.reading() as session:
            return slides.picture(session, kickoff_id, deck_id, number, small=small)

    return await live.off_loop(read)
