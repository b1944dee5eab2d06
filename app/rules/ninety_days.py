"""The 90 days after the kickoff (F2): which day it is, and which third."""

from dataclasses import dataclass
from datetime import date

LAST = 90
THIRDS = ("30", "60", "90")


@dataclass(frozen=True)
class Now:
    """`number`: days since the kickoff, negative before it. `third`: "30", "60", "90", "" before
    the day and after the last. `share`: how far along the line from 0 to 1."""

    number: int
    third: str
    share: float

    @property
    def is_ahead(self) -> bool:
        return self.number < 0

    @property
    def is_over(self) -> bool:
        return self.number > LAST


def now_on(day: date, today: date) -> Now:
    number = (today - day).days
    third = "" if number < 0 or number > LAST else next(t for t in THIRDS if number <= int(t))
    return Now(number, third, min(1.0, max(0.0, number / LAST)))
