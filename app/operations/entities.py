"""The entities of a plan: what is declared once and gets table, REST, form and table view from it.

A new entity is its declaration in `models/` and one line here.
"""

from dataclasses import dataclass

from app.access import Permission
from app.i18n import mark
from app.models.actions import Action, ActionFields
from app.models.agenda import AgendaBlock, AgendaBlockFields
from app.models.assumptions import Assumption, AssumptionFields
from app.models.decisions import Decision, DecisionFields
from app.models.deliverables import Deliverable, DeliverableFields
from app.models.fields import Fields, Kept, OfKickoff, Ordered, Record, meta_of
from app.models.goals import Goal, GoalFields
from app.models.groups import WorkingGroup, WorkingGroupFields
from app.models.kickoffs import Kickoff, KickoffFields
from app.models.kpis import Kpi, KpiFields
from app.models.people import Person, PersonFields, Team, TeamFields
from app.models.risks import Risk, RiskFields
from app.operations.derived import (
    ACTION_DERIVED,
    DELIVERABLE_DERIVED,
    KEPT_DERIVED,
    Derived,
)


@dataclass(frozen=True)
class Entity:
    """`name` is the plural of paths; `one` and `many` are English message ids.
    `in_room`: rooms show something of it, and are told when it changes. `derived` are the fields
    that nobody writes. `acyclic` is the field whose references must lead to no circle.
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
    acyclic="parent_id",
)
KPIS = Entity("kpis", KpiFields, Kpi, mark("KPI"), mark("KPIs"), in_room=True)
RISKS = Entity(
    "risks", RiskFields, Risk, mark("Risk"), mark("Risks and opportunities"), in_room=True
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
}
