"""The attendee's page as everybody shares it: rendered once for each state of the room."""

import asyncio
from collections.abc import Mapping
from typing import Any

from app import rendering
from app.i18n import language
from app.live import way_in
from app.live.renderings import Key
from app.live.roles import View, seen_by
from app.live.room import Room
from app.live.wire import HTML_DIALECT
from app.web import visit
from app.web.cached_page import CachedPage


async def address_after(room: Room, named: str) -> str:
    """Where a form leads on to: the address it was posted at, or the one without the secret."""
    return way_in.address(await room.fresh()) if way_in.is_secret(named) else f"/j/{named}/"


async def shared_page(room: Room, participant_id: str | None) -> CachedPage:
    """The page at the room's present state, made once per state, language and group: the join
    card, or for who is in the phone."""
    whole = await room.fresh()
    inside = participant_id is not None
    group = whole.group_of.get(participant_id or "", "") if whole.is_by_group else ""
    if inside:
        now = await room.rendering(Key(View.PHONE, language(), HTML_DIALECT, group))
        state: Any = (now.place, tuple(now.digests.values()))
    else:
        # What the join card reads, votes and arrivals do not change.
        state = (whole.epoch, whole.plan)

    async def make() -> CachedPage:
        return await asyncio.to_thread(CachedPage, await rendered(room, inside, group))

    with visit.standing_in():
        return await room.kept((inside, language(), group), state, make)


async def rendered(
    room: Room,
    inside: bool,
    group: str = "",
    *,
    given: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
) -> str:
    """For the join card `given` is what a refused form held, `faults` what was wrong with it."""
    whole = await room.fresh()
    seen = seen_by(View.PHONE, whole, group)
    if inside:
        return await rendering.render_apart("live/phone.html", room=seen, own_page=None)
    return await rendering.render_apart(
        "live/join.html",
        room=seen,
        ask_name=whole.ask_name,
        given=given or {},
        faults=faults or {},
    )
