"""Letting somebody in: one row, written with the ledger's next commit."""

from typing import TYPE_CHECKING

from app import ids
from app.errors import Conflict, Fault, Invalid
from app.live import tokens
from app.live.ledger import Arrival
from app.live.room import Room

if TYPE_CHECKING:
    from app.live.live import Live


class RoomLocked(Conflict):
    """Nobody new is let in; whoever is in stays in."""

    code = "room_locked"


async def admit(
    live: "Live", room: Room, *, name: str = "", team: str | None = None, people: int = 1
) -> tuple[str, str]:
    """(participant id, token) of a new attendee. Raises `RoomLocked`, `Invalid` for an unknown
    team."""
    known = await room.fresh()
    if known.locked:
        raise RoomLocked
    team_id = None
    if team and not known.assigns_teams:
        team_id = next((id for id, title in known.teams if team in (id, title)), None)
        if team_id is None:
            raise Invalid("no such team", faults=[Fault("/team", "no such team")])
    among = tuple(id for id, _ in known.teams) if known.assigns_teams else ()
    participant_id = ids.random_id()
    await live.ledger.write(Arrival(participant_id, room.id, name, team_id, people, among))
    return participant_id, tokens.issue(live.settings.signing_key, participant_id, room.id)
