"""The one-page overview (P17): what everybody in the room takes home on one sheet."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from app.i18n import gettext as _
from app.i18n import mark, ngettext
from app.models.deliverables import Deliverable
from app.models.goals import Goal, GoalLevel
from app.models.kickoffs import Kickoff
from app.models.kpis import Kpi
from app.models.milestones import Milestone
from app.models.portfolio import FocusArea
from app.operations.agenda import day_of
from app.outputs.papers.agenda import TONES
from app.outputs.papers.head import names_of, rows_of, short_day, shortened, titles, with_unit
from app.outputs.papers.registry import Paper
from app.rendering import clock_time

# One page has room for so much; what is left out is counted, never dropped in silence.
MOST_GOALS, MOST_FOCUS, MOST_KPIS, MOST_BLOCKS, MOST_FIRST, MOST_IN_WINDOW = 5, 3, 5, 20, 3, 2
WHY_MAX, REASON_MAX, TITLE_MAX = 420, 140, 110


def kpi_values(kpi: Kpi, of: Mapping[str, str]) -> dict[str, str]:
    return {
        "title": kpi.title,
        "from": with_unit(kpi.baseline, ""),
        "to": with_unit(kpi.target, kpi.unit),
        "by": short_day(kpi.target_date),
        "goal": of.get(kpi.goal_id or "", ""),
    }


def more(rows: Sequence[Any], most: int) -> str:
    left = len(rows) - most
    return (
        ngettext("and %(num)s more", "and %(num)s more", left) % {"num": left} if left > 0 else ""
    )


def chosen_kpis(kpis: Sequence[Kpi]) -> list[Kpi]:
    """Those on the map, which are the few that matter most; all where none was chosen."""
    return [kpi for kpi in kpis if kpi.on_map] or list(kpis)


def _values(session: Session, kickoff: Kickoff) -> Mapping[str, Any]:
    names = names_of(session, kickoff.id)
    goals = rows_of(session, Goal, kickoff.id)
    strategic = [goal for goal in goals if goal.level == GoalLevel.STRATEGIC]
    visions = [goal.title for goal in goals if goal.level == GoalLevel.VISION]
    focus = rows_of(session, FocusArea, kickoff.id)
    kpis = chosen_kpis(rows_of(session, Kpi, kickoff.id))
    blocks = day_of(session, kickoff).rows
    first = [one for one in rows_of(session, Deliverable, kickoff.id) if one.prioritised]
    of = titles(goals)
    return {
        "title": _("On one page"),
        "vision": shortened(kickoff.vision or next(iter(visions), ""), 160),
        "why": [
            {"word": word, "text": shortened(text, WHY_MAX)}
            for word, text in (
                (_("Challenge"), kickoff.challenge),
                (_("Purpose"), kickoff.purpose),
                (_("Expected effect"), kickoff.expected_effect),
            )
            if text
        ],
        "goals": [
            {"title": shortened(goal.title, TITLE_MAX), "owner": names.get(goal.owner_id or "", "")}
            for goal in strategic[:MOST_GOALS]
        ],
        "more_goals": more(strategic, MOST_GOALS),
        "focus": [
            {"title": shortened(one.title, TITLE_MAX), "reason": shortened(one.reason, REASON_MAX)}
            for one in focus[:MOST_FOCUS]
        ],
        "kpis": [
            {**kpi_values(kpi, of), "title": shortened(kpi.title, TITLE_MAX)}
            for kpi in kpis[:MOST_KPIS]
        ],
        "more_kpis": more(kpis, MOST_KPIS),
        "blocks": [
            {
                "starts": clock_time(row.slot.starts),
                "title": shortened(row.block.title, 60),
                "tone": TONES.get(row.block.kind, "plain"),
            }
            for row in blocks[:MOST_BLOCKS]
        ],
        "more_blocks": more(blocks, MOST_BLOCKS),
        "ends": clock_time(blocks[-1].slot.ends) if 0 < len(blocks) <= MOST_BLOCKS else "",
        "first": [
            {
                "title": shortened(one.title, TITLE_MAX),
                "owner": names.get(one.owner_id or "", ""),
                "due": short_day(one.due),
            }
            for one in first[:MOST_FIRST]
        ],
        "windows": _windows(rows_of(session, Milestone, kickoff.id)),
        "wording": {
            "why": _("Why"),
            "goals": _("Goals"),
            "focus": _("What comes first"),
            "kpis": _("How we see that it works"),
            "agenda": _("The day"),
            "tomorrow": _("From tomorrow"),
            "nobody": _("Nobody named yet"),
            "end": _("End"),
            "empty": _("Not in the plan yet"),
            "own": _("My first step"),
        },
    }


def _windows(milestones: Sequence[Milestone]) -> list[dict[str, Any]]:
    """What is reached by day 30, 60 and 90."""
    found = []
    for days in ("30", "60", "90"):
        within = sorted(
            (one for one in milestones if one.window == days),
            key=lambda one: (one.due is None, one.due, one.id),
        )
        found.append(
            {
                "word": _("Day %(days)s") % {"days": days},
                "titles": [shortened(one.title, 80) for one in within[:MOST_IN_WINDOW]],
                "more": more(within, MOST_IN_WINDOW),
            }
        )
    return found


PAPER = Paper(
    "overview",
    mark("One-page overview"),
    mark("For every attendee: why, the goals, the focus, the figures, the day and what follows."),
    "file-text",
    20,
    _values,
)
