"""Who changed what when: of a whole kickoff, and of one record. Newest first."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import Select

from app.access import Permission
from app.errors import NotFound
from app.models.history import AuthorKind, Done, RecordChange
from app.operations import history
from app.operations.listing import Key
from app.routers.api import API
from app.routers.changes import BY_NAME, shown_changes
from app.routers.paging import Cursor, Limit, page_of
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.routers.schemas import json_answer, problems

router = APIRouter(prefix=f"{API}/kickoffs/{{kickoff_id}}", tags=["history"])

See = Annotated[Asked, needs(Permission.SEE_PLAN)]
NEWEST_FIRST = [Key(RecordChange.id, descending=True)]


class ChangeShown(BaseModel):
    """`changes` are {field: [before, after]}, of a new record against nothing. `author_id` is a
    user's or a token's; what an attendee did is the room's. `because_id` is the change that this
    one followed from: what went with a removed record, or let go of it."""

    id: str
    at: datetime
    collection: str
    record_id: str
    record_name: str = Field(description="what it was called then")
    version: int = Field(description="the record's version from then on")
    author_kind: AuthorKind
    author_id: str
    author_name: str
    done: Done
    changes: dict[str, list[Any]]
    because_id: str | None


class ChangePage(BaseModel):
    items: list[ChangeShown]
    next_cursor: str | None = None


@router.get(
    "/history",
    response_model=ChangePage,
    operation_id="list_history",
    responses=problems(401, 403, 404, 422),
)
def of_kickoff(
    request: Request,
    kickoff_id: KickoffId,
    asked: See,
    collection: Annotated[str, Query(max_length=40, description="of these records alone")] = "",
    author_id: Annotated[str, Query(max_length=80, description="by this author alone")] = "",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    statement = history.of_kickoff(
        kickoff_id, entity=collection, author=author_id, followed_too=True
    )
    return _page(request, asked, statement, limit, cursor, f"{collection} {author_id}")


@router.get(
    "/{collection}/{record_id}/history",
    response_model=ChangePage,
    operation_id="list_record_history",
    responses=problems(401, 403, 404, 422),
)
def of_record(
    request: Request,
    kickoff_id: KickoffId,
    collection: Annotated[str, Path(max_length=40, description="the record's collection")],
    record_id: RecordId,
    asked: See,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Of a record that is gone as well."""
    entity = BY_NAME.get(collection)
    if entity is None:
        raise NotFound
    statement = history.of_record(kickoff_id, entity, record_id)
    return _page(request, asked, statement, limit, cursor)


def _page(
    request: Request,
    asked: Asked,
    statement: Select[Any],
    limit: int,
    cursor: str | None,
    about: str = "",
) -> Response:
    with asked.database.reading() as session:
        found, following = page_of(
            session, request, statement, NEWEST_FIRST, limit=limit, cursor=cursor, asked=about
        )
    private = asked.may(Permission.SEE_NOTES)
    items = [_shown(row, private=private) for row in found]
    return json_answer({"items": items, "next_cursor": following})


def _shown(row: RecordChange, *, private: bool) -> dict[str, Any]:
    own = ChangeShown.model_fields.keys() - {"collection", "changes"}
    values = {name: getattr(row, name) for name in own}
    return {**values, "collection": row.entity, "changes": shown_changes(row, private=private)}
