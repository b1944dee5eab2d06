"""The handouts of a kickoff at one link: for everybody who has it, signed in or not, as page and
PDF. Each is made once for all who read it."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Request, Response

from app.access import Permission
from app.database import Database
from app.errors import NotFound
from app.i18n import language
from app.live.handed_out import HandedOut, handed_out, handed_out_block, published_kickoff
from app.live.handout import Handout, contents, of_block
from app.live.handout import on_paper as on_paper_of
from app.live.live import Live
from app.models.answers import PublishedHandouts
from app.models.kickoffs import Kickoff
from app.operations import publications, slides
from app.outputs import paper
from app.routers.conditions import writing
from app.routers.forms import Posted, text_of
from app.routers.pages.page import go_to
from app.routers.pages.paper import address_of, pdf_file
from app.routers.pages.shared import Shared, State, shared_page, state_of
from app.routers.pages.slide_pictures import Number, picture_answer
from app.routers.permissions import Asked, KickoffId, declares, needs
from app.web.cached_page import CachedPage

router = APIRouter(include_in_schema=False)

Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]
Id = Annotated[str, Path(max_length=36)]
Paper = "/kickoffs/{kickoff_id}/paper"
Link = "/handouts/{secret}"
PUBLIC = declares(Permission.PUBLIC)
# The rooms are not told of all that a handout is made of: of a theme's pages, say.
OLDEST = 5.0  # seconds
MOST_PAPERS = 16

_PAGES = Shared[CachedPage](oldest=OLDEST)
_CONTENTS = Shared[Mapping[str, Any]](oldest=OLDEST)
_PAPERS = Shared[bytes](most_kept=MOST_PAPERS)


@router.post(Paper + "/handouts/publish")
def publish(kickoff_id: KickoffId, form: Posted, asked: Edit) -> Response:
    with writing(asked.database) as session:
        anew = bool(text_of(form, "anew"))
        publications.publish(session, PublishedHandouts, kickoff_id, anew=anew)
    return go_to(Paper.format(kickoff_id=kickoff_id), said="answers_published", part="published")


@router.post(Paper + "/handouts/unpublish")
def unpublish(kickoff_id: KickoffId, asked: Edit) -> Response:
    with writing(asked.database) as session:
        publications.unpublish(session, PublishedHandouts, kickoff_id)
    return go_to(Paper.format(kickoff_id=kickoff_id), said="answers_unpublished", part="handouts")


@router.get(Link, dependencies=[PUBLIC])
async def listed(request: Request, secret: str) -> Response:
    live: Live = request.app.state.live
    state = await live.off_loop(_state, live.database, secret)
    address = address_of(request, secret)

    async def make() -> CachedPage:
        kickoff, blocks = await live.off_loop(_listed, live.database, secret)
        return await shared_page(
            "paper/handed_out.html", kickoff=kickoff, blocks=blocks, secret=secret, address=address
        )

    return _for_all(await _PAGES.get((secret, language(), address), state, make))


@router.get(Link + "/{block_id}", dependencies=[PUBLIC])
async def one(request: Request, secret: str, block_id: Id) -> Response:
    live: Live = request.app.state.live
    state = await live.off_loop(_state, live.database, secret, block_id)

    async def make() -> CachedPage:
        kickoff, told = await live.off_loop(_told, live.database, secret, block_id)
        return await shared_page(
            "paper/handed_out_block.html", kickoff=kickoff, handout=told, secret=secret
        )

    return _for_all(await _PAGES.get((secret, block_id, language()), state, make))


@router.get(Link + "/{block_id}/handout.pdf", dependencies=[PUBLIC])
async def on_paper(request: Request, secret: str, block_id: Id) -> Response:
    live: Live = request.app.state.live
    which = secret, block_id, language()
    state = await live.off_loop(_state, live.database, secret, block_id)

    async def read() -> Mapping[str, Any]:
        return await live.off_loop(_contents, live.database, secret, block_id)

    told = await _CONTENTS.get(which, state, read)
    # Set anew only where it says something else: that takes a second, and a hall asks at once.
    says = State((hashlib.blake2b(orjson.dumps(told)).digest(),))

    async def make() -> bytes:
        return await asyncio.to_thread(_set, live.database, secret, told)

    made = await _PAPERS.get(which, says, make)
    return _hidden(pdf_file(made, told["kickoff"], told["title"]))


@router.get(Link + "/{block_id}/slides/{deck_id}/{number}/{size}", dependencies=[PUBLIC])
async def slide(
    request: Request, secret: str, block_id: Id, deck_id: Id, number: Number, size: str
) -> Response:
    live: Live = request.app.state.live
    which = secret, block_id, deck_id, number, size
    # Not where the rooms' own work would wait behind it: a hall opens its handout at once.
    picture = await asyncio.to_thread(_picture, live.database, *which)
    return _hidden(picture_answer(request, picture))


def _state(database: Database, secret: str, block_id: str = "") -> State:
    """As it is now; NotFound where the link leads nowhere, or to a block that is ahead."""
    with database.reading() as session:
        kickoff = published_kickoff(session, secret)
        if block_id:
            handed_out_block(session, kickoff, block_id)
        return state_of(session, kickoff.id)


def _listed(database: Database, secret: str) -> tuple[Kickoff, Sequence[HandedOut]]:
    with database.reading() as session:
        kickoff = published_kickoff(session, secret)
        return kickoff, handed_out(session, kickoff)


def _told(database: Database, secret: str, block_id: str) -> tuple[Kickoff, Handout]:
    with database.reading() as session:
        kickoff = published_kickoff(session, secret)
        return kickoff, of_block(session, kickoff, handed_out_block(session, kickoff, block_id))


def _contents(database: Database, secret: str, block_id: str) -> Mapping[str, Any]:
    with database.reading() as session:
        kickoff = published_kickoff(session, secret)
        return contents(session, kickoff, handed_out_block(session, kickoff, block_id))


def _set(database: Database, secret: str, told: Mapping[str, Any]) -> bytes:
    with database.reading() as session:
        pictures = on_paper_of(session, published_kickoff(session, secret).id, told)
    return paper.pdf("handout", told, pictures)


def _picture(
    database: Database, secret: str, block_id: str, deck_id: str, number: int, size: str
) -> slides.Picture:
    with database.reading() as session:
        kickoff = published_kickoff(session, secret)
        block = handed_out_block(session, kickoff, block_id)
        if deck_id not in {deck.id for deck in slides.decks_of_block(session, block.id)}:
            raise NotFound
        return slides.picture(session, kickoff.id, deck_id, number, small=size == "small")


def _for_all(page: CachedPage) -> Response:
    answer = page.response()
    answer.headers["cache-control"] = "no-store"
    return _hidden(answer)


def _hidden(answer: Response) -> Response:
    """From those who look for pages: who has the link was given it."""
    answer.headers["x-robots-tag"] = "noindex"
    return answer
