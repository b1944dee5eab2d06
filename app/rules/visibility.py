"""How often somebody or something was seen: what was planned, what was held, and how long ago."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Seen:
    """`missed`: planned before today and not held. `days_since`: since it was last held, None where
    it never was. `next_on`: the next planned date that is not behind us."""

    planned: int
    held: int
    missed: int
    days_since: int | None
    next_on: date | None


def seen(times: Iterable[tuple[date | None, date | None]], today: date) -> Seen:
    """`times`: (planned on, held on); what is held tomorrow is not held yet."""
    known = list(times)
    held = [held_on for _, held_on in known if held_on is not None and held_on <= today]
    waiting = [
        planned for planned, held_on in known if planned and (not held_on or held_on > today)
    ]
    ahead = [planned for planned in waiting if planned >= today]
    return Seen(
        planned=len(known),
        held=len(held),
        missed=len(waiting) - len(ahead),
        days_since=(today - max(held)).days if held else None,
        next_on=min(ahead, default=None),
    )
