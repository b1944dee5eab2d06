"""Sponsors, ambassadors and dry runs (P14): who stands behind it, who carries it, who has tried."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field as Bounds
from sqlalchemy import String
from sqlmodel import Field

from app.i18n import mark
from app.models.fields import (
    OUTCOME,
    Fields,
    Id,
    Ids,
    Line,
    Meta,
    OfKickoff,
    Ordered,
    Prose,
    Title,
    foreign,
    several,
)


class Setting(StrEnum):
    PLENARY = "plenary"
    GROUP = "group"


class Function(StrEnum):
    SALES = "sales"
    PRODUCT = "product"
    OPERATIONS = "operations"
    HR = "hr"
    OTHER = "other"


SETTINGS = (("plenary", mark("In plenary")), ("group", mark("In a group")))
FUNCTIONS = (
    ("sales", mark("Sales")),
    ("product", mark("Product")),
    ("operations", mark("Operations")),
    ("hr", mark("HR")),
    ("other", mark("Other")),
)
DryRunMinutes = Annotated[int, Bounds(ge=1, le=600)]


class SponsorFields(Fields):
    name: Annotated[Title, Meta("Sponsor")]
    person_id: Annotated[Id | None, Meta("Person", "", "person")] = foreign(
        "person.id", default=None
    )
    role: Annotated[Line, Meta("Role", "In the organisation.")] = ""
    commitment: Annotated[
        Prose,
        Meta("Commitment", "What they do after the day: standups, sharing progress …", "area"),
    ] = ""


class Sponsor(SponsorFields, Ordered, table=True):
    __tablename__ = "sponsor"


class AppearanceFields(Fields):
    title: Annotated[Title, Meta("Appearance", "Where they are seen, and why.")]
    sponsor_id: Annotated[Id, Meta("Sponsor", "", "sponsor")] = foreign("sponsor.id")
    setting: Annotated[Setting, Meta("Where", "", "select", choices=SETTINGS)] = Field(
        default=Setting.PLENARY, sa_type=String(10)
    )
    planned_on: Annotated[date | None, Meta("Planned", "", "date")] = None
    held_on: Annotated[date | None, Meta("Held", "Empty until it is.", "date")] = None


class Appearance(AppearanceFields, OfKickoff, table=True):
    __tablename__ = "appearance"


class AmbassadorFields(Fields):
    name: Annotated[Title, Meta("Ambassador")]
    person_id: Annotated[Id | None, Meta("Person", "", "person")] = foreign(
        "person.id", default=None
    )
    function: Annotated[Function, Meta("Function", "", "select", choices=FUNCTIONS)] = Field(
        default=Function.OTHER, sa_type=String(20)
    )
    knows_messages: Annotated[bool, Meta("Core messages", "Trained in them.", "check", OUTCOME)] = (
        False
    )
    knows_faq: Annotated[bool, Meta("FAQ", "Trained in it.", "check", OUTCOME)] = False
    has_pitch: Annotated[bool, Meta("3-minute pitch", "Has held it once.", "check", OUTCOME)] = (
        False
    )


class Ambassador(AmbassadorFields, Ordered, table=True):
    __tablename__ = "ambassador"


class DryRunFields(Fields):
    title: Annotated[Title, Meta("Dry run")]
    planned_on: Annotated[date | None, Meta("Planned", "", "date")] = None
    minutes: Annotated[DryRunMinutes, Meta("Minutes", "", "number")] = 45
    leader_id: Annotated[Id | None, Meta("Led by", "", "person")] = foreign(
        "person.id", default=None
    )
    participant_ids: Annotated[
        Ids, Meta("With", "Middle managers first.", "person", in_table=False, several=True)
    ] = several()
    has_questions: Annotated[
        bool, Meta("With Q&A", "The hard questions are tried too.", "check")
    ] = True
    held_on: Annotated[date | None, Meta("Held", "Empty until it is.", "date")] = None
    learnt: Annotated[Prose, Meta("What we learnt", "", "area", OUTCOME, in_table=False)] = ""


class DryRun(DryRunFields, OfKickoff, table=True):
    __tablename__ = "dry_run"
