"""The narrative (P10): one story told at three levels, and the points that bear it."""

from enum import StrEnum
from typing import Annotated

from sqlalchemy import String
from sqlmodel import Field

from app.i18n import mark
from app.models.fields import Fields, Meta, Ordered, Prose, Title


class NarrativeLevel(StrEnum):
    ORGANISATION = "organisation"
    TEAM = "team"
    ROLE = "role"


NARRATIVE_LEVELS = (
    ("organisation", mark("The organisation")),
    ("team", mark("My team")),
    ("role", mark("My role")),
)


class NarrativeFields(Fields):
    title: Annotated[Title, Meta("In one sentence", "What we want people to retell.")]
    level: Annotated[NarrativeLevel, Meta("Level", "", "select", choices=NARRATIVE_LEVELS)] = Field(
        default=NarrativeLevel.ORGANISATION, sa_type=String(20)
    )
    text: Annotated[Prose, Meta("The story", "", "area", in_table=False)] = ""
    customer_example: Annotated[
        Prose, Meta("Example: customer value", "", "area", in_table=False)
    ] = ""
    operations_example: Annotated[
        Prose, Meta("Example: operations", "", "area", in_table=False)
    ] = ""
    culture_example: Annotated[Prose, Meta("Example: culture", "", "area", in_table=False)] = ""


class Narrative(NarrativeFields, Ordered, table=True):
    __tablename__ = "narrative"


class SupportingPointFields(Fields):
    title: Annotated[Title, Meta("Supporting point")]
    text: Annotated[Prose, Meta("Grounds", "What shows that it is so.", "area")] = ""


class SupportingPoint(SupportingPointFields, Ordered, table=True):
    __tablename__ = "supporting_point"
