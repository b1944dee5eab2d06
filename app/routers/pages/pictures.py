"""The plan as pictures: all of them to choose from, and each on a page of its own."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.access import Permission
from app.errors import NotFound
from app.pictures.picture import registry
from app.routers.pages.page import page
from app.routers.permissions import Asked, needs

router = APIRouter(include_in_schema=False)

See = Annotated[Asked, needs(Permission.SEE_PLAN)]


@router.get("/kickoffs/{kickoff_id}/pictures")
def gallery(request: Request, asked: See) -> Response:
    return page(
        request,
        "pictures/list.html",
        kickoff=asked.its_kickoff,
        asked=asked,
        pictures=list(registry().values()),
    )


@router.get("/kickoffs/{kickoff_id}/pictures/{code}")
def shown(request: Request, asked: See, code: str) -> Response:
    picture = registry().get(code)
    if picture is None:
        raise NotFound
    kickoff = asked.its_kickoff
    with asked.database.reading() as session:
        view = picture.view(session, kickoff)
    return page(
        request,
        "pictures/show.html",
        kickoff=kickoff,
        asked=asked,
        picture=picture,
        view=view,
        may_edit=asked.may(Permission.EDIT_PLAN),
    )
