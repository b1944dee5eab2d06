"""The boxes of the strategy map: what stands in each, in which colour, and when it is due."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from app.i18n import gettext
from app.models.deliverables import Deliverable
from app.models.goals import GOAL_KINDS, Goal
from app.models.kickoffs import Kickoff
from app.models.kpis import KPI_KINDS, Kpi
from app.models.portfolio import Initiative
from app.pictures.boxes import Box, boxed, on_one_line
from app.pictures.strategy_plan import Plan
from app.pictures.tones import tones_of
from app.rendering import day, figure

WIDTH = 206
INITIATIVE, DELIVERABLE, KPI = "initiative", "deliverable", "kpi"
SUB_GOAL, STRATEGIC, VISION = "sub_goal", "strategic", "vision"
KICKOFF = "kickoff"  # the vision that the kickoff itself has, where no goal says it
LAST_DAY = 90  # where the lines of time end


@dataclass(frozen=True)
class Span:
    """The part of the 90 days from which to which something takes, as shares. `goes_on`: it is due
    after them."""

    start: float
    end: float
    goes_on: bool


@dataclass(frozen=True)
class Node:
    id: str
    kind: str
    title: str
    box: Box
    tone: str = ""
    about: str = ""
    figures: str = ""
    span: Span | None = None
    first: bool = False  # one of the deliverables of the first 30 days
    x: int = 0
    y: int = 0


def nodes_of(plan: Plan, kickoff: Kickoff, owners: Mapping[str, str]) -> Iterator[Node]:
    """What is done first, then what it leads to."""
    tones = tones_of(plan.goals)
    makes = _Nodes(kickoff, owners, tones, {kpi.id: kpi.goal_id or "" for kpi in plan.every_kpi})
    yield from map(makes.initiative, plan.initiatives)
    yield from map(makes.deliverable, plan.deliverables)
    yield from map(makes.kpi, plan.kpis)
    yield from map(makes.goal, plan.goals)
    if kickoff.vision and not any(goal.level == VISION for goal in plan.goals):
        yield Node(KICKOFF, KICKOFF, kickoff.vision, boxed(kickoff.vision, width=WIDTH))


@dataclass(frozen=True)
class _Nodes:
    kickoff: Kickoff
    owners: Mapping[str, str]
    tones: Mapping[str, str]
    goal_of_kpi: Mapping[str, str]

    def initiative(self, one: Initiative) -> Node:
        span = self._span(one.ends_on, start=one.starts_on)
        about = _about(self._owner(one.owner_id), self._when(one.ends_on))
        return self._node(one, INITIATIVE, one.goal_id, about, span)

    def deliverable(self, one: Deliverable) -> Node:
        first = gettext("First 30 days") if one.prioritised else ""
        about = _about(self._owner(one.owner_id), self._when(one.due), first)
        goal = one.goal_id or self.goal_of_kpi.get(one.kpi_id or "")
        return self._node(one, DELIVERABLE, goal, about, self._span(one.due), first=bool(first))

    def kpi(self, one: Kpi) -> Node:
        kind = gettext(dict(KPI_KINDS)[one.kind])
        about = _about(kind, self._when(one.target_date))
        span = self._span(one.target_date)
        return self._node(one, KPI, one.goal_id, about, span, figures=_figures(one))

    def goal(self, one: Goal) -> Node:
        kind = "" if one.level == VISION else gettext(dict(GOAL_KINDS)[one.kind])
        about = _about(kind, self._owner(one.owner_id), self._when(one.due))
        span = None if one.level == VISION else self._span(one.due)
        return self._node(one, one.level, one.id, about, span)

    def _node(
        self,
        one: Initiative | Deliverable | Kpi | Goal,
        kind: str,
        goal_id: str | None,
        about: str,
        span: Span | None,
        *,
        figures: str = "",
        first: bool = False,
    ) -> Node:
        box = boxed(
            one.title, width=WIDTH, small=about, big=figures, foot=span is not None, sign=True
        )
        tone = self.tones.get(goal_id or "", "")
        return Node(one.id, kind, one.title, box, tone, about, figures, span, first)

    def _owner(self, owner_id: str | None) -> str:
        return self.owners.get(owner_id or "") or gettext("No owner yet")

    def _when(self, due: date | None) -> str:
        """The day after the kickoff, within the 90; else the date."""
        if due is None:
            return ""
        after = (due - self.kickoff.day).days if self.kickoff.day else -1
        if 0 <= after <= LAST_DAY:
            return on_one_line(gettext("Day %(number)s") % {"number": after})
        return on_one_line(day(due, "medium"))

    def _span(self, due: date | None, *, start: date | None = None) -> Span | None:
        if due is None or self.kickoff.day is None:
            return None
        ends = (due - self.kickoff.day).days / LAST_DAY
        begins = (start - self.kickoff.day).days / LAST_DAY if start else 0.0
        end = min(max(ends, 0.0), 1.0)
        return Span(min(max(begins, 0.0), end), end, ends > 1)


def _about(*parts: str) -> str:
    return "\N{NO-BREAK SPACE}· ".join(part for part in parts if part)


def _figures(kpi: Kpi) -> str:
    """ "11 → 1 dager": from the figure today to the one aimed at."""
    if kpi.baseline is None and kpi.target is None:
        return ""
    now, then = (figure(one) if one is not None else "?" for one in (kpi.baseline, kpi.target))
    return f"{now}\N{NO-BREAK SPACE}→ {then} {kpi.unit}".strip()
