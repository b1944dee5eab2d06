"""Agenda blocks (P16): what happens when, for how long, and why."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import JSON, Select, String
from sqlmodel import Field, select
from typing_extensions import TypedDict

from app.i18n import mark
from app.models.fields import (
    Fields,
    Id,
    Ids,
    Line,
    Meta,
    Ordered,
    Prose,
    TimeOfDay,
    Title,
    foreign,
    several,
)
from app.models.text import once_each


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


# The codes of the plan's pictures (app/pictures), in the gallery's order.
PICTURES = (
    "goal-tree",
    "strategy-map",
    "focus-list",
    "kpis",
    "roadmap",
    "influence-interest",
    "risk-matrix",
    "raci-matrix",
    "capacity",
    "rhythm",
    "okr-alignment",
    "case-effects",
)

BLOCK_KINDS = (
    ("opening", mark("Opening")),
    ("keynote", mark("Keynote")),
    ("strategy", mark("Strategy and priorities")),
    ("interactive", mark("Interactive session")),
    ("demonstration", mark("Live demonstration")),
    ("sprint", mark("Group sprint")),
    ("risk_discussion", mark("Risk dialogue")),
    ("questions_and_answers", mark("Questions and answers")),
    ("break", mark("Break")),
    ("closing", mark("Closing")),
)


# One thing of a block's program: a picture of the plan by its code, a theme with its pages, a
# speaker's slides, or an activity of the block.
ProgramKey = Annotated[
    str,
    StringConstraints(
        pattern=rf"^(picture:({'|'.join(PICTURES)})|(theme|slides|activity):[0-9a-f-]{{36}})$"
    ),
]
BlockMinutes = Annotated[int, Field(ge=1, le=600)]


class OwnPhase(TypedDict):
    """One phase of a block's own timebox; `name` is a code of rules/timebox or free text."""

    name: Line
    minutes: BlockMinutes


class AgendaBlockFields(Fields):
    title: Annotated[Title, Meta("Title")]
    kind: Annotated[BlockKind, Meta("Kind", "", "select", choices=BLOCK_KINDS)] = Field(
        default=BlockKind.STRATEGY, sa_type=String(30)
    )
    minutes: Annotated[BlockMinutes, Meta("Minutes", "", "number")] = 15
    phases: Annotated[
        list[OwnPhase] | None,
        Meta("Timebox phases", "Introduction, work and conclusion.", "phases", in_table=False),
    ] = Field(default=None, sa_type=JSON(none_as_null=True), min_length=1, max_length=10)
    fixed_start: Annotated[
        TimeOfDay | None, Meta("Fixed start", "Lunch at 11:30 whatever happens before it.", "time")
    ] = None
    purpose: Annotated[Prose, Meta("Purpose", "What people leave this block with.", "area")] = ""
    owner_id: Annotated[Id | None, Meta("Owner", "", "person")] = foreign("person.id", default=None)
    customer_problem: Annotated[
        Line, Meta("Customer problem", "One sentence, shown as the block starts.", in_table=False)
    ] = ""
    effect_indicator: Annotated[
        Line, Meta("Customer-effect indicator", "The one figure that will tell.", in_table=False)
    ] = ""
    goal_ids: Annotated[
        Ids, Meta("Goals", "What it works on.", "goal", in_table=False, several=True)
    ] = several()
    deliverable_ids: Annotated[
        Ids, Meta("Deliverables", "", "deliverable", in_table=False, several=True)
    ] = several()
    kpi_ids: Annotated[Ids, Meta("KPIs", "", "kpi", in_table=False, several=True)] = several()
    risk_ids: Annotated[Ids, Meta("Risks", "", "risk", in_table=False, several=True)] = several()
    message_ids: Annotated[
        Ids,
        Meta("Core messages", "Those that it repeats.", "message", in_table=False, several=True),
    ] = several()
    theme_ids: Annotated[
        Ids,
        Meta(
            "Theme pages", "The themes whose pages it shows.", "theme", in_table=False, several=True
        ),
    ] = several()
    program: Annotated[
        list[ProgramKey],
        AfterValidator(once_each),
        Meta(
            "On the projector",
            "Pictures of the plan, themes, slides and activities, in the order in which they are "
            "shown. What is not named comes where it always comes: themes first, then slides, then "
            "activities.",
            "program",
            in_table=False,
        ),
    ] = Field(default_factory=list, sa_type=JSON, max_length=100)
    notes: Annotated[
        Prose,
        Meta(
            "Facilitator's notes", "Only facilitators see these.", "area", "", False, private=True
        ),
    ] = ""

    @field_validator("phases")
    @classmethod
    def phases_fill_the_block(
        cls, phases: list[OwnPhase] | None, info: ValidationInfo
    ) -> list[OwnPhase] | None:
        # Minutes that are wrong themselves are not there, and have their own fault.
        block, total = info.data.get("minutes"), sum(phase["minutes"] for phase in phases or ())
        if phases and block is not None and total != block:
            raise PydanticCustomError(
                "phases_do_not_add_up",
                "the phases are {total} of {block} minutes",
                {"total": total, "block": block},
            )
        return phases


class AgendaBlock(AgendaBlockFields, Ordered, table=True):
    __tablename__ = "agenda_block"


def blocks_of(kickoff_id: str) -> Select[AgendaBlock]:
    return (
        select(AgendaBlock)
        .where(AgendaBlock.kickoff_id == kickoff_id)
        .order_by(AgendaBlock.position, AgendaBlock.id)
    )
