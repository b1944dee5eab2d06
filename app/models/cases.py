"""Cases (P15): concrete stories that tie the strategy to daily tasks."""

from enum import StrEnum
from typing import Annotated

from sqlalchemy import String
from sqlmodel import Field

from app.i18n import mark
from app.models.fields import Fields, Id, Meta, Ordered, Prose, Title, foreign


class CaseKind(StrEnum):
    CUSTOMER_JOURNEY = "customer_journey"
    CUSTOMER_DIALOGUE = "customer_dialogue"
    DELIVERY_FLOW = "delivery_flow"
    QUALITY_ROUTINE = "quality_routine"
    OTHER = "other"


CASE_KINDS = (
    ("customer_journey", mark("Customer journey")),
    ("customer_dialogue", mark("Customer dialogue")),
    ("delivery_flow", mark("Delivery flow")),
    ("quality_routine", mark("Quality routine")),
    ("other", mark("Other")),
)


class CaseFields(Fields):
    title: Annotated[Title, Meta("Case")]
    kind: Annotated[CaseKind, Meta("Kind", "", "select", choices=CASE_KINDS)] = Field(
        default=CaseKind.CUSTOMER_DIALOGUE, sa_type=String(20)
    )
    goal_id: Annotated[Id | None, Meta("Goal", "", "goal")] = foreign("goal.id", default=None)
    owner_id: Annotated[Id | None, Meta("Owner", "", "person")] = foreign("person.id", default=None)
    today: Annotated[Prose, Meta("Today", "How it goes now.", "area", in_table=False)] = ""
    afterwards: Annotated[
        Prose, Meta("Afterwards", "How it goes when we have succeeded.", "area", in_table=False)
    ] = ""


class Case(CaseFields, Ordered, table=True):
    __tablename__ = "case_story"
