"""How many key results were checked in, week by week (F8): follow-up dies in weeks two to six, and
this shows it first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

WEEK = timedelta(days=7)
MOST_WEEKS = 13  # 90 days
FALLING = 0.8  # of the week before, or less: somebody should ask why


@dataclass(frozen=True)
class Week:
    """`number` counts from 1, the week that begins on the kickoff's day. `checked` are different
    key results of `all`; a week `is_open` until it is over."""

    number: int
    starts_on: date
    checked: int
    all: int
    is_open: bool

    @property
    def per_cent(self) -> int:
        return 100 * self.checked // self.all if self.all else 0


def check_in_weeks(
    day: date, today: date, said: Iterable[tuple[str, date]], key_results: int
) -> tuple[Week, ...]:
    """`said`: (key result, the day on which it was said). None before the day; the last week is the
    one that is on, or the thirteenth."""
    if today < day:
        return ()
    last = min(MOST_WEEKS, (today - day).days // 7 + 1)
    checked: dict[int, set[str]] = {}
    for key_result, on in said:
        if on >= day:
            checked.setdefault((on - day).days // 7 + 1, set()).add(key_result)
    return tuple(
        Week(
            number,
            day + (number - 1) * WEEK,
            min(len(checked.get(number, ())), key_results),
            key_results,
            day + number * WEEK > today,
        )
        for number in range(1, last + 1)
    )


def is_falling(weeks: Iterable[Week]) -> bool:
    """Whether the last week that is over had clearly fewer than the one before it."""
    over = [week for week in weeks if not week.is_open]
    return len(over) > 1 and over[-1].checked < FALLING * over[-2].checked
