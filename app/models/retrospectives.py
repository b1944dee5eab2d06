"""Retrospectives (F7): what worked, what did not, why, and what is changed next."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field as Bounds
from sqlalchemy import String, UniqueConstraint
from sqlmodel import Field

from app.i18n import mark
from app.models.fields import OUTCOME, Fields, Id, Meta, OfKickoff, Prose, Title, Whole, foreign


class Cadence(StrEnum):
    BIWEEKLY = "biweekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class RetroColumn(StrEnum):
    WORKED = "worked"
    DID_NOT = "did_not"
    ADJUST = "adjust"


class CauseKind(StrEnum):
    """The bones of the fish."""

    PEOPLE = "people"
    PROCESS = "process"
    TOOLS = "tools"
    INFORMATION = "information"
    PRIORITIES = "priorities"
    SURROUNDINGS = "surroundings"


CADENCES = (
    ("biweekly", mark("Every second week")),
    ("monthly", mark("Monthly")),
    ("quarterly", mark("Quarterly")),
)
RETRO_COLUMNS = (
    ("worked", mark("What worked")),
    ("did_not", mark("What did not")),
    ("adjust", mark("What we adjust")),
)
CAUSE_KINDS = (
    ("people", mark("People and roles")),
    ("process", mark("Way of working")),
    ("tools", mark("Tools and systems")),
    ("information", mark("Information")),
    ("priorities", mark("Priorities and capacity")),
    ("surroundings", mark("Surroundings")),
)


Votes = Annotated[Whole, Bounds(ge=0, le=100_000)]


class RetrospectiveFields(Fields):
    title: Annotated[Title, Meta("Retrospective")]
    cadence: Annotated[Cadence, Meta("How often", "", "select", choices=CADENCES)] = Field(
        default=Cadence.MONTHLY, sa_type=String(10)
    )
    starts_on: Annotated[date | None, Meta("Period from", "", "date")] = None
    ends_on: Annotated[date | None, Meta("Period to", "", "date")] = None
    team_id: Annotated[Id | None, Meta("Team", "Left empty: all of us.", "team")] = foreign(
        "team.id", default=None
    )
    leader_id: Annotated[Id | None, Meta("Led by", "", "person")] = foreign(
        "person.id", default=None
    )
    held_on: Annotated[date | None, Meta("Held", "Empty until it is.", "date")] = None
    learnt: Annotated[Prose, Meta("What we learnt", "", "area", OUTCOME, in_table=False)] = ""
    source_activity_id: Id | None = foreign("activity.id", default=None)


class Retrospective(RetrospectiveFields, OfKickoff, table=True):
    __tablename__ = "retrospective"
    # What was written on a room's wall is one retrospective, however often it is kept.
    __table_args__ = (UniqueConstraint("source_activity_id"),)


class RetroNoteFields(Fields):
    text: Annotated[Title, Meta("Note", "One thing, as you would say it.")]
    retrospective_id: Annotated[Id, Meta("Retrospective", "", "retrospective")] = foreign(
        "retrospective.id"
    )
    column: Annotated[RetroColumn, Meta("Column", "", "select", choices=RETRO_COLUMNS)] = Field(
        default=RetroColumn.WORKED, sa_type=String(10)
    )
    votes: Annotated[
        Votes | None, Meta("Votes", "What the room gave it.", "number", in_table=False)
    ] = None
    action_id: Annotated[
        Id | None, Meta("Action", "What is done about it.", "action", in_table=False)
    ] = foreign("action.id", default=None)


class RetroNote(RetroNoteFields, OfKickoff, table=True):
    __tablename__ = "retro_note"


class CauseFields(Fields):
    text: Annotated[Title, Meta("Cause", "Why did that happen?")]
    retro_note_id: Annotated[Id, Meta("Of", "What did not work.", "retro-note")] = foreign(
        "retro_note.id"
    )
    kind: Annotated[CauseKind, Meta("Kind", "", "select", choices=CAUSE_KINDS)] = Field(
        default=CauseKind.PROCESS, sa_type=String(20)
    )
    because_of_id: Annotated[
        Id | None, Meta("Explains", "The cause to which this one answers «why?».", "cause")
    ] = foreign("cause.id", default=None)


class Cause(CauseFields, OfKickoff, table=True):
    __tablename__ = "cause"
