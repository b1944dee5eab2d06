"""How often sponsors and communication were seen (P11, P14, F10)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from app.i18n import mark
from app.models.communication import CommunicationStep
from app.models.kickoffs import Kickoff
from app.models.sponsors import Appearance, Sponsor
from app.operations.derived import today_in
from app.panels.panel import Panel
from app.rules.visibility import Seen, seen


@dataclass(frozen=True)
class SponsorSeen:
    id: str
    name: str
    seen: Seen


@dataclass(frozen=True)
class Visibility:
    """`opened`: the mean open rate in per cent of the steps that have one, `attended`: heads."""

    sponsors: tuple[SponsorSeen, ...]
    steps: Seen
    opened: float | None
    attended: int | None


def visibility(session: Session, kickoff: Kickoff, now: datetime) -> Visibility:
    today = today_in(kickoff, now)
    steps = session.scalars(
        select(CommunicationStep).where(col(CommunicationStep.kickoff_id) == kickoff.id)
    ).all()
    opened = [one.opened for one in steps if one.opened is not None]
    attended = [one.attendance for one in steps if one.attendance is not None]
    return Visibility(
        sponsors=tuple(_sponsors(session, kickoff, today)),
        steps=seen([(one.due, one.done_on) for one in steps], today),
        opened=sum(opened) / len(opened) if opened else None,
        attended=sum(attended) if attended else None,
    )


def _sponsors(session: Session, kickoff: Kickoff, today: date) -> list[SponsorSeen]:
    of_sponsor: dict[str, list[tuple[date | None, date | None]]] = {}
    wanted = select(Appearance).where(col(Appearance.kickoff_id) == kickoff.id)
    for one in session.scalars(wanted):
        of_sponsor.setdefault(one.sponsor_id, []).append((one.planned_on, one.held_on))
    sponsors = select(Sponsor).where(col(Sponsor.kickoff_id) == kickoff.id)
    return [
        SponsorSeen(one.id, one.name, seen(of_sponsor.get(one.id, []), today))
        for one in session.scalars(sponsors.order_by(col(Sponsor.position), col(Sponsor.id)))
    ]


PANEL = Panel(
    "visibility", mark("Sponsors and communication"), order=60, view=visibility, place="side"
)
