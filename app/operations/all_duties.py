"""The duties of the house, in one list: what is asked every so often (operations/duties)."""

from datetime import timedelta

from app.operations import (
    duties,
    follow_up,
    invitations,
    minutes_due,
    outbox,
    pulse_notices,
    reminders,
)

BY_THE_HOUR = timedelta(hours=1)
BY_THE_DAY = timedelta(minutes=10)  # soon enough for what changes with the date


def install() -> None:
    """Asked once by whoever starts a process."""
    duties.reminder("actions", reminders.actions, every=BY_THE_DAY)
    duties.reminder("milestones", reminders.milestone_days, every=BY_THE_DAY)
    duties.reminder("check-ins", follow_up.check_ins, every=BY_THE_DAY)
    duties.reminder("action words", follow_up.action_words, every=BY_THE_DAY)
    duties.reminder("pulse invitations", pulse_notices.invitations)
    duties.reminder("pulses told back", pulse_notices.told_back, every=BY_THE_DAY)
    duties.reminder("weekly reports", follow_up.weekly_reports, every=BY_THE_DAY)
    duties.reminder("quarters", follow_up.quarters, every=BY_THE_DAY)
    duties.reminder("minutes", minutes_due.reminders)
    duties.reminder("invitations", invitations.due)
    duties.register("outbox", outbox.tidy, every=BY_THE_HOUR)
