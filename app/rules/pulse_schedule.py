"""When a pulse is asked: waves every week or every second week, each open for some days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

FEWEST_QUESTIONS, MOST_QUESTIONS = 5, 8
# It closes at midnight: 8 in the morning of the day before.
BEFORE_IT_CLOSES, AFTER_IT_OPENED = timedelta(hours=40), timedelta(hours=20)
LAST_YEAR = 9000  # what somebody mistyped; nothing can be added to the last days there are
LONGEST = 60  # days in which a calendar has as many working days as a wave is open
WEEKS = {"weekly": 1, "fortnightly": 2}


@dataclass(frozen=True)
class Planned:
    """A wave: it opens in the morning of one day and closes when the last day has ended."""

    number: int
    first: date
    last: date


def _nobody_is_off(_day: date) -> bool:
    return False


def planned(
    first_day: date | None,
    rhythm: str,
    *,
    waves: int,
    open_days: int,
    is_off: Callable[[date], bool] = _nobody_is_off,
) -> tuple[Planned, ...]:
    """All of a pulse's waves. One closes before the next one opens. Where a day falls on one on
    which nobody works, the wave opens on the next that is not, and closes as much later."""
    if first_day is None or first_day.year > LAST_YEAR:
        return ()
    between = timedelta(weeks=WEEKS[rhythm])
    found = []
    for number in range(waves):
        due = first_day + between * number
        days = (due + timedelta(days=later) for later in range(between.days))
        start = next((day for day in days if not is_off(day)), due)
        last = min(last_open_day(start, open_days, is_off), due + between - timedelta(days=1))
        found.append(Planned(number + 1, start, last))
    return tuple(found)


def last_open_day(first: date, open_days: int, is_off: Callable[[date], bool]) -> date:
    """The last of so many working days, the first among them: on others nobody gets a mail."""
    days = (first + timedelta(days=later) for later in range(LONGEST))
    worked = (day for day in days if not is_off(day))
    return next(islice(worked, open_days - 1, None), first + timedelta(days=open_days - 1))


def due(waves: tuple[Planned, ...], today: date, opened: int) -> Planned | None:
    """The wave that should be open today and has not been opened. One that nobody opened while it
    was due is passed over: two waves at once would be one wave with twice the mails."""
    return next(
        (one for one in waves if one.number > opened and one.first <= today <= one.last), None
    )


def reminds_at(opens_at: datetime, closes_at: datetime) -> datetime | None:
    """In the morning of the day before the last one, and not within hours of having been asked;
    None where there is no time for it."""
    at = max(closes_at - BEFORE_IT_CLOSES, opens_at + AFTER_IT_OPENED)
    return at if at < closes_at else None


def enough(questions: int) -> bool:
    return FEWEST_QUESTIONS <= questions <= MOST_QUESTIONS
