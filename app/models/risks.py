"""Risks and opportunities (P13): how likely, how serious, and who does what about it by when."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from sqlalchemy import String
from sqlmodel import Field

from app.i18n import mark
from app.models.fields import Fields, Id, Meta, OfKickoff, Prose, Title, foreign


class RiskKind(StrEnum):
    RISK = "risk"
    OPPORTUNITY = "opportunity"


class Degree(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class RiskArea(StrEnum):
    DELIVERY = "delivery"
    CAPACITY = "capacity"
    DEPENDENCY = "dependency"


class RiskState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


RISK_KINDS = (("risk", mark("Risk")), ("opportunity", mark("Opportunity")))
DEGREES = (("low", mark("Low")), ("medium", mark("Medium")), ("high", mark("High")))
RISK_AREAS = (
    ("delivery", mark("Delivery")),
    ("capacity", mark("Capacity")),
    ("dependency", mark("Dependency")),
)
RISK_STATES = (("open", mark("Still open")), ("closed", mark("Closed")))


class RiskFields(Fields):
    title: Annotated[Title, Meta("Title", "What may happen.")]
    kind: Annotated[RiskKind, Meta("Kind", "", "select", choices=RISK_KINDS)] = Field(
        default=RiskKind.RISK, sa_type=String(20)
    )
    area: Annotated[RiskArea, Meta("Area", "", "select", choices=RISK_AREAS)] = Field(
        default=RiskArea.DELIVERY, sa_type=String(20)
    )
    probability: Annotated[Degree, Meta("Probability", "", "select", choices=DEGREES)] = Field(
        default=Degree.MEDIUM, sa_type=String(10)
    )
    consequence: Annotated[Degree, Meta("Consequence", "", "select", choices=DEGREES)] = Field(
        default=Degree.MEDIUM, sa_type=String(10)
    )
    mitigation: Annotated[
        Prose,
        Meta("Measure", "What is done about it, or to make it happen.", "area", in_table=False),
    ] = ""
    owner_id: Annotated[Id | None, Meta("Owner", "", "person")] = foreign("person.id", default=None)
    due: Annotated[date | None, Meta("Due", "", "date")] = None
    state: Annotated[RiskState, Meta("State", "", "select", choices=RISK_STATES)] = Field(
        default=RiskState.OPEN, sa_type=String(10)
    )


class Risk(RiskFields, OfKickoff, table=True):
    """What a room said of it stays beside its own steps: the mean of each axis (low is 1, high is
    3), how far the answers lie from it, how many they were, and on which day (L10).
    `source_activity_id`: where it was first spoken of, if that was in a room."""

    __tablename__ = "risk"
    room_probability: float | None = None
    room_consequence: float | None = None
    room_probability_spread: float | None = None
    room_consequence_spread: float | None = None
    room_answers: int | None = None
    room_on: date | None = None
    source_activity_id: Id | None = foreign("activity.id", default=None)
