"""Objectives and key results (L8, F4), as drafts before and on the day."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from sqlalchemy import String
from sqlmodel import Field

from app.i18n import mark
from app.models.fields import Fields, Figure, Id, Line, Meta, Ordered, Title, foreign
from app.models.kpis import DIRECTIONS, Direction


class ObjectiveState(StrEnum):
    DRAFT = "draft"
    AGREED = "agreed"


OBJECTIVE_STATES = (("draft", mark("Draft")), ("agreed", mark("Agreed")))


class ObjectiveFields(Fields):
    title: Annotated[Title, Meta("Objective", "What is better, without a figure.")]
    team_id: Annotated[Id | None, Meta("Team", "Left empty: leadership's.", "team")] = foreign(
        "team.id", default=None
    )
    goal_id: Annotated[Id | None, Meta("Goal", "The launched goal that it serves.", "goal")] = (
        foreign("goal.id", default=None)
    )
    owner_id: Annotated[Id | None, Meta("Owner", "", "person")] = foreign("person.id", default=None)
    state: Annotated[ObjectiveState, Meta("State", "", "select", choices=OBJECTIVE_STATES)] = Field(
        default=ObjectiveState.DRAFT, sa_type=String(10)
    )


class Objective(ObjectiveFields, Ordered, table=True):
    __tablename__ = "objective"


class KeyResultFields(Fields):
    title: Annotated[Title, Meta("Key result", "What is measured.")]
    objective_id: Annotated[Id, Meta("Objective", "", "objective")] = foreign("objective.id")
    owner_id: Annotated[Id | None, Meta("Owner", "", "person")] = foreign("person.id", default=None)
    kpi_id: Annotated[Id | None, Meta("KPI", "", "kpi", in_table=False)] = foreign(
        "kpi.id", default=None
    )
    unit: Annotated[Line, Meta("Unit", "Days, per cent, kroner …")] = ""
    direction: Annotated[
        Direction, Meta("Direction", "", "select", in_table=False, choices=DIRECTIONS)
    ] = Field(default=Direction.UP, sa_type=String(10))
    baseline: Annotated[Figure | None, Meta("Baseline", "The figure today.", "decimal")] = None
    target: Annotated[Figure | None, Meta("Target", "", "decimal")] = None
    due: Annotated[date | None, Meta("Due", "", "date", in_table=False)] = None


class KeyResult(KeyResultFields, Ordered, table=True):
    __tablename__ = "key_result"
