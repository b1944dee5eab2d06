"""Goals (P2, P3): from the vision down to the sub-goals, each with an owner and five criteria."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from sqlalchemy import Select, String
from sqlmodel import Field, select

from app.i18n import mark
from app.models.fields import Fields, Id, Ids, Line, Meta, Ordered, Prose, Title, foreign, several


class GoalLevel(StrEnum):
    VISION = "vision"
    STRATEGIC = "strategic"
    SUB_GOAL = "sub_goal"


class GoalKind(StrEnum):
    RESULT = "result"
    EFFECT = "effect"


GOAL_LEVELS = (
    ("vision", mark("Vision")),
    ("strategic", mark("Strategic goal")),
    ("sub_goal", mark("Sub-goal")),
)
GOAL_KINDS = (("result", mark("Result goal")), ("effect", mark("Effect goal")))


class GoalFields(Fields):
    title: Annotated[Title, Meta("Title", "What is so when the goal is met.")]
    level: Annotated[GoalLevel, Meta("Level", "", "select", choices=GOAL_LEVELS)] = Field(
        default=GoalLevel.STRATEGIC, sa_type=String(20)
    )
    kind: Annotated[
        GoalKind,
        Meta(
            "Kind",
            "A result goal says what is delivered; an effect goal what changes because of it.",
            "select",
            choices=GOAL_KINDS,
        ),
    ] = Field(default=GoalKind.RESULT, sa_type=String(20))
    parent_id: Annotated[Id | None, Meta("Part of", "The goal that this one serves.", "goal")] = (
        foreign("goal.id", default=None)
    )
    owner_id: Annotated[Id | None, Meta("Owner", "", "person")] = foreign("person.id", default=None)
    stakeholder_ids: Annotated[
        Ids,
        Meta("Involved", "Who had a say in it.", "stakeholder", in_table=False, several=True),
    ] = several()
    specific: Annotated[
        Prose,
        Meta("Specific", "What exactly, for whom and where.", "area", "smart", in_table=False),
    ] = ""
    measurable: Annotated[
        Prose,
        Meta("Measurable", "Which figure tells, from what to what.", "area", "smart", False),
    ] = ""
    achievable: Annotated[
        Prose,
        Meta(
            "Achievable", "What makes it possible: people, money, skills.", "area", "smart", False
        ),
    ] = ""
    relevant: Annotated[
        Prose,
        Meta("Relevant", "What it changes for customers or for us.", "area", "smart", False),
    ] = ""
    due: Annotated[
        date | None, Meta("Time-bound", "When it is met.", "date", "smart", in_table=False)
    ] = None
    incentive: Annotated[
        Line, Meta("Incentive", "What reward or recognition is tied to it.", in_table=False)
    ] = ""


class Goal(GoalFields, Ordered, table=True):
    __tablename__ = "goal"


def goals_of(kickoff_id: str) -> Select[Goal]:
    return select(Goal).where(Goal.kickoff_id == kickoff_id).order_by(Goal.position, Goal.id)
