"""What of the plan a room shows and adds to: notes that were written, deliverables, what is to be
done. For views."""

from datetime import date

from sqlalchemy import case
from sqlmodel import Session, col, select

from app.live.snapshot import ActionView, DeliverableView, NoteView, RiskView
from app.models.actions import Action, ActionState
from app.models.activities import Entry
from app.models.assumptions import Assumption
from app.models.decisions import Decision
from app.models.deliverables import Deliverable
from app.models.fields import Kept
from app.models.people import Person, Team
from app.models.risks import Risk

MOST_NOTES = 40
MOST_DELIVERABLES = 200
MOST_ACTIONS = 200
MOST_RISKS = 400


def notes_of(session: Session, kickoff_id: str) -> tuple[NoteView, ...]:
    """Decisions and assumptions, the last written first."""
    found = [
        *_notes(session, kickoff_id, Decision, Decision.decided_on, Decision.due),
        *_notes(session, kickoff_id, Assumption, Assumption.noted_on, Assumption.check_by),
    ]
    return tuple(sorted(found, key=lambda note: note.id, reverse=True)[:MOST_NOTES])


def _notes(  # type: ignore[no-untyped-def]
    session: Session, kickoff_id: str, table: type[Kept], fell_on, due
) -> list[NoteView]:
    wanted = (
        select(table.id, table.title, Person.id, Person.name, fell_on, due, table.superseded_by_id)  # type: ignore[attr-defined,call-overload]
        .outerjoin(Person, col(Person.id) == table.owner_id)  # type: ignore[attr-defined]
        .where(col(table.kickoff_id) == kickoff_id)
        .order_by(col(table.id).desc())
        .limit(MOST_NOTES)
    )
    kind = "decision" if table is Decision else "assumption"
    return [
        NoteView(
            id=id,
            kind=kind,
            title=title,
            owner_id=owner_id,
            owner=owner or "",
            fell_on=_iso(on),
            due=_iso(by),
            superseded=superseded_by is not None,
        )
        for id, title, owner_id, owner, on, by, superseded_by in session.execute(wanted)
    ]


def deliverables_of(session: Session, kickoff_id: str) -> tuple[DeliverableView, ...]:
    """Those of the first 30 days first, in the plan's order."""
    wanted = (
        select(Deliverable, Person.name)
        .outerjoin(Person, col(Person.id) == col(Deliverable.owner_id))
        .where(col(Deliverable.kickoff_id) == kickoff_id)
        .order_by(
            col(Deliverable.prioritised).desc(), col(Deliverable.position), col(Deliverable.id)
        )
        .limit(MOST_DELIVERABLES)
    )
    return tuple(
        DeliverableView(
            id=one.id,
            title=one.title,
            owner_id=one.owner_id,
            owner=owner or "",
            due=_iso(one.due),
            prioritised=one.prioritised,
            confirmed=one.confirmed_at is not None,
        )
        for one, owner in session.execute(wanted)
    )


def risks_of(session: Session, kickoff_id: str) -> tuple[RiskView, ...]:
    """The register, also of what is closed: a room may have spoken of it before it was."""
    wanted = (
        select(Risk, Person.name)
        .outerjoin(Person, col(Person.id) == col(Risk.owner_id))
        .where(col(Risk.kickoff_id) == kickoff_id)
        .order_by(col(Risk.id).desc())
        .limit(MOST_RISKS)
    )
    return tuple(
        RiskView(
            id=one.id,
            title=one.title,
            probability=str(one.probability),
            consequence=str(one.consequence),
            owner_id=one.owner_id,
            owner=owner or "",
            due=_iso(one.due),
        )
        for one, owner in session.execute(wanted)
    )


def actions_ahead(session: Session, kickoff_id: str) -> tuple[ActionView, ...]:
    """What is still to be done, what is due first first; `place` says which working group's entry
    an action came from. In which column of its board that is, votes change (settled)."""
    undated = case((col(Action.due).is_(None), 1), else_=0)
    wanted = (
        select(Action, Person.name, Team.name, Entry.place)
        .outerjoin(Person, col(Person.id) == col(Action.owner_id))
        .outerjoin(Team, col(Team.id) == col(Action.team_id))
        .outerjoin(
            Entry,
            (col(Entry.activity_id) == col(Action.source_activity_id))
            & (col(Entry.id) == col(Action.source_entry_id)),
        )
        .where(col(Action.kickoff_id) == kickoff_id, col(Action.state) == ActionState.OPEN)
        .order_by(undated, col(Action.due), col(Action.id))
        .limit(MOST_ACTIONS)
    )
    return tuple(
        ActionView(
            id=action.id,
            title=action.title,
            owner_id=action.owner_id,
            owner=owner or "",
            team=team or "",
            due=_iso(action.due),
            window=int(action.window) if action.window else None,
            entry_id=action.source_entry_id,
            state=action.state,
            place=(place or "").partition("/")[0],
        )
        for action, owner, team, place in session.execute(wanted)
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
