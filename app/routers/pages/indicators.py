"""The launch indicators (F3) on their page, each with the records behind its figure."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from sqlmodel import Session

from app.access import Permission
from app.models.actions import Action
from app.models.answers import PublishedPlan
from app.models.people import Team
from app.models.pilots import Pilot
from app.models.retrospectives import Retrospective
from app.operations import publications
from app.operations.indicators import launch_indicators
from app.operations.okr import names
from app.operations.plan_readers import plan_readers
from app.routers.pages.page import page
from app.routers.permissions import Asked, needs
from app.web.hosts import public_url

router = APIRouter(include_in_schema=False)

Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]
Secret = Annotated[str, Path(max_length=60)]
_PAGE = "/kickoffs/{kickoff_id}/indicators"


@router.get(_PAGE)
def shown(request: Request, asked: Annotated[Asked, needs(Permission.SEE_PLAN)]) -> Response:
    kickoff = asked.its_kickoff
    with asked.database.reading() as session:
        found = launch_indicators(session, kickoff)
        called = _names(session, kickoff.id)
        readers = plan_readers(session, kickoff.id)
        published = publications.publication(session, PublishedPlan, kickoff.id)
    host = public_url(request.scope, request.app.state.settings)
    return page(
        request,
        "indicators/show.html",
        kickoff=kickoff,
        asked=asked,
        indicators=found,
        called=called,
        published=published,
        readers=readers,
        address=f"{host}/plans/{published.secret}" if published else "",
    )


def _names(session: Session, kickoff_id: str) -> dict[str, str]:
    """What the records behind the figures are called."""
    found: dict[str, str] = {}
    for table in (Team, Pilot, Retrospective, Action):
        found |= names(session, table, kickoff_id)
    return found
