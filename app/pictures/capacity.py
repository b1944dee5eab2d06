"""Capacity against the portfolio (P7): each team's months, and what cannot be counted or waits
for itself."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from app.i18n import mark
from app.models.kickoffs import Kickoff
from app.models.people import Team, teams_of
from app.models.portfolio import Initiative
from app.operations.derived import today_in
from app.pictures.picture import Picture
from app.rules.capacity import Gives, Load, Takes, capacity_findings, loads, months_shown
from app.rules.cycles import cycles
from app.rules.findings import Finding


@dataclass(frozen=True)
class Linked:
    """A record by its name. `path` is the part of the plan that it is in."""

    id: str
    name: str
    path: str


@dataclass(frozen=True)
class Month:
    """A team's month. Heights are shares of the fullest that the team's row shows."""

    load: Load
    by: tuple[Linked, ...]
    height: float
    within: float


@dataclass(frozen=True)
class Row:
    """A team: `limit` is where its capacity lies in the row's pictures, `has_work` whether any
    initiative is its own."""

    team: Linked
    capacity: float | None
    limit: float
    months: tuple[Month, ...]
    findings: tuple[Finding, ...]
    has_work: bool


@dataclass(frozen=True)
class Capacity:
    months: tuple[date, ...]
    rows: tuple[Row, ...]
    unfinished: tuple[tuple[Linked, tuple[Finding, ...]], ...]
    cycles: tuple[tuple[Linked, ...], ...]
    waiting_teams: tuple[tuple[Linked, ...], ...]

    @property
    def overbooked(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if any(month.load.over for month in row.months))


def capacity(session: Session, kickoff: Kickoff) -> Capacity:
    teams = session.scalars(teams_of(kickoff.id)).all()
    initiatives = session.scalars(
        select(Initiative)
        .where(col(Initiative.kickoff_id) == kickoff.id)
        .order_by(col(Initiative.position), col(Initiative.id))
    ).all()
    named = {one.id: Linked(one.id, one.title, "initiatives") for one in initiatives}
    gives = [Gives(team.id, team.capacity) for team in teams]
    takes = [
        Takes(one.id, one.team_id, one.capacity, one.starts_on, one.ends_on) for one in initiatives
    ]
    months = months_shown(takes, kickoff.day or today_in(kickoff))
    about = defaultdict[str, list[Finding]](list)
    for finding in capacity_findings(gives, takes, months):
        about[finding.where].append(finding)
    by_team = defaultdict[str | None, list[Takes]](list)
    for one in takes:
        by_team[one.team_id].append(one)
    return Capacity(
        months,
        tuple(
            _row(team, loads(given, by_team[team.id], months), about[team.id], named)
            for team, given in zip(teams, gives, strict=True)
        ),
        tuple((named[one.id], tuple(about[one.id])) for one in takes if about[one.id]),
        tuple(_circles(initiatives, named.get)),
        tuple(_waiting_teams(initiatives, teams)),
    )


def _row(
    team: Team,
    team_loads: Sequence[Load],
    findings: Sequence[Finding],
    named: dict[str, Linked],
) -> Row:
    limit = team.capacity or 0.0
    top = max([limit, *(load.taken for load in team_loads)]) or 1.0
    months = tuple(
        Month(
            load,
            tuple(named[id] for id in load.by),
            load.taken / top,
            (load.taken if team.capacity is None else min(load.taken, limit)) / top,
        )
        for load in team_loads
    )
    return Row(
        Linked(team.id, team.name, "teams"),
        team.capacity,
        limit / top,
        months,
        tuple(findings),
        any(load.taken for load in team_loads),
    )


def _circles(
    initiatives: Iterable[Initiative], named: Callable[[str], Linked | None]
) -> Iterable[tuple[Linked, ...]]:
    """Initiatives that wait for themselves. No form lets one in; what came in otherwise shows."""
    for circle in cycles({one.id: one.depends_on_ids for one in initiatives}):
        yield tuple(filter(None, map(named, circle)))


def _waiting_teams(
    initiatives: Iterable[Initiative], teams: Iterable[Team]
) -> Iterable[tuple[Linked, ...]]:
    """Teams that wait for one another: each has work that needs the other's help."""
    waits = defaultdict[str, set[str]](set)
    for one in initiatives:
        if one.team_id is not None:
            waits[one.team_id].update(set(one.team_ids) - {one.team_id})
    named = {team.id: Linked(team.id, team.name, "teams") for team in teams}
    for circle in cycles(waits):
        yield tuple(named[id] for id in circle if id in named)


PICTURE = Picture(
    code="capacity",
    name=mark("Capacity"),
    about=mark("What each team can give, month by month, against what the initiatives take."),
    icon="chart-column",
    order=70,
    view=capacity,
    rows_on_stage=2,  # each holds several lines
)
