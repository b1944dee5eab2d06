"""Which handouts everybody may read who has the link: of the blocks that a room has begun.

What is still ahead of the day is not told by it, nor what was begun and taken back.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.i18n import gettext as _
from app.live.settled import visits
from app.models.agenda import BLOCK_KINDS, AgendaBlock
from app.models.answers import PublishedHandouts
from app.models.kickoffs import Kickoff
from app.models.rooms import Room, RoomStatus
from app.operations import publications
from app.operations.agenda import day_of
from app.rendering import clock_time

KINDS = dict(BLOCK_KINDS)
NOTHING_TO_HAND_OUT = "break"


@dataclass(frozen=True)
class HandedOut:
    """A block in the list; `is_on` while a room is in it."""

    id: str
    title: str
    kind: str
    starts: str
    is_on: bool


def published_kickoff(session: Session, secret: str) -> Kickoff:
    """Whose handouts the link leads to, or NotFound."""
    found = publications.published_at(session, PublishedHandouts, secret)
    return session.get_one(Kickoff, found.kickoff_id)


def handed_out(session: Session, kickoff: Kickoff) -> Sequence[HandedOut]:
    """In the order of the agenda."""
    rooms = session.exec(select(Room).where(col(Room.kickoff_id) == kickoff.id)).all()
    begun = {entered for room in rooms for _left, entered in visits(session, room.id)}
    on = {room.block_id for room in rooms if room.status in (RoomStatus.LIVE, RoomStatus.PAUSED)}
    return [
        HandedOut(
            id=row.block.id,
            title=row.block.title,
            kind=_(KINDS[row.block.kind]),
            starts=clock_time(row.slot.starts),
            is_on=row.block.id in on,
        )
        for row in day_of(session, kickoff).rows
        if row.block.id in begun and row.block.kind != NOTHING_TO_HAND_OUT
    ]


def handed_out_block(session: Session, kickoff: Kickoff, block_id: str) -> AgendaBlock:
    """One of those, or NotFound."""
    if block_id not in {one.id for one in handed_out(session, kickoff)}:
        raise NotFound
    return session.get_one(AgendaBlock, block_id)
