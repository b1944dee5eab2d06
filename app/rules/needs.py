"""What cannot wait (F8): what nobody owns, what is late, KPIs off their line about which nothing
is done, what is off track; the heaviest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

NO_OWNER, OVERDUE, DEVIATES, OFF_TRACK = "no_owner", "overdue", "deviates", "off_track"
_WEIGHT = (NO_OWNER, OVERDUE, DEVIATES, OFF_TRACK)


@dataclass(frozen=True)
class Thing:
    """Something that somebody is to do: an action, a deliverable, a risk to be met. `behind`: of a
    KPI that has left its line and has no action, how much of the way it lacks, in per cent."""

    part: str  # of its address: actions, deliverables, risks, kpis
    id: str
    title: str
    owner: str = ""
    due: date | None = None
    is_red: bool = False
    behind: int | None = None


@dataclass(frozen=True)
class Need:
    thing: Thing
    why: str
    days_late: int = 0


def needs(things: Iterable[Thing], today: date) -> list[Need]:
    """One for each thing that has a need, by its heaviest; the longest overdue first."""
    found = [need for thing in things if (need := _need(thing, today)) is not None]
    return sorted(
        found,
        key=lambda one: (
            _WEIGHT.index(one.why),
            -one.days_late,
            -(one.thing.behind or 0),
            one.thing.id,
        ),
    )


def _need(thing: Thing, today: date) -> Need | None:
    if thing.behind is not None:
        return Need(thing, DEVIATES)  # whoever owns it: what it lacks is an action
    late = (today - thing.due).days if thing.due is not None else 0
    if not thing.owner:
        return Need(thing, NO_OWNER, max(0, late))
    if late > 0:
        return Need(thing, OVERDUE, late)
    return Need(thing, OFF_TRACK) if thing.is_red else None
