"""What was said and done of the actions of the demo's earlier kickoffs: words, new dates with their
reasons, and the reviews that were held each week."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlmodel import Session, col, select

from app.models.action_notes import ActionNote, NoteKind
from app.models.actions import Action, ActionState
from app.models.kickoffs import Kickoff
from app.models.learnings import DeviationReview, Learning
from app.models.people import Person
from app.operations.derived import shown_window
from app.rules.deviations import week_of
from app.rules.status import window_of

WEEK = timedelta(days=7)
REASONS = (
    "Leverandøren leverte en uke senere enn avtalt.",
    "Tuva var syk; vi tok det vaktlisten krevde, først.",
    "Prøven viste at teksten måtte skrives om før den går til alle.",
)
CLOSING = (
    "Prøvd på fem kunder. Fire forsto det med én gang.",
    "Ute hos alle tre vaktlagene.",
    "Ferdig, og skrevet inn i rutinen.",
)
LEARNT = (
    (
        "Tre tiltak ventet på samme person",
        "Vi la dem ut hver for seg, og ingen så på summen.",
        "Én eier kan ikke bære mer enn to tiltak i samme uke.",
        "Vi ser på eierens uke før vi setter dato.",
    ),
    (
        "Varselet kom, men ingen leste det før klokken ni",
        "Det gikk på e-post, og vaktlaget leser den etter morgenmøtet.",
        "Kanalen betyr mer enn teksten.",
        "Varsler til vaktlaget går på telefon.",
    ),
)


def seed_log(session: Session, kickoff: Kickoff, today: date) -> None:
    """After the actions of such a kickoff have their states."""
    assert kickoff.day is not None, "it has a day"
    draw = Random(str(today - kickoff.day))  # noqa: S311 -- no secret
    people = select(Person).where(col(Person.kickoff_id) == kickoff.id)
    names = {person.id: person.name for person in session.exec(people)}
    wanted = select(Action).where(col(Action.kickoff_id) == kickoff.id).order_by(col(Action.id))
    for number, action in enumerate(session.exec(wanted).all()):
        _log(session, kickoff, action, names.get(action.owner_id or "", ""), number, today)
    _reviews(session, kickoff, draw, today)
    session.flush()


def _log(
    session: Session, kickoff: Kickoff, action: Action, owner: str, number: int, today: date
) -> None:
    assert kickoff.day is not None, "it has a day"
    of: dict[str, Any] = {"kickoff_id": kickoff.id, "action_id": action.id, "by_name": owner}
    word = ("green", "yellow", "green")[number % 3]
    said = kickoff.day + WEEK
    if said < today:
        session.add(ActionNote(**of, kind=NoteKind.STATUS, status=word, at=_noon(said)))
    if action.due is not None and number % 3 == 1 and kickoff.day + 2 * WEEK < today:
        before = action.due - timedelta(days=10)
        session.add(
            ActionNote(
                **of,
                kind=NoteKind.REPLANNED,
                text=REASONS[number % len(REASONS)],
                from_due=before,
                to_due=action.due,
                from_window=window_of(before, kickoff.day),
                to_window=shown_window(action, kickoff),
                at=_noon(kickoff.day + 2 * WEEK),
            )
        )
    if action.state == ActionState.OPEN:
        if action.status is not None and action.status_at is not None:
            at = action.status_at
            session.add(ActionNote(**of, kind=NoteKind.STATUS, status=action.status, at=at))
        return
    action.closed_at = _noon(min(today, action.due or today) - timedelta(days=1))
    carried = action.state == ActionState.REPLANNED
    session.add(
        ActionNote(
            **of,
            kind=NoteKind.CARRIED if carried else NoteKind.CLOSED,
            text=REASONS[0] if carried else CLOSING[number % len(CLOSING)],
            at=action.closed_at,
        )
    )


def _reviews(session: Session, kickoff: Kickoff, draw: Random, today: date) -> None:
    """Held each week but the fourth, when nobody had the time."""
    assert kickoff.day is not None, "it has a day"
    week, number = week_of(kickoff.day) + WEEK, 0
    while week < week_of(today):
        if number != 3:
            closed, replanned, left = draw.randint(0, 2), draw.randint(0, 2), draw.randint(0, 3)
            session.add(
                DeviationReview(
                    kickoff_id=kickoff.id,
                    week=week,
                    held_at=_noon(week + timedelta(days=1)),
                    held_by="Ingrid Aasen",
                    found=closed + replanned + left,
                    closed=closed,
                    replanned=replanned,
                    learnings=1 if number < len(LEARNT) else 0,
                    left=left,
                )
            )
        if number < len(LEARNT):
            title, why, learnt, changes = LEARNT[number]
            note = Learning(title=title, why=why, learnt=learnt, changes=changes, week=week)
            note.kickoff_id = kickoff.id
            session.add(note)
        week, number = week + WEEK, number + 1


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
