"""Webhooks of a kickoff, and the outbox: what is still to be told to them, and how that went."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app import clock, ids
from app.models.fields import Record, UtcDateTime, foreign


class Webhook(Record, table=True):
    """Who is told of every change of the plan. Address and signing secret are sealed with a key
    that is not in the database; `host` is what is shown of the address."""

    __tablename__ = "webhook"
    kickoff_id: str = foreign("kickoff.id")
    name: str = Field(max_length=200)
    host: str = Field(max_length=260)
    sealed_url: str
    sealed_secret: str


class Fate(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class Outgoing(SQLModel, table=True):
    """One message to one webhook, written in the transaction of the change that it tells of.

    Its id stays the same however often it is sent. Without a change it is a test. Whoever takes it
    puts `due_at` ahead: if they die on the way, it is due again then.
    """

    __tablename__ = "outgoing"
    __table_args__ = (
        Index("ix_outgoing_due", "fate", "due_at"),
        Index("ix_outgoing_webhook", "webhook_id", "id"),
    )
    id: str = Field(default_factory=ids.new_id, primary_key=True, max_length=36)
    webhook_id: str = Field(foreign_key="webhook.id", max_length=36, ondelete="CASCADE")
    change_id: str | None = foreign("record_change.id", default=None, ondelete="CASCADE")
    at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    due_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    attempts: int = 0
    fate: str = Field(default=Fate.WAITING, max_length=10)
    failure: str = Field(default="", max_length=40)  # of the last attempt, by its code
