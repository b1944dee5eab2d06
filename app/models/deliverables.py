"""Deliverables (P8): what is handed over, by whom, with whose help, and when it counts as done."""

from datetime import date, datetime
from typing import Annotated

from sqlmodel import Field

from app.models.fields import (
    Fields,
    Id,
    Ids,
    Meta,
    Ordered,
    Prose,
    Title,
    UtcDateTime,
    foreign,
    several,
)


class DeliverableFields(Fields):
    title: Annotated[Title, Meta("Title")]
    owner_id: Annotated[Id | None, Meta("Owner", "One named person.", "person")] = foreign(
        "person.id", default=None
    )
    supporter_ids: Annotated[
        Ids, Meta("Supporters", "Who helps or is consulted.", "person", several=True)
    ] = several()
    goal_id: Annotated[Id | None, Meta("Goal", "", "goal")] = foreign("goal.id", default=None)
    kpi_id: Annotated[Id | None, Meta("KPI", "", "kpi", in_table=False)] = foreign(
        "kpi.id", default=None
    )
    initiative_id: Annotated[Id | None, Meta("Initiative", "", "initiative", in_table=False)] = (
        foreign("initiative.id", default=None)
    )
    due: Annotated[date | None, Meta("Due", "", "date")] = None
    done_criteria: Annotated[
        Prose, Meta("Done when", "What anybody can check.", "area", in_table=False)
    ] = ""
    prioritised: Annotated[
        bool,
        Meta("First 30 days", "One of the three that the day ends with.", "check"),
    ] = False


class Deliverable(DeliverableFields, Ordered, table=True):
    """`confirmed_at`: when its owner stood up for it before people left (L11)."""

    __tablename__ = "deliverable"
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
