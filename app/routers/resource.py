"""One declared entity → list, get, create, patch and delete beneath its kickoff; supersede in place
of delete where its records are kept.

The permission is asked by `needs`, the record is found through its kickoff, the operation runs in
one unit of work, and the answer leaves after the commit.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response
from sqlalchemy import Select

from app.access import Permission
from app.errors import Fault, Invalid, NotAllowed
from app.models.fields import Record
from app.operations import bulk, listing, records
from app.operations.entities import Entity
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
from app.routers.paging import page_of
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.routers.queries import ListQuery, query_of, signature, sort_of, wanted_of, words_of
from app.routers.schemas import (
    create_schema,
    encoded,
    json_answer,
    page_schema,
    patch_schema,
    problems,
    public_schema,
    several_schema,
    shown,
)


@contextmanager
def beneath(name: str) -> Iterator[None]:
    """Faults of what stands beneath a name in the body."""
    try:
        yield
    except Invalid as error:
        faults = [Fault(f"/{name}{fault.pointer}", fault.detail) for fault in error.faults]
        raise Invalid(error.detail, faults=faults, **error.params) from None


_TAGGED = {"headers": {"ETag": {"schema": {"type": "string"}}}}
_CREATED: dict[int | str, dict[str, Any]] = {201: _TAGGED}


@cache
def resource(entity: Entity) -> APIRouter:
    """The routes of an entity; an application knows its own by the request."""
    router = APIRouter(prefix=f"{API}/kickoffs/{{kickoff_id}}/{entity.name}", tags=[entity.name])
    public = public_schema(entity, kickoff_id=(str, ...))
    creation, patch = create_schema(entity), patch_schema(entity)
    name = entity.name.replace("-", "_")

    @router.get(
        "",
        response_model=page_schema(entity, public),
        operation_id=f"list_{name}",
        responses=problems(401, 403, 404, 422),
    )
    def listed(
        request: Request,
        kickoff_id: KickoffId,
        asked: Annotated[Asked, needs(entity.see)],
        query: query_of(entity),  # type: ignore[valid-type]  # a type made here
    ) -> Response:
        return answer_list(entity, request, asked, query, records.all_of(entity, kickoff_id))

    @router.post(
        "",
        status_code=201,
        response_model=public,
        operation_id=f"create_{name}",
        responses=_CREATED | problems(401, 403, 404, 409, 422),
    )
    def create(
        request: Request,
        kickoff_id: KickoffId,
        body: Annotated[creation, Body()],  # type: ignore[valid-type]  # a type made here
        asked: Annotated[Asked, needs(entity.edit)],
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        values = _allowed_values(entity, asked, body)
        after_id = values.pop("after_id", None)

        def make(session: Any) -> Answer:
            record = records.create(session, entity, kickoff_id, values, after_id=after_id)
            location = f"{request.url.path}/{record.id}"
            return Answer(encoded(shown_of(entity, asked, record)), etag(record), location)

        return once_asked(asked, request, idempotency_key, make, encoded(_json(body))).response()

    @router.get(
        "/{record_id}",
        response_model=public,
        operation_id=f"get_{name}",
        responses=problems(401, 403, 404, 422),
    )
    def get(
        kickoff_id: KickoffId,
        record_id: RecordId,
        asked: Annotated[Asked, needs(entity.see)],
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        with asked.database.reading() as session:
            record = records.find(session, entity, kickoff_id, record_id)
        # What is worked out may change without a write: then only the whole answer is true.
        known = None if entity.derived else if_none_match
        return answered(shown_of(entity, asked, record), etag(record), known)

    @router.patch(
        "/{record_id}",
        response_model=public,
        operation_id=f"patch_{name}",
        responses=problems(401, 403, 404, 409, 412, 422, 428),
    )
    def change(
        kickoff_id: KickoffId,
        record_id: RecordId,
        body: Annotated[patch, Body()],  # type: ignore[valid-type]  # a type made here
        asked: Annotated[Asked, needs(entity.edit)],
        if_match: IfMatch = None,
    ) -> Response:
        changes = _allowed_values(entity, asked, body)
        after_id = changes.pop("after_id", None)
        with writing(asked.database) as session:
            record = records.find(session, entity, kickoff_id, record_id, to_write=True)
            require_match(record, if_match, lambda: shown_of(entity, asked, record))
            records.change(session, entity, record, changes, after_id=after_id)
        return json_answer(shown_of(entity, asked, record), etag=etag(record))

    _several(router, entity, name, public)
    if entity.kept:
        _superseding(router, entity, name, public, creation)
    elif not entity.lasting:
        _removing(router, entity, name)
    return router


def _several(router: APIRouter, entity: Entity, name: str, public: Any) -> None:
    """Many at once, all of them or none."""
    sent = several_schema(entity, create_schema(entity, "Item"))

    @router.post(
        "/bulk",
        status_code=201,
        response_model=several_schema(entity, public, answered=True),
        operation_id=f"create_several_{name}",
        responses=problems(401, 403, 404, 409, 413, 422),
    )
    def create_several(
        request: Request,
        kickoff_id: KickoffId,
        body: Annotated[sent, Body()],  # type: ignore[valid-type]  # a type made here
        asked: Annotated[Asked, needs(entity.edit)],
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        each: Any = body
        items = [_allowed_values(entity, asked, item) for item in each.items]

        def make(session: Any) -> Answer:
            with beneath("items"):
                made = bulk.create_all(session, entity, kickoff_id, items)
            return Answer(encoded({"items": [shown_of(entity, asked, one) for one in made]}))

        return once_asked(asked, request, idempotency_key, make, encoded(_json(body))).response()


def answer_list(
    entity: Entity, request: Request, asked: Asked, query: ListQuery, statement: Select[Any]
) -> Response:
    """A page of what was asked for, in the order that was asked for."""
    statement = listing.filtered(entity, statement, wanted_of(entity, query))
    sort = sort_of(query)
    with asked.database.reading() as session:
        if query.q:
            statement = listing.searched(session, entity, statement, words_of(query))
        found, following = page_of(
            session,
            request,
            statement,
            listing.keys_of(entity, sort) if sort else _usual_keys(entity),
            limit=query.limit,
            cursor=query.cursor,
            asked=signature(query),
        )
    items = [shown_of(entity, asked, record) for record in found]
    return json_answer({"items": items, "next_cursor": following})


def _usual_keys(entity: Entity) -> list[Any]:
    first = [entity.ordered_table.position] if entity.ordered else []
    return [*first, entity.child.id]


def _removing(router: APIRouter, entity: Entity, name: str) -> None:
    @router.delete(
        "/{record_id}",
        status_code=204,
        operation_id=f"delete_{name}",
        responses=problems(401, 403, 404, 409, 412, 422, 428),
    )
    def delete(
        kickoff_id: KickoffId,
        record_id: RecordId,
        asked: Annotated[Asked, needs(entity.edit)],
        if_match: IfMatch = None,
    ) -> Response:
        with writing(asked.database) as session:
            record = records.find(session, entity, kickoff_id, record_id, to_write=True)
            require_match(record, if_match, lambda: shown_of(entity, asked, record))
            records.remove(session, entity, record)
        return Response(status_code=204)


def _superseding(router: APIRouter, entity: Entity, name: str, public: Any, creation: Any) -> None:
    """Kept records: what holds now is made of what was sent, and the earlier one points at it."""

    @router.post(
        "/{record_id}/supersede",
        status_code=201,
        response_model=public,
        operation_id=f"supersede_{name}",
        responses=_CREATED | problems(401, 403, 404, 409, 412, 422, 428),
    )
    def supersede(
        request: Request,
        kickoff_id: KickoffId,
        record_id: RecordId,
        body: Annotated[creation, Body()],
        asked: Annotated[Asked, needs(entity.edit)],
        if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        values = _allowed_values(entity, asked, body)

        def make(session: Any) -> Answer:
            record = records.find(session, entity, kickoff_id, record_id, to_write=True)
            require_match(record, if_match, lambda: shown_of(entity, asked, record))
            made = records.supersede(session, entity, record, values)
            location = request.url.path.replace(f"{record_id}/supersede", made.id)
            return Answer(encoded(shown_of(entity, asked, made)), etag(made), location)

        return once_asked(asked, request, idempotency_key, make, encoded(_json(body))).response()


def shown_of(entity: Entity, asked: Asked, record: Record) -> dict[str, Any]:
    private = asked.may(Permission.SEE_NOTES)
    kickoff = asked.its_kickoff
    return shown(entity, record, private=private, also=("kickoff_id",), kickoff=kickoff)


def _allowed_values(entity: Entity, asked: Asked, body: Any) -> dict[str, Any]:
    """What was sent; who may not see a field may not write it either."""
    values: dict[str, Any] = body.model_dump(exclude_unset=True)
    if entity.private & values.keys() and not asked.may(Permission.SEE_NOTES):
        raise NotAllowed
    return values


def _json(body: Any) -> Any:
    return body.model_dump(mode="json", exclude_unset=True)
