"""Decisions (L11): written down as they fall; what no longer holds is superseded, not removed."""

from datetime import date
from typing import Annotated

from app.models.fields import Fields, Id, Kept, Meta, Prose, Title, foreign


class DecisionFields(Fields):
    title: Annotated[Title, Meta("Decision", "In one sentence.")]
    text: Annotated[Prose, Meta("Grounds", "Why, and what was set aside.", "area", "", False)] = ""
    criteria: Annotated[Prose, Meta("Criteria", "What the choice was judged by.", "area")] = ""
    consequence: Annotated[
        Prose, Meta("Consequence", "What it leads to, and for whom.", "area")
    ] = ""
    voted: Annotated[
        Prose,
        Meta("How it was voted", "Figures of the room, round by round.", "area", "", False),
    ] = ""
    owner_id: Annotated[Id | None, Meta("Owner", "Who sees to it.", "person")] = foreign(
        "person.id", default=None
    )
    team_id: Annotated[Id | None, Meta("Team", "", "team", in_table=False)] = foreign(
        "team.id", default=None
    )
    decided_on: Annotated[date | None, Meta("Decided", "Left empty: today.", "date")] = None
    due: Annotated[date | None, Meta("Due", "", "date")] = None
    source_activity_id: Id | None = foreign("activity.id", default=None)
    source_meeting_id: Id | None = foreign("meeting.id", default=None)


class Decision(DecisionFields, Kept, table=True):
    __tablename__ = "decision"
    falls_on = "decided_on"
    superseded_by_id: str | None = foreign("decision.id", default=None)
