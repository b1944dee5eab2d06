"""Portfolio (P4, P7): strategic moves, the focus in order, and initiatives with what they take."""

from datetime import date
from typing import Annotated

from pydantic import Field as Bounds

from app.models.fields import (
    OUTCOME,
    Fields,
    Figure,
    Id,
    Ids,
    Line,
    Meta,
    Ordered,
    Prose,
    Title,
    foreign,
    several,
)

Amount = Annotated[Figure, Bounds(ge=0)]


class StrategicMoveFields(Fields):
    title: Annotated[Title, Meta("Strategic move", "What we do differently from now on.")]
    goal_id: Annotated[Id | None, Meta("Goal", "", "goal")] = foreign("goal.id", default=None)
    owner_id: Annotated[Id | None, Meta("Owner", "", "person")] = foreign("person.id", default=None)
    text: Annotated[Prose, Meta("How", "", "area", in_table=False)] = ""


class StrategicMove(StrategicMoveFields, Ordered, table=True):
    __tablename__ = "strategic_move"


class FocusAreaFields(Fields):
    title: Annotated[Title, Meta("Focus area", "What comes first when there is not time for all.")]
    reason: Annotated[Prose, Meta("Reason", "Why it comes before the next one.", "area")] = ""
    goal_id: Annotated[Id | None, Meta("Goal", "", "goal")] = foreign("goal.id", default=None)
    owner_id: Annotated[Id | None, Meta("Owner", "", "person", in_table=False)] = foreign(
        "person.id", default=None
    )
    reword_since: Annotated[
        date | None,
        Meta(
            "To be reworded since",
            "The room did not find it clear. Empty it when it has been reworded.",
            "date",
            OUTCOME,
        ),
    ] = None


class FocusArea(FocusAreaFields, Ordered, table=True):
    __tablename__ = "focus_area"


class InitiativeFields(Fields):
    title: Annotated[Title, Meta("Initiative")]
    goal_id: Annotated[Id | None, Meta("Goal", "", "goal")] = foreign("goal.id", default=None)
    owner_id: Annotated[Id | None, Meta("Owner", "", "person")] = foreign("person.id", default=None)
    team_id: Annotated[Id | None, Meta("Team", "Whose people do the work.", "team")] = foreign(
        "team.id", default=None
    )
    starts_on: Annotated[date | None, Meta("Starts", "", "date", in_table=False)] = None
    ends_on: Annotated[date | None, Meta("Ends", "", "date", in_table=False)] = None
    capacity: Annotated[
        Amount | None, Meta("Capacity", "How many people it takes while it lasts.", "decimal")
    ] = None
    competence: Annotated[
        Line, Meta("Competence", "What those who do it must know.", in_table=False)
    ] = ""
    budget: Annotated[Amount | None, Meta("Budget", "In kroner.", "decimal")] = None
    depends_on_ids: Annotated[
        Ids,
        Meta("Depends on", "What must be done first.", "initiative", in_table=False, several=True),
    ] = several()
    team_ids: Annotated[
        Ids,
        Meta("Depends on teams", "Whose help it needs.", "team", in_table=False, several=True),
    ] = several()
    systems: Annotated[Line, Meta("Depends on systems", "Parted by commas.", in_table=False)] = ""


class Initiative(InitiativeFields, Ordered, table=True):
    __tablename__ = "initiative"
