"""People and teams of a kickoff. A person outlives the day: owner of actions, gets reminders."""

from typing import Annotated

from pydantic import Field as Bounds
from sqlalchemy import Select, func
from sqlmodel import col, select

from app.models.fields import (
    Email,
    Fields,
    Figure,
    Id,
    Line,
    Meta,
    OfKickoff,
    Ordered,
    Title,
    foreign,
)

Headcount = Annotated[Figure, Bounds(ge=0)]


class TeamFields(Fields):
    name: Annotated[Title, Meta("Name")]
    purpose: Annotated[Line, Meta("Purpose", "What the team is here to do.")] = ""
    capacity: Annotated[
        Headcount | None, Meta("Capacity", "How many people it can give at a time.", "decimal")
    ] = None


class Team(TeamFields, Ordered, table=True):
    __tablename__ = "team"


class PersonFields(Fields):
    name: Annotated[Title, Meta("Name")]
    email: Annotated[Email, Meta("E-mail", "", "email")] = ""
    function: Annotated[Line, Meta("Function", "Sales, product, operations …")] = ""
    seniority: Annotated[Line, Meta("Seniority")] = ""
    site: Annotated[Line, Meta("Site")] = ""
    team_id: Annotated[Id | None, Meta("Team", "", "team")] = foreign("team.id", default=None)
    working_group_id: Annotated[
        Id | None, Meta("Group", "Whom they work with on the day.", "group", in_table=False)
    ] = foreign("working_group.id", default=None)


class Person(PersonFields, OfKickoff, table=True):
    __tablename__ = "person"


def people_of(kickoff_id: str) -> Select[Person]:
    return select(Person).where(Person.kickoff_id == kickoff_id).order_by(Person.name, Person.id)


def teams_of(kickoff_id: str) -> Select[Team]:
    return select(Team).where(Team.kickoff_id == kickoff_id).order_by(Team.position, Team.id)


def how_many(table: type[Person] | type[Team], kickoff_id: str) -> Select[int]:
    return select(func.count()).select_from(table).where(col(table.kickoff_id) == kickoff_id)
