"""What stands on the stage, for those who need it in their hand; and slides, for the projector."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response

from app import rendering
from app.access import Permission
from app.errors import NotAllowed, NotFound
from app.live import way_in
from app.live.live import Live
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
    whole = await _inside(code, request)
    here = way_in.address(whole)
    page = await rendering.render_apart("live/shown.html", room=whole, here=here)
    return HTMLResponse(page, headers={"cache-control": "no-store"})


@router.get(
    "/j/{code}/shown/slides/{deck_id}/{number}", dependencies=[declares(Permission.SEE_ROOM)]
)
async def slide(code: str, deck_id: DeckId, number: Number, request: Request) -> Response:
    """The slide that the hall looks at, or one that it has looked at before it."""
    whole = await _inside(code, request)
    on_stage = whole.shown
    is_shown = on_stage is not None and (on_stage.kind, on_stage.id) == (SLIDE, deck_id)
    if on_stage is None or not is_shown or number > on_stage.number:
        raise NotFound
    live: Live = request.app.state.live
    return await _picture(live, whole.kickoff_id, deck_id, number, request, small=True)


@router.get("/rooms/{room_id}/projector/slides/{deck_id}/{number}")
async def on_projector(
    room_id: str, deck_id: DeckId, number: Number, request: Request, asked: SeesProjector
) -> Response:
    live: Live = request.app.state.live
    kickoff_id, _ = await live.off_loop(
        may, live.database, asked.actor, room_id, Permission.SEE_PROJECTOR
    )
    return await _picture(live, kickoff_id, deck_id, number, request)


async def _inside(code: str, request: Request) -> RoomSnapshot:
    """The room of somebody who is in it, as it is now."""
    live: Live = request.app.state.live
    room = await way_in.find(live, code, request.scope)
    participant_id = await participant_of(live, room, request)
    if participant_id is None:
        raise NotAllowed
    live.credits.charge(participant_id)
    return await room.fresh()


async def _picture(
    live: Live,
    kickoff_id: str,
    deck_id: str,
    number: int,
    request: Request,
    *,
    small: bool = False,
) -> Response:
    def read() -> Picture:
        with live.database.reading() as session:
            return slides.picture(session, kickoff_id, deck_id, number, small=small)

    return picture_answer(request, await live.off_loop(read))
