"""What people and channels of a kickoff are told, each thing once; and work that falls due."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from app import clock, ids
from app.models.fields import UtcDateTime, foreign

KEY_MAX = 200


class Notice(SQLModel, table=True):
    """One thing that one recipient is told. The constraint is what keeps it from being told twice,
    so the row stays as long as its kickoff.

    `recipient` is a person's id, or "" for the kickoff's common channels. It is no foreign key: who
    was removed and brought back is not told again. `key` tells one occasion of a kind from another.
    """

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("kickoff_id", "kind", "key", "recipient"),)
    id: str = Field(default_factory=ids.new_id, primary_key=True, max_length=36)
    kickoff_id: str = foreign("kickoff.id")
    kind: str = Field(max_length=40)
    key: str = Field(max_length=KEY_MAX)
    recipient: str = Field(default="", max_length=36)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    due_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)


class Duty(SQLModel, table=True):
    """Work that comes round again. Whoever does it puts `due_at` ahead: if they die over it, it is
    due again then."""

    __tablename__ = "duty"
    name: str = Field(primary_key=True, max_length=40)
    due_at: datetime = Field(sa_type=UtcDateTime)
