"""The strategy map as a poster (P6): cause and effect on one sheet, with what comes first."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from app.i18n import gettext as _
from app.i18n import mark
from app.models.kickoffs import Kickoff
from app.models.portfolio import FocusArea
from app.outputs.drawn import drawn
from app.outputs.papers.head import rows_of, shortened
from app.outputs.papers.registry import Paper

MOST_FOCUS = 3


def _values(session: Session, kickoff: Kickoff) -> Mapping[str, Any]:
    focus = rows_of(session, FocusArea, kickoff.id)[:MOST_FOCUS]
    return {
        "title": _("Strategy map"),
        "vision": shortened(kickoff.vision, 160),
        "picture": drawn(session, kickoff, "strategy-map").values,
        "focus": [shortened(one.title, 90) for one in focus],
        "wording": {
            "first": _("What comes first"),
            "about": _(
                "From what we do to what the customer sees: each line is a claim that we test."
            ),
            "empty": _("There is nothing to draw yet: begin with the goals."),
        },
    }


PAPER = Paper(
    "strategy-map",
    mark("Strategy map"),
    mark("The poster for the room: goals, what is done for them and the figures that tell."),
    "map",
    10,
    _values,
    ("a3", "a2", "a1"),
    upright=False,
)
