"""A kickoff from the method's own frame: the plan's part of it, and what is asked in its blocks."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from app.i18n import gettext, mark
from app.live.prepared import make_draft
from app.models.kickoffs import Kickoff
from app.operations.frame import lay_frame

# What the day itself asks, by the key of the block that it belongs to (operations/frame_day).
_ASKED: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("opening", {"kind": "questions", "title": mark("Questions all day")}),
    (
        "meaning",
        {
            "kind": "scale",
            "title": mark("How clear is it to you what the goals mean in your own days?"),
            "config": {
                "min": 1,
                "max": 5,
                "min_label": mark("Not clear at all"),
                "max_label": mark("Quite clear"),
            },
        },
    ),
    ("meaning", {"kind": "top_obstacles", "title": mark("What is in the way of the goals?")}),
    (
        "sprint",
        {
            "kind": "sprint_board",
            "title": mark("Board for the first deliverable"),
            "mode": "named",
            "config": {"minutes": 30},
        },
    ),
    (
        "ownership",
        {
            "kind": "team_close",
            "title": mark("What does your group take on?"),
            "mode": "named",
        },
    ),
    ("closing", {"kind": "closing", "title": mark("The first 30 days")}),
    (
        "closing",
        {
            "kind": "scale",
            "title": mark("How likely is it that you recommend this day to a colleague?"),
            "config": {
                "min": 0,
                "max": 10,
                "min_label": mark("Not likely"),
                "max_label": mark("Very likely"),
            },
        },
    ),
)


def start_from_frame(session: Session, kickoff: Kickoff) -> None:
    """The method's day, rhythm and usual parts, in the language of whoever makes it."""
    blocks = lay_frame(session, kickoff)
    for block, asked in _ASKED:
        config = {
            name: gettext(value) if isinstance(value, str) else value
            for name, value in asked.get("config", {}).items()
        }
        said = {**asked, "title": gettext(asked["title"]), "config": config}
        make_draft(session, kickoff.id, {**said, "block_id": blocks[block]})
