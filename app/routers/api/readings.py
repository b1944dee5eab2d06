"""A KPI's own readings: what it stood at, beneath the KPI itself."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Request, Response
from pydantic import BaseModel, ConfigDict, create_model
from sqlmodel import col

from app.models.kpis import Reading, ReadingFields
from app.operations import records
from app.operations.entities import KPIS, READINGS
from app.routers.api import API
from app.routers.conditions import Answer, IdempotencyKey, etag, once
from app.routers.declared import as_json
from app.routers.permissions import Asked, KickoffId, needs
from app.routers.queries import ListQuery, query_of
from app.routers.resource import answer_list, shown_of
from app.routers.schemas import encoded, page_schema, problems, public_schema

router = APIRouter(
    prefix=f"{API}/kickoffs/{{kickoff_id}}/kpis/{{kpi_id}}/readings", tags=["readings"]
)

_PUBLIC = public_schema(READINGS, kickoff_id=(str, ...))
_PAGE = page_schema(READINGS, _PUBLIC)
_OF_KPI = {
    name: (as_json(info), info)
    for name, info in ReadingFields.model_fields.items()
    if name != "kpi_id"
}
_Sent: Any = create_model(
    "KpiReadingCreate",
    __config__=ConfigDict(extra="forbid"),
    **_OF_KPI,  # type: ignore[call-overload]  # made from the declaration
)
KpiId = Annotated[str, Path(description="the KPI", max_length=36)]


@router.get(
    "",
    response_model=_PAGE,
    operation_id="list_readings_of_kpi",
    responses=problems(401, 403, 404, 422),
)
def listed(
    request: Request,
    kickoff_id: KickoffId,
    kpi_id: KpiId,
    asked: Annotated[Asked, needs(READINGS.see)],
    query: query_of(READINGS),  # type: ignore[valid-type]  # a type made there
) -> Response:
    with asked.database.reading() as session:
        records.find(session, KPIS, kickoff_id, kpi_id)
    own = records.all_of(READINGS, kickoff_id).where(col(Reading.kpi_id) == kpi_id)
    asked_for: ListQuery = query
    return answer_list(READINGS, request, asked, asked_for, own)


@router.post(
    "",
    status_code=201,
    response_model=_PUBLIC,
    operation_id="create_reading_of_kpi",
    responses=problems(401, 403, 404, 409, 422),
)
def create(
    request: Request,
    kickoff_id: KickoffId,
    kpi_id: KpiId,
    body: Annotated[_Sent, Body()],
    asked: Annotated[Asked, needs(READINGS.edit)],
    idempotency_key: IdempotencyKey = None,
) -> Response:
    sent: BaseModel = body
    values = sent.model_dump(exclude_unset=True) | {"kpi_id": kpi_id}

    def make(session: Any) -> Answer:
        records.find(session, KPIS, kickoff_id, kpi_id)
        record = records.create(session, READINGS, kickoff_id, values)
        location = f"{API}/kickoffs/{kickoff_id}/readings/{record.id}"
        return Answer(encoded(shown_of(READINGS, asked, record)), etag(record), location)

    content = encoded(sent.model_dump(mode="json", exclude_unset=True))
    return once(
        asked.database,
        asker=asked.actor.id,
        key=idempotency_key,
        request=request.url.path.encode() + content,
        make=make,
    ).response()
