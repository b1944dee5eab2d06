"""What of the plan has come of an activity, for its views: what people took on, and the record that
it has become."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from app.live.snapshot import ActionView
from app.models.actions import Action
from app.models.decisions import Decision
from app.models.kickoffs import Kickoff
from app.models.people import Person, Team
from app.models.retrospectives import Retrospective
from app.rules.status import window_of

# Built once: each look at a room asks this, and building it takes longer.
_FROM = (
    select(Action, Person.name, Team.name, Kickoff.day)  # type: ignore[type-var]  # or none
    .join(Kickoff, col(Kickoff.id) == col(Action.kickoff_id))
    .outerjoin(Person, col(Person.id) == col(Action.owner_id))
    .outerjoin(Team, col(Team.id) == col(Action.team_id))
    .where(col(Action.source_activity_id).in_(bindparam("ids", expanding=True)))
    .order_by(col(Action.id))
)
_KEPT = [
    select(table.source_activity_id, table.id)
    .where(col(table.source_activity_id).in_(bindparam("ids", expanding=True)))
    .order_by(col(table.id))
    for table in (Retrospective, Decision)
]


def kept_of(session: Session, activity_ids: Sequence[str]) -> dict[str, str]:
    """By activity: the retrospective or the decision that was made of it, the last one."""
    if not activity_ids:
        return {}
    return {row[0]: row[1] for of in _KEPT for row in session.execute(of, {"ids": activity_ids})}


def actions_from(session: Session, activity_ids: Sequence[str]) -> dict[str, list[ActionView]]:
    """By activity, in the order in which they were taken on."""
    found: dict[str, list[ActionView]] = defaultdict(list)
    if not activity_ids:
        return found
    for action, owner, team, day in session.execute(_FROM, {"ids": activity_ids}):
        window = action.window or window_of(action.due, day)
        found[action.source_activity_id].append(
            ActionView(
                id=action.id,
                title=action.title,
                owner_id=action.owner_id,
                owner=owner or "",
                team=team or "",
                due=action.due.isoformat() if action.due else "",
                window=int(window) if window else None,
                entry_id=action.source_entry_id,
                state=action.state,
            )
        )
    return found
