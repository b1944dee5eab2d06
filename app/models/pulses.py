"""Pulses (F6): what is asked every second week, and what is done about what was answered."""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field as Bounds
from sqlalchemy import String
from sqlmodel import Field

from app.i18n import mark
from app.models.fields import (
    Fields,
    Id,
    Line,
    Meta,
    OfKickoff,
    Ordered,
    Prose,
    Title,
    foreign,
)

MEASURE_DAYS = 14  # closed in one to two weeks


class Rhythm(StrEnum):
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"


class Theme(StrEnum):
    GOALS = "goals"
    PROGRESS = "progress"
    WELL_BEING = "well_being"
    CAPACITY = "capacity"
    EFFECT = "effect"
    ENGAGEMENT = "engagement"
    FRICTION = "friction"


class Form(StrEnum):
    """How a question is answered."""

    FIVE = "five"
    SEVEN = "seven"
    TEN = "ten"  # 0-10, read as a net promoter score
    WARNING = "warning"
    TEXT = "text"


RHYTHMS = (("fortnightly", mark("Every second week")), ("weekly", mark("Every week")))
THEMES = (
    ("goals", mark("Understanding of the goals")),
    ("progress", mark("Progress and obstacles")),
    ("well_being", mark("Well-being")),
    ("capacity", mark("Capacity")),
    ("effect", mark("Effect of measures")),
    ("engagement", mark("Engagement")),
    ("friction", mark("Friction")),
)
FORMS = (
    ("five", mark("1–5, how much one agrees")),
    ("seven", mark("1–7, how much one agrees")),
    ("ten", mark("0–10, how likely one is to recommend it")),
    ("warning", mark("Risk warning: no, perhaps, yes")),
    ("text", mark("In one's own words")),
)
# The values that an answer may have, by how the question is answered.
VALUES = {
    Form.FIVE: range(1, 6),
    Form.SEVEN: range(1, 8),
    Form.TEN: range(11),
    Form.WARNING: range(3),
    Form.TEXT: range(0),
}

Waves = Annotated[int, Bounds(ge=1, le=26)]
OpenDays = Annotated[int, Bounds(ge=1, le=14)]
Degree = Annotated[int, Bounds(ge=1, le=5)]


class PulseFields(Fields):
    title: Annotated[Title, Meta("Title", "What those who are asked see at the top.")]
    introduction: Annotated[
        Prose,
        Meta("Introduction", "Why you ask, and what becomes of the answers.", "area"),
    ] = ""
    rhythm: Annotated[Rhythm, Meta("How often", "", "select", choices=RHYTHMS)] = Field(
        default=Rhythm.FORTNIGHTLY, sa_type=String(20)
    )
    first_day: Annotated[
        date | None,
        Meta("First day", "The first wave opens on it. Left empty: waves open by hand.", "date"),
    ] = None
    waves: Annotated[Waves, Meta("Waves", "How many times it is asked.", "number")] = 6
    open_days: Annotated[
        OpenDays, Meta("Days open", "Working days, from when its mail goes out.", "number")
    ] = 5


class Pulse(PulseFields, Ordered, table=True):
    __tablename__ = "pulse"


class PulseQuestionFields(Fields):
    text: Annotated[Title, Meta("Question", "One thing, in words that everybody uses.")]
    pulse_id: Annotated[Id, Meta("Pulse", "", "pulse")] = foreign("pulse.id")
    theme: Annotated[Theme, Meta("Theme", "", "select", choices=THEMES)] = Field(
        default=Theme.PROGRESS, sa_type=String(20)
    )
    form: Annotated[Form, Meta("Kind of answer", "", "select", choices=FORMS)] = Field(
        default=Form.FIVE, sa_type=String(20)
    )
    key_result_id: Annotated[
        Id | None,
        Meta("Key result", "What it tells you something about.", "key_result", in_table=False),
    ] = foreign("key_result.id", default=None)
    kpi_id: Annotated[Id | None, Meta("KPI", "", "kpi", in_table=False)] = foreign(
        "kpi.id", default=None
    )


class PulseQuestion(PulseQuestionFields, Ordered, table=True):
    __tablename__ = "pulse_question"


class PulseMeasureFields(Fields):
    title: Annotated[Title, Meta("Measure", "What you do about it.")]
    pulse_id: Annotated[Id, Meta("Pulse", "", "pulse", in_table=False)] = foreign("pulse.id")
    question_id: Annotated[
        Id | None,
        Meta("Question", "Asked again in the next wave, to see if it helped.", "pulse-question"),
    ] = foreign("pulse_question.id", default=None)
    said: Annotated[Line, Meta("You said", "What was answered, in one sentence.")] = ""
    effect: Annotated[
        Degree, Meta("Effect", "1 helps a little, 5 changes the picture.", "number")
    ] = 3
    complexity: Annotated[
        Degree, Meta("Complexity", "1 is done in a day, 5 takes many hands.", "number")
    ] = 3
    owner_id: Annotated[Id | None, Meta("Owner", "One named person.", "person")] = foreign(
        "person.id", default=None
    )
    due: Annotated[date | None, Meta("Due", "Left empty: in two weeks.", "date")] = None
    did: Annotated[
        Line, Meta("We did", "Told to those who answered, in the next wave and at its end.")
    ] = ""


class PulseMeasure(PulseMeasureFields, OfKickoff, table=True):
    """`action_id`: the action that it became."""

    __tablename__ = "pulse_measure"
    action_id: str | None = foreign("action.id", default=None)

    def settle(self, _named: Collection[str], today: date) -> None:
        if self.due is None:
            self.due = today + timedelta(days=MEASURE_DAYS)
