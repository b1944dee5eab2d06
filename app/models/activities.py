"""Activities and what people gave in them: one stored shape for every kind.

Activity (what is asked) · Entry (an option, a word, a text, a card) · Ballot (one attendee's
answer; some kinds take several, each in a lane of its own: what was written, what was ranked) ·
Mark (what the ballot says of an entry) · Receipt (a submission that was acknowledged) ·
Tally (marks of an anonymous activity after its ballots are gone) · TeamTally (the same by team,
where that may be told) · HandCount (hands shown).

Ballots, marks and entries carry no time and live in tables without row order, for an anonymous
activity must not be linkable by either (RELIABILITY D9).
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from app import ids
from app.models.fields import Milliseconds, Ordered, foreign, position

NO_ENTRY = ""  # the entry of marks whose activity has none, such as a scale


class ActivityStatus(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    FROZEN = "frozen"  # its key is lost: what is counted stands, nothing more comes in


class Mode(StrEnum):
    NAMED = "named"
    ANONYMOUS = "anonymous"


class EntryState(StrEnum):
    VISIBLE = "visible"
    PENDING = "pending"
    HIDDEN = "hidden"  # by a facilitator
    WITHDRAWN = "withdrawn"  # by who wrote it, or who removed a card


class Activity(Ordered, table=True):
    __tablename__ = "activity"
    room_id: str = foreign("room.id")
    block_id: str | None = foreign("agenda_block.id", default=None)
    kind: str = Field(max_length=30)
    title: str = Field(max_length=300)
    on_the_spot: bool = False  # asked in the running room: no step of the block's program
    mode: str = Field(default=Mode.ANONYMOUS, max_length=10)
    config: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    status: str = Field(default=ActivityStatus.DRAFT, max_length=10)
    stage: str | None = Field(default=None, max_length=20)
    revealed: bool = False
    live: bool = False
    round: int = 1
    previous_id: str | None = Field(default=None, max_length=36)
    opened_at: int | None = Field(default=None, sa_type=Milliseconds)
    closed_at: int | None = Field(default=None, sa_type=Milliseconds)
    answered: int | None = None  # after scrubbing: how many had answered
    answered_people: int | None = None
    scrubbed: bool = False


class Entry(SQLModel, table=True):
    __tablename__ = "entry"
    __table_args__ = {"sqlite_with_rowid": False}
    activity_id: str = foreign("activity.id", primary_key=True)
    id: str = Field(default_factory=ids.random_id, primary_key=True, max_length=36)
    text: str
    state: str = Field(default=EntryState.VISIBLE, max_length=10)
    position: str = position()
    author: str | None = Field(default=None, max_length=36)
    merged_into: str | None = Field(default=None, max_length=36)
    place: str | None = Field(default=None, max_length=80)
    data: dict[str, Any] | None = Field(default=None, sa_type=JSON)


class Ballot(SQLModel, table=True):
    """One attendee's answer. `key`: the participant's id, or an anonymous activity's HMAC tag.

    `seq` orders what the attendee sends within a lane: the same obstacle rewritten, the list ranked
    again. What is sent in one lane never replaces what was sent in another.
    """

    __tablename__ = "ballot"
    __table_args__ = {"sqlite_with_rowid": False}
    activity_id: str = foreign("activity.id", primary_key=True)
    key: str = Field(primary_key=True, max_length=36)
    lane: str = Field(default="", primary_key=True, max_length=80)
    seq: int = Field(sa_type=Milliseconds)
    people: int = 1


class Mark(SQLModel, table=True):
    __tablename__ = "mark"
    __table_args__ = {"sqlite_with_rowid": False}
    activity_id: str = foreign("activity.id", primary_key=True)
    key: str = Field(primary_key=True, max_length=36)
    lane: str = Field(default="", primary_key=True, max_length=80)
    entry_id: str = Field(primary_key=True, max_length=36)
    value: int = Field(primary_key=True)
    people: int = 1


class Receipt(SQLModel, table=True):
    """A submission that was acknowledged: its id is acknowledged again, other content refused.

    After an anonymous activity is scrubbed the digest is empty: only that the id was spent remains.
    """

    __tablename__ = "receipt"
    # Looked at when a transaction ends: else SQLite would copy every page that a batch of votes
    # writes to, nearly one for each, to take the batch back by itself.
    __table_args__ = (
        ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            ondelete="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
        {"sqlite_with_rowid": False},
    )
    submission_id: str = Field(primary_key=True, max_length=64)
    # No index: it would cost every vote a second random page, and is asked for only when scrubbing.
    activity_id: str = Field(max_length=36)
    digest: str = Field(default="", max_length=32)


class Tally(SQLModel, table=True):
    """How many marks an entry had with a value, once the ballots themselves are gone."""

    __tablename__ = "tally"
    __table_args__ = {"sqlite_with_rowid": False}
    activity_id: str = foreign("activity.id", primary_key=True)
    entry_id: str = Field(primary_key=True, max_length=36)
    value: int = Field(primary_key=True)
    table_phone: bool = Field(primary_key=True)
    count: int


class TeamTally(SQLModel, table=True):
    """The same of one team's phones, of kinds that tell results by team: only what may be told was
    ever written down (rules/pulse_groups)."""

    __tablename__ = "team_tally"
    __table_args__ = {"sqlite_with_rowid": False}
    activity_id: str = foreign("activity.id", primary_key=True)
    team_id: str = Field(primary_key=True, max_length=36)
    entry_id: str = Field(primary_key=True, max_length=36)
    value: int = Field(primary_key=True)
    count: int


class HandCount(SQLModel, table=True):
    """A counted show of hands: a figure of its own, never mixed with ballots."""

    __tablename__ = "hand_count"
    activity_id: str = foreign("activity.id", primary_key=True)
    entry_id: str = Field(primary_key=True, max_length=36)
    value: int = Field(primary_key=True)
    count: int
