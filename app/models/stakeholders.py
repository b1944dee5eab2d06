"""Stakeholders and segments (P9): who is affected, what they need, and how they are involved."""

from enum import StrEnum
from typing import Annotated

from sqlalchemy import String
from sqlmodel import Field

from app.i18n import mark
from app.models.fields import Fields, Id, Meta, OfKickoff, Ordered, Prose, Title, foreign
from app.models.risks import DEGREES, Degree


class Side(StrEnum):
    INTERNAL = "internal"
    EXTERNAL = "external"


SIDES = (("internal", mark("Internal")), ("external", mark("External")))


class SegmentFields(Fields):
    name: Annotated[Title, Meta("Segment", "Leaders, teams, partners …")]
    expectations: Annotated[
        Prose, Meta("Expectations", "What they expect of the kickoff.", "area")
    ] = ""


class Segment(SegmentFields, Ordered, table=True):
    __tablename__ = "segment"


class StakeholderFields(Fields):
    name: Annotated[Title, Meta("Stakeholder", "A person, a group or an organisation.")]
    side: Annotated[Side, Meta("Side", "", "select", choices=SIDES)] = Field(
        default=Side.INTERNAL, sa_type=String(10)
    )
    segment_id: Annotated[Id | None, Meta("Segment", "", "segment")] = foreign(
        "segment.id", default=None
    )
    influence: Annotated[
        Degree, Meta("Influence", "How much they can help or stop it.", "select", choices=DEGREES)
    ] = Field(default=Degree.MEDIUM, sa_type=String(10))
    interest: Annotated[
        Degree, Meta("Interest", "How much it matters to them.", "select", choices=DEGREES)
    ] = Field(default=Degree.MEDIUM, sa_type=String(10))
    needs: Annotated[Prose, Meta("Needs", "What they need from us.", "area", in_table=False)] = ""
    before: Annotated[
        Prose, Meta("Before the day", "How they are involved.", "area", in_table=False)
    ] = ""
    during: Annotated[Prose, Meta("On the day", "", "area", in_table=False)] = ""
    after: Annotated[Prose, Meta("After the day", "", "area", in_table=False)] = ""
    owner_id: Annotated[Id | None, Meta("Contact", "Who of us talks with them.", "person")] = (
        foreign("person.id", default=None)
    )


class Stakeholder(StakeholderFields, OfKickoff, table=True):
    __tablename__ = "stakeholder"
