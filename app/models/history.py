"""The history of a kickoff's records: who changed what when. A vote is no record."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from app import clock, ids
from app.models.fields import UtcDateTime


class Done(StrEnum):
    """What was done to a record."""

    CREATED = "created"
    CHANGED = "changed"
    MOVED = "moved"
    SUPERSEDED = "superseded"
    REMOVED = "removed"
    RESTORED = "restored"


class AuthorKind(StrEnum):
    """Who it was: somebody who signed in, a program with a token, the room (an attendee, who is
    not named), or the product itself."""

    PERSON = "person"
    TOKEN = "token"  # noqa: S105 -- a kind of author
    ROOM = "room"
    PRODUCT = "product"


class RecordChange(SQLModel, table=True):
    """One write of one record, in the transaction that wrote it.

    `changes` are {field: [before, after]}, of the entity's own fields and the place among siblings.
    The record may be gone: `record_id` is no reference, and `record_name` is what it was called
    then. `because_id` is the change that this one followed from: what belonged to a removed record
    went with it, and what pointed at it let go.
    """

    __tablename__ = "record_change"
    __table_args__ = (
        Index("ix_record_change_kickoff", "kickoff_id", "id"),
        Index("ix_record_change_record", "record_id", "id"),
        Index("ix_record_change_entity", "kickoff_id", "entity", "id"),
        Index("ix_record_change_author", "kickoff_id", "author_id", "id"),
    )
    id: str = Field(default_factory=ids.new_id, primary_key=True, max_length=36)
    # No index of its own: three of those above begin with it.
    kickoff_id: str = Field(foreign_key="kickoff.id", max_length=36, ondelete="CASCADE")
    entity: str = Field(max_length=40)
    record_id: str = Field(max_length=36)
    record_name: str = Field(default="", max_length=200)
    version: int = 1
    at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    author_kind: str = Field(default=AuthorKind.PRODUCT, max_length=10)
    author_id: str = Field(default="", max_length=80)
    author_name: str = Field(default="", max_length=200)
    done: str = Field(max_length=12)
    changes: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    because_id: str | None = Field(default=None, max_length=36, index=True)
