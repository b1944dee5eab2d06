"""What needs a decision today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlmodel import Session, col, select

from app.i18n import mark
from app.models.actions import ActionState, actions_of
from app.models.deliverables import Deliverable
from app.models.kickoffs import Kickoff
from app.models.risks import Degree, Risk, RiskKind, RiskState
from app.operations.derived import today_in
from app.operations.entities import PEOPLE
from app.operations.steering import kpi_states
from app.panels.panel import Panel
from app.pictures.names import names_of
from app.rules.needs import Need, Thing, needs

SHOWN = 6


@dataclass(frozen=True)
class Needed:
    first: tuple[Need, ...]
    more: int


def needed(session: Session, kickoff: Kickoff, now: datetime) -> Needed:
    things = chain(_things(session, kickoff), _deviating(session, kickoff, now))
    found = needs(things, today_in(kickoff, now))
    return Needed(tuple(found[:SHOWN]), max(0, len(found) - SHOWN))


def _things(session: Session, kickoff: Kickoff) -> Iterator[Thing]:
    names = names_of(session, PEOPLE, kickoff.id)

    def owner(person_id: str | None) -> str:
        return names.get(person_id or "", "")

    for action in session.scalars(actions_of(kickoff.id)):
        if action.state == ActionState.OPEN:
            red = action.status == "red"
            yield Thing("actions", action.id, action.title, owner(action.owner_id), action.due, red)
    for risk in session.scalars(select(Risk).where(col(Risk.kickoff_id) == kickoff.id)):
        grave = risk.probability == Degree.HIGH and risk.consequence == Degree.HIGH
        if risk.state == RiskState.OPEN and risk.kind == RiskKind.RISK and grave:
            yield Thing("risks", risk.id, risk.title, owner(risk.owner_id), risk.due)
    of_kickoff = select(Deliverable).where(col(Deliverable.kickoff_id) == kickoff.id)
    for one in session.scalars(of_kickoff):
        # When it is delivered is told by its milestones and actions.
        yield Thing("deliverables", one.id, one.title, owner(one.owner_id))


def _deviating(session: Session, kickoff: Kickoff, now: datetime) -> Iterator[Thing]:
    """Where an action is tied to the deviation, that is what is waited for."""
    for one in kpi_states(session, kickoff, now):
        if one.wants_an_action:
            yield Thing("kpis", one.id, one.title, behind=round(100 * (one.course.behind or 0)))


PANEL = Panel("needs", mark("Needs a decision today"), order=25, view=needed, place="side")
