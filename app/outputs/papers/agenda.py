"""The agenda on paper: when, what, who, and what each block is for. Never the private notes."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from app.i18n import gettext as _
from app.i18n import mark
from app.models.agenda import BLOCK_KINDS
from app.models.kickoffs import Kickoff
from app.operations.agenda import PlannedRow, day_of
from app.outputs.papers.head import names_of
from app.outputs.papers.registry import Paper
from app.rendering import clock_time, minutes

KINDS = dict(BLOCK_KINDS)
# How a block is coloured; the word of its kind stands beside it.
TONES = {
    "opening": "ink",
    "closing": "ink",
    "interactive": "live",
    "sprint": "live",
    "risk_discussion": "live",
    "break": "rest",
}


def row_values(row: PlannedRow, names: Mapping[str, str]) -> dict[str, Any]:
    block = row.block
    return {
        "starts": clock_time(row.slot.starts),
        "ends": clock_time(row.slot.ends),
        "minutes": minutes(block.minutes),
        "title": block.title,
        "kind": _(KINDS[block.kind]),
        "tone": TONES.get(block.kind, "plain"),
        "purpose": block.purpose,
        "owner": names.get(block.owner_id or "", ""),
        "problem": block.customer_problem,
        "indicator": block.effect_indicator,
        "phases": [phase.minutes for phase in row.phases] if len(row.phases) > 1 else [],
        "slack": _("%(minutes)s free") % {"minutes": minutes(row.slot.slack)}
        if row.slot.slack > 0
        else "",
    }


def _values(session: Session, kickoff: Kickoff) -> Mapping[str, Any]:
    planned, names = day_of(session, kickoff), names_of(session, kickoff.id)
    lasts = f"{clock_time(planned.starts)}–{clock_time(planned.ends)}" if planned.rows else ""
    return {
        "title": _("Agenda"),
        "lasts": lasts,
        "rows": [row_values(row, names) for row in planned.rows],
        "wording": {
            "time": _("Time"),
            "what": _("What, and what for"),
            "owner": _("Owner"),
            "problem": _("Customer problem"),
            "indicator": _("Customer effect"),
            "empty": _("No blocks yet"),
        },
    }


PAPER = Paper(
    "agenda",
    mark("Agenda"),
    mark("The day with times, blocks, owners and purposes: for the wall and for the table."),
    "calendar-clock",
    30,
    _values,
)
