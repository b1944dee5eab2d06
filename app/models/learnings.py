"""The learning log (F2): what deviated, why, what was learnt and what changes; and the weekly
reviews in which it is written."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Annotated

from sqlalchemy import Select, UniqueConstraint
from sqlmodel import Field, col, select

from app import clock
from app.models.fields import (
    Fields,
    Id,
    Meta,
    OfKickoff,
    Prose,
    Title,
    UtcDateTime,
    foreign,
)


class LearningFields(Fields):
    title: Annotated[Title, Meta("What deviated", "In a line: what was so, and what should be.")]
    why: Annotated[Prose, Meta("Why", "Ask why once more than feels comfortable.", "area")] = ""
    learnt: Annotated[Prose, Meta("What we learnt", "", "area")] = ""
    changes: Annotated[
        Prose, Meta("What changes", "What is done otherwise from now on.", "area")
    ] = ""
    action_id: Annotated[Id | None, Meta("Action", "", "action", in_table=False)] = foreign(
        "action.id", default=None
    )
    pilot_id: Annotated[Id | None, Meta("Pilot", "", "pilot", in_table=False)] = foreign(
        "pilot.id", default=None
    )
    week: Annotated[
        date | None,
        Meta("Week of its review", "Any day of that week; left empty: this week.", "date"),
    ] = None


class Learning(LearningFields, OfKickoff, table=True):
    __tablename__ = "learning"

    def settle(self, _named: Collection[str], today: date) -> None:
        """A week is called by its Monday."""
        day = self.week or today
        self.week = day - timedelta(days=day.weekday())


class DeviationReview(OfKickoff, table=True):
    """That a week's deviations were gone through: who held it, and what was left to look at."""

    __tablename__ = "deviation_review"
    __table_args__ = (UniqueConstraint("kickoff_id", "week"),)
    week: date
    held_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    held_by: str = Field(default="", max_length=200)
    found: int = 0
    closed: int = 0
    replanned: int = 0
    learnings: int = 0
    left: int = 0


def reviews_of(kickoff_id: str) -> Select[DeviationReview]:
    """The latest first."""
    wanted = select(DeviationReview).where(col(DeviationReview.kickoff_id) == kickoff_id)
    return wanted.order_by(col(DeviationReview.week).desc())


def learnings_of(kickoff_id: str) -> Select[Learning]:
    """The latest first."""
    wanted = select(Learning).where(col(Learning.kickoff_id) == kickoff_id)
    return wanted.order_by(col(Learning.week).desc(), col(Learning.id).desc())
