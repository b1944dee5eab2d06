"""The attendee's page for a browser that runs no script: rendered for one alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from fastapi.responses import HTMLResponse, Response

from app import rendering
from app.errors import ActivityClosed, KickoffError
from app.live.live import Live
from app.live.roles import View, seen_by
from app.live.room import Room
from app.live.snapshot import ActivityView, OwnView
from app.web.sentences import refusal


@dataclass(frozen=True)
class OwnPage:
    """What `live/phone.html` is told beside the room when it is one attendee's own.

    `renews`: it fetches itself anew in a while, since nothing can be lost by that. `unsent`: what
    came too late, as (title, text). `given` and `faults` are of the refused form for who one is.
    `aside`: what runs beside and has been opened.
    """

    here: str
    me: Mapping[str, Any]
    activities: Mapping[str, OwnView]
    renews: bool
    unsent: tuple[str, str] | None
    given: Mapping[str, str]
    faults: Mapping[str, str]
    aside: str = ""


@dataclass(frozen=True)
class Own:
    """Renders the page for one attendee whose browser runs no script."""

    live: Live
    room: Room
    participant_id: str
    here: str

    async def page(
        self,
        *,
        status: int = 200,
        saved: str = "",
        changing: str = "",
        aside: str = "",
        refused: tuple[str, OwnView] | None = None,
        unsent: tuple[str, str] | None = None,
        given: Mapping[str, str] | None = None,
        faults: Mapping[str, str] | None = None,
    ) -> Response:
        try:
            known = await self.live.own_in(self.room, self.participant_id)
        except KickoffError:
            known = {}  # the database is away: nothing is known, nothing is denied
        group = known.get("me", {}).get("group_id", "")
        seen = seen_by(View.PHONE, await self.room.fresh(), group)
        mine = known.get("mine", {})
        own = {
            activity.id: OwnView(
                self.here,
                mine.get(activity.id, {}).get("data", {}),
                saved=activity.id in mine or activity.id == saved,
                changing=activity.id == changing,
                seed=self.participant_id,
            )
            for activity in seen.activities
        }
        if refused and refused[0] in own:
            # Where several answers are one's own, those that were taken stand beside it.
            kept = {k: v for k, v in own[refused[0]].data.items() if not isinstance(v, str)}
            own[refused[0]] = replace(refused[1], data={**kept, **refused[1].data})
            aside = refused[0]
        opened = aside if any(a.id == aside for a in seen.asides) else ""
        told = OwnPage(
            here=self.here,
            me=known.get("me", {}),
            activities=own,
            renews=seen.status != "ended"
            and not faults
            and not opened
            and not any(_being_filled(asked, own[asked.id]) for asked in seen.open_activities),
            unsent=unsent,
            given=given or {},
            faults=faults or {},
            aside=opened,
        )
        html = await rendering.render_apart("live/phone.html", room=seen, own_page=told)
        return HTMLResponse(html, status, {"cache-control": "no-store"})

    async def refused(
        self, activity_id: str, data: dict[str, Any], error: KickoffError
    ) -> Response:
        """The page after an answer that was not taken: what was written is still there."""
        if isinstance(error, ActivityClosed):
            whole = await self.room.fresh()
            asked = next((a for a in whole.activities if a.id == activity_id), None)
            unsent = (asked.title, _read_aloud(asked, data)) if asked else None
            return await self.page(status=error.status, unsent=unsent)
        own = OwnView(
            self.here, data, changing=True, fault=refusal(error), seed=self.participant_id
        )
        return await self.page(status=error.status, refused=(activity_id, own))


def _being_filled(asked: ActivityView, own: OwnView) -> bool:
    """Whether something may stand in the form that would be lost with the page."""
    return own.changing or not own.saved or asked.logic.is_filled_in(asked.stage)


def _read_aloud(asked: ActivityView, data: Mapping[str, Any]) -> str:
    """What a form held, in words."""
    values = [each for value in data.values() for each in value]
    return ", ".join(asked.text_of(value) or value for value in values)
