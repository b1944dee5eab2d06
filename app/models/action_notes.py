"""What was said and done of an action in the 90 days (F2): in order, written once."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, Select
from sqlmodel import Field, SQLModel, col, select

from app import clock, ids
from app.models.fields import UtcDateTime
from app.models.text import PROSE_MAX


class NoteKind(StrEnum):
    STATUS = "status"
    NOTE = "note"
    REPLANNED = "replanned"
    OWNER = "owner"
    CLOSED = "closed"
    CARRIED = "carried"
    REOPENED = "reopened"


class ActionNote(SQLModel, table=True):
    """`from_…` and `to_…` are what was replanned; owners stand by their names as well, for people
    leave. `action_id` is no reference: an action that was removed and brought back finds its notes
    again. `by_person_id` is set where the owner wrote it through a link."""

    __tablename__ = "action_note"
    __table_args__ = (
        Index("ix_action_note_action", "action_id", "id"),
        Index("ix_action_note_kickoff", "kickoff_id", "kind", "at"),
    )
    id: str = Field(default_factory=ids.new_id, primary_key=True, max_length=36)
    # No index of its own: one of those above begins with it.
    kickoff_id: str = Field(foreign_key="kickoff.id", max_length=36, ondelete="CASCADE")
    action_id: str = Field(max_length=36)
    at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    by_name: str = Field(default="", max_length=200)
    by_person_id: str | None = Field(default=None, max_length=36)
    kind: str = Field(max_length=10)
    status: str | None = Field(default=None, max_length=10)
    text: str = Field(default="", max_length=PROSE_MAX)
    from_due: date | None = None
    to_due: date | None = None
    from_window: str | None = Field(default=None, max_length=2)
    to_window: str | None = Field(default=None, max_length=2)
    from_owner_id: str | None = Field(default=None, max_length=36)
    to_owner_id: str | None = Field(default=None, max_length=36)
    from_owner: str = Field(default="", max_length=200)
    to_owner: str = Field(default="", max_length=200)
    # What one tap sends twice is written once.
    sent_as: str | None = Field(default=None, max_length=60, unique=True)


def notes_of(action_id: str) -> Select[ActionNote]:
    """An action's notes, the latest first."""
    wanted = select(ActionNote).where(col(ActionNote.action_id) == action_id)
    return wanted.order_by(col(ActionNote.id).desc())
