"""Milestones (P8): what is reached by day 30, 60 and 90, and how anybody can see it."""

from datetime import date
from typing import Annotated

from sqlalchemy import String
from sqlmodel import Field

from app.models.actions import WINDOWS, Window
from app.models.fields import Fields, Id, Ids, Meta, OfKickoff, Prose, Title, foreign, several


class MilestoneFields(Fields):
    title: Annotated[Title, Meta("Milestone", "What is so when it is reached.")]
    window: Annotated[Window, Meta("Window", "", "select", choices=WINDOWS)] = Field(
        default=Window.FIRST, sa_type=String(2)
    )
    due: Annotated[date | None, Meta("Due", "", "date")] = None
    owner_id: Annotated[Id | None, Meta("Owner", "", "person")] = foreign("person.id", default=None)
    team_id: Annotated[Id | None, Meta("Team", "", "team", in_table=False)] = foreign(
        "team.id", default=None
    )
    deliverable_id: Annotated[Id | None, Meta("Deliverable", "", "deliverable")] = foreign(
        "deliverable.id", default=None
    )
    kpi_id: Annotated[Id | None, Meta("KPI", "", "kpi", in_table=False)] = foreign(
        "kpi.id", default=None
    )
    done_criteria: Annotated[
        Prose, Meta("Done when", "What anybody can check.", "area", in_table=False)
    ] = ""
    depends_on_ids: Annotated[
        Ids,
        Meta(
            "Depends on",
            "Milestones that must be reached first.",
            "milestone",
            in_table=False,
            several=True,
        ),
    ] = several()
    reached_on: Annotated[date | None, Meta("Reached", "Empty until it is.", "date")] = None


class Milestone(MilestoneFields, OfKickoff, table=True):
    __tablename__ = "milestone"
