"""Fields of the plan's records that a room has changed: undo puts them back, and so does a room
that begins anew after a rehearsal. What somebody has changed since stays as they left it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlmodel import Session

from app.live.commands import Move
from app.live.plan_options import BY_NAME
from app.models.fields import OfKickoff
from app.operations import records
from app.operations.entities import Entity

CHANGED = "changed_records"


def change(move: Move, entity: Entity, record: OfKickoff, values: Mapping[str, Any]) -> None:
    """Change a record so that it can be taken back."""
    was = _told(record, values)
    records.change(move.session, entity, record, values)
    kept = {
        "entity": entity.name,
        "id": record.id,
        "was": was,
        "became": _told(record, values),
    }
    for told in (move.to_undo, move.event_data):
        told.setdefault(CHANGED, []).append(kept)


def put_back(session: Session, kickoff_id: str, kept: Sequence[Mapping[str, Any]]) -> None:
    """As it was before; the last change first."""
    for one in reversed(kept):
        entity = BY_NAME[one["entity"]]
        record = session.get(entity.child, one["id"])
        if record is None or record.kickoff_id != kickoff_id:
            continue
        if _told(record, one["became"]) == one["became"]:
            records.change(session, entity, record, one["was"])


def _told(record: OfKickoff, names: Iterable[str]) -> dict[str, Any]:
    return {name: record.model_dump(mode="json", include={name})[name] for name in names}
