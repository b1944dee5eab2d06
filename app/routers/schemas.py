"""The REST shapes of an entity, derived from its one declaration, with clean names in OpenAPI; and
those that a form of the pages shares.

…Create and …Patch refuse fields that they do not know. …Patch is a merge-patch (RFC 7396): what is
left out stays. What is stored is validated as a whole in `operations/records`.
"""

from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi.responses import Response
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    create_model,
)

from app import clock
from app.models.fields import Line, Ordered, Record
from app.models.kickoffs import Kickoff
from app.models.text import clean_line, still_within
from app.operations.entities import Entity
from app.routers.declared import as_json

_STRICT = ConfigDict(extra="forbid", protected_namespaces=())
SEVERAL_MOST = 200
_AFTER = 'the record it comes right after; "" is first; left out: last when new, else unmoved'
AfterId = Annotated[
    Annotated[str, StringConstraints(pattern=r"^([0-9a-f-]{36})?$")] | None,
    Field(description=_AFTER),
]


class FieldProblem(BaseModel):
    pointer: str = Field(description="a JSON pointer into the body")
    detail: str


class Problem(BaseModel):
    """Errors, as RFC 9457 has them."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str = ""
    errors: list[FieldProblem] | None = None
    current: dict[str, Any] | None = Field(None, description="what stands now (412)")


class NewParticipant(BaseModel):
    """Who joins. `team` is the id or the name of one of the kickoff's teams."""

    model_config = ConfigDict(extra="forbid")

    # The limit is looked at first, or the sentence could not say what it is.
    name: Annotated[
        str,
        StringConstraints(max_length=80),
        AfterValidator(clean_line),
        AfterValidator(still_within(80)),
    ] = ""
    team: Annotated[Line, Field(max_length=200)] | None = None
    people: int = Field(default=1, ge=1, le=100, description="above one: one phone for a table")


def create_schema(entity: Entity, suffix: str = "Create") -> type[BaseModel]:
    """Among several (`suffix` Item) none says after whom it comes: they come in their order."""
    placed = entity.ordered and suffix == "Create"
    extra: dict[str, Any] = {"after_id": (AfterId, None)} if placed else {}
    typed: dict[str, Any] = {
        name: (as_json(info), info) for name, info in entity.fields.model_fields.items()
    }
    made = create_model(_name(entity, suffix), __base__=entity.fields, **typed, **extra)
    made.model_config = {**made.model_config, **_STRICT}
    made.model_rebuild(force=True)
    return made


def patch_schema(entity: Entity) -> type[BaseModel]:
    fields: dict[str, Any] = {
        name: (as_json(info), None) for name, info in entity.fields.model_fields.items()
    }
    if entity.ordered:
        fields["after_id"] = (AfterId, None)
    return create_model(_name(entity, "Patch"), __config__=_STRICT, **fields)


def public_schema(entity: Entity, **extra: Any) -> type[BaseModel]:
    """What is answered. Private fields are there only for those who may see them."""
    fields: dict[str, Any] = {
        "id": (str, ...),
        "version": (int, Field(description="the ETag")),
        "created_at": (datetime, ...),
        "updated_at": (datetime, ...),
        **extra,
    }
    for name, info in entity.fields.model_fields.items():
        fields[name] = (info.annotation, None if name in entity.private else ...)
    for derived in entity.derived:
        fields[derived.name] = (derived.kind, Field(..., description="worked out, never written"))
    if entity.ordered:
        fields["position"] = (str, Field(description="sorts siblings, by bytes"))
    return create_model(_name(entity, ""), **fields)


def several_schema(
    entity: Entity, one: type[BaseModel], *, answered: bool = False
) -> type[BaseModel]:
    """Many at once: as they are sent, or as they are answered."""
    bounds = Field(...) if answered else Field(..., min_length=1, max_length=SEVERAL_MOST)
    fields: dict[str, Any] = {"items": (list[one], bounds)}  # type: ignore[valid-type]  # made here
    name = _name(entity, "Several" if answered else "CreateSeveral")
    return create_model(name, __config__=_STRICT, **fields)


def page_schema(entity: Entity, public: type[BaseModel]) -> type[BaseModel]:
    following = Field(None, description="give it as `cursor` for what follows")
    fields: dict[str, Any] = {
        "items": (list[public], ...),  # type: ignore[valid-type]  # a type made here
        "next_cursor": (str | None, following),
    }
    return create_model(_name(entity, "Page"), **fields)


def shown(
    entity: Entity,
    record: Record,
    *,
    private: bool,
    also: tuple[str, ...] = (),
    kickoff: Kickoff | None = None,
) -> dict[str, Any]:
    """A record as JSON has it; `private`: with what only facilitators see. What is worked out
    needs the `kickoff`."""
    names = ["id", "version", "created_at", "updated_at", *also, *entity.fields.model_fields]
    if isinstance(record, Ordered):
        names.append("position")
    hidden = frozenset() if private else entity.private
    values = {name: getattr(record, name) for name in names if name not in hidden}
    if kickoff is not None:
        now = clock.now()
        values |= {one.name: one.value(record, kickoff, now) for one in entity.derived}
    return values


def encoded(content: Any) -> bytes:
    """JSON; instants in UTC with a Z."""
    return orjson.dumps(content, option=orjson.OPT_UTC_Z)


def json_answer(content: Any, status: int = 200, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items() if value}
    return Response(encoded(content), status, named, media_type="application/json")


def _name(entity: Entity, suffix: str) -> str:
    return entity.table.__name__ + suffix


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For `responses=` of a route: which refusals it documents.

    Without a `model`: FastAPI would build a validator for each of a thousand refusals, at every
    start. `describe` puts the one schema that they name into the description.
    """
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"content": content} for status in statuses}
