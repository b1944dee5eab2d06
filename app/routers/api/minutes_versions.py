"""The versions and the link of minutes, for programs: what was published, who has read it."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel
from sqlmodel import Session

from app.operations import minutes as editing
from app.operations import minutes_published as published
from app.routers.api.minutes import PREFIX, Edit, MinutesShown, See, told_of
from app.routers.conditions import Answer, IdempotencyKey, etag, once_asked, writing
from app.routers.permissions import KickoffId, RecordId
from app.routers.schemas import encoded, json_answer, problems

router = APIRouter(prefix=PREFIX, tags=["minutes"])

Number = Annotated[int, Path(ge=1, le=1_000_000)]


class VersionShown(BaseModel):
    """`readers` are how many have read it with an account in the kickoff, `others` how many
    without: nothing is known of those."""

    number: int
    published_at: datetime
    published_by: str
    readers: int
    others: int
    sections: list[dict[str, Any]] | None = None


class VersionPage(BaseModel):
    items: list[VersionShown]


@router.get(
    "/{record_id}/versions",
    response_model=VersionPage,
    operation_id="list_minutes_versions",
    responses=problems(401, 403, 404, 422),
)
def versions(kickoff_id: KickoffId, record_id: RecordId, asked: See) -> Response:
    """Newest first."""
    with asked.database.reading() as session:
        found = editing.find(session, kickoff_id, record_id)
        items = [_version(session, one) for one in published.versions(session, found.id)]
    return json_answer({"items": items})


@router.get(
    "/{record_id}/versions/{number}",
    response_model=VersionShown,
    operation_id="get_minutes_version",
    responses=problems(401, 403, 404, 422),
)
def version(kickoff_id: KickoffId, record_id: RecordId, number: Number, asked: See) -> Response:
    with asked.database.reading() as session:
        found = editing.find(session, kickoff_id, record_id)
        one = published.version(session, found.id, number)
        told = _version(session, one) | {"sections": one.sections}
    return json_answer(told)


@router.post(
    "/{record_id}/versions",
    status_code=201,
    response_model=VersionShown,
    operation_id="publish_minutes",
    responses=problems(401, 403, 404, 409, 422),
)
def publish(
    request: Request,
    kickoff_id: KickoffId,
    record_id: RecordId,
    asked: Edit,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Publish them as they stand, as one version more, at the link that there is or a new one."""

    def make(session: Session) -> Answer:
        found = editing.find(session, kickoff_id, record_id, to_write=True)
        made = published.publish(session, found, asked.actor.name)
        location = f"{request.url.path}/{made.number}"
        return Answer(encoded(_version(session, made)), location=location)

    return once_asked(asked, request, idempotency_key, make).response()


@router.put(
    "/{record_id}/link",
    response_model=MinutesShown,
    operation_id="renew_minutes_link",
    responses=problems(401, 403, 404, 409, 422),
)
def renew(request: Request, kickoff_id: KickoffId, record_id: RecordId, asked: Edit) -> Response:
    """Another link; the one that people have leads nowhere."""
    with writing(asked.database) as session:
        found = editing.find(session, kickoff_id, record_id, to_write=True)
        published.renew_link(session, found)
        told = told_of(request, session, found)
    return json_answer(told, etag=etag(found))


@router.delete(
    "/{record_id}/link",
    status_code=204,
    operation_id="unpublish_minutes",
    responses=problems(401, 403, 404, 422),
)
def unpublish(kickoff_id: KickoffId, record_id: RecordId, asked: Edit) -> Response:
    """The link leads nowhere; every version is kept."""
    with writing(asked.database) as session:
        published.unpublish(session, editing.find(session, kickoff_id, record_id, to_write=True))
    return Response(status_code=204)


def _version(session: Session, one: Any) -> dict[str, Any]:
    read = published.readers(session, [one.id])
    return {
        "number": one.number,
        "published_at": one.published_at,
        "published_by": one.published_by,
        "readers": len(read.named),
        "others": read.others,
    }
