"""The dates that follow the kickoff's day: what would move with it, shown before it is done."""

from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from pydantic import BeforeValidator

from app.access import Permission
from app.operations import kickoffs, rhythm
from app.routers.conditions import writing
from app.routers.pages.page import go_to, page
from app.routers.permissions import Asked, KickoffId, needs

router = APIRouter(prefix="/kickoffs/{kickoff_id}/dates", include_in_schema=False)

Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]
# The day that the kickoff had; left empty where it had none.
DayBefore = Annotated[
    date | None, BeforeValidator(lambda text: text or None), Query(alias="before")
]


def address(kickoff_id: str, before: date | None) -> str:
    return f"/kickoffs/{kickoff_id}/dates?before={quote(before.isoformat() if before else '')}"


@router.get("")
def preview(request: Request, asked: Edit, before: DayBefore = None) -> Response:
    kickoff = asked.its_kickoff
    with asked.database.reading() as session:
        found = rhythm.following(session, kickoff, before)
    return page(
        request,
        "kickoffs/dates.html",
        kickoff=kickoff,
        asked=asked,
        before=before,
        following=found,
        here=address(kickoff.id, before),
    )


@router.post("")
def move(kickoff_id: KickoffId, asked: Edit, before: DayBefore = None) -> Response:
    with writing(asked.database) as session:
        rhythm.follow(session, kickoffs.to_write(session, kickoff_id), before)
    return go_to(f"/kickoffs/{kickoff_id}", said="saved")
