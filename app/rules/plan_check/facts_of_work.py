"""What is to be reached and done, as the plan check sees it: from the goals to the key results."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.rules.plan_check.fact import Fact
from app.rules.smart import Stated


@dataclass(frozen=True)
class KickoffFact(Fact):
    challenge: bool = False
    purpose: bool = False
    expected_effect: bool = False
    success_criteria: bool = False
    vision: bool = False
    venue: bool = False
    audience: bool = False
    sponsor: bool = False
    day: date | None = None
    starts_at: str = "09:00"


@dataclass(frozen=True)
class GoalFact(Fact):
    level: str = "strategic"
    parent_id: str | None = None
    owner_id: str | None = None
    stakeholder_ids: Sequence[str] = ()
    specific: str = ""
    measurable: str = ""
    achievable: str = ""
    relevant: str = ""
    due: date | None = None
    incentive: bool = False

    @property
    def stated(self) -> Stated:
        return Stated(
            title=self.title,
            specific=self.specific,
            measurable=self.measurable,
            achievable=self.achievable,
            relevant=self.relevant,
            has_owner=self.owner_id is not None,
            has_date=self.due is not None,
        )


@dataclass(frozen=True)
class MoveFact(Fact):
    goal_id: str | None = None


@dataclass(frozen=True)
class KpiFact(Fact):
    goal_id: str | None = None
    unit: bool = False
    baseline: bool = False
    target: bool = False
    target_date: bool = False
    on_map: bool = False


@dataclass(frozen=True)
class ReadingFact(Fact):
    kpi_id: str = ""


@dataclass(frozen=True)
class LinkFact(Fact):
    cause_goal_id: str | None = None
    effect_goal_id: str | None = None


@dataclass(frozen=True)
class FocusFact(Fact):
    reason: bool = False


@dataclass(frozen=True)
class InitiativeFact(Fact):
    owner_id: bool = False
    team_id: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    capacity: float | None = None
    competence: bool = False
    budget: bool = False


@dataclass(frozen=True)
class PilotFact(Fact):
    initiative_id: str | None = None
    hypothesis: bool = False
    result: bool = False
    verdict: bool = False


@dataclass(frozen=True)
class DeliverableFact(Fact):
    owner_id: str | None = None
    supporter_ids: Sequence[str] = ()
    goal_id: bool = False
    kpi_id: bool = False
    due: bool = False
    done_criteria: bool = False
    prioritised: bool = False
    confirmed_at: bool = False


@dataclass(frozen=True)
class RaciFact(Fact):
    deliverable_id: str = ""
    person_id: str = ""
    role: str = ""


@dataclass(frozen=True)
class MilestoneFact(Fact):
    window: str = "30"
    due: bool = False
    owner_id: bool = False
    deliverable_id: bool = False
    kpi_id: bool = False
    done_criteria: bool = False


@dataclass(frozen=True)
class ActionFact(Fact):
    owner_id: bool = False
    due: bool = False
    state: str = "open"
    source: str = "plan"


@dataclass(frozen=True)
class ObjectiveFact(Fact):
    team_id: str | None = None
    goal_id: bool = False
    owner_id: bool = False


@dataclass(frozen=True)
class KeyResultFact(Fact):
    objective_id: str = ""
    owner_id: bool = False
    baseline: bool = False
    target: bool = False
    due: bool = False
