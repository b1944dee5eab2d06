"""The KPIs (P4): where each stands between its baseline and its target."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from app.i18n import mark
from app.models.kickoffs import Kickoff
from app.models.kpis import Kpi
from app.operations.entities import GOALS
from app.operations.readings import Read, readings_of
from app.pictures.names import names_of
from app.pictures.picture import Picture


@dataclass(frozen=True)
class KpiRow:
    """`now` is its last reading, `values` are all of them, the oldest first. `share` is the part of
    the way from baseline to target, 0 to 1; None where one of the three is missing or there is no
    way to go."""

    id: str
    title: str
    goal: str
    unit: str
    baseline: float | None
    now: float | None
    target: float | None
    due: date | None
    share: float | None
    values: tuple[float, ...] = ()


def kpis(session: Session, kickoff: Kickoff) -> tuple[KpiRow, ...]:
    """Those on the map first: they are the ones that matter most."""
    goals = names_of(session, GOALS, kickoff.id)
    read = readings_of(session, kickoff.id)
    wanted = select(Kpi).where(col(Kpi.kickoff_id) == kickoff.id)
    ordered = wanted.order_by(col(Kpi.on_map).desc(), col(Kpi.position), col(Kpi.id))
    return tuple(
        _row(one, goals.get(one.goal_id or "", ""), read.get(one.id, ()))
        for one in session.scalars(ordered)
    )


def _row(one: Kpi, goal: str, read: Sequence[Read]) -> KpiRow:
    values = tuple(value for _, value in read)
    now = values[-1] if values else None
    return KpiRow(
        id=one.id,
        title=one.title,
        goal=goal,
        unit=one.unit,
        baseline=one.baseline,
        now=now,
        target=one.target,
        due=one.target_date,
        share=_share(one.baseline, now, one.target),
        values=values,
    )


def _share(baseline: float | None, now: float | None, target: float | None) -> float | None:
    if baseline is None or now is None or target is None or target == baseline:
        return None
    return min(1.0, max(0.0, (now - baseline) / (target - baseline)))


PICTURE = Picture(
    code="kpis",
    name=mark("KPIs"),
    about=mark("Where each figure stands between where it began and where it is to be."),
    icon="gauge",
    order=27,
    view=kpis,
)
