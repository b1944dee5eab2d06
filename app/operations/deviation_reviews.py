"""The weekly review of deviations (F2): what is to be gone through, and that it was."""

from collections.abc import Collection
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from app.access import NOBODY, Actor
from app.database import AUTHOR
from app.models.action_notes import ActionNote, NoteKind
from app.models.actions import Action, Stated
from app.models.kickoffs import Kickoff
from app.models.learnings import DeviationReview, Learning
from app.operations.action_plan import noted_since, rows_of
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
    left = {row.id for row in to_review(rows_of(session, kickoff, now))}
    closed = noted_since(session, kickoff.id, NoteKind.CLOSED, began)
    replanned = noted_since(session, kickoff.id, NoteKind.REPLANNED, began)
    made.left, made.closed, made.replanned = len(left), len(closed), len(replanned)
    made.learnings = _learnings(session, kickoff.id, week)
    # One that was replanned and then closed was one.
    made.found = len(left | replanned.keys() | _late(session, kickoff, closed.values()))
    if made in session:
        made.has_changed()
    session.add(made)
    session.flush()
    return made


def _late(session: Session, kickoff: Kickoff, closed: Collection[ActionNote]) -> set[str]:
    """Those that were off their plan when they were closed: overdue, or said to be."""
    wanted = select(Action).where(col(Action.id).in_({note.action_id for note in closed}))
    actions = {one.id: one for one in session.scalars(wanted)}
    zone = ZoneInfo(kickoff.time_zone)
    return {
        one.id
        for note in closed
        if (one := actions.get(note.action_id)) is not None
        and (
            one.status in (Stated.YELLOW, Stated.RED)
            or (one.due is not None and one.due < note.at.astimezone(zone).date())
        )
    }


def _learnings(session: Session, kickoff_id: str, week: date) -> int:
    wanted = select(func.count()).where(
        col(Learning.kickoff_id) == kickoff_id, col(Learning.week) == week
    )
    return session.scalar(wanted) or 0
