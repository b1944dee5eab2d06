"""When somebody is reminded: an owner some days before something is due and, while it is overdue,
once a week, four times at most; owners of key results late in each week; leaders when a week and
when the quarter is over."""

from datetime import date, timedelta

from app.rules.status import DUE_SOON_DAYS

DUE, OVERDUE = "due", "overdue"
AGAIN_AFTER_DAYS = 7
MOST_TIMES_OVERDUE = 4
TOLD_FOR_DAYS = 7  # so long a day of the rhythm is news, if nobody could be told before
ASKED_ON = 4  # days into the week, counted from 0
REPORTED_WITHIN = 3  # days after a week is over, if nobody could be told before
LAST_WEEK = 13  # 90 days
QUARTER_CALLED_ON, QUARTER_DAYS = 83, 90
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


def week_of(day: date, today: date) -> int:
    """Counted from 1, the week that begins on the kickoff's day, as check-ins are; 0 before it."""
    return (today - day).days // 7 + 1 if today >= day else 0


def ask_to_check_in(day: date, today: date) -> int | None:
    """The week for which an owner is asked, three days before it is over; never in the first, in
    which nothing has moved yet, nor after the thirteenth."""
    week = week_of(day, today)
    late_in_it = (today - day).days % 7 >= ASKED_ON
    return week if late_in_it and 2 <= week <= LAST_WEEK else None


def report_on(day: date, today: date) -> int | None:
    """The week that is just over and is reported on."""
    week = week_of(day, today) - 1
    just_over = (today - day).days % 7 < REPORTED_WITHIN
    return week if just_over and 1 <= week <= LAST_WEEK else None


def quarter_is_over_soon(day: date, today: date) -> bool:
    """Time to call for the business review of the quarter."""
    number = (today - day).days
    return QUARTER_CALLED_ON <= number < QUARTER_DAYS
