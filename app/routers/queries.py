"""What a list can be asked for over REST, derived from the entity's declaration: its fields, words
in its name, and an order.
"""

from datetime import date
from enum import Enum
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, create_model

from app.errors import Fault, Invalid
from app.models.faults import pointer, sentence
from app.models.fields import lists_of, meta_of
from app.models.text import LINE_MAX, clean_line
from app.operations.entities import Entity
from app.operations.listing import SORTED_MOST, filters_of, sorts_of
from app.operations.records import references_of
from app.routers.declared import DAY, kind_of, may_be_none
from app.routers.paging import CURSOR_MAX

_ID = r"^([0-9a-f-]{36})?$"


class ListQuery(BaseModel):
    """What every list takes; those of an entity take its fields too."""

    model_config = ConfigDict(extra="forbid", protected_namespaces=())

    limit: int = Field(50, ge=1, le=100)
    cursor: str | None = Field(None, max_length=CURSOR_MAX, description="of the page before")
    q: str | None = Field(
        None, min_length=1, max_length=100, description="words that the name holds"
    )
    sort: str | None = None


def query_of(entity: Entity) -> Any:
    """The type of a list's query. A field left empty asks for records without it."""
    fields: dict[str, Any] = {"sort": (str | None, _sort(entity))}
    for name in filters_of(entity):
        fields[name] = (str | None, _field(entity, name))
    made = create_model(f"{entity.table.__name__}Query", __base__=ListQuery, **fields)
    return Annotated[made, Query()]


def wanted_of(entity: Entity, query: ListQuery) -> dict[str, Any]:
    """The fields that were asked for, by value. `Invalid` where there is no such value."""
    wanted: dict[str, Any] = {}
    faults = []
    for name in filters_of(entity):
        if name not in query.model_fields_set:
            continue
        try:
            wanted[name] = _value(entity, name, getattr(query, name))
        except ValidationError as error:
            detail = sentence(error.errors(include_url=False, include_input=False)[0])
            faults.append(Fault(pointer("query", name), detail))
        except ValueError as error:  # of the cleaning of text: its code
            detail = sentence({"type": "value_error", "ctx": {"error": error}})
            faults.append(Fault(pointer("query", name), detail))
    if faults:
        raise Invalid(faults=faults)
    return wanted


def sort_of(query: ListQuery) -> list[str]:
    """The sort's fields, each once."""
    names: dict[str, str] = {}
    for name in (query.sort or "").split(","):
        if name:
            names.setdefault(name.removeprefix("-"), name)
    return list(names.values())


def words_of(query: ListQuery) -> str:
    """What the name shall hold, as names are stored."""
    try:
        return clean_line(query.q or "")
    except ValueError as error:
        detail = sentence({"type": "value_error", "ctx": {"error": error}})
        raise Invalid(faults=[Fault(pointer("query", "q"), detail)]) from None


def signature(query: ListQuery) -> str:
    """What a cursor belongs to: another filter or order has cursors of its own."""
    asked = query.model_dump(exclude_unset=True, exclude={"limit", "cursor"})
    return repr(sorted(asked.items())) if asked else ""


def _value(entity: Entity, name: str, text: str | None) -> Any:
    info = entity.fields.model_fields[name]
    if not text and (_is_list(entity, name) or may_be_none(info)):
        return None
    if _is_list(entity, name) or kind_of(info) is str:
        return clean_line(text or "")
    whole: Any = Annotated[(info.annotation, *info.metadata)]
    value = TypeAdapter(whole).validate_python(text)
    return value.value if isinstance(value, Enum) else value


def _field(entity: Entity, name: str) -> Any:
    """How the description says what the field takes."""
    meta, info = meta_of(entity.fields, name), entity.fields.model_fields[name]
    about, kind = meta.label if meta else name, kind_of(info)
    empty = "|" if may_be_none(info) else ""
    if name in references_of(entity):
        return Field(None, pattern=_ID, description=f"{about}: an id; empty: none")
    if issubclass(kind, Enum):
        codes = "|".join(str(one.value) for one in kind)
        return Field(None, pattern=f"^({codes}{empty})$", description=about)
    if kind is bool:
        return Field(None, pattern="^(true|false)$", description=about)
    if kind is int:
        return Field(None, pattern=f"^(-?[0-9]{{1,9}}{empty})$", description=about)
    if kind is float:
        figure = rf"^(-?[0-9]{{1,9}}(\.[0-9]{{1,6}})?{empty})$"
        return Field(None, pattern=figure, description=about)
    if kind is date:
        return Field(None, pattern=f"^({DAY}{empty})$", description=f"{about}: a date")
    return Field(None, max_length=LINE_MAX, description=about)


def _sort(entity: Entity) -> Any:
    one = f"-?({'|'.join(sorts_of(entity))})"
    return Field(
        None,
        pattern=rf"^{one}(,{one}){{0,{SORTED_MOST - 1}}}$",
        description=f"fields to sort by, at most {SORTED_MOST}; -due is from late to early",
    )


def _is_list(entity: Entity, name: str) -> bool:
    return name in lists_of(entity.fields)
