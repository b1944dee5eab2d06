"""The plan for those who do not sign in: published at a link that previews well where it is pasted,
told to the common channels; and as HTML and Markdown for a wiki."""

from contextlib import suppress
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from app import clock
from app.access import Permission
from app.database import Database
from app.errors import KickoffError
from app.i18n import language
from app.live.live import Live
from app.models.answers import PublishedPlan
from app.models.kickoffs import Kickoff
from app.operations import plan_readers, publications
from app.operations.derived import today_in
from app.operations.notices import post
from app.outputs.drawn import Drawn, drawn
from app.rendering import render
from app.routers.conditions import writing
from app.routers.forms import Posted, text_of
from app.routers.pages.page import go_to
from app.routers.pages.shared import Shared, State, shared_page, state_of
from app.routers.pages.visitor import visitor
from app.routers.permissions import Asked, KickoffId, needs
from app.routers.plan_text import EXPORTED, PUBLISHED, PlanText, as_markdown, plan_text
from app.web.cached_page import CachedPage
from app.web.hosts import public_url

router = APIRouter(include_in_schema=False)

See = Annotated[Asked, needs(Permission.SEE_PLAN)]
Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]
Anybody = Annotated[Asked, needs(Permission.PUBLIC)]
COOKIE = "kickoff_plan_read"  # which plans this browser has counted for; says nothing of who
# The rooms are not told of all that the page is made of.
OLDEST = 5.0  # seconds

_PAGES = Shared[CachedPage](oldest=OLDEST)


def plan_address(request: Request, secret: str) -> str:
    return f"{public_url(request.scope, request.app.state.settings)}/plans/{secret}"


@router.post("/kickoffs/{kickoff_id}/plan/publish")
def publish(kickoff_id: KickoffId, form: Posted, asked: Edit) -> Response:
    with writing(asked.database) as session:
        publications.publish(session, PublishedPlan, kickoff_id, anew=bool(text_of(form, "anew")))
    return _back(kickoff_id, "plan_link")


@router.post("/kickoffs/{kickoff_id}/plan/unpublish")
def unpublish(kickoff_id: KickoffId, asked: Edit) -> Response:
    with writing(asked.database) as session:
        publications.unpublish(session, PublishedPlan, kickoff_id)
    return _back(kickoff_id, "answers_unpublished")


@router.post("/kickoffs/{kickoff_id}/plan/tell")
def tell(kickoff_id: KickoffId, asked: Edit) -> Response:
    """The common channels hear of the link, once for each link."""
    kickoff = asked.its_kickoff
    with writing(asked.database) as session:
        link = publications.publication(session, PublishedPlan, kickoff_id)
        is_news = link is not None and post(
            session,
            kickoff_id=kickoff_id,
            kind="plan_published",
            key=link.published_at.isoformat(),
            data={"path": f"/plans/{link.secret}", "about": kickoff.vision or kickoff.purpose},
        )
    return _back(kickoff_id, "channels_told" if is_news else "channels_knew")


@router.get("/kickoffs/{kickoff_id}/plan.md")
def markdown_file(asked: See) -> Response:
    return _file(as_markdown(_exported(asked)), "md", "text/markdown", asked)


@router.get("/kickoffs/{kickoff_id}/plan.html")
def html_file(asked: See) -> Response:
    return _file(render("plan/export.html", text=_exported(asked)), "html", "text/html", asked)


@router.get("/plans/{secret}")
async def published(request: Request, secret: str, asked: Anybody) -> Response:
    live: Live = request.app.state.live
    state = await live.off_loop(_state, live.database, secret)
    address = plan_address(request, secret)

    async def make() -> CachedPage:
        kickoff, text, strategy_map = await live.off_loop(_read, live.database, secret)
        return await shared_page(
            "plan/published.html",
            kickoff=kickoff,
            text=text,
            strategy_map=strategy_map,
            address=address,
        )

    page = await _PAGES.get((secret, language(), address), state, make)
    answer = page.response()
    # From those who look for pages: who has the link was given it.
    answer.headers.update({"cache-control": "no-store", "x-robots-tag": "noindex"})
    with suppress(KickoffError):  # a database that is busy keeps nobody from reading
        await live.off_loop(_count, request, asked, secret, answer)
    return answer


def _count(request: Request, asked: Asked, secret: str, answer: Response) -> None:
    with asked.database.reading() as session:
        link = publications.published_at(session, PublishedPlan, secret)
        kickoff = session.get_one(Kickoff, link.kickoff_id)
        reader = visitor(request, asked, kickoff, COOKIE, kickoff.id)
        if reader.user_id is None and reader.counted:
            return
        if reader.user_id and plan_readers.has_opened(session, kickoff.id, reader.user_id):
            return
    with writing(asked.database) as session:
        plan_readers.is_opened(
            session, kickoff.id, user_id=reader.user_id, today=today_in(kickoff, clock.now())
        )
    reader.remember(answer, request)


def _state(database: Database, secret: str) -> State:
    """As it is now; NotFound where the link leads nowhere."""
    with database.reading() as session:
        found = publications.published_at(session, PublishedPlan, secret)
        return state_of(session, found.kickoff_id)


def _read(database: Database, secret: str) -> tuple[Kickoff, PlanText, Drawn]:
    with database.reading() as session:
        found = publications.published_at(session, PublishedPlan, secret)
        kickoff = session.get_one(Kickoff, found.kickoff_id)
        text = plan_text(session, kickoff, PUBLISHED, clock.now())
        return kickoff, text, drawn(session, kickoff, "strategy-map")


def _exported(asked: Asked) -> PlanText:
    entities = [one for one in EXPORTED if asked.may(one.see)]
    with asked.database.reading() as session:
        return plan_text(session, asked.its_kickoff, entities, clock.now())


def _file(content: str, suffix: str, media_type: str, asked: Asked) -> Response:
    name = quote(f"{asked.its_kickoff.title}.{suffix}", safe="")
    headers = {
        "content-disposition": f"attachment; filename=\"plan.{suffix}\"; filename*=UTF-8''{name}",
        "cache-control": "no-store",
    }
    return Response(content, headers=headers, media_type=media_type)


def _back(kickoff_id: str, said: str) -> Response:
    return go_to(f"/kickoffs/{kickoff_id}/paper", said=said, part="plan-link")
