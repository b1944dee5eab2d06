"""The pictures of slides, to whoever may see the plan."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from app.access import Permission
from app.operations import slides
from app.operations.slides import Picture
from app.routers.conditions import names
from app.routers.permissions import Asked, KickoffId, needs

router = APIRouter(prefix="/kickoffs/{kickoff_id}/slides", include_in_schema=False)

See = Annotated[Asked, needs(Permission.SEE_PLAN)]
DeckId = Annotated[str, Path(max_length=36)]
Number = Annotated[int, Path(ge=1, le=9999)]


@router.get("/{deck_id}/{number}")
def image(
    request: Request, kickoff_id: KickoffId, deck_id: DeckId, number: Number, asked: See
) -> Response:
    with asked.database.reading() as session:
        found = slides.picture(session, kickoff_id, deck_id, number)
    return picture_answer(request, found)


@router.get("/{deck_id}/{number}/small")
def small(
    request: Request, kickoff_id: KickoffId, deck_id: DeckId, number: Number, asked: See
) -> Response:
    with asked.database.reading() as session:
        found = slides.picture(session, kickoff_id, deck_id, number, small=True)
    return picture_answer(request, found)


def picture_answer(request: Request, found: Picture) -> Response:
    """A picture as it stays for ever at its address. Who calls this has asked who may see it."""
    headers = {"etag": found.tag, "cache-control": "private, max-age=31536000, immutable"}
    known = request.headers.get("if-none-match")
    if known is not None and names(known, found.tag):
        return Response(status_code=304, headers=headers)
    return Response(found.content, headers=headers, media_type=found.media_type)
