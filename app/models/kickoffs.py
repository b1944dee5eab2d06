"""Kickoff (P1): why we gather, when and where. Everything else belongs to one."""

from datetime import date, datetime
from typing import Annotated

from sqlmodel import Field

from app.models.fields import (
    Fields,
    Line,
    Meta,
    Prose,
    Record,
    TimeOfDay,
    TimeZone,
    Title,
    UtcDateTime,
    foreign,
)


class KickoffFields(Fields):
    title: Annotated[Title, Meta("Title", "What people will call it.")]
    challenge: Annotated[
        Prose, Meta("Challenge", "What is hard today, and what value you want.", "area", "why")
    ] = ""
    purpose: Annotated[Prose, Meta("Purpose", "Why we gather.", "area", "why")] = ""
    expected_effect: Annotated[
        Prose, Meta("Expected effect", "What is different for customers afterwards.", "area", "why")
    ] = ""
    success_criteria: Annotated[
        Prose, Meta("Success criteria", "How we will know that it worked.", "area", "why")
    ] = ""
    vision: Annotated[
        Prose, Meta("Vision", "Where we are going, in one sentence.", "area", "why")
    ] = ""
    day: Annotated[date | None, Meta("Date", "", "date", "when")] = None
    starts_at: Annotated[TimeOfDay, Meta("Start", "The first block's start.", "time", "when")] = (
        "09:00"
    )
    venue: Annotated[Line, Meta("Place", "", "", "when")] = ""
    time_zone: Annotated[TimeZone, Meta("Time zone", "", "", "when", in_table=False)] = (
        "Europe/Oslo"
    )
    audience: Annotated[Prose, Meta("Audience", "Who is in the room.", "area", "who")] = ""
    sponsor: Annotated[Line, Meta("Sponsor", "Who stands behind it.", "", "who")] = ""


class Kickoff(KickoffFields, Record, table=True):
    __tablename__ = "kickoff"
    organisation_id: str = foreign("organisation.id")
    archived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    copied_from_id: str | None = foreign("kickoff.id", default=None)
