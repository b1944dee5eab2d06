"""A whole plan as the plan check sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property

from app.rules.findings import Finding
from app.rules.plan_check.facts_of_day import (
    ActivityFact,
    AmbassadorFact,
    AppearanceFact,
    BlockFact,
    CaseFact,
    ChannelFact,
    ConsequenceFact,
    DecisionFact,
    DryRunFact,
    FaqFact,
    MessageFact,
    NarrativeFact,
    PageFact,
    PersonFact,
    PointFact,
    RiskFact,
    SegmentFact,
    SponsorFact,
    StakeholderFact,
    StepFact,
    TeamFact,
    TermFact,
    ThemeFact,
)
from app.rules.plan_check.facts_of_work import (
    ActionFact,
    DeliverableFact,
    FocusFact,
    GoalFact,
    InitiativeFact,
    KeyResultFact,
    KickoffFact,
    KpiFact,
    LinkFact,
    MilestoneFact,
    MoveFact,
    ObjectiveFact,
    PilotFact,
    RaciFact,
    ReadingFact,
)
from app.rules.raci import Handed, Letter, raci_findings


@dataclass(frozen=True)
class Facts:
    """A whole plan, what is ordered in its order. `today` is the day where the kickoff is."""

    today: date
    kickoff: KickoffFact
    goals: Sequence[GoalFact] = ()
    moves: Sequence[MoveFact] = ()
    kpis: Sequence[KpiFact] = ()
    readings: Sequence[ReadingFact] = ()
    links: Sequence[LinkFact] = ()
    focus: Sequence[FocusFact] = ()
    initiatives: Sequence[InitiativeFact] = ()
    pilots: Sequence[PilotFact] = ()
    deliverables: Sequence[DeliverableFact] = ()
    raci: Sequence[RaciFact] = ()
    milestones: Sequence[MilestoneFact] = ()
    actions: Sequence[ActionFact] = ()
    objectives: Sequence[ObjectiveFact] = ()
    key_results: Sequence[KeyResultFact] = ()
    stakeholders: Sequence[StakeholderFact] = ()
    segments: Sequence[SegmentFact] = ()
    sponsors: Sequence[SponsorFact] = ()
    appearances: Sequence[AppearanceFact] = ()
    ambassadors: Sequence[AmbassadorFact] = ()
    dry_runs: Sequence[DryRunFact] = ()
    narratives: Sequence[NarrativeFact] = ()
    points: Sequence[PointFact] = ()
    themes: Sequence[ThemeFact] = ()
    pages: Sequence[PageFact] = ()
    messages: Sequence[MessageFact] = ()
    consequences: Sequence[ConsequenceFact] = ()
    cases: Sequence[CaseFact] = ()
    faq: Sequence[FaqFact] = ()
    terms: Sequence[TermFact] = ()
    channels: Sequence[ChannelFact] = ()
    steps: Sequence[StepFact] = ()
    risks: Sequence[RiskFact] = ()
    decisions: Sequence[DecisionFact] = ()
    blocks: Sequence[BlockFact] = ()
    activities: Sequence[ActivityFact] = ()
    teams: Sequence[TeamFact] = ()
    people: Sequence[PersonFact] = ()

    @cached_property
    def strategic(self) -> Sequence[GoalFact]:
        return [goal for goal in self.goals if goal.level == "strategic"]

    @cached_property
    def sub_goals(self) -> Sequence[GoalFact]:
        return [goal for goal in self.goals if goal.level == "sub_goal"]

    @cached_property
    def below_vision(self) -> Sequence[GoalFact]:
        """What is to be met: the vision is where it leads, and is not measured."""
        return [goal for goal in self.goals if goal.level != "vision"]

    @cached_property
    def days_since(self) -> int | None:
        """Days after the kickoff, less than none before it; None while it has no day."""
        return None if self.kickoff.day is None else (self.today - self.kickoff.day).days

    @cached_property
    def faults_of_raci(self) -> Sequence[Finding]:
        """What is wrong with it (`rules/raci`), whatever rule asks."""
        handed = [
            Handed(one.id, one.owner_id, tuple(one.supporter_ids)) for one in self.deliverables
        ]
        letters = [Letter(one.deliverable_id, one.person_id, one.role) for one in self.raci]
        return raci_findings(handed, letters)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What each record is called, by its id."""
        sets = (getattr(self, field.name) for field in fields(self)[2:])
        return {fact.id: fact.title for facts in sets for fact in facts}
