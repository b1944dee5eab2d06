"""Kickoffs: what a signed-in user or a token may see, make, change, copy, archive and remove."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool, create_model
from sqlmodel import Session, col

from app.access import Permission, visible_kickoffs
from app.models.fields import Title
from app.models.kickoffs import Kickoff
from app.operations import kickoffs
from app.operations.entities import KICKOFFS
from app.routers.api import API
from app.routers.conditions import (
    Answer,
    IdempotencyKey,
    IfMatch,
    IfNoneMatch,
    answered,
    etag,
    once_asked,
    require_match,
    writing,
)
from app.routers.kinds import option_kinds
from app.routers.paging import Cursor, Limit, page_of
from app.routers.permissions import Asked, KickoffId, needs
from app.routers.schemas import (
    create_schema,
    encoded,
    json_answer,
    page_schema,
    patch_schema,
    problems,
    public_schema,
    shown,
)
from app.routers.starting import Template, start

router = APIRouter(prefix=f"{API}/kickoffs", tags=["kickoffs"])

_ALSO = ("organisation_id", "archived_at", "copied_from_id")
_Public = public_schema(
    KICKOFFS,
    organisation_id=(str, ...),
    archived_at=(datetime | None, ...),
    copied_from_id=(str | None, ...),
)
_Page = page_schema(KICKOFFS, _Public)
_Create = create_model(
    "KickoffCreate",
    __base__=create_schema(KICKOFFS),
    template=(
        Template,
        Field(
            default=Template.NOTHING,
            description="frame: the method's day, rhythm and usual parts, in the asker's language",
        ),
    ),
)
_Patch = patch_schema(KICKOFFS)

See = Annotated[Asked, needs(Permission.SEE_PLAN)]
Edit = Annotated[Asked, needs(Permission.EDIT_PLAN)]
Manage = Annotated[Asked, needs(Permission.MANAGE_KICKOFF)]


class KickoffCopy(BaseModel):
    """How to copy a kickoff as a template."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    with_people: StrictBool = False


@router.get("", response_model=_Page, operation_id="list_kickoffs", responses=problems(401, 422))
def listed(
    request: Request,
    asked: Annotated[Asked, needs(Permission.SIGNED_IN)],
    limit: Limit = 50,
    cursor: Cursor = None,
    archived: Annotated[bool, Query(description="those that were put away")] = False,
) -> Response:
    put_away = col(Kickoff.archived_at)
    statement = visible_kickoffs(asked.actor).where(
        put_away.is_not(None) if archived else put_away.is_(None)
    )
    with asked.database.reading() as session:
        found, following = page_of(
            session, request, statement, [Kickoff.id], limit=limit, cursor=cursor
        )
    return json_answer({"items": [_shown(one) for one in found], "next_cursor": following})


@router.post(
    "",
    status_code=201,
    response_model=_Public,
    operation_id="create_kickoffs",
    responses=problems(401, 403, 409, 422),
)
def create(
    request: Request,
    body: Annotated[_Create, Body()],
    asked: Annotated[Asked, needs(Permission.CREATE_KICKOFF)],
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """A new kickoff. A copy of an earlier one is made of that (`copies`)."""
    values: dict[str, Any] = body.model_dump(exclude_unset=True)
    template = values.pop("template", Template.NOTHING)

    def make(session: Session) -> Answer:
        return _made(start(session, asked, values, template))

    return _once(request, asked, idempotency_key, body, make)


@router.get(
    "/{kickoff_id}",
    response_model=_Public,
    operation_id="get_kickoffs",
    responses=problems(401, 403, 404, 422),
)
def get(asked: See, if_none_match: IfNoneMatch = None) -> Response:
    kickoff = asked.its_kickoff
    return answered(_shown(kickoff), etag(kickoff), if_none_match)


@router.patch(
    "/{kickoff_id}",
    response_model=_Public,
    operation_id="patch_kickoffs",
    responses=problems(401, 403, 404, 409, 412, 422, 428),
)
def change(
    kickoff_id: KickoffId,
    body: Annotated[_Patch, Body()],  # type: ignore[valid-type]  # a type made above
    asked: Edit,
    if_match: IfMatch = None,
) -> Response:
    changes: dict[str, Any] = body.model_dump(exclude_unset=True)  # type: ignore[attr-defined]
    with writing(asked.database) as session:
        kickoff = _to_write(session, kickoff_id, if_match)
        kickoffs.change_kickoff(session, kickoff, changes)
    return json_answer(_shown(kickoff), etag=etag(kickoff))


@router.delete(
    "/{kickoff_id}",
    status_code=204,
    operation_id="delete_kickoffs",
    responses=problems(401, 403, 404, 409, 412, 422, 428),
)
def delete(kickoff_id: KickoffId, asked: Manage, if_match: IfMatch = None) -> Response:
    with writing(asked.database) as session:
        kickoffs.remove_kickoff(session, _to_write(session, kickoff_id, if_match))
    return Response(status_code=204)


@router.post(
    "/{kickoff_id}/copies",
    status_code=201,
    response_model=_Public,
    operation_id="copy_kickoffs",
    responses=problems(401, 403, 404, 409, 422),
)
def copy(
    request: Request,
    body: KickoffCopy,
    asked: See,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """A new kickoff after this one's pattern: teams, agenda, activities, people if asked."""
    asked.require_also(Permission.CREATE_KICKOFF)

    def make(session: Session) -> Answer:
        made = kickoffs.copy_kickoff(
            session,
            asked.its_kickoff,
            title=body.title,
            owner=asked.actor,
            with_people=body.with_people,
            with_notes=asked.may(Permission.SEE_NOTES),
            option_kinds=option_kinds(),
        )
        return _made(made)

    return _once(request, asked, idempotency_key, body, make)


@router.put(
    "/{kickoff_id}/archive",
    response_model=_Public,
    operation_id="archive_kickoffs",
    responses=problems(401, 403, 404, 412, 422, 428),
)
def archive(kickoff_id: KickoffId, asked: Manage, if_match: IfMatch = None) -> Response:
    """Out of the list, with nothing lost."""
    return _archived(asked, kickoff_id, if_match, archived=True)


@router.delete(
    "/{kickoff_id}/archive",
    response_model=_Public,
    operation_id="unarchive_kickoffs",
    responses=problems(401, 403, 404, 412, 422, 428),
)
def unarchive(kickoff_id: KickoffId, asked: Manage, if_match: IfMatch = None) -> Response:
    """Back into the list."""
    return _archived(asked, kickoff_id, if_match, archived=False)


def _archived(asked: Asked, kickoff_id: str, if_match: str | None, *, archived: bool) -> Response:
    with writing(asked.database) as session:
        kickoff = _to_write(session, kickoff_id, if_match)
        kickoffs.archive(session, kickoff, archived=archived, actor=asked.actor)
    return json_answer(_shown(kickoff), etag=etag(kickoff))


def _to_write(session: Session, kickoff_id: str, if_match: str | None) -> Kickoff:
    kickoff = kickoffs.to_write(session, kickoff_id)
    require_match(kickoff, if_match, lambda: _shown(kickoff))
    return kickoff


def _once(request: Request, asked: Asked, key: str | None, body: BaseModel, make: Any) -> Response:
    sent = encoded(body.model_dump(mode="json", exclude_unset=True))
    return once_asked(asked, request, key, make, sent).response()


def _made(kickoff: Kickoff) -> Answer:
    location = f"{API}/kickoffs/{kickoff.id}"
    return Answer(encoded(_shown(kickoff)), etag(kickoff), location)


def _shown(kickoff: Kickoff) -> dict[str, Any]:
    return shown(KICKOFFS, kickoff, private=False, also=_ALSO)
