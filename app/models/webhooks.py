"""Where a kickoff's messages go, and the outbox: what is still to be sent, and how that went."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app import clock, ids
from app.models.fields import Record, UtcDateTime, foreign


class Speaks(StrEnum):
    """What the other end understands."""

    SIGNED = "signed"  # Standard Webhooks: told of every change of the plan too
    SLACK = "slack"
    TEAMS = "teams"
    MAIL = "mail"


CHAT = (Speaks.SLACK, Speaks.TEAMS)


class Webhook(Record, table=True):
    """An address that messages are posted to. Address and signing secret are sealed with a key that
    is not in the database; `host` is what is shown of the address."""

    __tablename__ = "webhook"
    kickoff_id: str = foreign("kickoff.id")
    name: str = Field(max_length=200)
    speaks: str = Field(default=Speaks.SIGNED, max_length=10)
    host: str = Field(max_length=260)
    sealed_url: str
    sealed_secret: str = ""


class DeliveryTarget(SQLModel, table=True):
    """A queue: what goes to one target goes one after another, so a slow one holds nobody else.
    Nothing is taken from it before `free_at`: somebody is on the way, or it asked for a pause."""

    __tablename__ = "delivery_target"
    id: str = Field(primary_key=True, max_length=36)  # a webhook's, or a lane of the mail server
    webhook_id: str | None = foreign("webhook.id", default=None, ondelete="CASCADE")
    free_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)


class Fate(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"
    DROPPED = "dropped"  # nobody wants it any more


class Outgoing(SQLModel, table=True):
    """One message to one recipient, written in the transaction of what it tells of: a change of the
    plan, or a notice. Without either it is a test.

    Its id stays the same however often it is sent. Whoever takes it puts `due_at` ahead: if they
    die on the way, it is due again then. Of several that are due at once one carries the others.
    """

    __tablename__ = "outgoing"
    __table_args__ = (
        Index("ix_outgoing_target", "target_id", "fate", "due_at"),
        Index("ix_outgoing_webhook", "webhook_id", "id"),
        Index("ix_outgoing_kickoff", "kickoff_id", "id"),
        Index("ix_outgoing_settled", "fate", "at"),
    )
    id: str = Field(default_factory=ids.new_id, primary_key=True, max_length=36)
    kickoff_id: str = Field(foreign_key="kickoff.id", max_length=36, ondelete="CASCADE")
    target_id: str = Field(max_length=36)
    webhook_id: str | None = Field(
        default=None, foreign_key="webhook.id", max_length=36, ondelete="CASCADE"
    )
    change_id: str | None = foreign("record_change.id", default=None, ondelete="CASCADE")
    notice_id: str | None = foreign("notice.id", default=None, ondelete="CASCADE")
    # Whom a test goes to by mail.
    user_id: str | None = foreign("user_account.id", default=None, ondelete="CASCADE")
    carrier_id: str | None = Field(default=None, max_length=36, index=True)
    at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    due_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    # When it was said what goes with it under its id; after that nothing more does.
    gathered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    fate: str = Field(default=Fate.WAITING, max_length=10)
    failure: str = Field(default="", max_length=40)  # of the last attempt, by its code


class NoticeSettings(SQLModel, table=True):
    """How a kickoff's notices go out; without a row, as the defaults say. Times are where the
    kickoff is."""

    __tablename__ = "notice_settings"
    kickoff_id: str = Field(
        foreign_key="kickoff.id", primary_key=True, max_length=36, ondelete="CASCADE"
    )
    language: str | None = Field(default=None, max_length=2)
    by_mail: bool = True
    opens_at: str = Field(default="08:00", max_length=5)
    closes_at: str = Field(default="17:00", max_length=5)
    on_days_off: bool = False


class MailStopped(SQLModel, table=True):
    """Somebody who wants no more mail of this kickoff."""

    __tablename__ = "mail_stopped"
    person_id: str = Field(
        foreign_key="person.id", primary_key=True, max_length=36, ondelete="CASCADE"
    )
    at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
