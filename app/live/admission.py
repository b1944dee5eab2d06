"""Letting somebody in: one row, written with the ledger's next commit. And correcting it: who
came without a name, or with a wrong one, says so later."""

from typing import TYPE_CHECKING

from limits import RateLimitItemPerMinute
from sqlalchemy import update
from sqlmodel import col

from app import ids
from app.database import Database, touch_room
from app.errors import Conflict, Fault, IdReused, Invalid, NotAllowed, TooFast
from app.i18n import gettext
from app.live import tokens
from app.live.ledger import Arrival
from app.live.room import Room
from app.live.snapshot import RoomSnapshot
from app.models.rooms import Participant
from app.models.rooms import Room as RoomRow

if TYPE_CHECKING:
    from app.live.live import Live


# For each attendee: names stand on the wall, and each change is a new picture for everybody.
_CORRECTIONS = RateLimitItemPerMinute(10, 1, "correct")


class RoomLocked(Conflict):
    """Nobody new is let in; whoever is in stays in."""

    code = "room_locked"


async def admit(
    live: "Live",
    room: Room,
    *,
    name: str = "",
    team: str | None = None,
    people: int = 1,
    key: str | None = None,
) -> tuple[str, str]:
    """(participant id, token) of a new attendee, or of the one that came under the same `key`
    before. Raises `RoomLocked`, `Invalid` for an unknown team, `IdReused`."""
    participant_id = ids.random_id()
    if key is not None:
        participant_id = tokens.participant_for(live.settings.signing_key, room.id, key)
        if await live.off_loop(_came_before, live.database, participant_id, (name, people)):
            return participant_id, _token(live, room, participant_id)
    known = await room.fresh()
    if known.locked:
        raise RoomLocked
    team_id = _team(known, team) if team and not known.assigns_teams else None
    among = tuple(id for id, _ in known.teams) if known.assigns_teams else ()
    await live.ledger.write(Arrival(participant_id, room.id, name, team_id, people, among))
    return participant_id, _token(live, room, participant_id)


def _came_before(database: Database, participant_id: str, sent: tuple[str, int]) -> bool:
    """Whether somebody came in under this id; with the same content, or it is `IdReused`."""
    with database.reading() as session:
        found = session.get(Participant, participant_id)
    if found is not None and (found.name, found.people) != sent:
        raise IdReused
    return found is not None


def _token(live: "Live", room: Room, participant_id: str) -> str:
    return tokens.issue(live.settings.signing_key, participant_id, room.id)


async def correct(
    live: "Live", room: Room, participant_id: str, *, name: str, team: str | None
) -> None:
    """Another name or team for somebody who is in. What the room does not ask for stays as it is.

    Raises `TooFast`, `NotAllowed` for who was taken out, `Invalid` for an unknown team.
    """
    if not live.renamings.hit(_CORRECTIONS, participant_id):
        raise TooFast
    known = await room.fresh()
    changes: dict[str, str | None] = {"name": name} if known.ask_name else {}
    if known.teams and not known.assigns_teams:
        changes["team_id"] = _team(known, team) if team else None
    if changes:
        await live.off_loop(_write, live.database, room.id, participant_id, changes)


def _write(
    database: Database, room_id: str, participant_id: str, changes: dict[str, str | None]
) -> None:
    """In a transaction of its own, as arrivals have: it shares nothing with anybody's ballot."""
    is_in = (
        col(Participant.id) == participant_id,
        col(Participant.room_id) == room_id,
        ~col(Participant.removed),
    )
    with database.unit_of_work() as session:
        next_revision = RoomRow.revision + 1  # first: rooms are locked before who is in them
        session.execute(
            update(RoomRow).where(col(RoomRow.id) == room_id).values(revision=next_revision)
        )
        named = update(Participant).where(*is_in).values(**changes).returning(col(Participant.id))
        if session.scalars(named).first() is None:
            raise NotAllowed
        touch_room(session, room_id)


def _team(known: RoomSnapshot, team: str) -> str:
    found = next((id for id, title in known.teams if team in (id, title)), None)
    if found is None:
        raise Invalid(faults=[Fault("/team", gettext("Choose one of the given values."))])
    return found
