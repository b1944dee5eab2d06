"""A setting of a question that is chosen among the plan's records, such as the risks that a room
places."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic.fields import FieldInfo
from sqlmodel import Session

from app.live.activity import AmongRecords
from app.models.fields import OfKickoff
from app.operations import records
from app.operations.entities import REFERRED

CLOSED = "closed"  # the state of what nobody is asked about any more


@dataclass(frozen=True)
class Choice:
    id: str
    title: str
    chosen: bool


def among(info: FieldInfo) -> AmongRecords | None:
    return next((each for each in info.metadata if isinstance(each, AmongRecords)), None)


def offered_in(
    session: Session,
    kickoff_id: str,
    settings: Iterable[tuple[str, FieldInfo]],
    values: Mapping[str, Any],
) -> dict[str, list[Choice]]:
    """By setting: what there is to choose from, by title. What is closed is only there where it was
    chosen before."""
    found: dict[str, list[Choice]] = {}
    for name, info in settings:
        wanted = among(info)
        if wanted is None:
            continue
        entity = REFERRED[wanted.sort]
        called = next(iter(entity.fields.model_fields))
        chosen = set(values.get("config", {}).get(name, ()))
        rows: Iterable[OfKickoff] = session.scalars(records.all_of(entity, kickoff_id))
        offered = [
            Choice(row.id, str(getattr(row, called)), row.id in chosen)
            for row in rows
            if row.id in chosen or getattr(row, "state", "") != CLOSED
        ]
        found[name] = sorted(offered, key=lambda each: each.title.casefold())
    return found
