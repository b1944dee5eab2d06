"""Weekends and public holidays of where a kickoff is."""

from collections.abc import Callable
from datetime import date
from functools import cache

import holidays
from babel.core import get_global

SATURDAY = 5


def days_off(zone: str) -> Callable[[date], bool]:
    """Whether a day is one on which nobody works there."""
    known = _holidays(get_global("zone_territories").get(zone, ""))
    return lambda day: day.weekday() >= SATURDAY or (known is not None and day in known)


@cache
def _holidays(territory: str) -> holidays.HolidayBase | None:
    """None where nobody has written the country's calendar down. It fills itself year by year."""
    try:
        return holidays.country_holidays(territory)
    except NotImplementedError:
        return None
