"""Meetings (F5): the three series of the 90 days, each meeting with its notes, and what blocks."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import Annotated

from sqlalchemy import Select, String
from sqlmodel import Field, col, select

from app.i18n import mark
from app.models.answers import Published
from app.models.fields import (
    OUTCOME,
    Fields,
    Id,
    Ids,
    Line,
    Meta,
    OfKickoff,
    Prose,
    TimeOfDay,
    Title,
    foreign,
    several,
)


class MeetingKind(StrEnum):
    STANDUP = "standup"
    OKR_REVIEW = "okr_review"
    RETROSPECTIVE = "retrospective"


class BlockerState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


MEETING_KINDS = (
    ("standup", mark("Tactical standup")),
    ("okr_review", mark("OKR review")),
    ("retrospective", mark("Retrospective")),
)
BLOCKER_STATES = (("open", mark("Still open")), ("closed", mark("Closed")))
Minutes = Annotated[int, Field(ge=5, le=600)]


class MeetingSeriesFields(Fields):
    title: Annotated[Title, Meta("Series")]
    kind: Annotated[MeetingKind, Meta("Kind", "", "select", choices=MEETING_KINDS)] = Field(
        default=MeetingKind.STANDUP, sa_type=String(15)
    )
    starts_at: Annotated[TimeOfDay, Meta("Start", "", "time")] = "09:00"
    minutes: Annotated[Minutes, Meta("Minutes", "How long each of them lasts.", "number")] = 15
    place: Annotated[Line, Meta("Place or link", "Goes into every invitation.")] = ""
    leader_ids: Annotated[
        Ids,
        Meta("Who leads", "They lead in turn.", "person", in_table=False, several=True),
    ] = several()
    participant_ids: Annotated[
        Ids,
        Meta(
            "Who else takes part",
            "They, and those who lead, are invited by mail.",
            "person",
            in_table=False,
            several=True,
        ),
    ] = several()


class MeetingSeries(MeetingSeriesFields, OfKickoff, table=True):
    __tablename__ = "meeting_series"


class MeetingFields(Fields):
    title: Annotated[Title, Meta("Meeting")]
    kind: Annotated[MeetingKind, Meta("Kind", "", "select", choices=MEETING_KINDS)] = Field(
        default=MeetingKind.STANDUP, sa_type=String(15)
    )
    day: Annotated[date | None, Meta("Date", "", "date")] = None
    starts_at: Annotated[TimeOfDay, Meta("Start", "", "time")] = "09:00"
    minutes: Annotated[Minutes, Meta("Minutes", "How long it lasts.", "number")] = 15
    leader_id: Annotated[Id | None, Meta("Who leads", "", "person")] = foreign(
        "person.id", default=None
    )
    series_id: Annotated[Id | None, Meta("Series", "", "meeting-series", in_table=False)] = foreign(
        "meeting_series.id", default=None, ondelete="CASCADE"
    )
    place: Annotated[Line, Meta("Place or link", "", in_table=False)] = ""
    held: Annotated[bool, Meta("Held", "", "check", OUTCOME)] = False
    notes: Annotated[
        Prose, Meta("Notes", "What was said, and what was agreed.", "area", OUTCOME, False)
    ] = ""


class Meeting(MeetingFields, OfKickoff, table=True):
    __tablename__ = "meeting"


class BlockerFields(Fields):
    title: Annotated[Title, Meta("Blocker", "What stands in the way.")]
    owner_id: Annotated[
        Id | None, Meta("Owner", "Named the same day: who sees to it.", "person")
    ] = foreign("person.id", default=None)
    raised_on: Annotated[date | None, Meta("Raised", "Left empty: today.", "date")] = None
    state: Annotated[BlockerState, Meta("State", "", "select", choices=BLOCKER_STATES)] = Field(
        default=BlockerState.OPEN, sa_type=String(10)
    )
    meeting_id: Annotated[Id | None, Meta("Meeting", "", "meeting", in_table=False)] = foreign(
        "meeting.id", default=None
    )
    action_id: Annotated[
        Id | None, Meta("Action", "What came of it.", "action", in_table=False)
    ] = foreign("action.id", default=None)


class Blocker(BlockerFields, OfKickoff, table=True):
    __tablename__ = "blocker"

    def settle(self, _named: Collection[str], today: date) -> None:
        if self.raised_on is None:
            self.raised_on = today


class PublishedCalendar(Published, table=True):
    """The feed that calendars subscribe to."""

    __tablename__ = "published_calendar"


def meetings_of(kickoff_id: str) -> Select[Meeting]:
    """By day and time; those without a day last."""
    return (
        select(Meeting)
        .where(col(Meeting.kickoff_id) == kickoff_id)
        .order_by(
            col(Meeting.day).is_(None), col(Meeting.day), col(Meeting.starts_at), col(Meeting.id)
        )
    )
