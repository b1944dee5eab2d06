"""How an action stands (F2): the owner's word, and what the dates make of it.

Overdue forces red. Due within 3 days without a fresh word forces at least yellow; a word is fresh
for 7 days, the rhythm in which owners are asked. What is closed or replanned is past judging.
"""

from dataclasses import dataclass
from datetime import date

DUE_SOON_DAYS = 3
FRESH_DAYS = 7

GREEN, YELLOW, RED = "green", "yellow", "red"
DONE, REPLANNED, NOT_STATED = "done", "replanned", ""
OVERDUE, DUE_SOON = "overdue", "due_soon"


@dataclass(frozen=True)
class Shown:
    """`status`: green, yellow, red, done, replanned, or "" where nobody has said anything.
    `reasons`: what speaks against the owner's word, the heaviest first."""

    status: str
    reasons: tuple[str, ...] = ()


def shown_status(
    *,
    stated: str | None,
    stated_on: date | None,
    due: date | None,
    today: date,
    state: str = "open",
) -> Shown:
    """`stated_on` is the day on which the owner last gave the word."""
    if state != "open":
        return Shown(DONE if state == "closed" else REPLANNED)
    if due is not None and due < today:
        return Shown(RED, (OVERDUE,))
    if due is not None and (due - today).days <= DUE_SOON_DAYS and not _fresh(stated_on, today):
        return Shown(RED if stated == RED else YELLOW, (DUE_SOON,))
    return Shown(stated or NOT_STATED)


def window_of(due: date | None, day: date | None) -> str | None:
    """The third of the 90 days that a due date falls in, counted from the kickoff's day. What is
    due before the day is in the first, what is due later than day 90 in the last."""
    if due is None or day is None:
        return None
    after = (due - day).days
    return "30" if after <= 30 else "60" if after <= 60 else "90"


def _fresh(stated_on: date | None, today: date) -> bool:
    return stated_on is not None and (today - stated_on).days <= FRESH_DAYS
