"""Meetings (F5) for programs: the three series in one call. Series, meetings and blockers are
records like others."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from app.models.kickoffs import Kickoff
from app.operations.entities import MEETING_SERIES
from app.operations.meetings import make_series, series_of
from app.routers.api import API
from app.routers.conditions import Answer, IdempotencyKey, once
from app.routers.permissions import Asked, KickoffId, needs
from app.routers.resource import shown_of
from app.routers.schemas import encoded, problems, public_schema

router = APIRouter(prefix=f"{API}/kickoffs/{{kickoff_id}}", tags=["meeting-series"])


class SeriesMade(BaseModel):
    items: list[public_schema(MEETING_SERIES, kickoff_id=(str, ...))]  # type: ignore[valid-type]
    meetings_made: int = Field(description="0 where all of them were there")


@router.post(
    "/make-meeting-series",
    status_code=200,
    response_model=SeriesMade,
    operation_id="make_meeting_series",
    responses=problems(401, 403, 404, 409, 422),
)
def make(
    request: Request,
    kickoff_id: KickoffId,
    asked: Annotated[Asked, needs(MEETING_SERIES.edit)],
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """The weekly standup, the OKR review and the retrospective over the 90 days after the
    kickoff's day, on working days alone. Kinds that are there already are left as they are; called
    again it makes nothing twice. A kickoff without a day is 409."""

    def made(session: Any) -> Answer:
        kickoff = session.get_one(Kickoff, kickoff_id)
        count = make_series(session, kickoff)
        found = [shown_of(MEETING_SERIES, asked, one) for one in series_of(session, kickoff_id)]
        return Answer(encoded({"items": found, "meetings_made": count}), status=200)

    return once(
        asked.database,
        asker=asked.actor.id,
        key=idempotency_key,
        request=request.url.path.encode(),
        make=made,
    ).response()
