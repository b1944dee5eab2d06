"""The weekly review of deviations (F2): what is to be gone through, and that it was."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from app.access import NOBODY, Actor
from app.database import AUTHOR
from app.models.action_notes import NoteKind
from app.models.kickoffs import Kickoff
from app.models.learnings import DeviationReview, Learning
from app.operations.action_plan import reviewed_since, rows_of
from app.operations.derived import today_in
from app.operations.rooms import lock_rooms
from app.rules.action_rows import Row
from app.rules.deviations import heaviest_first, week_of


def to_review(rows: list[Row]) -> list[Row]:
    """What deviates, in the order in which it is gone through."""
    by_id = {row.id: row for row in rows}
    return [by_id[id] for id in heaviest_first((r.id, r.deviations, r.due) for r in rows)]


def review_of(session: Session, kickoff_id: str, week: date) -> DeviationReview | None:
    wanted = select(DeviationReview).where(
        col(DeviationReview.kickoff_id) == kickoff_id, col(DeviationReview.week) == week
    )
    return session.scalars(wanted).first()


def hold(session: Session, kickoff: Kickoff, now: datetime) -> DeviationReview:
    """This week's review was held. Held again in the same week it says what is so by then."""
    lock_rooms(session, kickoff.id)
    week = week_of(today_in(kickoff, now))
    made = review_of(session, kickoff.id, week) or DeviationReview(kickoff_id=kickoff.id, week=week)
    began = datetime.combine(week, time.min, ZoneInfo(kickoff.time_zone))
    actor: Actor = session.info.get(AUTHOR) or NOBODY
    made.held_at, made.held_by = now, actor.name
    made.left = len(to_review(rows_of(session, kickoff, now)))
    made.closed = reviewed_since(session, kickoff.id, NoteKind.CLOSED, began)
    made.replanned = reviewed_since(session, kickoff.id, NoteKind.REPLANNED, began)
    made.learnings = _learnings(session, kickoff.id, week)
    made.found = made.left + made.closed + made.replanned
    if made in session:
        made.has_changed()
    session.add(made)
    session.flush()
    return made


def _learnings(session: Session, kickoff_id: str, week: date) -> int:
    wanted = select(func.count()).where(
        col(Learning.kickoff_id) == kickoff_id, col(Learning.week) == week
    )
    return session.scalar(wanted) or 0
