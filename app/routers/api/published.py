"""What of a kickoff can be read by everybody who has its one link, for programs: published, under a
new link, taken back."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from app.access import Permission
from app.models.answers import Published
from app.operations import publications
from app.routers.conditions import writing
from app.routers.permissions import Asked, KickoffId, needs
from app.routers.schemas import json_answer, problems
from app.web.hosts import public_url

See = Annotated[Asked, needs(Permission.SEE_PLAN)]
Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]


class PublishedLink(BaseModel):
    address: str | None = Field(description="null as long as it is not published")


def published_at_one_link(
    router: APIRouter, table: type[Published], word: str, *, read: str
) -> None:
    """Its routes. `word` is the last of its address, here and at the link; `read` names the
    operation that tells the link."""
    refusals = problems(401, 403, 404, 422)

    def address(request: Request, there: Published | None) -> Response:
        root = public_url(request.scope, request.app.state.settings)
        return json_answer({"address": f"{root}/{word}/{there.secret}" if there else None})

    @router.get(f"/{word}", response_model=PublishedLink, operation_id=read, responses=refusals)
    def link(request: Request, kickoff_id: KickoffId, asked: See) -> Response:
        with asked.database.reading() as session:
            found = publications.publication(session, table, kickoff_id)
        return address(request, found)

    @router.put(
        f"/{word}",
        response_model=PublishedLink,
        operation_id=f"publish_{word}",
        responses=refusals,
    )
    def publish(
        request: Request, kickoff_id: KickoffId, asked: Edit, anew: bool = False
    ) -> Response:
        """Make the link, or tell the one that there is; `anew` makes another, and the old one leads
        nowhere."""
        with writing(asked.database) as session:
            made = publications.publish(session, table, kickoff_id, anew=anew)
        return address(request, made)

    @router.delete(
        f"/{word}", status_code=204, operation_id=f"unpublish_{word}", responses=refusals
    )
    def unpublish(kickoff_id: KickoffId, asked: Edit) -> Response:
        with writing(asked.database) as session:
            publications.unpublish(session, table, kickoff_id)
        return Response(status_code=204)
