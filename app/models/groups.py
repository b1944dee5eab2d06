"""Working groups of the day: who sits at which table and works on which board, mixed across
functions. A team is where somebody works; a group is whom they work with on the day."""

from typing import Annotated

from sqlalchemy import Select
from sqlmodel import select

from app.models.fields import Fields, Line, Meta, Ordered, Title


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
