"""A pulse's waves and what was answered in them (docs/decisions/0012).

While a wave is open it is known that a link was used by a tag whose key is not in the database;
what was answered stands in rows without order, person, group and time, and what belongs together of
it is sealed. Afterwards there are figures of groups that may be told, and no tags.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from app import ids
from app.models.fields import OfKickoff, UtcDateTime, foreign

DIMENSIONS = ("team", "function", "site")


class PulseWave(OfKickoff, table=True):
    """One time that a pulse is asked. `asked` are its questions as they stood when it opened.

    `settled_at`: when its figures were made; nobody sees any before. `key_lost`: it was closed
    early, for nobody could have told any longer who had answered.
    """

    __tablename__ = "pulse_wave"
    __table_args__ = (UniqueConstraint("pulse_id", "number"),)
    pulse_id: str = foreign("pulse.id")
    number: int
    opens_at: datetime = Field(sa_type=UtcDateTime)
    closes_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    asked: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    invited: int = 0
    answered: int | None = None  # once it is settled
    reminded: bool = False
    key_lost: bool = False

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class PulseInvitation(SQLModel, table=True):
    """Somebody is asked. The link's token is not here, only its hash; nor whether it was used.

    `team`, `function`, `site` are what they belonged to when the wave opened, and empty where that
    is too small a group to be told.
    """

    __tablename__ = "pulse_invitation"
    __table_args__ = (UniqueConstraint("wave_id", "person_id"),)
    id: str = Field(default_factory=ids.random_id, primary_key=True, max_length=36)
    wave_id: str = foreign("pulse_wave.id")
    person_id: str = foreign("person.id")
    token_hash: str = Field(max_length=64, unique=True)
    # Of the link that was sent before the server's key was changed: it goes on working.
    token_hash_before: str | None = Field(default=None, max_length=64, unique=True)
    team: str = Field(default="", max_length=200)
    function: str = Field(default="", max_length=200)
    site: str = Field(default="", max_length=200)


class PulseReceipt(SQLModel, table=True):
    """That a link was used. Whose it was, only who has the wave's key could tell."""

    __tablename__ = "pulse_receipt"
    __table_args__ = {"sqlite_with_rowid": False}
    wave_id: str = foreign("pulse_wave.id", primary_key=True)
    tag: str = Field(primary_key=True, max_length=30)


class PulseAnswer(SQLModel, table=True):
    """What somebody answered to one question: nothing ties it to what they said to another."""

    __tablename__ = "pulse_answer"
    __table_args__ = {"sqlite_with_rowid": False}
    wave_id: str = foreign("pulse_wave.id", primary_key=True)
    question_id: str = Field(primary_key=True, max_length=36)
    value: int = Field(primary_key=True)
    id: str = Field(default_factory=ids.random_id, primary_key=True, max_length=36)


class PulseText(SQLModel, table=True):
    """What somebody wrote. It is never shown by group."""

    __tablename__ = "pulse_text"
    __table_args__ = {"sqlite_with_rowid": False}
    wave_id: str = foreign("pulse_wave.id", primary_key=True)
    question_id: str = Field(primary_key=True, max_length=36)
    id: str = Field(default_factory=ids.random_id, primary_key=True, max_length=36)
    text: str


class PulseSealed(SQLModel, table=True):
    """One person's values and groups, sealed with the wave's key until the wave is settled."""

    __tablename__ = "pulse_sealed"
    __table_args__ = {"sqlite_with_rowid": False}
    wave_id: str = foreign("pulse_wave.id", primary_key=True)
    id: str = Field(default_factory=ids.random_id, primary_key=True, max_length=36)
    sealed: str


class PulseTally(SQLModel, table=True):
    """How often a value was answered in a group that may be told, once a wave is settled."""

    __tablename__ = "pulse_tally"
    __table_args__ = {"sqlite_with_rowid": False}
    wave_id: str = foreign("pulse_wave.id", primary_key=True)
    dimension: str = Field(primary_key=True, max_length=10)
    label: str = Field(primary_key=True, max_length=200)
    question_id: str = Field(primary_key=True, max_length=36)
    value: int = Field(primary_key=True)
    count: int
