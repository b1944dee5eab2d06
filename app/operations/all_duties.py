"""The duties of the house, in one list: what is asked every so often (operations/duties)."""

from datetime import timedelta

from app.operations import duties, reminders

BY_THE_DAY = timedelta(minutes=10)  # soon enough for what changes with the date


def install() -> None:
    """Asked once by whoever starts a process."""
    duties.reminder("actions", reminders.actions, every=BY_THE_DAY)
    duties.reminder("milestones", reminders.milestone_days, every=BY_THE_DAY)
