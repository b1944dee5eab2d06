"""The dashboard (F8): how the 90 days go, at one look."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from app import clock
from app.access import Permission
from app.panels.panel import drawn
from app.routers.pages.page import page
from app.routers.permissions import Asked, needs

router = APIRouter(include_in_schema=False)


@router.get("/kickoffs/{kickoff_id}/dashboard")
def dashboard(request: Request, asked: Annotated[Asked, needs(Permission.SEE_PLAN)]) -> Response:
    kickoff, now = asked.its_kickoff, clock.now()
    with asked.database.reading() as session:
        panels = drawn(session, kickoff, now)
    return page(
        request, "dashboard/show.html", kickoff=kickoff, asked=asked, panels=panels, as_of=now
    )
