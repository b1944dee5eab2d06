"""The launch indicators (F3): what is to be so at day 7, 30, 60 and 90, and what is short of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.i18n import mark
from app.models.kickoffs import Kickoff
from app.operations.entities import PLAN
from app.operations.indicators import launch_indicators
from app.operations.plan_readers import PlanReaders, plan_readers
from app.panels.panel import Panel
from app.rules.indicators import SHORT, Indicator, Where

MOST_NAMED = 3  # of what is short; the page has them all
_ENTITIES = {entity.name: entity for entity in PLAN}


@dataclass(frozen=True)
class Lacking:
    part: str  # of its address
    id: str
    title: str


@dataclass(frozen=True)
class Line:
    """`lacking`: the first records that an indicator past its day is short of."""

    indicator: Indicator
    lacking: tuple[Lacking, ...]
    more: int


@dataclass(frozen=True)
class Launch:
    lines: tuple[Line, ...]
    readers: PlanReaders


def launch(session: Session, kickoff: Kickoff, now: datetime) -> Launch | None:
    """None while the kickoff has no day: nothing is due."""
    if kickoff.day is None:
        return None
    found = launch_indicators(session, kickoff, now)
    short = {one.id: one.lacking[:MOST_NAMED] for one in found if one.state == SHORT}
    called = _called(session, [where for each in short.values() for where in each])
    lines = [
        Line(
            one,
            tuple(Lacking(*where, called.get(where, "–")) for where in short.get(one.id, ())),
            max(0, len(one.lacking) - MOST_NAMED) if one.id in short else 0,
        )
        for one in found
    ]
    return Launch(tuple(lines), plan_readers(session, kickoff.id))


def _called(session: Session, wanted: Sequence[Where]) -> dict[Where, str]:
    by_part: dict[str, list[str]] = defaultdict(list)
    for part, id in wanted:
        by_part[part].append(id)
    found: dict[Where, str] = {}
    for part, ids in by_part.items():
        entity = _ENTITIES[part]
        table = entity.child
        rows = session.execute(
            select(table.id, getattr(table, entity.name_field)).where(col(table.id).in_(ids))
        )
        found |= {(part, id): str(name) for id, name in rows}
    return found


PANEL = Panel("indicators", mark("Launch indicators"), order=27, view=launch, place="side")
