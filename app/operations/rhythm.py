"""What follows the kickoff's day: milestones and communication steps that were counted from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from app.models.fields import OfKickoff
from app.models.kickoffs import Kickoff
from app.operations import records
from app.operations.entities import COMMUNICATION_STEPS, MILESTONES, Entity
from app.operations.rooms import lock_rooms
from app.rules import rhythm

# Each with the field that says its day of the rhythm, and the one that says it is behind us.
FOLLOWING = ((MILESTONES, "window", "reached_on"), (COMMUNICATION_STEPS, "day", "done_on"))


@dataclass(frozen=True)
class Followed:
    """A date that goes with the kickoff's day: `due` as it is, `to` as it would be."""

    entity: Entity
    record_id: str
    name: str
    due: date | None
    to: date


def following(session: Session, kickoff: Kickoff, before: date | None) -> list[Followed]:
    """What would move now that the day is no longer `before`; nothing is changed."""
    found = [one for _, one in _found(session, kickoff, before)]
    return sorted(found, key=lambda one: (one.to, one.name))


def follow(session: Session, kickoff: Kickoff, before: date | None) -> list[Followed]:
    """All of it moved."""
    lock_rooms(session, kickoff.id)
    moved = _found(session, kickoff, before)
    for record, one in moved:
        records.change(session, one.entity, record, {"due": one.to})
    return [one for _, one in moved]


def _found(
    session: Session, kickoff: Kickoff, before: date | None
) -> Sequence[tuple[OfKickoff, Followed]]:
    found = []
    for entity, day_of, done_on in FOLLOWING:
        for record in session.scalars(records.all_of(entity, kickoff.id)).all():
            if getattr(record, done_on) is None:
                one = _followed(entity, record, int(getattr(record, day_of)), kickoff, before)
                if one is not None:
                    found.append((record, one))
    return found


def _followed(
    entity: Entity, record: Any, own: int, kickoff: Kickoff, before: date | None
) -> Followed | None:
    to = rhythm.follows_to(record.due, own=own, before=before, now=kickoff.day)
    name = getattr(record, entity.name_field)
    return Followed(entity, record.id, name, record.due, to) if to else None
