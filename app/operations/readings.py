"""What KPIs were read at: one look for all of a kickoff's, whoever asks."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, select

from app.models.kpis import Reading

Read = tuple[date, float]


def readings_of(
    session: Session, kickoff_id: str, *, until: date | None = None
) -> Mapping[str, Sequence[Read]]:
    """By the KPI's id, the oldest first; nothing for one that was never read."""
    wanted = (
        select(Reading.kpi_id, col(Reading.read_on), Reading.value)
        .where(col(Reading.kickoff_id) == kickoff_id, col(Reading.read_on).is_not(None))
        .order_by(col(Reading.read_on), col(Reading.id))
    )
    if until is not None:
        wanted = wanted.where(col(Reading.read_on) <= until)
    found: dict[str, list[Read]] = defaultdict(list)
    for kpi_id, on, value in session.execute(wanted):
        found[kpi_id].append((on, value))
    return found
