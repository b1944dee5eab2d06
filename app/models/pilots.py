"""Pilots (F3): an initiative tried small, with what was learnt and what was decided."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from sqlalchemy import String
from sqlmodel import Field

from app.i18n import mark
from app.models.fields import Fields, Id, Meta, OfKickoff, Prose, Title, foreign


class Verdict(StrEnum):
    CONTINUE = "continue"
    ADJUST = "adjust"
    STOP = "stop"


VERDICTS = (
    ("continue", mark("Go on")),
    ("adjust", mark("Change it")),
    ("stop", mark("Stop it")),
)


class PilotFields(Fields):
    title: Annotated[Title, Meta("Pilot")]
    initiative_id: Annotated[Id | None, Meta("Initiative", "", "initiative")] = foreign(
        "initiative.id", default=None
    )
    owner_id: Annotated[Id | None, Meta("Owner", "", "person")] = foreign("person.id", default=None)
    hypothesis: Annotated[
        Prose, Meta("Hypothesis", "If we do this, then that happens.", "area", in_table=False)
    ] = ""
    starts_on: Annotated[date | None, Meta("Starts", "", "date")] = None
    ends_on: Annotated[date | None, Meta("Ends", "", "date")] = None
    result: Annotated[
        Prose, Meta("Result", "What happened, and what we learnt.", "area", in_table=False)
    ] = ""
    verdict: Annotated[Verdict | None, Meta("Decision", "", "select", choices=VERDICTS)] = Field(
        default=None, sa_type=String(10)
    )
    decided_on: Annotated[date | None, Meta("Decided", "", "date", in_table=False)] = None


class Pilot(PilotFields, OfKickoff, table=True):
    __tablename__ = "pilot"
