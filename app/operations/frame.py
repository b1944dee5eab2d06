"""The method's own frame: what a kickoff that starts from it already has, for people to fill in.

In the language of whoever makes it. What is left open here stays open in the plan check.
"""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from app.i18n import gettext, mark
from app.models.kickoffs import Kickoff
from app.operations import records
from app.operations.entities import (
    AGENDA_BLOCKS,
    CASES,
    CHANNELS,
    COMMUNICATION_STEPS,
    DRY_RUNS,
    MILESTONES,
    NARRATIVES,
    SEGMENTS,
    SUPPORTING_POINTS,
    TERMS,
)
from app.operations.frame_day import BLOCKS, Row
from app.rules import frames
from app.rules.rhythm import on_day

# Texts that are translated as they are written down.
TEXTS = ("title", "name", "purpose", "done_criteria", "text", "term", "meaning", "example")

_MILESTONES: tuple[Row, ...] = (
    {
        "window": "30",
        "title": mark("The first three deliverables are in use, and every team has its objectives"),
        "done_criteria": mark(
            "90 per cent of the teams have 3–5 objectives with at least 3 key results each."
        ),
    },
    {
        "window": "60",
        "title": mark("Two pilots are tried and decided"),
        "done_criteria": mark("Each pilot has one note of what was learnt, and a decision."),
    },
    {
        "window": "90",
        "title": mark("What we learnt is in the next plan"),
        "done_criteria": mark(
            "The retrospective is held, and 80 per cent of the actions are closed or replanned."
        ),
    },
)
_CHANNELS: tuple[Row, ...] = (
    {"name": mark("Town hall"), "kind": "town_hall"},
    {"name": mark("E-mail"), "kind": "email"},
    {"name": mark("Intranet"), "kind": "intranet"},
)
# `channel` is its number above.
_STEPS: tuple[Row, ...] = (
    {"day": "0", "channel": 0, "title": mark("Why now, what we choose, and what happens tomorrow")},
    {"day": "30", "channel": 1, "title": mark("The first 30 days: what is done and what we see")},
    {"day": "60", "channel": 2, "title": mark("What the pilots taught us, and what we change")},
    {"day": "90", "channel": 0, "title": mark("90 days: what customers notice, and what is next")},
)
_SEGMENTS: tuple[Row, ...] = (
    {"name": mark("Leaders")},
    {"name": mark("Teams")},
    {"name": mark("Partners")},
)
_NARRATIVES: tuple[Row, ...] = (
    {"level": "organisation", "title": mark("Why the organisation does this now")},
    {"level": "team", "title": mark("What it means for my team")},
    {"level": "role", "title": mark("What I do differently on Monday")},
)
_POINTS: tuple[Row, ...] = (
    {"title": mark("Why it is needed")},
    {"title": mark("Why we can do it")},
    {"title": mark("What we stop doing")},
)
_TERMS: tuple[Row, ...] = (
    {
        "term": mark("Goal"),
        "meaning": mark("What is so when we have succeeded."),
        "example": mark("Customer: nine of ten get an answer the same day."),
    },
    {
        "term": mark("Strategy"),
        "meaning": mark("What we choose to do differently to get there, and what we leave."),
        "example": mark("Operations: we warn of faults instead of answering about them."),
    },
    {
        "term": mark("Action"),
        "meaning": mark("Something that one person does by a date."),
        "example": mark("Product: Nora tries the new text on five customers by the 12th."),
    },
    {
        "term": mark("KPI"),
        "meaning": mark("The figure that tells whether we are on our way: from what to what."),
        "example": mark("Customer: days from question to answer, from 11 to 1."),
    },
)
_CASES: tuple[Row, ...] = (
    {"kind": "customer_journey", "title": mark("A customer's journey, from first to last contact")},
    {"kind": "delivery_flow", "title": mark("A delivery, from order to done")},
    {"kind": "quality_routine", "title": mark("A fault that never reached the customer")},
)
_DRY_RUNS: tuple[Row, ...] = (
    {"title": mark("Dry run for middle managers"), "minutes": frames.DRY_RUN_MINUTES[0]},
)


def lay_frame(session: Session, kickoff: Kickoff) -> dict[str, str]:
    """The method's day and rhythm in a kickoff that is empty: the id of each block, by its key."""
    for entity, rows in (
        (SEGMENTS, _SEGMENTS),
        (NARRATIVES, _NARRATIVES),
        (SUPPORTING_POINTS, _POINTS),
        (TERMS, _TERMS),
        (CASES, _CASES),
        (DRY_RUNS, _DRY_RUNS),
    ):
        for row in rows:
            records.create(session, entity, kickoff.id, _said(row))
    for row in _MILESTONES:
        due = on_day(kickoff.day, int(row["window"]))
        records.create(session, MILESTONES, kickoff.id, {**_said(row), "due": due})
    _lay_communication(session, kickoff)
    return {
        row["key"]: records.create(session, AGENDA_BLOCKS, kickoff.id, _said(row)).id
        for row in BLOCKS
    }


def _lay_communication(session: Session, kickoff: Kickoff) -> None:
    channels = [records.create(session, CHANNELS, kickoff.id, _said(row)).id for row in _CHANNELS]
    for row in _STEPS:
        due = on_day(kickoff.day, int(row["day"]))
        values = {**_said(row), "due": due, "channel_id": channels[row["channel"]]}
        records.create(session, COMMUNICATION_STEPS, kickoff.id, values)


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row in the language in force, without what is only its place here."""
    return {
        name: gettext(value) if name in TEXTS else value
        for name, value in row.items()
        if name not in ("key", "channel")
    }
