"""What owners and common channels are reminded of by the calendar: actions and milestones."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.models.actions import Action, ActionState
from app.models.kickoffs import Kickoff
from app.models.milestones import Milestone
from app.models.people import Person
from app.operations.duties import Due
from app.rules.reminders import DUE, LONGEST_OVERDUE_DAYS, day_reached, due_reminder
from app.rules.status import DUE_SOON_DAYS, window_of

MOST_NAMED = 10  # of a day's milestones in one message
DAYS = (30, 60, 90)


def actions(session: Session, now: datetime) -> Iterator[Due]:
    """Owners of open actions that are due soon, or should have been done."""
    today = now.date()
    wanted = (
        select(Action, Kickoff.time_zone)
        .join(Kickoff, col(Kickoff.id) == col(Action.kickoff_id))
        .where(col(Kickoff.archived_at).is_(None), col(Kickoff.day) <= today)
        .where(col(Action.state) == ActionState.OPEN, col(Action.owner_id).is_not(None))
        .where(col(Action.due) <= today + timedelta(days=DUE_SOON_DAYS + 1))
        .where(col(Action.due) >= today - timedelta(days=LONGEST_OVERDUE_DAYS + 1))
        .order_by(col(Action.kickoff_id), col(Action.due), col(Action.id))
    )
    for action, zone in session.execute(wanted):
        found = due_reminder(action.due, now.astimezone(ZoneInfo(zone)).date())
        if found is not None:
            kind, occasion = found
            yield Due(
                action.kickoff_id,
                "action_due" if kind == DUE else "action_overdue",
                f"{action.id} {occasion}",
                action.owner_id,
                {
                    "record_id": action.id,
                    "path": f"/kickoffs/{action.kickoff_id}/actions/{action.id}",
                    "title": action.title,
                    "due": action.due.isoformat(),
                    "status": action.status or "",
                },
            )


def milestone_days(session: Session, now: datetime) -> Iterator[Due]:
    """The common channels, on day 30, 60 and 90: what is reached, and what is not."""
    for kickoff, day, today in followed(session, now):
        for number in DAYS:
            if day_reached(day, number, today):
                yield Due(
                    kickoff.id, "milestone_day", str(number), None, _day(session, kickoff, number)
                )


def followed(session: Session, now: datetime) -> Iterator[tuple[Kickoff, date, date]]:
    """The kickoffs whose 90 days are on or just over, with their day and what day it is there."""
    wanted = select(Kickoff).where(
        col(Kickoff.archived_at).is_(None),
        col(Kickoff.day) <= now.date() + timedelta(days=1),
        col(Kickoff.day) >= now.date() - timedelta(days=max(DAYS) + 10),
    )
    for kickoff in session.scalars(wanted.order_by(col(Kickoff.id))):
        assert kickoff.day is not None, "the query asked for it"
        yield kickoff, kickoff.day, now.astimezone(ZoneInfo(kickoff.time_zone)).date()


def _day(session: Session, kickoff: Kickoff, number: int) -> dict[str, object]:
    window = str(number)
    wanted = (
        select(Milestone, Person.name)
        .outerjoin(Person, col(Person.id) == col(Milestone.owner_id))
        .where(col(Milestone.kickoff_id) == kickoff.id, col(Milestone.window) == window)
        .order_by(col(Milestone.due), col(Milestone.id))
    )
    found = session.execute(wanted).all()
    waiting = [(one.title, owner) for one, owner in found if one.reached_on is None]
    still_open = select(Action).where(
        col(Action.kickoff_id) == kickoff.id, col(Action.state) == ActionState.OPEN
    )
    windows = [one.window or window_of(one.due, kickoff.day) for one in session.scalars(still_open)]
    return {
        "window": window,
        "path": f"/kickoffs/{kickoff.id}/milestones",
        "reached": len(found) - len(waiting),
        "open": [{"title": title, "owner": owner or ""} for title, owner in waiting[:MOST_NAMED]],
        "more": max(len(waiting) - MOST_NAMED, 0),
        "actions_open": windows.count(window),
    }
