"""The entities of a plan: what is declared once and gets table, REST, form and table view from it.

A new entity is its declaration in `models/` and one line here.
"""

from dataclasses import dataclass

from app.access import Permission
from app.i18n import mark
from app.models.agenda import AgendaBlock, AgendaBlockFields
from app.models.fields import Fields, OfKickoff, Ordered, Record, meta_of
from app.models.kickoffs import Kickoff, KickoffFields
from app.models.people import Person, PersonFields, Team, TeamFields


@dataclass(frozen=True)
class Entity:
    """`name` is the plural of paths; `one` and `many` are English message ids.
    `in_room`: rooms show something of it, and are told when it changes.
    """

    name: str
    fields: type[Fields]
    table: type[Record]
    one: str
    many: str
    in_room: bool = False
    see: Permission = Permission.SEE_PLAN
    edit: Permission = Permission.EDIT_PLAN

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
    def private(self) -> frozenset[str]:
        """The fields that only those who may see the facilitator's notes read and write."""
        metas = {name: meta_of(self.fields, name) for name in self.fields.model_fields}
        return frozenset(name for name, meta in metas.items() if meta and meta.private)


KICKOFFS = Entity(
    "kickoffs", KickoffFields, Kickoff, mark("Kickoff"), mark("Kickoffs"), in_room=True
)
TEAMS = Entity("teams", TeamFields, Team, mark("Team"), mark("Teams"), in_room=True)
PEOPLE = Entity("people", PersonFields, Person, mark("Person"), mark("People"), in_room=True)
AGENDA_BLOCKS = Entity(
    "agenda-blocks",
    AgendaBlockFields,
    AgendaBlock,
    mark("Agenda block"),
    mark("Agenda blocks"),
    in_room=True,
)

# What a kickoff has beneath it; each gets /api/v1/kickoffs/{kickoff_id}/<name>.
PLAN = (TEAMS, PEOPLE, AGENDA_BLOCKS)
