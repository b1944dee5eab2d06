"""The check-in rate per week (F8)."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from app.i18n import mark
from app.models.check_ins import CheckIn
from app.models.kickoffs import Kickoff
from app.models.objectives import KeyResult
from app.operations.derived import today_in
from app.panels.panel import Panel
from app.rules.check_in_rate import Week, check_in_weeks, is_falling


@dataclass(frozen=True)
class CheckInRate:
    weeks: tuple[Week, ...]
    is_falling: bool


def check_in_rate(session: Session, kickoff: Kickoff, now: datetime) -> CheckInRate | None:
    """None before the day, and while there is no key result."""
    of_kickoff = col(KeyResult.kickoff_id) == kickoff.id
    key_results = session.scalar(select(func.count()).select_from(KeyResult).where(of_kickoff)) or 0
    if kickoff.day is None or not key_results:
        return None
    counted = (col(CheckIn.kickoff_id) == kickoff.id, col(CheckIn.withdrawn).is_(False))
    said = [
        (one.key_result_id, one.said_on)
        for one in session.scalars(select(CheckIn).where(*counted))
        if one.said_on is not None
    ]
    weeks = check_in_weeks(kickoff.day, today_in(kickoff, now), said, key_results)
    return CheckInRate(weeks, is_falling(weeks)) if weeks else None


PANEL = Panel("check_in_rate", mark("Check-ins per week"), order=30, view=check_in_rate)
