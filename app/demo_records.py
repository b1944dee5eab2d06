"""The demo's plan as records: teams, people, agenda and every part between them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from app import demo_plan
from app.models.fields import meta_of
from app.models.kickoffs import Kickoff
from app.operations import records
from app.operations.entities import (
    ACTIONS,
    AGENDA_BLOCKS,
    ASSUMPTIONS,
    CHECK_INS,
    COPIED,
    DECISIONS,
    LEARNINGS,
    PEOPLE,
    PILOTS,
    PULSE_MEASURES,
    READINGS,
    REFERRED,
    TEAMS,
    Entity,
)

# What is referred to first.
ORDER = (
    TEAMS,
    PEOPLE,
    *COPIED,
    READINGS,
    CHECK_INS,
    PILOTS,
    ACTIONS,
    LEARNINGS,
    DECISIONS,
    ASSUMPTIONS,
    PULSE_MEASURES,
    AGENDA_BLOCKS,
)

Made = dict[tuple[str, str], str]  # the id of each row that has a key, by its entity's name and it


def seed_records(session: Session, kickoff: Kickoff, *, lunch_at: str) -> Made:
    """Through the very door that everybody's records go through."""
    assert kickoff.day is not None, "the demo has a day"
    rows = demo_plan.read().records
    made: Made = {}
    for entity in ORDER:
        for row in rows.get(entity.name, ()):
            values = _values(entity, row, made, kickoff.day)
            if row.get("key") == "lunsj":
                # It keeps its time whatever happens before it.
                values["fixed_start"] = lunch_at
            record = records.create(session, entity, kickoff.id, values)
            if "key" in row:
                made[entity.name, row["key"]] = record.id
    return made


def _values(entity: Entity, row: Mapping[str, Any], made: Made, day: date) -> dict[str, Any]:
    """A row of the plan, with ids in place of keys and dates in place of days."""
    values = {name: value for name, value in row.items() if name != "key"}
    for name, value in values.items():
        meta = meta_of(entity.fields, name)
        if meta is None:
            continue
        if meta.widget in REFERRED:
            target = REFERRED[meta.widget].name
            several = isinstance(value, list)
            ids = [made[target, key] for key in (value if several else [value])]
            values[name] = ids if several else ids[0]
        elif meta.widget == "date":
            values[name] = day + timedelta(days=value)
    return values
