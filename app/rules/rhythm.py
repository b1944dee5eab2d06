"""The rhythm of 30, 60 and 90 days: dates that are counted from the kickoff's day, and where they
go when it moves."""

from datetime import date, timedelta

from app.rules import frames

DAYS = tuple(int(step) for step in frames.STEPS)


def on_day(day: date | None, after: int) -> date | None:
    """So many days after the kickoff. None while its day is open, and where the calendar ends."""
    if day is None or (date.max - day).days < after:
        return None
    return day + timedelta(days=after)


def follows_to(due: date | None, *, own: int, before: date | None, now: date | None) -> date | None:
    """Where a date goes when the kickoff moves from `before` to `now`; None where it stays.

    Only what lies on a day of the rhythm was counted from the kickoff's day; whatever else
    somebody chose is theirs. What has no date gets that of its `own` day of the rhythm once the
    kickoff has one for the first time.
    """
    if now is None or now == before:
        return None
    if before is None:
        return on_day(now, own) if due is None else None
    after = (due - before).days if due else None
    return on_day(now, after) if after in DAYS else None
