"""Key results that are least sure of their target (F4, F8): what to talk about first."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.i18n import mark
from app.models.kickoffs import Kickoff
from app.operations.okr import KeyResultState, key_results_of
from app.panels.panel import Panel

SHOWN = 6
POINTS = 12
UNSAID = 5  # as sure of it as not, until somebody says something


@dataclass(frozen=True)
class KeyResults:
    """The least sure first; `heard` of `all` somebody has said something of lately."""

    first: tuple[KeyResultState, ...]
    all: int
    heard: int

    @staticmethod
    def values(one: KeyResultState) -> list[float]:
        """What was said of it, for its line."""
        return [said.value for said in one.standing][-POINTS:]


def key_results(session: Session, kickoff: Kickoff, now: datetime) -> KeyResults | None:
    """None while there is no key result."""
    found = key_results_of(session, kickoff, now)
    if not found:
        return None
    heard = sum(one.last is not None and not one.is_silent for one in found)
    return KeyResults(tuple(sorted(found, key=_sureness)[:SHOWN]), len(found), heard)


def _sureness(one: KeyResultState) -> tuple[int, float]:
    sure = one.confidence if one.confidence is not None else UNSAID
    return sure, one.score if one.score is not None else 0.0


PANEL = Panel("key_results", mark("Key results"), order=15, view=key_results)
