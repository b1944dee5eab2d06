"""The dates that follow a kickoff's day: what would move with it, and moving them in one step."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlmodel import Session

from app.access import Permission
from app.operations import kickoffs, rhythm
from app.operations.rhythm import Followed
from app.routers.api import API
from app.routers.conditions import Answer, IdempotencyKey, once_asked
from app.routers.declared import a_day
from app.routers.permissions import Asked, KickoffId, needs
from app.routers.schemas import encoded, json_answer, problems

router = APIRouter(prefix=f"{API}/kickoffs/{{kickoff_id}}/dates", tags=["kickoffs"])

Day = Annotated[date, BeforeValidator(a_day)]
_BEFORE = "the day that the kickoff had; left out where it had none"


class FollowedDate(BaseModel):
    """`kind` is the collection that the record is in; `due` its date, `to` the one it would get."""

    kind: str
    id: str
    name: str
    due: date | None
    to: date


class FollowedDates(BaseModel):
    items: list[FollowedDate]


class Before(BaseModel):
    model_config = ConfigDict(extra="forbid")

    before: Day | None = Field(default=None, description=_BEFORE)


@router.get(
    "",
    response_model=FollowedDates,
    operation_id="list_followed_dates",
    responses=problems(401, 403, 404, 422),
)
def preview(
    asked: Annotated[Asked, needs(Permission.SEE_PLAN)],
    before: Annotated[Day | None, Query(description=_BEFORE)] = None,
) -> Response:
    """Milestones and communication steps that were counted from the day before it was moved."""
    with asked.database.reading() as session:
        found = rhythm.following(session, asked.its_kickoff, before)
    return json_answer(_items(found))


@router.post(
    "",
    response_model=FollowedDates,
    operation_id="move_followed_dates",
    responses=problems(401, 403, 404, 409, 422),
)
def move(
    request: Request,
    kickoff_id: KickoffId,
    body: Before,
    asked: Annotated[Asked, needs(Permission.EDIT_PLAN)],
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Moves them, and answers what was moved. A second time there is nothing left to move."""

    def make(session: Session) -> Answer:
        moved = rhythm.follow(session, kickoffs.to_write(session, kickoff_id), body.before)
        return Answer(encoded(_items(moved)), status=200)

    return once_asked(
        asked, request, idempotency_key, make, encoded(body.model_dump(mode="json"))
    ).response()


def _items(found: list[Followed]) -> dict[str, Any]:
    items = [
        {
            "kind": one.entity.name,
            "id": one.record_id,
            "name": one.name,
            "due": one.due.isoformat() if one.due else None,
            "to": one.to.isoformat(),
        }
        for one in found
    ]
    return {"items": items}
