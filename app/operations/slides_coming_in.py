"""A speaker's slides while they come in: written in short steps, for they may be many and heavy,
and a room that votes meanwhile waits for the one writer.

Nobody sees the deck before its last step, in which it gets its number of pages.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app import clock
from app.database import Database
from app.models.slides import Slide, SlideDeck
from app.models.text import PROSE_MAX, clean_text
from app.operations import order
from app.operations.rooms import lock_rooms, plan_changed
from app.operations.slides import placed

STEP_BYTES = 1024**2  # of pictures in one transaction: some 20 ms of the one writer
PAGES_REMOVED = 10  # in one transaction; what is removed is overwritten, too
ABANDONED_AFTER = timedelta(hours=1)


class Page(Protocol):
    """A page as it was drawn."""

    @property
    def image(self) -> bytes: ...
    @property
    def small(self) -> bytes: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def text(self) -> str: ...


class Incoming:
    """One deck on its way in. Whoever begins calls `abandon` at the end, whatever came of it."""

    def __init__(self, database: Database, kickoff_id: str, values: Mapping[str, Any]) -> None:
        self._database, self._kickoff_id, self._values = database, kickoff_id, values
        self._deck_id = ""
        self._pages = 0

    def write(self, pages: Iterable[Page]) -> None:
        """All pages, in their order. Blocks; to be called outside of any transaction."""
        _sweep(self._database, self._kickoff_id)
        with self._database.unit_of_work() as session:
            self.begin(session)
        # What is to be written is read before the writer is taken.
        for some in _in_steps(pages):
            with self._database.unit_of_work() as session:
                self.add(session, some)

    def begin(self, session: Session) -> None:
        lock_rooms(session, self._kickoff_id)
        checked = placed(session, self._kickoff_id, self._values)
        deck = SlideDeck(kickoff_id=self._kickoff_id, **checked.model_dump())
        deck.position = order.at_the_end(session, SlideDeck, self._kickoff_id)
        session.add(deck)
        session.flush()
        self._deck_id = deck.id

    def add(self, session: Session, pages: Sequence[Page]) -> None:
        # The block, and the deck with it, may have been removed: then that is what is said.
        if session.get(SlideDeck, self._deck_id) is None:
            placed(session, self._kickoff_id, self._values)
        for page in pages:
            self._pages += 1
            session.add(_stored(self._deck_id, self._pages, page))

    def finish(self, session: Session) -> SlideDeck:
        """There it is: the last of its block's."""
        lock_rooms(session, self._kickoff_id)
        placed(session, self._kickoff_id, self._values)
        deck = session.get_one(SlideDeck, self._deck_id)
        deck.position = order.at_the_end(session, SlideDeck, self._kickoff_id)
        deck.pages = self._pages
        session.flush()
        plan_changed(session, self._kickoff_id)
        return deck

    def abandon(self) -> None:
        """Take away what was written, unless it was finished."""
        if self._deck_id:
            _remove_unfinished(self._database, self._deck_id)


def _in_steps(pages: Iterable[Page]) -> Iterator[list[Page]]:
    some: list[Page] = []
    for page in pages:
        some.append(page)
        if sum(len(one.image) + len(one.small) for one in some) >= STEP_BYTES:
            yield some
            some = []
    if some:
        yield some


def _sweep(database: Database, kickoff_id: str) -> None:
    """What a process left behind that was killed over it."""
    old = col(SlideDeck.created_at) < clock.now() - ABANDONED_AFTER
    wanted = select(SlideDeck.id).where(
        SlideDeck.kickoff_id == kickoff_id, SlideDeck.pages == 0, old
    )
    with database.reading() as session:
        left = session.exec(wanted).all()
    for deck_id in left:
        _remove_unfinished(database, deck_id)


def _remove_unfinished(database: Database, deck_id: str) -> None:
    unfinished = select(SlideDeck.id).where(SlideDeck.id == deck_id, SlideDeck.pages == 0)
    with database.reading() as session:
        if session.exec(unfinished).first() is None:
            return
        wanted = select(Slide.number).where(Slide.deck_id == deck_id).order_by(col(Slide.number))
        numbers = list(session.exec(wanted))
    for at in range(0, len(numbers), PAGES_REMOVED):
        some = numbers[at : at + PAGES_REMOVED]
        with database.unit_of_work() as session:
            session.execute(
                delete(Slide).where(col(Slide.deck_id) == deck_id, col(Slide.number).in_(some))
            )
    with database.unit_of_work() as session:
        session.execute(
            delete(SlideDeck).where(col(SlideDeck.id) == deck_id, col(SlideDeck.pages) == 0)
        )


def _stored(deck_id: str, number: int, page: Page) -> Slide:
    return Slide(
        deck_id=deck_id,
        number=number,
        width=page.width,
        height=page.height,
        text=clean_text(page.text)[:PROSE_MAX].strip(),
        small=page.small,
        image=page.image,
    )
