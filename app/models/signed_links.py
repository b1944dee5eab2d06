"""Links in messages that were sent to somebody and are worth nothing any more."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from app import clock
from app.models.fields import UtcDateTime, foreign


class EndedLinks(SQLModel, table=True):
    """All that were made for this person until `at`."""

    __tablename__ = "ended_links"
    person_id: str = foreign("person.id", primary_key=True)
    at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
