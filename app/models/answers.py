"""Where a kickoff's answers, handouts and plan can be read by everybody who has the link."""

from datetime import datetime

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
