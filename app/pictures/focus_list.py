"""The focus list (P7): what comes first when there is not time for all, and why."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.i18n import mark
from app.models.kickoffs import Kickoff
from app.models.portfolio import FocusArea
from app.operations.entities import GOALS, PEOPLE
from app.pictures.names import names_of
from app.pictures.picture import Picture


@dataclass(frozen=True)
class Focus:
    id: str
    title: str
    reason: str
    goal: str
    owner: str


def focus_list(session: Session, kickoff: Kickoff) -> tuple[Focus, ...]:
    goals = names_of(session, GOALS, kickoff.id)
    people = names_of(session, PEOPLE, kickoff.id)
    wanted = (
        select(FocusArea)
        .where(col(FocusArea.kickoff_id) == kickoff.id)
        .order_by(col(FocusArea.position), col(FocusArea.id))
    )
    return tuple(
        Focus(
            one.id,
            one.title,
            one.reason,
            goals.get(one.goal_id or "", ""),
            people.get(one.owner_id or "", ""),
        )
        for one in session.scalars(wanted)
    )


PICTURE = Picture(
    code="focus-list",
    name=mark("Focus list"),
    about=mark("What comes first when there is not time for all, and why."),
    icon="list-ordered",
    order=25,
    view=focus_list,
)
