"""Cases (P15): stories that tie the strategy to daily tasks, and what came of each (F10)."""

from enum import StrEnum
from typing import Annotated

from sqlalchemy import String
from sqlmodel import Field

from app.i18n import mark
from app.models.fields import Fields, Id, Meta, OfKickoff, Ordered, Prose, Title, foreign


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


class EffectDay(StrEnum):
    """The day of the rhythm on which a case is looked at again."""

    THIRTY = "30"
    SIXTY = "60"
    NINETY = "90"


class Change(StrEnum):
    """How it is now, beside how it was before the kickoff."""

    WORSE = "worse"
    SAME = "same"
    BETTER = "better"
    MUCH_BETTER = "much_better"


EFFECT_DAYS = (("30", mark("Day 30")), ("60", mark("Day 60")), ("90", mark("Day 90")))
CHANGES = (
    ("worse", mark("Worse")),
    ("same", mark("As before")),
    ("better", mark("Better")),
    ("much_better", mark("Much better")),
)


class CaseEffectFields(Fields):
    observed: Annotated[Title, Meta("What is seen", "A figure or an example from the work.")]
    case_id: Annotated[Id, Meta("Case", "", "case")] = foreign("case_story.id")
    day: Annotated[EffectDay, Meta("Day", "", "select", choices=EFFECT_DAYS)] = Field(
        default=EffectDay.THIRTY, sa_type=String(2)
    )
    customer_value: Annotated[
        Change | None, Meta("Customer value", "", "select", choices=CHANGES)
    ] = Field(default=None, sa_type=String(12))
    time: Annotated[Change | None, Meta("Time", "", "select", choices=CHANGES)] = Field(
        default=None, sa_type=String(12)
    )
    quality: Annotated[Change | None, Meta("Quality", "", "select", choices=CHANGES)] = Field(
        default=None, sa_type=String(12)
    )


class CaseEffect(CaseEffectFields, OfKickoff, table=True):
    __tablename__ = "case_effect"
