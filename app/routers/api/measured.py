"""What a record was measured at, beneath the record itself: a KPI's readings, a key result's
check-ins. This is the door for figures that other systems send."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Request, Response
from pydantic import BaseModel, ConfigDict, create_model
from sqlmodel import col

from app.operations import records
from app.operations.entities import CHECK_INS, KEY_RESULTS, KPIS, READINGS, Entity
from app.routers.add_routes import add_routes
from app.routers.api import API
from app.routers.conditions import Answer, IdempotencyKey, etag, once_asked
from app.routers.declared import as_json
from app.routers.permissions import Asked, KickoffId, needs
from app.routers.queries import ListQuery, query_of
from app.routers.resource import answer_list, shown_of
from app.routers.schemas import encoded, page_schema, problems, public_schema

router = APIRouter()


def _measured(of: Entity, entity: Entity, *, field: str, one: str, many: str) -> APIRouter:
    """The routes of what belongs to a record by `field`. `one` and `many`: what a measurement is
    called in the description."""
    parent = field.removesuffix("_id")
    router = APIRouter(
        prefix=f"{API}/kickoffs/{{kickoff_id}}/{of.name}/{{record_id}}/{entity.name}",
        tags=[entity.name],
    )
    public = public_schema(entity, kickoff_id=(str, ...))
    own: dict[str, Any] = {
        name: (as_json(info), info)
        for name, info in entity.fields.model_fields.items()
        if name != field
    }
    creation: Any = create_model(
        f"{of.table.__name__}{entity.table.__name__}Create",
        __config__=ConfigDict(extra="forbid"),
        **own,
    )
    parent_id = Annotated[str, Path(description=f"the {parent}", max_length=36)]

    @router.get(
        "",
        response_model=page_schema(entity, public),
        operation_id=f"list_{many}_of_{parent}",
        responses=problems(401, 403, 404, 422),
    )
    def listed(
        request: Request,
        kickoff_id: KickoffId,
        record_id: parent_id,
        asked: Annotated[Asked, needs(entity.see)],
        query: query_of(entity),  # type: ignore[valid-type]  # a type made here
    ) -> Response:
        with asked.database.reading() as session:
            records.find(session, of, kickoff_id, record_id)
        table: Any = entity.child
        own = records.all_of(entity, kickoff_id).where(col(getattr(table, field)) == record_id)
        asked_for: ListQuery = query
        return answer_list(entity, request, asked, asked_for, own)

    @router.post(
        "",
        status_code=201,
        response_model=public,
        operation_id=f"create_{one}_of_{parent}",
        responses=problems(401, 403, 404, 409, 422),
    )
    def create(
        request: Request,
        kickoff_id: KickoffId,
        record_id: parent_id,
        body: Annotated[creation, Body()],
        asked: Annotated[Asked, needs(entity.edit)],
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        sent: BaseModel = body
        values = sent.model_dump(exclude_unset=True) | {field: record_id}

        def make(session: Any) -> Answer:
            records.find(session, of, kickoff_id, record_id)
            record = records.create(session, entity, kickoff_id, values)
            location = f"{API}/kickoffs/{kickoff_id}/{entity.name}/{record.id}"
            return Answer(encoded(shown_of(entity, asked, record)), etag(record), location)

        content = encoded(sent.model_dump(mode="json", exclude_unset=True))
        return once_asked(asked, request, idempotency_key, make, content).response()

    return router


add_routes(
    router,
    _measured(KPIS, READINGS, field="kpi_id", one="reading", many="readings"),
    _measured(KEY_RESULTS, CHECK_INS, field="key_result_id", one="check_in", many="check_ins"),
)
