"""Working groups of the day: who sits at which table and works on which board, mixed across
functions. A team is where somebody works; a group is whom they work with on the day."""

from typing import Annotated, Any

from sqlalchemy import JSON, Select
from sqlmodel import Field, SQLModel, select

from app.models.fields import Fields, Line, Meta, Ordered, Title, foreign


class WorkingGroupFields(Fields):
    name: Annotated[Title, Meta("Name")]
    table: Annotated[
        Line, Meta("Table", "Where the group sits, as the sign on the table says.")
    ] = ""


class WorkingGroup(WorkingGroupFields, Ordered, table=True):
    __tablename__ = "working_group"


def groups_of(kickoff_id: str) -> Select[WorkingGroup]:
    return (
        select(WorkingGroup)
        .where(WorkingGroup.kickoff_id == kickoff_id)
        .order_by(WorkingGroup.position, WorkingGroup.id)
    )


class EarlierGroups(SQLModel, table=True):
    """How the groups were, to take back what was made of them. `of`: "" before the last change,
    a room's id before the first one made in it, which is how they are again after a rehearsal."""

    __tablename__ = "earlier_groups"
    kickoff_id: str = foreign("kickoff.id", primary_key=True)
    of: str = Field(default="", primary_key=True, max_length=36)
    state: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
