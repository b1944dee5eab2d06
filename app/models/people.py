"""People and teams of a kickoff. A person outlives the day: owner of actions, receiver of reminders."""

from typing import Annotated

from sqlmodel import Field

from app.models.fields import Fields, Line, Meta, Record, foreign


class TeamFields(Fields):
    name: Annotated[Line, Meta("Name")] = Field(min_length=1)
    purpose: Annotated[Line, Meta("Purpose", "What the team is here to do.")] = ""


class Team(TeamFields, Record, table=True):
    __tablename__ = "team"
    kickoff_id: str = foreign("kickoff.id")
    position: str = Field(default="", max_length=60)


class PersonFields(Fields):
    name: Annotated[Line, Meta("Name")] = Field(min_length=1)
    email: Annotated[Line, Meta("E-mail", "", "email")] = ""
    function: Annotated[Line, Meta("Function", "Sales, product, operations …")] = ""
    seniority: Annotated[Line, Meta("Seniority")] = ""
    site: Annotated[Line, Meta("Site")] = ""
    team_id: Annotated[str | None, Meta("Team", "", "team")] = foreign("team.id", default=None)


class Person(PersonFields, Record, table=True):
    __tablename__ = "person"
    kickoff_id: str = foreign("kickoff.id")
