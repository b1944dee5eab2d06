"""Slides of a block: what a speaker brings as a PDF, kept as pictures of its pages.

A deck is made by an upload alone (`operations/slides`), and goes with its block. The PDF itself is
not kept: what is shown was drawn by us, and nothing in it runs.
"""

from typing import Annotated

from sqlalchemy import LargeBinary, Select
from sqlmodel import Field, SQLModel, col, select

from app.models.fields import Fields, Id, Meta, Ordered, Title, foreign
from app.models.text import PROSE_MAX


class SlideDeckFields(Fields):
    title: Annotated[Title, Meta("Title", "What the slides are called.")]
    block_id: Annotated[Id, Meta("Agenda block", "The block that shows them.", "block")] = foreign(
        "agenda_block.id"
    )


class SlideDeck(SlideDeckFields, Ordered, table=True):
    """Without pages it is still coming in, and nobody sees it."""

    __tablename__ = "slide_deck"
    pages: int = 0


class Slide(SQLModel, table=True):
    """One page. It never changes: other pages are another deck.

    What is read often and is small stands first: SQLite walks through a row to get at what is
    behind a picture. `width` and `height` are the picture's, in pixels.
    """

    __tablename__ = "slide"
    deck_id: str = foreign("slide_deck.id", primary_key=True)
    number: int = Field(primary_key=True, description="from 1")
    width: int
    height: int
    # What stands on the page, for screen readers and for phones.
    text: str = Field(default="", max_length=PROSE_MAX)
    small: bytes = Field(sa_type=LargeBinary, description="for phones and lists")
    image: bytes = Field(sa_type=LargeBinary, description="for the projector")


def decks_of(kickoff_id: str) -> Select[SlideDeck]:
    return (
        select(SlideDeck)
        .where(SlideDeck.kickoff_id == kickoff_id, SlideDeck.pages > 0)
        .order_by(col(SlideDeck.position), col(SlideDeck.id))
    )
