"""A room, the phones in it, and the log of what was done in it (never of what was voted)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from app import clock, ids
from app.models.fields import Milliseconds, Record, UtcDateTime, foreign


class RoomStatus(StrEnum):
    LOBBY = "lobby"
    LIVE = "live"
    PAUSED = "paused"
    ENDED = "ended"


class Screen(StrEnum):
    """What lies over the projector's picture."""

    SHOW = ""
    BLANK = "blank"
    JOIN = "join"
    GROUPS = "groups"  # who sits at which table
    NOTE = "note"  # a decision or an assumption: `shown_note_id`


ENTERING = ("room.start", "agenda.next", "agenda.back", "agenda.goto")  # they may enter a block


class Room(Record, table=True):
    """One place and day in which a kickoff's agenda is run.

    `revision` grows with everything that changes what anybody sees, `control` with commands alone,
    `answers` with votes and arrivals alone; `epoch` changes when history is replaced. The running
    columns (`block_id` … `paused_left_ms`) are the clock of the room: `phase_ends_at` is server
    time in ms.
    """

    __tablename__ = "room"
    kickoff_id: str = foreign("kickoff.id")
    name: str = Field(default="", max_length=200)
    code: str = Field(max_length=6, unique=True)
    secret: str = Field(max_length=30, unique=True)
    spoken_word: str = Field(default="", max_length=40)
    status: str = Field(default=RoomStatus.LOBBY, max_length=10)
    locked: bool = False
    ask_name: bool = True
    assigns_teams: bool = False  # whoever joins is put in the smallest team instead of choosing
    epoch: str = Field(default_factory=ids.secret, max_length=30)
    revision: int = Field(default=0, sa_type=Milliseconds)
    control: int = Field(default=0, sa_type=Milliseconds)
    answers: int = Field(default=0, sa_type=Milliseconds)

    block_id: str | None = foreign("agenda_block.id", default=None, ondelete="SET NULL")
    block_started_at: int | None = Field(default=None, sa_type=Milliseconds)
    phase: int = 0
    phase_ends_at: int | None = Field(default=None, sa_type=Milliseconds)
    paused_left_ms: int | None = Field(default=None, sa_type=Milliseconds)
    started_at: int | None = Field(default=None, sa_type=Milliseconds)
    ended_at: int | None = Field(default=None, sa_type=Milliseconds)

    stage_activity_id: str | None = Field(default=None, max_length=36)
    # A page, slide or picture in the activity's place (`live/program`), and what of it is lit.
    stage_item: str = Field(default="", max_length=60)
    stage_focus: str = Field(default="", max_length=60)
    step: str = Field(default="", max_length=60)  # of the block's program: the last that was shown
    step_phase: int = 0  # the phase in which it was
    # The program up to it, as it was then, and how far it was in the last part of that: where one
    # goes on if the step is not in the program any more.
    step_after: list[str] = Field(default_factory=list, sa_type=JSON)
    step_number: int = 0
    screen: str = Field(default=Screen.SHOW, max_length=10)
    shown_note_id: str | None = Field(default=None, max_length=36)
    undo: dict[str, Any] | None = Field(default=None, sa_type=JSON)


class Participant(SQLModel, table=True):
    """One phone in a room. `people` above one: one phone for a table."""

    __tablename__ = "participant"
    id: str = Field(primary_key=True, max_length=36)
    room_id: str = foreign("room.id")
    name: str = Field(default="", max_length=80)
    team_id: str | None = foreign("team.id", default=None, ondelete="SET NULL")
    person_id: str | None = foreign("person.id", default=None, ondelete="SET NULL")
    working_group_id: str | None = foreign("working_group.id", default=None, ondelete="SET NULL")
    people: int = 1
    removed: bool = False
    joined_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)


class RoomEvent(SQLModel, table=True):
    """Who did what when in a room, for the minutes. `command_id` makes a resend harmless."""

    __tablename__ = "room_event"
    __table_args__ = (Index("ix_room_event_command", "room_id", "command_id", unique=True),)
    id: str = Field(default_factory=ids.new_id, primary_key=True, max_length=36)
    room_id: str = foreign("room.id")
    at: int = Field(default_factory=clock.now_ms, sa_type=Milliseconds)
    control: int = Field(default=0, sa_type=Milliseconds)
    actor: str = Field(default="", max_length=80)
    actor_name: str = Field(default="", max_length=200)
    name: str = Field(max_length=60)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    command_id: str | None = Field(default=None, max_length=64)
    command_digest: str | None = Field(default=None, max_length=64)
    answer: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
