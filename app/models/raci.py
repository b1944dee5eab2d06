"""RACI (P12): for each deliverable who does it, who answers for it, who is asked, who is told."""

from enum import StrEnum
from typing import Annotated

from sqlalchemy import String, UniqueConstraint
from sqlmodel import Field

from app.i18n import mark
from app.models.fields import Fields, Id, Meta, OfKickoff, foreign


class RaciRole(StrEnum):
    RESPONSIBLE = "R"
    ACCOUNTABLE = "A"
    CONSULTED = "C"
    INFORMED = "I"


RACI_ROLES = (
    ("R", mark("Responsible")),
    ("A", mark("Accountable")),
    ("C", mark("Consulted")),
    ("I", mark("Informed")),
)


class RaciFields(Fields):
    role: Annotated[RaciRole, Meta("Role", "", "select", choices=RACI_ROLES)] = Field(
        default=RaciRole.RESPONSIBLE, sa_type=String(1)
    )
    deliverable_id: Annotated[Id, Meta("Deliverable", "", "deliverable")] = foreign(
        "deliverable.id"
    )
    person_id: Annotated[Id, Meta("Person", "", "person")] = foreign("person.id")


class Raci(RaciFields, OfKickoff, table=True):
    __tablename__ = "raci"
    # One may do a thing and answer for it too: a letter each, and no letter twice.
    __table_args__ = (UniqueConstraint("deliverable_id", "person_id", "role"),)
