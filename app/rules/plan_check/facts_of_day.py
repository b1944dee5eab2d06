"""Whom it concerns, what they are told, and the day, as the plan check sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.rules.plan_check.fact import Fact


@dataclass(frozen=True)
class StakeholderFact(Fact):
    side: str = "internal"
    influence: str = "medium"
    needs: bool = False
    before: bool = False
    during: bool = False
    after: bool = False
    owner_id: bool = False


@dataclass(frozen=True)
class SegmentFact(Fact):
    expectations: bool = False


@dataclass(frozen=True)
class SponsorFact(Fact):
    commitment: bool = False


@dataclass(frozen=True)
class AppearanceFact(Fact):
    sponsor_id: str = ""
    setting: str = "plenary"
    planned_on: bool = False
    held_on: bool = False


@dataclass(frozen=True)
class AmbassadorFact(Fact):
    function: str = "other"
    knows_messages: bool = False
    knows_faq: bool = False
    has_pitch: bool = False


@dataclass(frozen=True)
class DryRunFact(Fact):
    minutes: int = 45
    has_questions: bool = False
    planned_on: bool = False


@dataclass(frozen=True)
class NarrativeFact(Fact):
    level: str = "organisation"
    customer_example: bool = False
    operations_example: bool = False
    culture_example: bool = False


@dataclass(frozen=True)
class PointFact(Fact):
    pass


@dataclass(frozen=True)
class ThemeFact(Fact):
    pass


@dataclass(frozen=True)
class PageFact(Fact):
    theme_id: str = ""


@dataclass(frozen=True)
class MessageFact(Fact):
    theme_id: str | None = None


@dataclass(frozen=True)
class ConsequenceFact(Fact):
    segment_id: str | None = None
    process: bool = False
    priorities: bool = False


@dataclass(frozen=True)
class CaseFact(Fact):
    kind: str = "other"
    goal_id: bool = False
    owner_id: bool = False
    today: bool = False
    afterwards: bool = False


@dataclass(frozen=True)
class FaqFact(Fact):
    answer: bool = False


@dataclass(frozen=True)
class TermFact(Fact):
    meaning: bool = False
    example: bool = False


@dataclass(frozen=True)
class ChannelFact(Fact):
    reach: bool = False
    owner_id: bool = False


@dataclass(frozen=True)
class StepFact(Fact):
    day: str = "0"
    due: bool = False
    channel_id: bool = False
    segment_id: bool = False
    owner_id: bool = False
    done_on: bool = False
    opened: bool = False
    attendance: bool = False
    feedback: bool = False


@dataclass(frozen=True)
class RiskFact(Fact):
    kind: str = "risk"
    area: str = "delivery"
    mitigation: bool = False
    owner_id: bool = False
    due: bool = False
    state: str = "open"


@dataclass(frozen=True)
class DecisionFact(Fact):
    owner_id: bool = False
    superseded_by_id: bool = False


@dataclass(frozen=True)
class BlockFact(Fact):
    kind: str = "strategy"
    minutes: int = 15
    phases: Sequence[Mapping[str, Any]] | None = None
    fixed_start: str | None = None
    purpose: bool = False
    owner_id: bool = False
    customer_problem: bool = False
    effect_indicator: bool = False
    goal_ids: Sequence[str] = ()
    deliverable_ids: Sequence[str] = ()
    kpi_ids: Sequence[str] = ()
    risk_ids: Sequence[str] = ()
    message_ids: Sequence[str] = ()


@dataclass(frozen=True)
class ActivityFact(Fact):
    block_id: str | None = None
    kind: str = ""


@dataclass(frozen=True)
class TeamFact(Fact):
    capacity: float | None = None


@dataclass(frozen=True)
class PersonFact(Fact):
    pass
