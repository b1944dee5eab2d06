"""What the plan check knows of a kickoff: each table asked once, for the columns that count."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import String
from sqlmodel import AutoString, Session, col, select

from app.models.activities import Activity
from app.models.fields import OfKickoff, Ordered
from app.models.kickoffs import Kickoff
from app.operations import entities
from app.operations.derived import today_in
from app.operations.entities import Entity
from app.rules.plan_check import facts_of_day as day
from app.rules.plan_check import facts_of_work as work
from app.rules.plan_check.fact import Fact
from app.rules.plan_check.facts import Facts

F = TypeVar("F", bound=Fact)

_GATHERED: dict[str, tuple[Entity, type[Fact]]] = {
    "goals": (entities.GOALS, work.GoalFact),
    "moves": (entities.STRATEGIC_MOVES, work.MoveFact),
    "kpis": (entities.KPIS, work.KpiFact),
    "readings": (entities.READINGS, work.ReadingFact),
    "links": (entities.CAUSE_EFFECT_LINKS, work.LinkFact),
    "focus": (entities.FOCUS_AREAS, work.FocusFact),
    "initiatives": (entities.INITIATIVES, work.InitiativeFact),
    "pilots": (entities.PILOTS, work.PilotFact),
    "deliverables": (entities.DELIVERABLES, work.DeliverableFact),
    "raci": (entities.RACI, work.RaciFact),
    "milestones": (entities.MILESTONES, work.MilestoneFact),
    "actions": (entities.ACTIONS, work.ActionFact),
    "objectives": (entities.OBJECTIVES, work.ObjectiveFact),
    "key_results": (entities.KEY_RESULTS, work.KeyResultFact),
    "stakeholders": (entities.STAKEHOLDERS, day.StakeholderFact),
    "segments": (entities.SEGMENTS, day.SegmentFact),
    "sponsors": (entities.SPONSORS, day.SponsorFact),
    "appearances": (entities.APPEARANCES, day.AppearanceFact),
    "ambassadors": (entities.AMBASSADORS, day.AmbassadorFact),
    "dry_runs": (entities.DRY_RUNS, day.DryRunFact),
    "narratives": (entities.NARRATIVES, day.NarrativeFact),
    "points": (entities.SUPPORTING_POINTS, day.PointFact),
    "themes": (entities.THEMES, day.ThemeFact),
    "pages": (entities.THEME_PAGES, day.PageFact),
    "messages": (entities.MESSAGES, day.MessageFact),
    "consequences": (entities.CONSEQUENCES, day.ConsequenceFact),
    "cases": (entities.CASES, day.CaseFact),
    "faq": (entities.FAQ, day.FaqFact),
    "terms": (entities.TERMS, day.TermFact),
    "channels": (entities.CHANNELS, day.ChannelFact),
    "steps": (entities.COMMUNICATION_STEPS, day.StepFact),
    "risks": (entities.RISKS, day.RiskFact),
    "decisions": (entities.DECISIONS, day.DecisionFact),
    "blocks": (entities.AGENDA_BLOCKS, day.BlockFact),
    "teams": (entities.TEAMS, day.TeamFact),
    "people": (entities.PEOPLE, day.PersonFact),
}


def plan_facts(session: Session, kickoff: Kickoff, now: datetime | None = None) -> Facts:
    """Everything that is measured. One query a table, however large the plan is."""
    gathered: dict[str, Any] = {
        name: _gathered(session, entity, fact, kickoff.id)
        for name, (entity, fact) in _GATHERED.items()
    }
    return Facts(
        today=today_in(kickoff, now),
        kickoff=_of_kickoff(kickoff),
        activities=_activities(session, kickoff.id),
        **gathered,
    )


def _gathered(session: Session, entity: Entity, fact: type[F], kickoff_id: str) -> list[F]:
    table = entity.child
    columns = [_column(table, entity.name_field, fact, name) for name in _names(fact)]
    keys = [table.position, table.id] if issubclass(table, Ordered) else [table.id]
    found = select(*columns).where(col(table.kickoff_id) == kickoff_id).order_by(*keys)
    return [fact(*row) for row in session.execute(found)]


def _names(fact: type[Fact]) -> list[str]:
    return [field.name for field in fields(fact)]


def _column(table: type[OfKickoff], title: str, fact: type[Fact], name: str) -> Any:
    """The column of a fact's field; whether it says something, where that is all that is asked."""
    column: Any = col(getattr(table, title if name == "title" else name))
    asked = next(field.type for field in fields(fact) if field.name == name)
    if asked is not bool or column.type.python_type is bool:
        return column
    # SQLModel's type of text is no kind of SQLAlchemy's.
    is_text = isinstance(column.type, String | AutoString) and not column.nullable
    return column != "" if is_text else column.is_not(None)


def _of_kickoff(kickoff: Kickoff) -> work.KickoffFact:
    texts = {
        field.name: bool(getattr(kickoff, field.name))
        for field in fields(work.KickoffFact)
        if field.type is bool
    }
    return work.KickoffFact(
        id=kickoff.id, title=kickoff.title, day=kickoff.day, starts_at=kickoff.starts_at, **texts
    )


def _activities(session: Session, kickoff_id: str) -> Sequence[day.ActivityFact]:
    found = select(Activity.id, Activity.title, Activity.block_id, Activity.kind).where(
        Activity.kickoff_id == kickoff_id
    )
    return [day.ActivityFact(*row) for row in session.execute(found.order_by(Activity.id))]
