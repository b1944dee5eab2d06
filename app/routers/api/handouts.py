"""The handouts of a kickoff at one link, for programs: published, under a new link, taken back."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.access import Permission
from app.models.answers import PublishedHandouts
from app.operations import publications
from app.routers.api import API
from app.routers.conditions import writing
from app.routers.permissions import Asked, KickoffId, needs
from app.routers.schemas import json_answer, problems
from app.web.hosts import public_url

router = APIRouter(prefix=f"{API}/kickoffs/{{kickoff_id}}/handouts", tags=["handouts"])

See = Annotated[Asked, needs(Permission.SEE_PLAN)]
Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]


class HandoutsLink(BaseModel):
    """Where everybody who has the link reads the handouts of the blocks that have begun; null as
    long as they are not published."""

    address: str | None


@router.get(
    "",
    response_model=HandoutsLink,
    operation_id="get_handouts_link",
    responses=problems(401, 403, 404, 422),
)
def link(request: Request, kickoff_id: KickoffId, asked: See) -> Response:
    with asked.database.reading() as session:
        found = publications.publication(session, PublishedHandouts, kickoff_id)
    return json_answer({"address": _address(request, found.secret) if found else None})


@router.put(
    "",
    response_model=HandoutsLink,
    operation_id="publish_handouts",
    responses=problems(401, 403, 404, 422),
)
def publish(request: Request, kickoff_id: KickoffId, asked: Edit, anew: bool = False) -> Response:
    """Make the link, or tell the one that there is; `anew` makes another, and the old one leads
    nowhere."""
    with writing(asked.database) as session:
        made = publications.publish(session, PublishedHandouts, kickoff_id, anew=anew)
        address = _address(request, made.secret)
    return json_answer({"address": address})


@router.delete(
    "",
    status_code=204,
    operation_id="unpublish_handouts",
    responses=problems(401, 403, 404, 422),
)
def unpublish(kickoff_id: KickoffId, asked: Edit) -> Response:
    with writing(asked.database) as session:
        publications.unpublish(session, PublishedHandouts, kickoff_id)
    return Response(status_code=204)


def _address(request: Request, secret: str) -> str:
    return f"{public_url(request.scope, request.app.state.settings)}/handouts/{secret}"
