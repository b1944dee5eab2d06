"""Where in the 90 days we are, and what is reached by 30, 60 and 90."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from app.i18n import mark
from app.models.kickoffs import Kickoff
from app.models.milestones import Milestone
from app.operations.derived import today_in
from app.panels.panel import Panel
from app.rules.ninety_days import THIRDS, Now, now_on
from app.rules.rhythm import on_day


@dataclass(frozen=True)
class Reached:
    """`state`: reached, late (its date has passed) or ahead."""

    id: str
    title: str
    due: date | None
    state: str


@dataclass(frozen=True)
class Third:
    """One third, to the day that closes it."""

    code: str
    ends_on: date | None
    milestones: tuple[Reached, ...]

    @property
    def reached(self) -> int:
        return sum(one.state == "reached" for one in self.milestones)


@dataclass(frozen=True)
class NinetyDays:
    now: Now
    thirds: tuple[Third, ...]


def ninety_days(session: Session, kickoff: Kickoff, now: datetime) -> NinetyDays | None:
    """None while the kickoff has no day."""
    if kickoff.day is None:
        return None
    today = today_in(kickoff, now)
    wanted = (
        select(Milestone)
        .where(col(Milestone.kickoff_id) == kickoff.id)
        .order_by(col(Milestone.due), col(Milestone.id))
    )
    found = session.scalars(wanted).all()
    return NinetyDays(
        now_on(kickoff.day, today),
        tuple(
            Third(
                third,
                on_day(kickoff.day, int(third)),
                tuple(_reached(one, today) for one in found if one.window == third),
            )
            for third in THIRDS
        ),
    )


def _reached(one: Milestone, today: date) -> Reached:
    late = one.due is not None and one.due < today
    state = "reached" if one.reached_on else "late" if late else "ahead"
    return Reached(one.id, one.title, one.due, state)


PANEL = Panel("ninety_days", mark("The 90 days"), order=10, view=ninety_days, place="top")
