"""A speaker's slides: looked at, listed, moved and removed. `slides_coming_in` writes them.

What is read here leaves the pictures where they are, but for the one that is asked for.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from app.errors import Conflict, Fault, Invalid, NotFound
from app.i18n import gettext, mark
from app.models.agenda import AgendaBlock
from app.models.faults import validated
from app.models.slides import Slide, SlideDeck, SlideDeckFields, decks_of
from app.operations import order
from app.operations.rooms import lock_rooms, plan_changed

DECKS_MAX = 20  # of a block: what nobody could walk through in a day


@dataclass(frozen=True)
class Deck:
    """What a block shows. Its pages have the numbers from 1 to `pages`."""

    id: str
    title: str
    pages: int


@dataclass(frozen=True)
class SlideSeen:
    """One page without its picture. `text` is what stands on it, for screen readers and phones."""

    deck_id: str
    title: str  # the deck's
    number: int
    pages: int
    width: int
    height: int
    text: str


@dataclass(frozen=True)
class Picture:
    """A page's picture as it is served. It never changes: what it is called by is its tag."""

    content: bytes
    tag: str
    media_type: str = "image/webp"


# -- looked at ------------------------------------------------------------------------------------


def decks_of_block(session: Session, block_id: str) -> list[Deck]:
    """A block's decks, in their order."""
    wanted = (
        select(SlideDeck.id, SlideDeck.title, SlideDeck.pages)
        .where(SlideDeck.block_id == block_id, SlideDeck.pages > 0)
        .order_by(col(SlideDeck.position), col(SlideDeck.id))
    )
    return [Deck(id, title, pages) for id, title, pages in session.exec(wanted).all()]


def decks_by_block(session: Session, kickoff_id: str) -> Mapping[str, list[Deck]]:
    """All of a kickoff's, each block's in their order: one query."""
    found: defaultdict[str, list[Deck]] = defaultdict(list)
    for deck in session.scalars(decks_of(kickoff_id)).all():
        found[deck.block_id].append(Deck(deck.id, deck.title, deck.pages))
    return found


def slide(session: Session, deck_id: str, number: int) -> SlideSeen | None:
    """One page of a deck; None where there is none."""
    return next(iter(_seen(session, deck_id, number)), None)


def slides(session: Session, deck_id: str) -> list[SlideSeen]:
    """All pages of a deck, in their order."""
    return _seen(session, deck_id)


def picture(
    session: Session, kickoff_id: str, deck_id: str, number: int, *, small: bool = False
) -> Picture:
    """The picture of a kickoff's slide, or NotFound."""
    wanted = (
        select(Slide.small if small else Slide.image)
        .join(SlideDeck, col(SlideDeck.id) == col(Slide.deck_id))
        .where(SlideDeck.kickoff_id == kickoff_id, Slide.deck_id == deck_id)
        .where(Slide.number == number)
    )
    found = session.exec(wanted).first()
    if found is None:
        raise NotFound
    return Picture(found, f'"{deck_id}-{number}{"-small" if small else ""}"')


def _seen(session: Session, deck_id: str, number: int | None = None) -> list[SlideSeen]:
    deck = session.get(SlideDeck, deck_id)
    if deck is None:
        return []
    wanted = (
        select(Slide.number, Slide.width, Slide.height, Slide.text)
        .where(Slide.deck_id == deck_id)
        .order_by(col(Slide.number))
    )
    if number is not None:
        wanted = wanted.where(Slide.number == number)
    return [
        SlideSeen(deck_id, deck.title, at, deck.pages, width, height, text)
        for at, width, height, text in session.exec(wanted).all()
    ]


# -- written --------------------------------------------------------------------------------------


def find_deck(
    session: Session, kickoff_id: str, deck_id: str, *, to_write: bool = False
) -> SlideDeck:
    """A kickoff's deck. `to_write` keeps others from changing it until the commit."""
    if to_write:
        lock_rooms(session, kickoff_id)
    wanted = decks_of(kickoff_id).where(col(SlideDeck.id) == deck_id)
    found = session.scalars(wanted.with_for_update() if to_write else wanted).first()
    if found is None:
        raise NotFound
    return found


def placed(session: Session, kickoff_id: str, values: Mapping[str, Any]) -> SlideDeckFields:
    """A deck's own fields, with a block that has room for it, or Invalid and Conflict. To be asked
    before anything is drawn."""
    checked = validated(SlideDeckFields, values)
    _require_block(session, kickoff_id, checked.block_id)
    return checked


def change(
    session: Session,
    deck: SlideDeck,
    changes: Mapping[str, Any],
    *,
    after_id: str | None = None,
) -> SlideDeck:
    """The deck called otherwise, at another block, or after another deck."""
    stands = {name: getattr(deck, name) for name in SlideDeckFields.model_fields}
    checked = validated(SlideDeckFields, {**stands, **changes})
    if checked.block_id != deck.block_id:
        _require_block(session, deck.kickoff_id, checked.block_id)
    if after_id is not None:
        deck.position = order.after(
            session, SlideDeck, deck.kickoff_id, sibling_id=after_id, moving=deck.id
        )
    deck.title, deck.block_id = checked.title, checked.block_id
    deck.has_changed()
    session.flush()
    plan_changed(session, deck.kickoff_id)
    return deck


def move(session: Session, deck: SlideDeck, steps: int) -> SlideDeck:
    """By so many places among its block's decks; −1 is up."""
    others = [one.id for one in decks_of_block(session, deck.block_id)]
    return change(session, deck, {}, after_id=order.neighbour(others, deck.id, steps=steps))


def remove(session: Session, deck: SlideDeck) -> None:
    """With all its pages; nothing of it is kept."""
    session.delete(deck)
    session.flush()
    plan_changed(session, deck.kickoff_id)


def _require_block(session: Session, kickoff_id: str, block_id: str) -> None:
    """The kickoff's own, with room for one more; held until the commit of who writes."""
    wanted = select(AgendaBlock.id).where(
        AgendaBlock.id == block_id, AgendaBlock.kickoff_id == kickoff_id
    )
    if session.exec(wanted.with_for_update(read=True, key_share=True)).first() is None:
        raise Invalid(faults=[Fault("/block_id", gettext("There is no such record here."))])
    there = SlideDeck.block_id == block_id, SlideDeck.pages > 0
    count = select(func.count()).select_from(SlideDeck).where(*there)
    if session.exec(count).one() >= DECKS_MAX:
        raise Conflict(mark("This block has as many slide decks as it can hold. Remove one first."))
