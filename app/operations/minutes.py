"""What people do with minutes: write a section, take a save back, and look at how they stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from app import clock
from app.errors import Conflict, NotFound
from app.i18n import mark
from app.models.fields import Fields, Prose
from app.models.minutes import (
    Minutes,
    MinutesLine,
    MinutesSection,
    MinutesVersion,
    Section,
    sections_of,
)
from app.models.rooms import Room, RoomStatus
from app.rules.minutes import Countdown, Draft, countdown, reminder_due


class SectionFields(Fields):
    """What somebody writes above the lines."""

    text: Prose = ""


@dataclass(frozen=True)
class Standing:
    """An ended room and how its minutes stand; `minutes` is None where nobody has drafted them."""

    room: Room
    minutes: Minutes | None
    countdown: Countdown
    versions: int
    remind: int | None  # of how many hours before the deadline a reminder is due


def find(session: Session, kickoff_id: str, minutes_id: str, *, to_write: bool = False) -> Minutes:
    wanted = select(Minutes).where(
        col(Minutes.id) == minutes_id, col(Minutes.kickoff_id) == kickoff_id
    )
    found = session.scalars(wanted.with_for_update() if to_write else wanted).first()
    if found is None:
        raise NotFound
    return found


def of_room(session: Session, room_id: str) -> Minutes | None:
    return session.scalars(select(Minutes).where(col(Minutes.room_id) == room_id)).first()


def sections(session: Session, minutes_id: str) -> Sequence[MinutesSection]:
    """In the order in which they are read."""
    found = {one.code: one for one in session.scalars(sections_of(minutes_id))}
    return [found[code] for code in Section if code in found]


def section(
    session: Session, kickoff_id: str, minutes_id: str, code: str, *, to_write: bool = False
) -> MinutesSection:
    """`to_write` keeps others from changing it until the commit."""
    wanted = sections_of(minutes_id).where(
        col(MinutesSection.kickoff_id) == kickoff_id, col(MinutesSection.code) == code
    )
    found = session.scalars(wanted.with_for_update() if to_write else wanted).first()
    if found is None:
        raise NotFound
    return found


def lines_of(section: MinutesSection) -> tuple[MinutesLine, ...]:
    return tuple(MinutesLine.model_validate(line) for line in section.lines)


def store(session: Session, room: Room, drafts: Mapping[Section, Draft]) -> Minutes:
    """A room's minutes as drafted: new ones, or those that there are. What somebody has edited in
    the meantime stays as it is."""
    there = of_room(session, room.id)
    if there is None:
        there = Minutes(kickoff_id=room.kickoff_id, room_id=room.id)
        session.add(there)
        session.flush()
    held = {one.code: one for one in session.scalars(sections_of(there.id))}
    for code, draft in drafts.items():
        one = held.get(code)
        if one is None:
            one = MinutesSection(kickoff_id=room.kickoff_id, minutes_id=there.id, code=code.value)
        elif one.edited_at is not None:
            continue
        else:
            one.has_changed()
        one.text, one.lines = draft.text, _stored(draft.lines)
        session.add(one)
    there.drafted_at = clock.now()
    session.add(there)
    session.flush()
    return there


def save(
    session: Session, section: MinutesSection, text: str, lines: Iterable[MinutesLine], by: str
) -> None:
    """The section with this in it; what was there before can be brought back once."""
    section.before = {"text": section.text, "lines": section.lines}
    section.text, section.lines = text, _stored(lines)
    section.edited_at, section.edited_by = clock.now(), by[:200]
    section.has_changed()
    session.add(section)
    session.flush()


def take_back(session: Session, section: MinutesSection, by: str) -> None:
    """As it was before the last save. Taken back again, that save stands."""
    before = section.before
    if before is None:
        raise Conflict(mark("There is nothing to undo."))
    lines = [MinutesLine.model_validate(line) for line in before["lines"]]
    save(session, section, before["text"], lines, by)


def forget_room(session: Session, room_id: str) -> None:
    """After a rehearsal: all of it, with what was published."""
    session.execute(delete(Minutes).where(col(Minutes.room_id) == room_id))


def standings(
    session: Session,
    now: datetime,
    kickoff_id: str | None = None,
    *,
    ended_after: datetime | None = None,
) -> Sequence[Standing]:
    """Of every ended room (of one kickoff, or of all), the one that ended last first."""
    first = (
        select(
            col(MinutesVersion.minutes_id).label("id"),
            func.min(MinutesVersion.published_at).label("at"),
            func.count().label("versions"),
        )
        .group_by(col(MinutesVersion.minutes_id))
        .subquery()
    )
    wanted = (
        select(Room, Minutes, first.c.at, first.c.versions)
        .outerjoin(Minutes, col(Minutes.room_id) == col(Room.id))
        .outerjoin(first, first.c.id == col(Minutes.id))
        .where(col(Room.status) == RoomStatus.ENDED, col(Room.ended_at).is_not(None))
        .order_by(col(Room.ended_at).desc(), col(Room.id))
    )
    if kickoff_id is not None:
        wanted = wanted.where(col(Room.kickoff_id) == kickoff_id)
    if ended_after is not None:
        wanted = wanted.where(col(Room.ended_at) >= int(ended_after.timestamp() * 1000))
    return [_standing(row[0], row[1], row[2], row[3], now) for row in session.execute(wanted)]


def _standing(
    room: Room, minutes: Minutes | None, at: datetime | None, versions: int | None, now: datetime
) -> Standing:
    ended_at = datetime.fromtimestamp((room.ended_at or 0) / 1000, UTC)
    if at is not None and at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return Standing(
        room=room,
        minutes=minutes,
        countdown=countdown(ended_at, at, now),
        versions=versions or 0,
        remind=reminder_due(ended_at, at, now),
    )


def _stored(lines: Iterable[MinutesLine]) -> list[dict[str, Any]]:
    return [line.model_dump(mode="json") for line in lines]
