"""When an owner is reminded: some days before something is due, and while it is overdue once a
week, four times at most."""

from datetime import date, timedelta

from app.rules.status import DUE_SOON_DAYS

DUE, OVERDUE = "due", "overdue"
AGAIN_AFTER_DAYS = 7
MOST_TIMES_OVERDUE = 4
TOLD_FOR_DAYS = 7  # so long a day of the rhythm is news, if nobody could be told before
LONGEST_OVERDUE_DAYS = AGAIN_AFTER_DAYS * MOST_TIMES_OVERDUE


def due_reminder(due: date, today: date) -> tuple[str, str] | None:
    """DUE or OVERDUE, and what tells this occasion from others of the same record; None: nothing
    today."""
    left = (due - today).days
    if 0 <= left <= DUE_SOON_DAYS:
        return DUE, due.isoformat()
    late = -left
    if 0 < late <= LONGEST_OVERDUE_DAYS:
        return OVERDUE, f"{due.isoformat()} {(late - 1) // AGAIN_AFTER_DAYS}"
    return None


def day_reached(day: date, number: int, today: date) -> bool:
    """Whether day 30, 60 or 90 has just come."""
    reached = day + timedelta(days=number)
    return reached <= today < reached + timedelta(days=TOLD_FOR_DAYS)
