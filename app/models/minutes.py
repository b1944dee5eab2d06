"""Minutes (F1): what came of a room's day, section by section, and what of it was published."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import JSON, Select, UniqueConstraint
from sqlmodel import Field as Column
from sqlmodel import SQLModel, col, select

from app import clock, ids
from app.i18n import mark
from app.models.fields import Line, OfKickoff, Prose, UtcDateTime, foreign
from app.models.text import INTEGER_MAX

MOST_LINES = 200  # of one section: more, and their form is larger than a form may be


# As the method judges an action (rules/status).
LineStatus = Literal["", "green", "yellow", "red", "done", "replanned"]


class Section(StrEnum):
    """The sections, in the order in which they are read."""

    DAY = "day"
    ATTENDANCE = "attendance"
    DECISIONS = "decisions"
    OBSTACLES = "obstacles"
    RESULTS = "results"
    ANSWERS = "answers"
    ACTIONS = "actions"
    OPEN_QUESTIONS = "open"  # what was asked, and nobody has answered yet


SECTION_NAMES = (
    (Section.DAY, mark("The day")),
    (Section.ATTENDANCE, mark("Who took part")),
    (Section.DECISIONS, mark("Decisions")),
    (Section.OBSTACLES, mark("The five greatest obstacles")),
    (Section.RESULTS, mark("What the room said")),
    (Section.ANSWERS, mark("Questions that have an answer, or get one")),
    (Section.ACTIONS, mark("Actions")),
    (Section.OPEN_QUESTIONS, mark("Open questions")),
)


class MinutesLine(BaseModel):
    """One line of a section. `key` is the record that it was drafted from, or begins with "own"
    where somebody wrote it here. `sort` is what sort of line it is within its section, `number` its
    figure or place. `said` are a result's figures as blocks (outputs/blocks), by language.
    `edited`: the words are an editor's, and stand when the records are taken anew."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    text: Prose = ""
    detail: Prose = ""
    criteria: Prose = ""  # of a decision, as are the two that follow
    consequence: Prose = ""
    voted: Prose = ""
    owner: Line = ""
    due: date | None = None
    status: LineStatus = ""
    reasons: list[Annotated[str, StringConstraints(max_length=20)]] = Field(
        default_factory=list, max_length=5
    )
    number: Annotated[int, Field(ge=-INTEGER_MAX, le=INTEGER_MAX)] | None = None
    sort: Annotated[str, StringConstraints(max_length=20)] = ""
    said: dict[str, list[dict[str, Any]]] = Field(default_factory=dict)
    edited: bool = False
    left_out: bool = False


class Minutes(OfKickoff, table=True):
    """Those of one room. `secret` is the link's at which they are published."""

    __tablename__ = "minutes"
    room_id: str = foreign("room.id", unique=True)
    drafted_at: datetime = Column(default_factory=clock.now, sa_type=UtcDateTime)
    secret: str | None = Column(default=None, max_length=30, unique=True)


class MinutesSection(OfKickoff, table=True):
    """A section as it is edited: its own record with its own version, so that two who write in two
    sections are in nobody's way. `before` is what the last save replaced."""

    __tablename__ = "minutes_section"
    __table_args__ = (UniqueConstraint("minutes_id", "code"),)
    minutes_id: str = foreign("minutes.id")
    code: str = Column(max_length=12)
    text: str = ""
    lines: list[dict[str, Any]] = Column(default_factory=list, sa_type=JSON)
    edited_at: datetime | None = Column(default=None, sa_type=UtcDateTime)
    edited_by: str = Column(default="", max_length=200)
    before: dict[str, Any] | None = Column(default=None, sa_type=JSON)


class MinutesVersion(SQLModel, table=True):
    """What was published once: never changed again."""

    __tablename__ = "minutes_version"
    __table_args__ = (UniqueConstraint("minutes_id", "number"),)
    id: str = Column(default_factory=ids.new_id, primary_key=True, max_length=36)
    kickoff_id: str = foreign("kickoff.id")
    minutes_id: str = foreign("minutes.id")
    number: int
    published_at: datetime = Column(default_factory=clock.now, sa_type=UtcDateTime)
    published_by: str = Column(default="", max_length=200)
    sections: list[dict[str, Any]] = Column(default_factory=list, sa_type=JSON)


class MinutesReader(SQLModel, table=True):
    """Somebody with an account in the kickoff who has opened a version."""

    __tablename__ = "minutes_reader"
    version_id: str = foreign("minutes_version.id", primary_key=True)
    user_id: str = foreign("user_account.id", primary_key=True)
    read_at: datetime = Column(default_factory=clock.now, sa_type=UtcDateTime)


class MinutesOpening(SQLModel, table=True):
    """Somebody else who has opened a version at its link: that it was opened, and on which day.
    Nothing says who it was."""

    __tablename__ = "minutes_opening"
    id: str = Column(default_factory=ids.random_id, primary_key=True, max_length=36)
    version_id: str = foreign("minutes_version.id")
    opened_on: date


def sections_of(minutes_id: str) -> Select[MinutesSection]:
    return select(MinutesSection).where(col(MinutesSection.minutes_id) == minutes_id)


def versions_of(minutes_id: str) -> Select[MinutesVersion]:
    """Newest first."""
    return (
        select(MinutesVersion)
        .where(col(MinutesVersion.minutes_id) == minutes_id)
        .order_by(col(MinutesVersion.number).desc())
    )
