"""The KPIs (P4): where each stands between its baseline and its target."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from app.i18n import mark
from app.models.kickoffs import Kickoff
from app.models.kpis import Kpi, Reading
from app.operations.entities import GOALS
from app.pictures.names import names_of
from app.pictures.picture import Picture


@dataclass(frozen=True)
class KpiRow:
    """`now` is its last reading. `share` is the part of the way from baseline to target, 0 to 1;
    None where one of the three is missing or there is no way to go."""

    id: str
    title: str
    goal: str
    unit: str
    baseline: float | None
    now: float | None
    target: float | None
    due: date | None
    share: float | None


def kpis(session: Session, kickoff: Kickoff) -> tuple[KpiRow, ...]:
    """Those on the map first: they are the ones that matter most."""
    goals = names_of(session, GOALS, kickoff.id)
    read = _last_readings(session, kickoff.id)
    wanted = select(Kpi).where(col(Kpi.kickoff_id) == kickoff.id)
    ordered = wanted.order_by(col(Kpi.on_map).desc(), col(Kpi.position), col(Kpi.id))
    return tuple(
        KpiRow(
            id=one.id,
            title=one.title,
            goal=goals.get(one.goal_id or "", ""),
            unit=one.unit,
            baseline=one.baseline,
            now=read.get(one.id),
            target=one.target,
            due=one.target_date,
            share=_share(one.baseline, read.get(one.id), one.target),
        )
        for one in session.scalars(ordered)
    )


def _last_readings(session: Session, kickoff_id: str) -> dict[str, float]:
    wanted = (
        select(Reading.kpi_id, Reading.value)
        .where(col(Reading.kickoff_id) == kickoff_id)
        .order_by(col(Reading.read_on), col(Reading.id))
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


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
