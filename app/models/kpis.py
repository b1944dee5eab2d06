"""KPIs (P5): the one to three figures that tell whether a goal is being met."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import Annotated

from sqlalchemy import String
from sqlmodel import Field

from app.i18n import mark
from app.models.fields import (
    Fields,
    Figure,
    Id,
    Line,
    Meta,
    OfKickoff,
    Ordered,
    Title,
    foreign,
    not_ahead,
)


class KpiKind(StrEnum):
    QUALITY = "quality"
    TIME = "time"
    CUSTOMER_VALUE = "customer_value"
    COST = "cost"
    ADOPTION = "adoption"
    COMPLETION = "completion"
    SPEED = "speed"


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"


KPI_KINDS = (
    ("quality", mark("Quality")),
    ("time", mark("Time")),
    ("customer_value", mark("Customer value")),
    ("cost", mark("Cost")),
    ("adoption", mark("Adoption")),
    ("completion", mark("Completion")),
    ("speed", mark("Speed")),
)
DIRECTIONS = (("up", mark("Should go up")), ("down", mark("Should go down")))


class KpiFields(Fields):
    title: Annotated[Title, Meta("Title", "What is measured.")]
    goal_id: Annotated[Id | None, Meta("Goal", "", "goal")] = foreign("goal.id", default=None)
    kind: Annotated[KpiKind, Meta("Kind", "", "select", choices=KPI_KINDS)] = Field(
        default=KpiKind.QUALITY, sa_type=String(20)
    )
    unit: Annotated[Line, Meta("Unit", "Days, per cent, kroner …")] = ""
    direction: Annotated[
        Direction, Meta("Direction", "", "select", in_table=False, choices=DIRECTIONS)
    ] = Field(default=Direction.UP, sa_type=String(10))
    baseline: Annotated[Figure | None, Meta("Baseline", "The figure today.", "decimal")] = None
    target: Annotated[Figure | None, Meta("Target", "", "decimal")] = None
    target_date: Annotated[date | None, Meta("Target date", "", "date")] = None
    on_map: Annotated[
        bool, Meta("On the map", "One of the three to five that matter most.", "check")
    ] = False


class Kpi(KpiFields, Ordered, table=True):
    __tablename__ = "kpi"


class ReadingFields(Fields):
    value: Annotated[Figure, Meta("Value", "", "decimal")]
    kpi_id: Annotated[Id, Meta("KPI", "", "kpi")] = foreign("kpi.id")
    read_on: Annotated[date | None, Meta("Date", "Left empty: today.", "date")] = None
    note: Annotated[Line, Meta("Note", "What explains it.")] = ""


class Reading(ReadingFields, OfKickoff, table=True):
    """What a KPI stood at on a day."""

    __tablename__ = "reading"

    def settle(self, _named: Collection[str], today: date) -> None:
        self.read_on = not_ahead("/read_on", self.read_on, today)
