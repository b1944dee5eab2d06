"""The rhythm of the 90 days: owners are asked for their check-ins, sponsors and common channels
hear how the week went, and the business review of the quarter is called."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, or_, select

from app.models.actions import Action, ActionState
from app.models.check_ins import CheckIn
from app.models.kickoffs import Kickoff
from app.models.objectives import KeyResult
from app.models.sponsors import Sponsor
from app.operations.duties import Due
from app.operations.reminders import followed
from app.rules.check_in_rate import WEEK
from app.rules.frames import ACTIONS_SETTLED_PER_CENT
from app.rules.reminders import (
    QUARTER_DAYS,
    ask_to_check_in,
    due_reminder,
    quarter_is_over_soon,
    report_on,
)


def check_ins(session: Session, now: datetime) -> Iterator[Due]:
    """Owners of key results of which nobody has said this week how they stand."""
    for kickoff, day, today in followed(session, now):
        week = ask_to_check_in(day, today)
        if week is None:
            continue
        since = day + (week - 1) * WEEK
        checked = _checked(session, kickoff.id, since, today)
        for one in _key_results(session, kickoff.id):
            if one.owner_id is not None and one.id not in checked:
                told = {
                    "record_id": one.id,
                    "title": one.title,
                    "since": since.isoformat(),
                    "week": week,
                    "path": f"/kickoffs/{kickoff.id}/okr/key-results/{one.id}",
                }
                yield Due(kickoff.id, "check_in", f"{one.id} {week}", one.owner_id, told)


def action_words(session: Session, now: datetime) -> Iterator[Due]:
    """Owners of open actions of which nobody has said this week how they go. Those that are due
    soon or late have a reminder of their own."""
    for kickoff, day, today in followed(session, now):
        week = ask_to_check_in(day, today)
        if week is None:
            continue
        begun = datetime.combine(day + (week - 1) * WEEK, time.min, ZoneInfo(kickoff.time_zone))
        wanted = select(Action).where(
            col(Action.kickoff_id) == kickoff.id,
            col(Action.state) == ActionState.OPEN,
            col(Action.owner_id).is_not(None),
            col(Action.created_at) < begun,
            or_(col(Action.status_at).is_(None), col(Action.status_at) < begun),
        )
        for one in session.scalars(wanted.order_by(col(Action.id))):
            if one.due is not None and due_reminder(one.due, today) is not None:
                continue
            told = {
                "record_id": one.id,
                "title": one.title,
                "since": begun.isoformat(),
                "status": one.status or "",
                "path": f"/kickoffs/{kickoff.id}/actions/{one.id}",
            }
            yield Due(kickoff.id, "action_word", f"{one.id} {week}", one.owner_id, told)


def weekly_reports(session: Session, now: datetime) -> Iterator[Due]:
    """The common channels and each sponsor, once a week is over."""
    for kickoff, day, today in followed(session, now):
        week = report_on(day, today)
        if week is not None:
            told = _week(session, kickoff, day, week, today)
            for person_id in (None, *_sponsors(session, kickoff.id)):
                yield Due(kickoff.id, "weekly_report", str(week), person_id, told)


def quarters(session: Session, now: datetime) -> Iterator[Due]:
    """The common channels and each sponsor, a week before day 90."""
    for kickoff, day, today in followed(session, now):
        if quarter_is_over_soon(day, today):
            told = {
                **_actions(session, kickoff.id, today),
                "on": (day + timedelta(days=QUARTER_DAYS)).isoformat(),
                "wanted": ACTIONS_SETTLED_PER_CENT[0],
                "path": f"/kickoffs/{kickoff.id}/dashboard",
            }
            for person_id in (None, *_sponsors(session, kickoff.id)):
                yield Due(kickoff.id, "quarter_review", "90", person_id, told)


def _week(
    session: Session, kickoff: Kickoff, day: date, week: int, today: date
) -> Mapping[str, Any]:
    starts = day + (week - 1) * WEEK
    return {
        **_actions(session, kickoff.id, today),
        "week": week,
        "checked": len(_checked(session, kickoff.id, starts, starts + WEEK - timedelta(days=1))),
        "key_results": len(_key_results(session, kickoff.id)),
        "path": f"/kickoffs/{kickoff.id}/dashboard",
    }


def _actions(session: Session, kickoff_id: str, today: date) -> dict[str, int]:
    found = session.scalars(select(Action).where(col(Action.kickoff_id) == kickoff_id)).all()
    still_open = [one for one in found if one.state == ActionState.OPEN]
    return {
        "actions": len(found),
        "settled": len(found) - len(still_open),
        "overdue": sum(one.due is not None and one.due < today for one in still_open),
        "nobodys": sum(one.owner_id is None for one in still_open),
    }


def _key_results(session: Session, kickoff_id: str) -> list[KeyResult]:
    wanted = select(KeyResult).where(col(KeyResult.kickoff_id) == kickoff_id)
    return list(session.scalars(wanted.order_by(col(KeyResult.position), col(KeyResult.id))).all())


def _checked(session: Session, kickoff_id: str, first: date, last: date) -> set[str]:
    """Key results of which somebody said from the first to the last day how they stand."""
    wanted = select(CheckIn).where(
        col(CheckIn.kickoff_id) == kickoff_id,
        col(CheckIn.withdrawn).is_(False),
        col(CheckIn.said_on) >= first,
        col(CheckIn.said_on) <= last,
    )
    return {one.key_result_id for one in session.scalars(wanted)}


def _sponsors(session: Session, kickoff_id: str) -> list[str]:
    wanted = select(Sponsor).where(
        col(Sponsor.kickoff_id) == kickoff_id, col(Sponsor.person_id).is_not(None)
    )
    return sorted({one.person_id for one in session.scalars(wanted) if one.person_id})
