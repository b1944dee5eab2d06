"""Channels and communication steps (P11): who hears what, where and when, and how it went."""

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
    Figure,
    Id,
    Meta,
    OfKickoff,
    Ordered,
    Prose,
    Title,
    foreign,
)

Heads = Annotated[int, Bounds(ge=0, le=10_000_000)]
Share = Annotated[Figure, Bounds(ge=0, le=100)]


class ChannelKind(StrEnum):
    TOWN_HALL = "town_hall"
    EMAIL = "email"
    INTRANET = "intranet"
    SOCIAL_MEDIA = "social_media"
    OTHER = "other"


class StepDay(StrEnum):
    """The day of the rhythm that a step belongs to, counted from the kickoff."""

    KICKOFF = "0"
    THIRTY = "30"
    SIXTY = "60"
    NINETY = "90"


CHANNEL_KINDS = (
    ("town_hall", mark("Town hall")),
    ("email", mark("E-mail")),
    ("intranet", mark("Intranet")),
    ("social_media", mark("Social media")),
    ("other", mark("Other")),
)
STEP_DAYS = (
    ("0", mark("The kickoff")),
    ("30", mark("Day 30")),
    ("60", mark("Day 60")),
    ("90", mark("Day 90")),
)


class ChannelFields(Fields):
    name: Annotated[Title, Meta("Channel")]
    kind: Annotated[ChannelKind, Meta("Kind", "", "select", choices=CHANNEL_KINDS)] = Field(
        default=ChannelKind.EMAIL, sa_type=String(20)
    )
    reach: Annotated[Heads | None, Meta("Reach", "How many it reaches.", "number")] = None
    owner_id: Annotated[Id | None, Meta("Owner", "", "person")] = foreign("person.id", default=None)


class Channel(ChannelFields, Ordered, table=True):
    __tablename__ = "channel"


class CommunicationStepFields(Fields):
    title: Annotated[Title, Meta("Step", "What is said.")]
    day: Annotated[StepDay, Meta("Day", "", "select", choices=STEP_DAYS)] = Field(
        default=StepDay.KICKOFF, sa_type=String(2)
    )
    due: Annotated[date | None, Meta("Date", "", "date")] = None
    channel_id: Annotated[Id | None, Meta("Channel", "", "channel")] = foreign(
        "channel.id", default=None
    )
    segment_id: Annotated[Id | None, Meta("Audience", "", "segment", in_table=False)] = foreign(
        "segment.id", default=None
    )
    message_id: Annotated[Id | None, Meta("Core message", "", "message", in_table=False)] = foreign(
        "message.id", default=None
    )
    owner_id: Annotated[Id | None, Meta("Owner", "", "person")] = foreign("person.id", default=None)
    done_on: Annotated[date | None, Meta("Done", "Empty until it is.", "date")] = None
    opened: Annotated[
        Share | None, Meta("Open rate", "Per cent.", "decimal", OUTCOME, in_table=False)
    ] = None
    attendance: Annotated[
        Heads | None, Meta("Attendance", "", "number", OUTCOME, in_table=False)
    ] = None
    feedback: Annotated[
        Prose, Meta("Feedback", "What people said.", "area", OUTCOME, in_table=False)
    ] = ""


class CommunicationStep(CommunicationStepFields, OfKickoff, table=True):
    __tablename__ = "communication_step"
