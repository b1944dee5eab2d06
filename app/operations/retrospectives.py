"""What stands on a retrospective's wall, and what a room's wall becomes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.models.kickoffs import Kickoff
from app.models.retrospectives import Cause, RetroNote, Retrospective
from app.operations import records
from app.operations.derived import today_in
from app.operations.entities import RETRO_NOTES, RETROSPECTIVES
from app.rules import causes


@dataclass(frozen=True)
class Said:
    """A note of a room's wall. `votes`: what the room gave it; None where it was not asked."""

    column: str
    text: str
    votes: int | None = None


def kept_from(session: Session, activity_id: str) -> Retrospective | None:
    """What a room's wall has become, if it has."""
    wanted = select(Retrospective).where(col(Retrospective.source_activity_id) == activity_id)
    return session.scalars(wanted).first()


def keep(
    session: Session,
    kickoff: Kickoff,
    notes: Iterable[Said],
    *,
    activity_id: str,
    title: str,
    now: datetime,
) -> Retrospective:
    """A retrospective held today, with these notes in this order. Its period follows from how
    often it is held, as that of one which is begun by hand; a wall is kept once."""
    there = kept_from(session, activity_id)
    if there is not None:
        return there
    said = {
        "title": title,
        "held_on": today_in(kickoff, now),
        "source_activity_id": activity_id,
    }
    made = records.create(session, RETROSPECTIVES, kickoff.id, said)
    assert isinstance(made, Retrospective), "RETROSPECTIVES are retrospectives"
    for note in notes:
        about = {"retrospective_id": made.id, "column": note.column}
        said = {**about, "text": note.text, "votes": note.votes}
        records.create(session, RETRO_NOTES, kickoff.id, said)
    return made


def notes_of(session: Session, retrospective: Retrospective) -> list[RetroNote]:
    wanted = select(RetroNote).where(col(RetroNote.retrospective_id) == retrospective.id)
    return list(session.scalars(wanted.order_by(col(RetroNote.id))))


def causes_of(session: Session, notes: Iterable[RetroNote]) -> dict[str, list[causes.Cause]]:
    """By the note that they explain."""
    ids = [note.id for note in notes]
    found: dict[str, list[causes.Cause]] = defaultdict(list)
    wanted = select(Cause).where(col(Cause.retro_note_id).in_(ids)).order_by(col(Cause.id))
    for one in session.scalars(wanted):
        found[one.retro_note_id].append(
            causes.Cause(one.id, one.text, one.kind, one.because_of_id or "")
        )
    return found
