"""Assumptions (L11): what the plan takes for granted, and by when somebody has looked."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from sqlalchemy import String
from sqlmodel import Field

from app.i18n import mark
from app.models.fields import Fields, Id, Kept, Meta, Title, foreign


class Holds(StrEnum):
    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"


HOLDS = (
    ("holds", mark("Holds")),
    ("fails", mark("Does not hold")),
    ("unknown", mark("Not known yet")),
)
TONES = (("holds", "green"), ("fails", "red"), ("unknown", ""))


class AssumptionFields(Fields):
    title: Annotated[Title, Meta("Assumption", "What we take for granted, in one sentence.")]
    owner_id: Annotated[Id | None, Meta("Owner", "Who finds out.", "person")] = foreign(
        "person.id", default=None
    )
    team_id: Annotated[Id | None, Meta("Team", "", "team", in_table=False)] = foreign(
        "team.id", default=None
    )
    noted_on: Annotated[date | None, Meta("Noted", "Left empty: today.", "date")] = None
    check_by: Annotated[date | None, Meta("To be checked by", "", "date")] = None
    status: Annotated[Holds, Meta("Status", "", "select", choices=HOLDS, tones=TONES)] = Field(
        default=Holds.UNKNOWN, sa_type=String(10)
    )
    source_activity_id: Id | None = foreign("activity.id", default=None)


class Assumption(AssumptionFields, Kept, table=True):
    __tablename__ = "assumption"
    falls_on = "noted_on"
    superseded_by_id: str | None = foreign("assumption.id", default=None)
