"""What the plan check knows of a text is whether it says something."""

from dataclasses import fields
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from app.database import Database
from app.models.kickoffs import Kickoff
from app.operations import records
from app.operations.accounts import new_organisation
from app.operations.entities import DELIVERABLES, GOALS, RISKS, STAKEHOLDERS, Entity
from app.operations.plan_facts import plan_facts


@pytest.mark.parametrize(
    "entity, values, where, texts",
    [
        (RISKS, {"title": "Folk"}, "risks", {"mitigation": "Øv"}),
        (GOALS, {"title": "Svar"}, "goals", {"measurable": "54 til 80"}),
        (STAKEHOLDERS, {"name": "Styret"}, "stakeholders", {"before": "Møte"}),
        (DELIVERABLES, {"title": "Innboks"}, "deliverables", {}),
    ],
)
def test_an_empty_text_says_nothing(
    tmp_path: Path, entity: Entity, values: dict[str, str], where: str, texts: dict[str, str]
) -> None:
    database = Database(f"sqlite:///{tmp_path}/kickoff.db")
    SQLModel.metadata.create_all(database.engine)
    with database.unit_of_work() as session:
        organisation = new_organisation(session, "Nordlys")
        kickoff = Kickoff(organisation_id=organisation.id, title="Kurs")
        session.add(kickoff)
        session.flush()
        records.create(session, entity, kickoff.id, values)
        records.create(session, entity, kickoff.id, {**values, **texts})
        empty, told = getattr(plan_facts(session, kickoff), where)
    database.dispose()
    is_text = [
        field.name
        for field in fields(empty)
        if field.type is bool and isinstance(getattr(entity.table(), field.name, None), str)
    ]
    said_nothing = [name for name in is_text if not getattr(entity.table(), name)]
    assert [name for name in said_nothing if getattr(empty, name)] == []
    assert all(getattr(told, name) for name in texts if hasattr(told, name))
