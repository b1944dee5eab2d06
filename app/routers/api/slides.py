"""A block's slides: a PDF comes in, its drawn pages are there from then on."""

import tempfile
from collections.abc import AsyncIterator
from datetime import datetime
from typing import IO, Annotated, Any

from fastapi import APIRouter, Body, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool

from app.access import Permission
from app.models.fields import Id, Title
from app.models.slides import SlideDeck, decks_of
from app.operations import slides
from app.routers.api import API
from app.routers.conditions import (
    Answer,
    IdempotencyKey,
    IfMatch,
    IfNoneMatch,
    answered,
    etag,
    require_match,
    writing,
)
from app.routers.paging import Cursor, Limit, page_of
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.routers.schemas import AfterId, encoded, json_answer, problems
from app.routers.slides_in import taken_in

router = APIRouter(prefix=f"{API}/kickoffs/{{kickoff_id}}/slide-decks", tags=["slide-decks"])

See = Annotated[Asked, needs(Permission.SEE_PLAN)]
Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]

_PDF = {"schema": {"type": "string", "format": "binary", "contentMediaType": "application/pdf"}}
_SENT = {"requestBody": {"required": True, "content": {"application/pdf": _PDF}}}


class SlideDeckPatch(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: Title | None = None
    block_id: Id | None = None
    after_id: AfterId = None


class SlideDeckShown(BaseModel):
    id: str
    version: int
    created_at: datetime
    updated_at: datetime
    kickoff_id: str
    block_id: str
    title: str
    pages: int
    position: str


class SlideDeckPage(BaseModel):
    items: list[SlideDeckShown]
    next_cursor: str | None = None


class SlideShown(BaseModel):
    """A page. `image` and `small` are where its pictures are; `text` is what stands on it."""

    number: int
    width: int
    height: int
    text: str
    image: str
    small: str


class SlidesShown(BaseModel):
    items: list[SlideShown]


async def _pdf(request: Request) -> AsyncIterator[IO[bytes]]:
    """The body as a file: none that large is held in memory. Bounded by app.web.bodies."""
    with tempfile.TemporaryFile() as into:
        async for part in request.stream():
            await run_in_threadpool(into.write, part)
        yield into


@router.get(
    "",
    response_model=SlideDeckPage,
    operation_id="list_slide_decks",
    responses=problems(401, 403, 404, 422),
)
def listed(
    request: Request,
    kickoff_id: KickoffId,
    asked: See,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    keys = [SlideDeck.position, SlideDeck.id]
    with asked.database.reading() as session:
        wanted = decks_of(kickoff_id).order_by(None)
        found, following = page_of(session, request, wanted, keys, limit=limit, cursor=cursor)
    return json_answer({"items": [_shown(one) for one in found], "next_cursor": following})


# `asked` comes first: of who may not, nothing is read.
@router.post(
    "",
    status_code=201,
    response_model=SlideDeckShown,
    operation_id="create_slide_decks",
    responses=problems(401, 403, 404, 409, 413, 415, 422, 503),
    openapi_extra=_SENT,
)
def create(
    request: Request,
    kickoff_id: KickoffId,
    asked: Edit,
    block_id: Annotated[Id, Query(description="the agenda block that shows them")],
    title: Annotated[Title, Query(description="what they are called")],
    pdf: Annotated[IO[bytes], Depends(_pdf)],
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """The body is the PDF: at most 30 MB and 150 pages. Its pages are drawn before the answer, ten
    of them in about two seconds; the PDF itself is not kept."""

    def answer(deck: SlideDeck) -> Answer:
        return Answer(encoded(_shown(deck)), etag(deck), f"{request.url.path}/{deck.id}")

    values = {"title": title, "block_id": block_id}
    return taken_in(asked, kickoff_id, values, pdf, key=idempotency_key, answer=answer).response()


@router.get(
    "/{record_id}",
    response_model=SlideDeckShown,
    operation_id="get_slide_decks",
    responses=problems(401, 403, 404, 422),
)
def get(
    kickoff_id: KickoffId, record_id: RecordId, asked: See, if_none_match: IfNoneMatch = None
) -> Response:
    with asked.database.reading() as session:
        deck = slides.find_deck(session, kickoff_id, record_id)
    return answered(_shown(deck), etag(deck), if_none_match)


@router.get(
    "/{record_id}/slides",
    response_model=SlidesShown,
    operation_id="list_slides",
    responses=problems(401, 403, 404, 422),
)
def pages(kickoff_id: KickoffId, record_id: RecordId, asked: See) -> Response:
    """Every page with its words."""
    with asked.database.reading() as session:
        deck = slides.find_deck(session, kickoff_id, record_id)
        found = slides.slides(session, deck.id)
    return json_answer({"items": [_page(kickoff_id, one) for one in found]})


@router.patch(
    "/{record_id}",
    response_model=SlideDeckShown,
    operation_id="patch_slide_decks",
    responses=problems(401, 403, 404, 409, 412, 422, 428),
)
def change(
    kickoff_id: KickoffId,
    record_id: RecordId,
    body: Annotated[SlideDeckPatch, Body()],
    asked: Edit,
    if_match: IfMatch = None,
) -> Response:
    changes = body.model_dump(exclude_unset=True)
    after_id = changes.pop("after_id", None)
    with writing(asked.database) as session:
        deck = slides.find_deck(session, kickoff_id, record_id, to_write=True)
        require_match(deck, if_match, lambda: _shown(deck))
        slides.change(session, deck, changes, after_id=after_id)
    return json_answer(_shown(deck), etag=etag(deck))


@router.delete(
    "/{record_id}",
    status_code=204,
    operation_id="delete_slide_decks",
    responses=problems(401, 403, 404, 409, 412, 422, 428),
)
def delete(
    kickoff_id: KickoffId, record_id: RecordId, asked: Edit, if_match: IfMatch = None
) -> Response:
    with writing(asked.database) as session:
        deck = slides.find_deck(session, kickoff_id, record_id, to_write=True)
        require_match(deck, if_match, lambda: _shown(deck))
        slides.remove(session, deck)
    return Response(status_code=204)


def _shown(deck: SlideDeck) -> dict[str, Any]:
    return {name: getattr(deck, name) for name in SlideDeckShown.model_fields}


def _page(kickoff_id: str, seen: slides.SlideSeen) -> dict[str, Any]:
    image = f"/kickoffs/{kickoff_id}/slides/{seen.deck_id}/{seen.number}"
    told = {name: getattr(seen, name) for name in ("number", "width", "height", "text")}
    return {**told, "image": image, "small": f"{image}/small"}
