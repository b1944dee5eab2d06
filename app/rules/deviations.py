"""What a weekly review of deviations has to go through (F2): red, yellow, overdue, and what its
owner has not spoken of for a week."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.rules.status import FRESH_DAYS, OVERDUE, RED, YELLOW, Shown

UNCONFIRMED, NO_OWNER = "unconfirmed", "no_owner"
# The heaviest first: what a review begins with.
WEIGHT = (OVERDUE, RED, NO_OWNER, YELLOW, UNCONFIRMED)


@dataclass(frozen=True)
class Judged:
    """An action as a review sees it. `stated_on` is the day of the owner's last word, `made_on`
    the day it was made."""

    shown: Shown
    has_owner: bool
    due: date | None
    stated_on: date | None
    made_on: date
    is_open: bool = True


def deviations(one: Judged, today: date) -> tuple[str, ...]:
    """Why it is looked at, the heaviest first; nothing where it goes as it should."""
    if not one.is_open:
        return ()
    found = {
        OVERDUE: OVERDUE in one.shown.reasons,
        RED: one.shown.status == RED and OVERDUE not in one.shown.reasons,
        NO_OWNER: not one.has_owner,
        YELLOW: one.shown.status == YELLOW,
        UNCONFIRMED: one.has_owner and is_unconfirmed(one, today),
    }
    return tuple(why for why in WEIGHT if found[why])


def is_unconfirmed(one: Judged, today: date) -> bool:
    """Whether its owner has said nothing for a week; what is new has a week to be spoken of."""
    heard = max(filter(None, (one.stated_on, one.made_on)))
    return (today - heard).days > FRESH_DAYS


def heaviest_first(found: Iterable[tuple[str, tuple[str, ...], date | None]]) -> list[str]:
    """Ids of what deviates, as a review goes through them: by what weighs most, then by the
    earliest date. Each is (id, reasons, due)."""
    late = [(WEIGHT.index(why[0]), due or date.max, id) for id, why, due in found if why]
    return [id for _, _, id in sorted(late)]


def week_of(day: date) -> date:
    """The Monday of its week: what a review is held for."""
    return day - timedelta(days=day.weekday())
