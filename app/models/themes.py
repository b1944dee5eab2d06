"""Themes (P10): what the day is about, one page each, with its core messages for each audience."""

from datetime import date
from typing import Annotated

from app.models.fields import OUTCOME, Fields, Id, Meta, Ordered, Prose, Title, foreign


class ThemeFields(Fields):
    title: Annotated[Title, Meta("Theme")]
    text: Annotated[Prose, Meta("What it is about", "", "area", in_table=False)] = ""
    goal_id: Annotated[Id | None, Meta("Goal", "", "goal")] = foreign("goal.id", default=None)
    owner_id: Annotated[Id | None, Meta("Owner", "", "person")] = foreign("person.id", default=None)


class Theme(ThemeFields, Ordered, table=True):
    __tablename__ = "theme"


class ThemePageFields(Fields):
    title: Annotated[Title, Meta("Heading", "What those at the back read.")]
    theme_id: Annotated[Id, Meta("Theme", "", "theme")] = foreign("theme.id")
    text: Annotated[
        Prose, Meta("Points", "One on each line; what needs more goes in the handout.", "area")
    ] = ""


class ThemePage(ThemePageFields, Ordered, table=True):
    __tablename__ = "theme_page"


class MessageFields(Fields):
    title: Annotated[Title, Meta("Core message", "One sentence that people can repeat.")]
    theme_id: Annotated[Id | None, Meta("Theme", "", "theme")] = foreign("theme.id", default=None)
    example: Annotated[
        Prose, Meta("Example", "From customer, product or operations.", "area", in_table=False)
    ] = ""
    reword_since: Annotated[
        date | None,
        Meta(
            "To be reworded since",
            "The room did not find it clear. Empty it when it has been reworded.",
            "date",
            OUTCOME,
        ),
    ] = None


class Message(MessageFields, Ordered, table=True):
    __tablename__ = "message"


class ConsequenceFields(Fields):
    role: Annotated[Title, Meta("For the role", "What it means for what they do.")]
    message_id: Annotated[Id, Meta("Core message", "", "message")] = foreign("message.id")
    segment_id: Annotated[Id | None, Meta("Audience", "", "segment")] = foreign(
        "segment.id", default=None
    )
    process: Annotated[Prose, Meta("For how they work", "", "area", in_table=False)] = ""
    priorities: Annotated[Prose, Meta("For their priorities", "", "area", in_table=False)] = ""


class Consequence(ConsequenceFields, Ordered, table=True):
    __tablename__ = "consequence"
