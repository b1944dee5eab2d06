"""The entities of a plan: what is declared once and gets table, REST, form and table view from it.

A new entity is its declaration in `models/` and one line here.
"""

from dataclasses import dataclass

from app.access import Permission
from app.i18n import mark
from app.models.actions import Action, ActionFields
from app.models.agenda import AgendaBlock, AgendaBlockFields
from app.models.assumptions import Assumption, AssumptionFields
from app.models.cases import Case, CaseEffect, CaseEffectFields, CaseFields
from app.models.cause_effect import CauseEffectLink, CauseEffectLinkFields
from app.models.check_ins import CheckIn, CheckInFields
from app.models.communication import (
    Channel,
    ChannelFields,
    CommunicationStep,
    CommunicationStepFields,
)
from app.models.decisions import Decision, DecisionFields
from app.models.deliverables import Deliverable, DeliverableFields
from app.models.explained import Faq, FaqFields, Term, TermFields
from app.models.fields import Fields, Kept, OfKickoff, Ordered, Record, meta_of
from app.models.goals import Goal, GoalFields
from app.models.groups import WorkingGroup, WorkingGroupFields
from app.models.kickoffs import Kickoff, KickoffFields
from app.models.kpis import Kpi, KpiFields, Reading, ReadingFields
from app.models.learnings import Learning, LearningFields
from app.models.meetings import (
    Blocker,
    BlockerFields,
    Meeting,
    MeetingFields,
    MeetingSeries,
    MeetingSeriesFields,
)
from app.models.milestones import Milestone, MilestoneFields
from app.models.narrative import Narrative, NarrativeFields, SupportingPoint, SupportingPointFields
from app.models.objectives import KeyResult, KeyResultFields, Objective, ObjectiveFields
from app.models.people import Person, PersonFields, Team, TeamFields
from app.models.pilots import Pilot, PilotFields
from app.models.portfolio import (
    FocusArea,
    FocusAreaFields,
    Initiative,
    InitiativeFields,
    StrategicMove,
    StrategicMoveFields,
)
from app.models.pulses import (
    Pulse,
    PulseFields,
    PulseMeasure,
    PulseMeasureFields,
    PulseQuestion,
    PulseQuestionFields,
)
from app.models.raci import Raci, RaciFields
from app.models.responsibilities import Responsibility, ResponsibilityFields
from app.models.retrospectives import (
    Cause,
    CauseFields,
    RetroNote,
    RetroNoteFields,
    Retrospective,
    RetrospectiveFields,
)
from app.models.risks import Risk, RiskFields
from app.models.sponsors import (
    Ambassador,
    AmbassadorFields,
    Appearance,
    AppearanceFields,
    DryRun,
    DryRunFields,
    Sponsor,
    SponsorFields,
)
from app.models.stakeholders import Segment, SegmentFields, Stakeholder, StakeholderFields
from app.models.themes import (
    Consequence,
    ConsequenceFields,
    Message,
    MessageFields,
    Theme,
    ThemeFields,
    ThemePage,
    ThemePageFields,
)
from app.operations.derived import (
    ACTION_DERIVED,
    BLOCKER_DERIVED,
    DELIVERABLE_DERIVED,
    GOAL_DERIVED,
    KEPT_DERIVED,
    MEASURE_DERIVED,
    RISK_DERIVED,
    Derived,
)


@dataclass(frozen=True)
class Entity:
    """`name` is the plural of paths; `one` and `many` are English message ids.
    `in_room`: rooms show something of it, and are told when it changes. `derived` are the fields
    that nobody writes. `acyclic` is the field whose references must lead to no circle. `changing`
    are the only fields that change of what was said once and is never removed.
    """

    name: str
    fields: type[Fields]
    table: type[Record]
    one: str
    many: str
    in_room: bool = False
    see: Permission = Permission.SEE_PLAN
    edit: Permission = Permission.EDIT_PLAN
    derived: tuple[Derived, ...] = ()
    acyclic: str = ""
    changing: tuple[str, ...] | None = None

    @property
    def name_field(self) -> str:
        """What a record is called by: the first field of the declaration."""
        return next(iter(self.fields.model_fields))

    @property
    def child(self) -> type[OfKickoff]:
        """The table, of an entity that belongs to a kickoff."""
        assert issubclass(self.table, OfKickoff), f"{self.name} belong to no kickoff"
        return self.table

    @property
    def ordered(self) -> bool:
        """Whether its records have a place among their siblings."""
        return issubclass(self.table, Ordered)

    @property
    def ordered_table(self) -> type[Ordered]:
        assert issubclass(self.table, Ordered), f"{self.name} have no order"
        return self.table

    @property
    def kept(self) -> bool:
        """Whether its records are superseded, and never removed."""
        return issubclass(self.table, Kept)

    @property
    def lasting(self) -> bool:
        """Whether its records are never removed, whatever else can become of them."""
        return self.kept or self.changing is not None

    @property
    def private(self) -> frozenset[str]:
        """The fields that only those who may see the facilitator's notes read and write."""
        metas = {name: meta_of(self.fields, name) for name in self.fields.model_fields}
        return frozenset(name for name, meta in metas.items() if meta and meta.private)


KICKOFFS = Entity(
    "kickoffs", KickoffFields, Kickoff, mark("Kickoff"), mark("Kickoffs"), in_room=True
)
TEAMS = Entity("teams", TeamFields, Team, mark("Team"), mark("Teams"), in_room=True)
PEOPLE = Entity("people", PersonFields, Person, mark("Person"), mark("People"), in_room=True)
GROUPS = Entity(
    "groups", WorkingGroupFields, WorkingGroup, mark("Group"), mark("Groups"), in_room=True
)
AGENDA_BLOCKS = Entity(
    "agenda-blocks",
    AgendaBlockFields,
    AgendaBlock,
    mark("Agenda block"),
    mark("Agenda blocks"),
    in_room=True,
)

GOALS = Entity(
    "goals",
    GoalFields,
    Goal,
    mark("Goal"),
    mark("Goals"),
    in_room=True,
    derived=GOAL_DERIVED,
    acyclic="parent_id",
)
KPIS = Entity("kpis", KpiFields, Kpi, mark("KPI"), mark("KPIs"), in_room=True)
RISKS = Entity(
    "risks",
    RiskFields,
    Risk,
    mark("Risk"),
    mark("Risks and opportunities"),
    in_room=True,
    derived=RISK_DERIVED,
)
DELIVERABLES = Entity(
    "deliverables",
    DeliverableFields,
    Deliverable,
    mark("Deliverable"),
    mark("Deliverables"),
    in_room=True,
    derived=DELIVERABLE_DERIVED,
)
ACTIONS = Entity(
    "actions",
    ActionFields,
    Action,
    mark("Action"),
    mark("Actions"),
    in_room=True,
    derived=ACTION_DERIVED,
    acyclic="depends_on_ids",
)
DECISIONS = Entity(
    "decisions",
    DecisionFields,
    Decision,
    mark("Decision"),
    mark("Decisions"),
    in_room=True,
    derived=KEPT_DERIVED,
)
ASSUMPTIONS = Entity(
    "assumptions",
    AssumptionFields,
    Assumption,
    mark("Assumption"),
    mark("Assumptions"),
    in_room=True,
    derived=KEPT_DERIVED,
)

STRATEGIC_MOVES = Entity(
    "strategic-moves",
    StrategicMoveFields,
    StrategicMove,
    mark("Strategic move"),
    mark("Strategic moves"),
    in_room=True,
)
FOCUS_AREAS = Entity(
    "focus-areas", FocusAreaFields, FocusArea, mark("Focus area"), mark("Focus areas"), in_room=True
)
INITIATIVES = Entity(
    "initiatives",
    InitiativeFields,
    Initiative,
    mark("Initiative"),
    mark("Initiatives"),
    acyclic="depends_on_ids",
    in_room=True,
)
MILESTONES = Entity(
    "milestones",
    MilestoneFields,
    Milestone,
    mark("Milestone"),
    mark("Milestones"),
    acyclic="depends_on_ids",
    in_room=True,
)
LEARNINGS = Entity(
    "learnings", LearningFields, Learning, mark("Learning note"), mark("Learning log")
)
PILOTS = Entity("pilots", PilotFields, Pilot, mark("Pilot"), mark("Pilots"))
CAUSE_EFFECT_LINKS = Entity(
    "cause-effect-links",
    CauseEffectLinkFields,
    CauseEffectLink,
    mark("Cause and effect"),
    mark("Causes and effects"),
    in_room=True,
)
READINGS = Entity(
    "readings", ReadingFields, Reading, mark("Reading"), mark("Readings"), in_room=True
)
SEGMENTS = Entity(
    "segments", SegmentFields, Segment, mark("Segment"), mark("Segments"), in_room=True
)
STAKEHOLDERS = Entity(
    "stakeholders",
    StakeholderFields,
    Stakeholder,
    mark("Stakeholder"),
    mark("Stakeholders"),
    in_room=True,
)
NARRATIVES = Entity(
    "narratives", NarrativeFields, Narrative, mark("Narrative"), mark("The narrative")
)
SUPPORTING_POINTS = Entity(
    "supporting-points",
    SupportingPointFields,
    SupportingPoint,
    mark("Supporting point"),
    mark("Supporting points"),
)
THEMES = Entity("themes", ThemeFields, Theme, mark("Theme"), mark("Themes"), in_room=True)
THEME_PAGES = Entity(
    "theme-pages",
    ThemePageFields,
    ThemePage,
    mark("Theme page"),
    mark("Theme pages"),
    in_room=True,
)
MESSAGES = Entity("messages", MessageFields, Message, mark("Core message"), mark("Core messages"))
CONSEQUENCES = Entity(
    "consequences",
    ConsequenceFields,
    Consequence,
    mark("Consequence for an audience"),
    mark("Consequences for audiences"),
)
FAQ = Entity("faq", FaqFields, Faq, mark("Question and answer"), mark("FAQ"), in_room=True)
TERMS = Entity("glossary", TermFields, Term, mark("Term"), mark("Glossary"))
CHANNELS = Entity(
    "channels", ChannelFields, Channel, mark("Channel"), mark("Channels"), in_room=True
)
COMMUNICATION_STEPS = Entity(
    "communication-steps",
    CommunicationStepFields,
    CommunicationStep,
    mark("Communication step"),
    mark("Communication steps"),
    in_room=True,
)
SPONSORS = Entity("sponsors", SponsorFields, Sponsor, mark("Sponsor"), mark("Sponsors"))
APPEARANCES = Entity(
    "appearances", AppearanceFields, Appearance, mark("Appearance"), mark("Appearances")
)
AMBASSADORS = Entity(
    "ambassadors", AmbassadorFields, Ambassador, mark("Ambassador"), mark("Ambassadors")
)
DRY_RUNS = Entity("dry-runs", DryRunFields, DryRun, mark("Dry run"), mark("Dry runs"))
CASES = Entity("cases", CaseFields, Case, mark("Case"), mark("Cases"), in_room=True)
CASE_EFFECTS = Entity(
    "case-effects",
    CaseEffectFields,
    CaseEffect,
    mark("Effect of a case"),
    mark("Effects of cases"),
    in_room=True,
)
RACI = Entity("raci", RaciFields, Raci, mark("RACI role"), mark("RACI"), in_room=True)
OBJECTIVES = Entity(
    "objectives",
    ObjectiveFields,
    Objective,
    mark("Objective"),
    mark("Objectives"),
    in_room=True,
)
KEY_RESULTS = Entity(
    "key-results",
    KeyResultFields,
    KeyResult,
    mark("Key result"),
    mark("Key results"),
    in_room=True,
)
CHECK_INS = Entity(
    "check-ins",
    CheckInFields,
    CheckIn,
    mark("Check-in"),
    mark("Check-ins"),
    in_room=True,
    changing=("withdrawn",),
)
RETROSPECTIVES = Entity(
    "retrospectives",
    RetrospectiveFields,
    Retrospective,
    mark("Retrospective"),
    mark("Retrospectives"),
    in_room=True,
)
RETRO_NOTES = Entity("retro-notes", RetroNoteFields, RetroNote, mark("Note"), mark("Notes"))
CAUSES = Entity(
    "causes", CauseFields, Cause, mark("Cause"), mark("Causes"), acyclic="because_of_id"
)
MEETING_SERIES = Entity(
    "meeting-series",
    MeetingSeriesFields,
    MeetingSeries,
    mark("Series of meetings"),
    mark("Series of meetings"),
)
MEETINGS = Entity("meetings", MeetingFields, Meeting, mark("Meeting"), mark("Meetings"))
BLOCKERS = Entity(
    "blockers",
    BlockerFields,
    Blocker,
    mark("Blocker"),
    mark("Blockers"),
    derived=BLOCKER_DERIVED,
)
RESPONSIBILITIES = Entity(
    "responsibilities",
    ResponsibilityFields,
    Responsibility,
    mark("Responsibility"),
    mark("Who is responsible"),
)
PULSES = Entity("pulses", PulseFields, Pulse, mark("Pulse"), mark("Pulses"))
PULSE_QUESTIONS = Entity(
    "pulse-questions",
    PulseQuestionFields,
    PulseQuestion,
    mark("Pulse question"),
    mark("Pulse questions"),
)
PULSE_MEASURES = Entity(
    "pulse-measures",
    PulseMeasureFields,
    PulseMeasure,
    mark("Pulse measure"),
    mark("Pulse measures"),
    derived=MEASURE_DERIVED,
)

# What a kickoff has beneath it; each gets /api/v1/kickoffs/{kickoff_id}/<name>.
PLAN = (
    TEAMS,
    PEOPLE,
    GROUPS,
    AGENDA_BLOCKS,
    GOALS,
    KPIS,
    RISKS,
    DELIVERABLES,
    ACTIONS,
    DECISIONS,
    ASSUMPTIONS,
    STRATEGIC_MOVES,
    FOCUS_AREAS,
    INITIATIVES,
    MILESTONES,
    PILOTS,
    LEARNINGS,
    CAUSE_EFFECT_LINKS,
    READINGS,
    SEGMENTS,
    STAKEHOLDERS,
    NARRATIVES,
    SUPPORTING_POINTS,
    THEMES,
    THEME_PAGES,
    MESSAGES,
    CONSEQUENCES,
    FAQ,
    TERMS,
    CHANNELS,
    COMMUNICATION_STEPS,
    SPONSORS,
    APPEARANCES,
    AMBASSADORS,
    DRY_RUNS,
    CASES,
    CASE_EFFECTS,
    RACI,
    OBJECTIVES,
    KEY_RESULTS,
    CHECK_INS,
    RETROSPECTIVES,
    RETRO_NOTES,
    CAUSES,
    MEETING_SERIES,
    MEETINGS,
    BLOCKERS,
    RESPONSIBILITIES,
    PULSES,
    PULSE_QUESTIONS,
    PULSE_MEASURES,
)

# What a copied kickoff takes over, what is referred to first.
COPIED = (
    SEGMENTS,
    STAKEHOLDERS,
    GOALS,
    KPIS,
    RISKS,
    STRATEGIC_MOVES,
    FOCUS_AREAS,
    INITIATIVES,
    DELIVERABLES,
    MILESTONES,
    CAUSE_EFFECT_LINKS,
    RACI,
    NARRATIVES,
    SUPPORTING_POINTS,
    THEMES,
    THEME_PAGES,
    MESSAGES,
    CONSEQUENCES,
    FAQ,
    TERMS,
    CHANNELS,
    COMMUNICATION_STEPS,
    SPONSORS,
    APPEARANCES,
    AMBASSADORS,
    DRY_RUNS,
    CASES,
    OBJECTIVES,
    KEY_RESULTS,
    RESPONSIBILITIES,
    PULSES,
    PULSE_QUESTIONS,
)

# What a field can refer to, by the widget that its declaration names.
REFERRED = {
    "person": PEOPLE,
    "team": TEAMS,
    "group": GROUPS,
    "goal": GOALS,
    "kpi": KPIS,
    "deliverable": DELIVERABLES,
    "action": ACTIONS,
    "risk": RISKS,
    "initiative": INITIATIVES,
    "pilot": PILOTS,
    "milestone": MILESTONES,
    "segment": SEGMENTS,
    "stakeholder": STAKEHOLDERS,
    "theme": THEMES,
    "message": MESSAGES,
    "channel": CHANNELS,
    "case": CASES,
    "sponsor": SPONSORS,
    "objective": OBJECTIVES,
    "key_result": KEY_RESULTS,
    "meeting-series": MEETING_SERIES,
    "meeting": MEETINGS,
    "retrospective": RETROSPECTIVES,
    "retro-note": RETRO_NOTES,
    "cause": CAUSES,
    "pulse": PULSES,
    "pulse-question": PULSE_QUESTIONS,
}
