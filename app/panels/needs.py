"""What needs a decision today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from app.i18n import mark
from app.models.actions import Action, ActionState
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

    # By its columns: there may be a thousand of them.
    still_open = (
        columns(
            col(Action.id),
            col(Action.title),
            col(Action.owner_id),
            col(Action.due),
            col(Action.status),
        )
        .where(col(Action.kickoff_id) == kickoff.id, col(Action.state) == ActionState.OPEN)
        .order_by(col(Action.id))
    )
    for id, title, owner_id, due, status in session.execute(still_open):
        yield Thing("actions", id, title, owner(owner_id), due, status == "red")
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
