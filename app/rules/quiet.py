"""When somebody may be disturbed: in the kickoff's working hours, and not on days off."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST_WAIT_DAYS = 30  # a calendar without a single working day keeps nothing for ever

IsFree = Callable[[date], bool]


@dataclass(frozen=True)
class Hours:
    """`opens` before `closes`, both in the zone's own time."""

    zone: str
    opens: time
    closes: time


def awake(at: datetime, hours: Hours, is_free: IsFree) -> datetime:
    """`at`, or the first moment after it at which somebody may be disturbed."""
    zone = ZoneInfo(hours.zone)
    here = at.astimezone(zone)
    for later in range(LONGEST_WAIT_DAYS):
        day = here.date() + timedelta(days=later)
        if is_free(day):
            continue
        opening = datetime.combine(day, hours.opens, zone).astimezone(UTC)
        closing = datetime.combine(day, hours.closes, zone).astimezone(UTC)
        if at < closing:
            return max(at, opening)
    return at
