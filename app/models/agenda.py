"""Agenda blocks (P16): what happens when, for how long, and why."""

from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import JSON, String
from sqlmodel import Field

from app.models.fields import Fields, Line, Meta, Prose, Record, Whole, foreign


class BlockKind(StrEnum):
    OPENING = "opening"
    KEYNOTE = "keynote"
    STRATEGY = "strategy"
    INTERACTIVE = "interactive"
    DEMONSTRATION = "demonstration"
    SPRINT = "sprint"
    RISK_DIALOGUE = "risk_discussion"
    QUESTIONS = "questions_and_answers"
    BREAK = "break"
    CLOSING = "closing"


BLOCK_KINDS = (
    ("opening", "Opening"),
    ("keynote", "Keynote"),
    ("strategy", "Strategy and priorities"),
    ("interactive", "Interactive session"),
    ("demonstration", "Live demonstration"),
    ("sprint", "Group sprint"),
    ("risk_discussion", "Risk dialogue"),
    ("questions_and_answers", "Questions and answers"),
    ("break", "Break"),
    ("closing", "Closing"),
)


class AgendaBlockFields(Fields):
    title: Annotated[Line, Meta("Title")] = Field(min_length=1)
    kind: Annotated[BlockKind, Meta("Kind", "", "select", choices=BLOCK_KINDS)] = Field(
        default=BlockKind.STRATEGY, sa_type=String(30)
    )
    minutes: Annotated[Whole, Meta("Minutes", "", "number")] = Field(default=15, ge=1, le=600)
    phases: Annotated[
        list[dict[str, Any]] | None,
        Meta("Timebox phases", "Introduce, work, conclude: in minutes.", "phases", in_table=False),
    ] = Field(default=None, sa_type=JSON)
    fixed_start: Annotated[
        str | None, Meta("Fixed start", "Lunch at 11:30 whatever happens before it.", "time")
    ] = Field(default=None, max_length=5, regex=r"^([01]\d|2[0-3]):[0-5]\d$")
    purpose: Annotated[Prose, Meta("Purpose", "What people leave this block with.", "area")] = ""
    owner_id: Annotated[str | None, Meta("Owner", "", "person")] = foreign("person.id", default=None)
    customer_problem: Annotated[
        Line, Meta("Customer problem", "One sentence, shown as the block starts.", in_table=False)
    ] = ""
    effect_indicator: Annotated[
        Line, Meta("Customer-effect indicator", "The one figure that will tell.", in_table=False)
    ] = ""
    notes: Annotated[
        Prose, Meta("Facilitator's notes", "Only facilitators see these.", "area", in_table=False)
    ] = ""


class AgendaBlock(AgendaBlockFields, Record, table=True):
    __tablename__ = "agenda_block"
    kickoff_id: str = foreign("kickoff.id")
    position: str = Field(default="", max_length=60)
