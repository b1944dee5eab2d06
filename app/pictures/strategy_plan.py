"""What the strategy map shows: the plan's goals, initiatives, deliverables and KPIs that matter
most, and what leads to what, said by somebody or implied by what belongs to what."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlmodel import Session, col, select

from app.models.cause_effect import CauseEffectLink
from app.models.deliverables import Deliverable
from app.models.fields import Ordered
from app.models.goals import Goal
from app.models.kickoffs import Kickoff
from app.models.kpis import Kpi
from app.models.portfolio import Initiative
from app.rules.folding import shown_of_each
from app.rules.implied import still_to_say

Row = TypeVar("Row", bound=Ordered)


@dataclass(frozen=True)
class Said:
    """An arrow. `link` is the record that says it and `because` its reason; both are "" where the
    arrow is implied."""

    cause: str
    effect: str
    because: str = ""
    link: str = ""


@dataclass(frozen=True)
class Plan:
    """In the order in which it is read. `every_kpi` has those too that are not on the map."""

    goals: Sequence[Goal]
    initiatives: Sequence[Initiative]
    deliverables: Sequence[Deliverable]
    every_kpi: Sequence[Kpi]
    links: Sequence[CauseEffectLink]

    @property
    def kpis(self) -> list[Kpi]:
        return [kpi for kpi in self.every_kpi if kpi.on_map]


def plan_of(session: Session, kickoff: Kickoff) -> Plan:
    links = select(CauseEffectLink).where(CauseEffectLink.kickoff_id == kickoff.id)
    return Plan(
        goals=_ordered(session, Goal, kickoff.id),
        initiatives=_ordered(session, Initiative, kickoff.id),
        deliverables=_ordered(session, Deliverable, kickoff.id),
        every_kpi=_ordered(session, Kpi, kickoff.id),
        links=session.scalars(links.order_by(col(CauseEffectLink.id))).all(),
    )


def legible(plan: Plan, most: int) -> Plan:
    """At most so many boxes: all goals and chosen KPIs, and of what is done first what an arrow
    names, what comes in the first 30 days, and then what stands first in its list."""
    named = {id for link in plan.links for end in link.ends for _, id in end}
    counts = {Initiative: len(plan.initiatives), Deliverable: len(plan.deliverables)}
    shown = shown_of_each(counts, most - len(plan.goals) - len(plan.kpis))

    def first(rows: Sequence[Row], count: int) -> list[Row]:
        def rank(row: Row) -> tuple[bool, bool]:
            return row.id not in named, not getattr(row, "prioritised", False)

        kept = {row.id for row in sorted(rows, key=rank)[:count]}
        return [row for row in rows if row.id in kept]

    return replace(
        plan,
        initiatives=first(plan.initiatives, shown[Initiative]),
        deliverables=first(plan.deliverables, shown[Deliverable]),
    )


def arrows_of(plan: Plan, shown: Collection[str]) -> tuple[tuple[Said, ...], int]:
    """The arrows between what is shown, each once, and how many links have an end that is not."""
    every = [_said(link) for link in plan.links]
    said = [one for one in every if one.cause in shown and one.effect in shown]
    implied = ((a, b) for a, b in _implied(plan, shown) if a in shown and b in shown)
    more = still_to_say(((one.cause, one.effect) for one in said), implied)
    both = [*said, *(Said(cause, effect) for cause, effect in more)]
    once_each = {(one.cause, one.effect): one for one in reversed(both)}
    return tuple(reversed(once_each.values())), len(every) - len(said)


def _said(link: CauseEffectLink) -> Said:
    # The declaration lets each end name one record; which kind, its id says well enough.
    cause, effect = (next((id for _, id in end), "") for end in link.ends)
    return Said(cause, effect, link.because, link.id)


def _implied(plan: Plan, shown: Collection[str]) -> Iterator[tuple[str, str]]:
    """A part leads to its whole; what is done, to what it is measured by or else to its goal."""
    goal_of_kpi = {kpi.id: kpi.goal_id or "" for kpi in plan.every_kpi}
    for goal in plan.goals:
        yield goal.id, goal.parent_id or ""
    for kpi in plan.kpis:
        yield kpi.id, kpi.goal_id or ""
    delivers = set[str]()
    for one in plan.deliverables:
        measured_by, initiative = one.kpi_id or "", one.initiative_id or ""
        its_goal = one.goal_id or goal_of_kpi.get(measured_by, "")
        yield one.id, measured_by if measured_by in shown else its_goal
        yield initiative, one.id
        delivers.add(initiative)
    for whole in plan.initiatives:
        if whole.id not in delivers:  # else it leads there through what it delivers
            yield whole.id, whole.goal_id or ""


def _ordered(session: Session, table: type[Row], kickoff_id: str) -> Sequence[Row]:
    wanted = select(table).where(col(table.kickoff_id) == kickoff_id)
    return session.scalars(wanted.order_by(col(table.position), col(table.id))).all()
