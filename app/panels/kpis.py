"""The KPIs that matter most (F4, F8): where each stands, and the way it took."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.i18n import mark
from app.models.kickoffs import Kickoff
from app.panels.panel import Panel
from app.pictures.kpis import KpiRow, kpis

SHOWN = 8
POINTS = 12  # the latest readings of a line


@dataclass(frozen=True)
class KpiLine:
    row: KpiRow
    values: tuple[float, ...]


@dataclass(frozen=True)
class KpiLines:
    lines: tuple[KpiLine, ...]
    more: int


def kpi_lines(session: Session, kickoff: Kickoff, _now: datetime) -> KpiLines:
    rows = kpis(session, kickoff)
    return KpiLines(
        tuple(KpiLine(row, row.values[-POINTS:]) for row in rows[:SHOWN]),
        max(0, len(rows) - SHOWN),
    )


PANEL = Panel("kpis", mark("KPIs"), order=20, view=kpi_lines)
