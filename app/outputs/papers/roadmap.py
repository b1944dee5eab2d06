"""The roadmap on paper: the 90 days as a picture, and each milestone with how anybody sees it."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from app.i18n import gettext as _
from app.i18n import mark
from app.models.deliverables import Deliverable
from app.models.kickoffs import Kickoff
from app.models.kpis import Kpi
from app.models.milestones import Milestone
from app.outputs.drawn import drawn
from app.outputs.papers.head import names_of, rows_of, short_day, titles
from app.outputs.papers.registry import Paper

WINDOWS = ("30", "60", "90")


def _values(session: Session, kickoff: Kickoff) -> Mapping[str, Any]:
    names = names_of(session, kickoff.id)
    measured = titles(rows_of(session, Kpi, kickoff.id))
    handed = titles(rows_of(session, Deliverable, kickoff.id))
    milestones = sorted(
        rows_of(session, Milestone, kickoff.id),
        key=lambda one: (one.window, one.due is None, one.due, one.id),
    )
    numbers = {one.id: number for number, one in enumerate(milestones, start=1)}

    def row(one: Milestone) -> dict[str, Any]:
        before = sorted(numbers[id] for id in one.depends_on_ids if id in numbers)
        return {
            "number": numbers[one.id],
            "title": one.title,
            "reached": one.reached_on is not None,
            "due": short_day(one.due),
            "owner": names.get(one.owner_id or "", ""),
            "done": one.done_criteria,
            "shows": [
                known
                for known in (
                    handed.get(one.deliverable_id or ""),
                    measured.get(one.kpi_id or ""),
                )
                if known
            ],
            "after": _("after %(numbers)s") % {"numbers": ", ".join(map(str, before))}
            if before
            else "",
        }

    return {
        "title": _("Roadmap"),
        "picture": drawn(session, kickoff, "roadmap").values,
        "windows": [
            {
                "word": _("Day %(days)s") % {"days": window},
                "rows": [row(one) for one in milestones if one.window == window],
            }
            for window in WINDOWS
        ],
        "wording": {
            "milestones": _("Milestones"),
            "done": _("Done when"),
            "nobody": _("Nobody named yet"),
            "empty": _("Nothing is on the roadmap yet"),
            "none": _("No milestones yet"),
        },
    }


PAPER = Paper(
    "roadmap",
    mark("Roadmap"),
    mark("The 90 days after the kickoff, with milestones, owners and what shows that it is done."),
    "milestone",
    60,
    _values,
    ("a3", "a4"),
    upright=False,
)
