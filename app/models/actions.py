"""Actions (F2): who does what by when in the 30-60-90-day plan, and how it goes."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field as Bounds
from sqlalchemy import Select, String, UniqueConstraint
from sqlmodel import Field, select

from app import clock
from app.i18n import mark
from app.models.fields import (
    Fields,
    Figure,
    Id,
    Ids,
    Line,
    Meta,
    OfKickoff,
    Title,
    UtcDateTime,
    Whole,
    foreign,
    several,
)

Effort = Annotated[Figure, Bounds(ge=0, le=1000)]
Share = Annotated[Whole, Bounds(ge=0, le=100)]


class Window(StrEnum):
    """The third of the 90 days in which it is done."""

    FIRST = "30"
    SECOND = "60"
    THIRD = "90"


class Stated(StrEnum):
    """The owner's word."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class ActionState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    REPLANNED = "replanned"


class ActionSource(StrEnum):
    PLAN = "plan"
    OBSTACLE = "obstacle"
    CARD = "card"
    DECISION = "decision"
    RISK = "risk"
    TEAM_CLOSE = "team_close"
    RETROSPECTIVE = "retrospective"
    MEETING = "meeting"
    PULSE = "pulse"
    KPI_DEVIATION = "kpi_deviation"


WINDOWS = (
    ("30", mark("Day 0–30: start and synchronise")),
    ("60", mark("Day 31–60: execute and learn")),
    ("90", mark("Day 61–90: scale and anchor")),
)
STATED = (("green", mark("On track")), ("yellow", mark("Watch")), ("red", mark("Off track")))
ACTION_STATES = (
    ("open", mark("Still open")),
    ("closed", mark("Closed")),
    ("replanned", mark("Replanned")),
)
ACTION_SOURCES = (
    ("plan", mark("The plan")),
    ("obstacle", mark("Obstacle")),
    ("card", mark("Card")),
    ("decision", mark("Decision")),
    ("risk", mark("Risk")),
    ("team_close", mark("Team close")),
    ("retrospective", mark("Retrospective")),
    ("meeting", mark("Meeting")),
    ("pulse", mark("Pulse")),
    ("kpi_deviation", mark("KPI deviation")),
)


class ActionFields(Fields):
    title: Annotated[Title, Meta("Title", "What is done.")]
    owner_id: Annotated[Id | None, Meta("Owner", "One named person.", "person")] = foreign(
        "person.id", default=None
    )
    role: Annotated[
        Line,
        Meta("Role", "As what the owner does it: line manager, product owner.", in_table=False),
    ] = ""
    team_id: Annotated[Id | None, Meta("Team", "", "team", in_table=False)] = foreign(
        "team.id", default=None
    )
    due: Annotated[date | None, Meta("Due", "", "date")] = None
    window: Annotated[
        Window | None,
        Meta(
            "Window",
            "Left empty: by the due date, counted from the day of the kickoff.",
            "select",
            in_table=False,
            choices=WINDOWS,
        ),
    ] = Field(default=None, sa_type=String(2))
    status: Annotated[
        Stated | None,
        Meta("Status", "The owner's word.", "stated", in_table=False, choices=STATED),
    ] = Field(default=None, sa_type=String(10))
    state: Annotated[
        ActionState, Meta("State", "", "select", in_table=False, choices=ACTION_STATES)
    ] = Field(default=ActionState.OPEN, sa_type=String(10))
    expected: Annotated[
        Line,
        Meta("Expected outcome", "What is so when it is done, as anybody can see.", in_table=False),
    ] = ""
    accountable_id: Annotated[
        Id | None,
        Meta("Accountable", "Who answers for it, beside the owner.", "person", in_table=False),
    ] = foreign("person.id", default=None)
    consulted_ids: Annotated[
        Ids, Meta("Consulted", "Who is asked first.", "person", in_table=False, several=True)
    ] = several()
    informed_ids: Annotated[
        Ids, Meta("Informed", "Who is told.", "person", in_table=False, several=True)
    ] = several()
    effort_days: Annotated[
        Effort | None, Meta("Effort", "Working days, all together.", "decimal", in_table=False)
    ] = None
    key_result_id: Annotated[
        Id | None, Meta("Key result", "The one that it lifts.", "key_result", in_table=False)
    ] = foreign("key_result.id", default=None)
    gap_share: Annotated[
        Share | None,
        Meta(
            "Share of the gap",
            "How much of what the key result still lacks this is expected to close, in per cent.",
            "number",
            in_table=False,
        ),
    ] = None
    kpi_id: Annotated[Id | None, Meta("KPI", "", "kpi", in_table=False)] = foreign(
        "kpi.id", default=None
    )
    deliverable_id: Annotated[Id | None, Meta("Deliverable", "", "deliverable")] = foreign(
        "deliverable.id", default=None
    )
    depends_on_ids: Annotated[
        Ids,
        Meta(
            "Depends on",
            "Actions that must be done first.",
            "action",
            in_table=False,
            several=True,
        ),
    ] = several()
    source: Annotated[ActionSource, Meta("Source", "", "select", choices=ACTION_SOURCES)] = Field(
        default=ActionSource.PLAN, sa_type=String(20)
    )
    source_activity_id: Id | None = foreign("activity.id", default=None)
    source_entry_id: Id | None = Field(default=None, max_length=36)


class Action(ActionFields, OfKickoff, table=True):
    """`status_at`: when the owner's word was given, or given again; `closed_at`: when it was
    closed, or carried into the next plan."""

    __tablename__ = "action"
    # What the room made an action of stays one action, however often it is sent.
    __table_args__ = (UniqueConstraint("source_activity_id", "source_entry_id"),)
    status_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    def settle(self, named: Collection[str], _today: date) -> None:
        if self.status is None:
            self.status_at = None
        elif "status" in named or self.status_at is None:
            self.status_at = clock.now()
        if self.state == ActionState.OPEN:
            self.closed_at = None
        elif self.closed_at is None:
            self.closed_at = clock.now()


def actions_of(kickoff_id: str) -> Select[Action]:
    return select(Action).where(Action.kickoff_id == kickoff_id).order_by(Action.id)
