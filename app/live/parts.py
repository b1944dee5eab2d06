"""Fragments that a kind's script fetches when they are needed, made once for all who ask alike."""

import asyncio

from app import rendering
from app.errors import NotFound
from app.i18n import language
from app.live.roles import View, seen_by
from app.live.room import Room
from app.live.snapshot import RoomSnapshot


async def rendered(
    room: Room,
    whole: RoomSnapshot,
    view: View,
    activity_id: str,
    name: str,
    *,
    group: str = "",
    of: str = "",
    alone: bool = False,
) -> str:
    """The fragment `name` of an activity as that view sees it; `of` says of which thing. `alone`:
    as a page of its own, for a browser without a script."""
    # Before anything is kept under that name: it may be anything that somebody thought up.
    there = next((each for each in whole.activities if each.id == activity_id), None)
    if there is None or name not in there.logic.parts:
        raise NotFound

    def make() -> str:
        seen = seen_by(view, whole, group)
        activity = next((each for each in seen.activities if each.id == activity_id), None)
        if activity is None:
            raise NotFound
        fragment = f"live/{activity.kind}/{name}.html"
        template = "live/part.html" if alone else fragment
        return rendering.render(
            template, room=seen, activity=activity, view=view, of=of, fragment=fragment
        )

    async def apart() -> str:
        return await asyncio.to_thread(make)

    what = ("part", view, activity_id, name, group, of, alone, language())
    return await room.kept(what, (whole.epoch, whole.revision), apart)
