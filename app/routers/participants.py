"""Who an attendee's browser is."""

from fastapi import Request

from app.live.live import Live
from app.live.room import Room
from app.live.way_in import PARTICIPANT_COOKIE
from app.web import cookies


async def participant_of(live: Live, room: Room, request: Request) -> str | None:
    """The participant that this browser's cookie proves. Somebody who was removed has to join
    again."""
    participant_id = live.participant_of(cookies.read(request.scope, PARTICIPANT_COOKIE), room.id)
    if participant_id is None or participant_id in room.removed:
        return None
    return participant_id
