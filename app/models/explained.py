"""What is explained once for all (P10): the FAQ and the glossary."""

from typing import Annotated

from app.models.fields import Fields, Id, Meta, Ordered, Prose, Title, foreign


class FaqFields(Fields):
    question: Annotated[Title, Meta("Question", "As the one who doubts would ask it.")]
    answer: Annotated[Prose, Meta("Answer", "The one that everybody gives.", "area")] = ""
    theme_id: Annotated[Id | None, Meta("Theme", "", "theme")] = foreign("theme.id", default=None)
    owner_id: Annotated[
        Id | None, Meta("Owner", "Who answers for the answer.", "person", in_table=False)
    ] = foreign("person.id", default=None)


class Faq(FaqFields, Ordered, table=True):
    __tablename__ = "faq"


class TermFields(Fields):
    term: Annotated[Title, Meta("Term", "Goal, strategy, action, KPI …")]
    meaning: Annotated[Prose, Meta("Meaning", "", "area")] = ""
    example: Annotated[Prose, Meta("Example", "From customer, product or operations.", "area")] = ""


class Term(TermFields, Ordered, table=True):
    __tablename__ = "term"
