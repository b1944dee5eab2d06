"""Letting somebody in: one row, written with the ledger's next commit."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import func
from sqlmodel import col, select

from app import ids
from app.database import Database
from app.errors import Conflict, Fault, Invalid
from app.live import tokens
from app.live.ledger import Arrival
from app.live.room import Room
from app.models.rooms import Participant

if TYPE_CHECKING:
    from app.live.live import Live


class RoomLocked(Conflict):
    """Nobody new is let in; whoever is in stays in."""

    code = "room_locked"


def smallest_team(database: Database, room_id: str, team_ids: Sequence[str]) -> str | None:
    """The team with the fewest people in the room, the first of equals. Blocks."""
    wanted = (
        select(Participant.team_id, func.sum(Participant.people))
        .where(col(Participant.room_id) == room_id, ~col(Participant.removed))
        .group_by(Participant.team_id)
    )
    with database.reading() as session:
        sizes = dict(map(tuple, session.execute(wanted)))
    return min(team_ids, key=lambda team_id: sizes.get(team_id, 0), default=None)


async def admit(
    live: "Live", room: Room, *, name: str = "", team: str | None = None, people: int = 1
) -> tuple[str, str]:
    """(participant id, token) of a new attendee. Raises `RoomLocked`, `Invalid` for an unknown
    team."""
    known = await room.fresh()
    if known.locked:
        raise RoomLocked
    team_id = None
    if known.assigns_teams:
        team_id = await live.off_loop(
            smallest_team, live.database, room.id, [id for id, _ in known.teams]
        )
    elif team:
        team_id = next((id for id, title in known.teams if team in (id, title)), None)
        if team_id is None:
            raise Invalid("no such team", faults=[Fault("/team", "no such team")])
    participant_id = ids.random_id()
    await live.ledger.write(Arrival(participant_id, room.id, name, team_id, people))
    return participant_id, tokens.issue(live.settings.signing_key, participant_id, room.id)
