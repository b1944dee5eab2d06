"""What the last settled wave of each pulse says (F6, F8), where enough have answered: what fell or
warns first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.i18n import mark
from app.models.kickoffs import Kickoff
from app.models.pulse_library import in_readers_words
from app.models.pulses import Pulse
from app.operations.pulse_results import QuestionResult, results
from app.panels.panel import Panel

SHOWN = 4  # questions of one pulse


@dataclass(frozen=True)
class Level:
    """A question's level, 0 to 100, more is better, and those of the waves before it."""

    id: str
    text: str
    level: float
    levels: tuple[float, ...]
    is_flagged: bool


@dataclass(frozen=True)
class PulseTold:
    id: str
    title: str
    wave: int
    answered: int
    invited: int
    levels: tuple[Level, ...]


def pulses(session: Session, kickoff: Kickoff, _now: datetime) -> tuple[PulseTold, ...] | None:
    """None while no wave is over."""
    return tuple(_told(session, kickoff)) or None


def _told(session: Session, kickoff: Kickoff) -> Iterator[PulseTold]:
    wanted = select(Pulse).where(col(Pulse.kickoff_id) == kickoff.id)
    for pulse in session.scalars(wanted.order_by(col(Pulse.position), col(Pulse.id))).all():
        found = results(session, pulse.id)
        if found is None:
            continue
        levels = [level for one in found.questions if (level := _level(one)) is not None]
        yield PulseTold(
            pulse.id,
            pulse.title,
            found.wave.number,
            found.wave.answered or 0,
            found.wave.invited or 0,
            tuple(sorted(levels, key=lambda one: (not one.is_flagged, one.level))[:SHOWN]),
        )


def _level(one: QuestionResult) -> Level | None:
    if one.figures is None:
        return None
    levels = tuple(figures.level for _, figures in one.trend if figures is not None)
    words = in_readers_words(one.text)
    return Level(one.id, words, one.figures.level, levels, bool(one.flags))


PANEL = Panel("pulses", mark("Pulse"), order=30, view=pulses, place="side")
