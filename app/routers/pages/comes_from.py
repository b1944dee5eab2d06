"""Where an action comes from: what in the room it was made of, and in which question."""

from dataclasses import dataclass

from sqlmodel import Session

from app.i18n import gettext
from app.models.actions import ACTION_SOURCES, Action
from app.models.activities import Activity, Entry


@dataclass(frozen=True)
class ComesFrom:
    """`words`: what was written in the room, where the action is called something else by now."""

    source: str
    activity: str
    words: str = ""


def comes_from(session: Session, action: Action) -> ComesFrom | None:
    """None for what was planned, and for what its room no longer knows."""
    if action.source_activity_id is None:
        return None
    activity = session.get(Activity, action.source_activity_id)
    if activity is None:
        return None
    entry = session.get(Entry, (activity.id, action.source_entry_id or ""))
    words = entry.text if entry is not None and entry.text != action.title else ""
    return ComesFrom(gettext(dict(ACTION_SOURCES)[action.source]), activity.title, words)
