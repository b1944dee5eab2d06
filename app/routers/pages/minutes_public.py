"""Published minutes at their link: for everybody who has it, as page and PDF, every version.

Readers with an account in the kickoff are noted; of others only that there was one more."""

import asyncio
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from app import clock
from app.access import Permission
from app.database import Database
from app.errors import KickoffError
from app.i18n import language
from app.live.live import Live
from app.models.kickoffs import Kickoff
from app.models.minutes import Minutes, MinutesVersion
from app.models.rooms import Room
from app.operations import minutes_published as published
from app.operations.derived import today_in
from app.outputs import paper
from app.outputs.papers.minutes import contents
from app.routers.conditions import writing
from app.routers.minutes_said import words
from app.routers.pages.minutes import Number
from app.routers.pages.page import page
from app.routers.pages.paper import pdf_file
from app.routers.pages.shared import Shared, State
from app.routers.pages.visitor import visitor
from app.routers.permissions import Asked, declares, needs

router = APIRouter(prefix="/minutes/{secret}", include_in_schema=False)

Anybody = Annotated[Asked, needs(Permission.PUBLIC)]
COOKIE = "kickoff_minutes_read"  # which versions this browser has counted for; says nothing of who
MOST_PAPERS = 16

_PAPERS = Shared[bytes](most_kept=MOST_PAPERS)


@router.get("")
def newest(request: Request, secret: str, asked: Anybody) -> Response:
    return _page(request, secret, None, asked)


@router.get("/{number:int}")
def earlier(request: Request, secret: str, number: Number, asked: Anybody) -> Response:
    return _page(request, secret, number, asked)


@router.get("/minutes.pdf", dependencies=[declares(Permission.PUBLIC)])
async def newest_on_paper(request: Request, secret: str) -> Response:
    return await _pdf(request.app.state.live, secret, None)


@router.get("/{number:int}/minutes.pdf", dependencies=[declares(Permission.PUBLIC)])
async def earlier_on_paper(request: Request, secret: str, number: Number) -> Response:
    return await _pdf(request.app.state.live, secret, number)


def _page(request: Request, secret: str, number: int | None, asked: Asked) -> Response:
    with asked.database.reading() as session:
        minutes = published.published_at(session, secret)
        version = published.version(session, minutes.id, number)
        kickoff = session.get_one(Kickoff, minutes.kickoff_id)
        room = session.get_one(Room, minutes.room_id)
        versions = published.versions(session, minutes.id)
    answer = page(
        request,
        "minutes/published.html",
        kickoff=kickoff,
        room=room,
        version=version,
        versions=versions,
        told=published.told_in(version),
        secret=secret,
        words=words(),
    )
    answer.headers["x-robots-tag"] = "noindex"
    with suppress(KickoffError):  # a database that is busy keeps nobody from reading
        _count(request, asked, kickoff, version, answer)
    return answer


def _count(
    request: Request, asked: Asked, kickoff: Kickoff, version: MinutesVersion, answer: Response
) -> None:
    reader = visitor(request, asked, kickoff, COOKIE, version.id)
    if reader.user_id is None and reader.counted:
        return
    with writing(asked.database) as session:
        published.is_read(
            session,
            version.id,
            user_id=reader.user_id,
            counted=reader.counted,
            today=today_in(kickoff, clock.now()),
        )
    reader.remember(answer, request)


async def _pdf(live: Live, secret: str, number: int | None) -> Response:
    minutes, version = await live.off_loop(_found, live.database, secret, number)

    async def make() -> bytes:
        values = await live.off_loop(_values, live.database, minutes, version)
        return await asyncio.to_thread(paper.pdf, "minutes", values)

    kickoff = await live.off_loop(_kickoff, live.database, minutes.kickoff_id)
    state = State((version.id, kickoff.version))
    made = await _PAPERS.get((version.id, language()), state, make)
    answer = pdf_file(made, kickoff.title, str(version.number))
    answer.headers["x-robots-tag"] = "noindex"
    return answer


def _found(database: Database, secret: str, number: int | None) -> tuple[Minutes, MinutesVersion]:
    with database.reading() as session:
        minutes = published.published_at(session, secret)
        return minutes, published.version(session, minutes.id, number)


def _kickoff(database: Database, kickoff_id: str) -> Kickoff:
    with database.reading() as session:
        return session.get_one(Kickoff, kickoff_id)


def _values(database: Database, minutes: Minutes, version: MinutesVersion) -> dict[str, Any]:
    with database.reading() as session:
        kickoff = session.get_one(Kickoff, minutes.kickoff_id)
        return dict(contents(session, kickoff, session.get_one(Room, minutes.room_id), version))
