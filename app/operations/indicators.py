"""What the launch indicators (F3) are measured from, each table asked once."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from app.models.actions import Action
from app.models.answers import PublishedPlan
from app.models.cause_effect import CauseEffectLink
from app.models.kickoffs import Kickoff
from app.models.objectives import KeyResult, Objective
from app.models.people import Team
from app.models.pilots import Pilot
from app.models.retrospectives import Retrospective
from app.operations.derived import today_in
from app.rules.indicators import Indicator, LaunchFacts, PilotFacts, TeamFacts, indicators


def launch_indicators(
    session: Session, kickoff: Kickoff, now: datetime | None = None
) -> list[Indicator]:
    today = today_in(kickoff, now)
    actions = session.execute(_of(kickoff, Action.id, Action.state)).all()
    held = _of(kickoff, Retrospective.id, Retrospective.held_on).where(
        col(Retrospective.held_on) <= today
    )
    objectives = session.execute(_of(kickoff, Objective.id)).all()
    return indicators(
        LaunchFacts(
            day=kickoff.day,
            today=today,
            published=session.get(PublishedPlan, kickoff.id) is not None,
            map_drawn=bool(session.execute(_of(kickoff, CauseEffectLink.id).limit(1)).first()),
            okr_drafted=bool(objectives),
            teams=_teams(session, kickoff),
            pilots=[
                PilotFacts(
                    id=one.id,
                    initiative_id=one.initiative_id,
                    begun=one.starts_on is not None and one.starts_on <= today,
                    learnt=bool(one.result.strip()) and one.verdict is not None,
                )
                for one in session.scalars(
                    select(Pilot).where(col(Pilot.kickoff_id) == kickoff.id).order_by(col(Pilot.id))
                )
            ],
            retrospectives=[(id, on) for id, on in session.execute(held)],
            settled=[id for id, state in actions if state != "open"],
            unsettled=[id for id, state in actions if state == "open"],
        )
    )


def _of(kickoff: Kickoff, *columns: Any) -> Any:
    table = columns[0].class_
    return select(*columns).where(table.kickoff_id == kickoff.id).order_by(table.id)


def _teams(session: Session, kickoff: Kickoff) -> list[TeamFacts]:
    counted = (
        select(KeyResult.objective_id, func.count())
        .where(col(KeyResult.kickoff_id) == kickoff.id)
        .group_by(col(KeyResult.objective_id))
    )
    counts: dict[str, int] = {row[0]: row[1] for row in session.execute(counted)}
    by_team: dict[str | None, list[int]] = defaultdict(list)
    for id, team_id in session.execute(_of(kickoff, Objective.id, Objective.team_id)):
        by_team[team_id].append(counts.get(id, 0))
    wanted = select(Team.id).where(col(Team.kickoff_id) == kickoff.id)
    ordered = wanted.order_by(col(Team.position), col(Team.id))
    return [TeamFacts(row[0], tuple(by_team[row[0]])) for row in session.execute(ordered)]
