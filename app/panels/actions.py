"""Actions by how they stand, and how many are settled (F3: 80 per cent by day 90)."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.i18n import mark
from app.models.actions import Action
from app.models.kickoffs import Kickoff
from app.operations.derived import Said, status_of
from app.panels.panel import Panel
from app.rules import frames

IN_ORDER = ("done", "replanned", "green", "yellow", "red", "")


@dataclass(frozen=True)
class ActionsByStatus:
    """`counts`: (status, how many), in the order in which they are drawn, none left out."""

    counts: tuple[tuple[str, int], ...]
    goal_per_cent: int

    @property
    def all(self) -> int:
        return sum(number for _, number in self.counts)

    @property
    def settled_per_cent(self) -> int:
        settled = sum(number for status, number in self.counts if status in ("done", "replanned"))
        return 100 * settled // self.all if self.all else 0


def actions(session: Session, kickoff: Kickoff, now: datetime) -> ActionsByStatus:
    # By its columns: there may be a thousand of them.
    wanted = select(col(Action.status), col(Action.status_at), col(Action.due), col(Action.state))
    found = session.execute(wanted.where(col(Action.kickoff_id) == kickoff.id))
    counted = Counter(status_of(Said(*row), kickoff, now).status for row in found)
    return ActionsByStatus(
        tuple((status, counted[status]) for status in IN_ORDER), frames.ACTIONS_SETTLED_PER_CENT[0]
    )


PANEL = Panel("actions", mark("Actions"), order=40, view=actions)
