"""What people have taken on because of an activity, for its views."""

from collections import defaultdict
from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.live.snapshot import ActionView
from app.models.actions import Action
from app.models.people import Person, Team


def actions_from(session: Session, activity_ids: Sequence[str]) -> dict[str, list[ActionView]]:
    """By activity, in the order in which they were taken on."""
    found: dict[str, list[ActionView]] = defaultdict(list)
    if not activity_ids:
        return found
    wanted = (
        select(Action, Person.name, Team.name)
        .outerjoin(Person, col(Person.id) == col(Action.owner_id))
        .outerjoin(Team, col(Team.id) == col(Action.team_id))
        .where(col(Action.source_activity_id).in_(activity_ids))
        .order_by(col(Action.id))
    )
    for action, owner, team in session.execute(wanted):
        found[action.source_activity_id].append(
            ActionView(
                id=action.id,
                title=action.title,
                owner_id=action.owner_id,
                owner=owner or "",
                team=team or "",
                due=action.due.isoformat() if action.due else "",
                window=int(action.window) if action.window else None,
                entry_id=action.source_entry_id,
                state=action.state,
            )
        )
    return found
