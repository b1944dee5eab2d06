"""The demo's goals, KPIs, deliverables, risks, actions, decisions and assumptions."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from app import demo_plan
from app.models.kickoffs import Kickoff
from app.models.people import Person, Team
from app.operations import records
from app.operations.entities import PLAN


def seed_records(session: Session, kickoff: Kickoff, people: Sequence[Person]) -> None:
    """Through the very door that everybody's records go through."""
    teams = select(Team.id).where(col(Team.kickoff_id) == kickoff.id).order_by(col(Team.position))
    made: dict[str, list[str]] = {
        "people": [person.id for person in people],
        "teams": list(session.exec(teams)),
    }
    for entity in PLAN:
        for row in demo_plan.RECORDS.get(entity.name, ()):
            record = records.create(session, entity, kickoff.id, _values(row, made, kickoff))
            made.setdefault(entity.name, []).append(record.id)


def _values(
    row: Mapping[str, Any], made: Mapping[str, Sequence[str]], kickoff: Kickoff
) -> dict[str, Any]:
    """A row of the plan, with ids in place of numbers and dates in place of days."""
    values = dict(row)
    for name, collection in demo_plan.REFERS_TO.items():
        number = values.get(name)
        if isinstance(number, tuple):
            values[name] = [made[collection][one] for one in number]
        elif number is not None:
            values[name] = made[collection][number]
    for name in demo_plan.IN_DAYS & values.keys():
        assert kickoff.day is not None, "the demo has a day"
        values[name] = kickoff.day + timedelta(days=values[name])
    return values
