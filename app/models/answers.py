"""Where a kickoff's answers can be read by everybody who has the link."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from app import clock, ids
from app.models.fields import UtcDateTime, foreign


class PublishedAnswers(SQLModel, table=True):
    """One link a kickoff, as long as its answers are published. The link's secret is a new one
    whenever they are published anew."""

    __tablename__ = "published_answers"
    kickoff_id: str = foreign("kickoff.id", primary_key=True)
    secret: str = Field(default_factory=ids.secret, max_length=30, unique=True)
    published_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
