"""Where a kickoff's answers, handouts and plan can be read by everybody who has the link, and
who has opened the plan there."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from app import clock, ids
from app.models.fields import UtcDateTime, foreign


class Published(SQLModel):
    """One link a kickoff, as long as it is published. The link's secret is a new one whenever it
    is published anew."""

    kickoff_id: str = foreign("kickoff.id", primary_key=True)
    secret: str = Field(default_factory=ids.secret, max_length=30, unique=True)
    published_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)


class PublishedAnswers(Published, table=True):
    __tablename__ = "published_answers"


class PublishedHandouts(Published, table=True):
    __tablename__ = "published_handouts"


class PublishedPlan(Published, table=True):
    __tablename__ = "published_plan"


class PlanReader(SQLModel, table=True):
    """Somebody with an account in the kickoff who has opened its published plan."""

    __tablename__ = "plan_reader"
    kickoff_id: str = foreign("kickoff.id", primary_key=True)
    user_id: str = foreign("user_account.id", primary_key=True)
    opened_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)


class PlanOpening(SQLModel, table=True):
    """Somebody else who has opened it at its link: that it was opened, and on which day. Nothing
    says who it was."""

    __tablename__ = "plan_opening"
    id: str = Field(default_factory=ids.random_id, primary_key=True, max_length=36)
    kickoff_id: str = foreign("kickoff.id")
    opened_on: date
