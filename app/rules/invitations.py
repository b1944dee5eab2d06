"""Invitations to meetings (F5): what a calendar shows of one, and whether somebody is to hear anew.

What somebody was told of a meeting stands in the key of the notice that told it, so what was never
told, and what has changed since, needs no book of its own.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

INVITATION, MOVED, CANCELLED = "meeting_invitation", "meeting_moved", "meeting_cancelled"
KINDS = (INVITATION, MOVED, CANCELLED)
SHOWN = ("title", "day", "starts_at", "minutes", "place")  # by a calendar
NOTHING = "-"  # what somebody's calendar shows of a meeting that they are not asked to


@dataclass(frozen=True)
class Told:
    """What somebody heard last of a meeting. `sequence` is iCalendar's: the higher one holds."""

    sequence: int
    shown: str

    def key(self, meeting_id: str) -> str:
        return f"{meeting_id} {self.sequence} {self.shown}"


@dataclass(frozen=True)
class News:
    kind: str
    told: Told


def told_in(key: str) -> tuple[str, Told]:
    """The meeting's id, and what was told of it, out of a notice's key."""
    meeting_id, sequence, shown = key.split(" ")
    return meeting_id, Told(int(sequence), shown)


def shown(values: Mapping[str, Any]) -> str:
    """The same for the same entry in a calendar, and another for another."""
    text = "\n".join(str(values[name]) for name in SHOWN)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def news(before: Told | None, now: str, version: int = 0) -> News | None:
    """What somebody is to hear whose calendar should show `now`; `version` is the meeting's, which
    the feed gives as its sequence."""
    was = before.shown if before else NOTHING
    if was == now:
        return None
    kind = CANCELLED if now == NOTHING else INVITATION if was == NOTHING else MOVED
    return News(kind, Told(max(version, before.sequence + 1 if before else 0), now))
