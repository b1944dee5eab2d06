"""One rendering per (view, language, dialect), however many sockets it goes to."""

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

from app import rendering
from app.i18n import speaking
from app.live import faults, roles, state, wire
from app.live.roles import View
from app.live.snapshot import ActivityView, RoomSnapshot
from app.live.wire import Place

REGIONS: dict[View, tuple[str, ...]] = {
    View.PHONE: ("head", "main", "aside"),
    View.PROJECTOR: ("head", "stage", "foot", "over"),
    View.CONSOLE: ("top", "day", "now", "activities", "side"),
}
LARGEST_PUSH = 8 * 1024  # bytes of a phone's region; a larger one is fetched
# What one working group alone is shown: ten phones that fetch at every move of a card cost the room
# more than its bytes do.
LARGEST_PUSH_TO_GROUP = 32 * 1024


@dataclass(frozen=True)
class Key:
    """Who gets the same bytes."""

    view: View
    language: str
    dialect: str
    group: str = ""  # a phone's working group: its board is shown to no other


@dataclass(frozen=True, eq=False)
class Rendering:
    """What one key's clients see at a place. `parts` maps a region (or "state") to its content."""

    place: Place
    parts: dict[str, Any]
    digests: dict[str, str]
    links: dict[str, str] = field(
        default_factory=dict
    )  # regions too large to push → where to get them
    made_of: RoomSnapshot | None = None  # what a phone was shown of the room

    def body(self) -> dict[str, Any]:
        """Everything, as in a welcome or for one who fell behind."""
        return self._told(self.parts)

    def since(self, earlier: "Rendering | None") -> dict[str, Any] | None:
        """What changed since an earlier rendering, or None."""
        if earlier is None:
            return self.body()
        changed = {
            n: part for n, part in self.parts.items() if self.digests[n] != earlier.digests.get(n)
        }
        return self._told(changed) if changed else None

    def _told(self, parts: dict[str, Any]) -> dict[str, Any]:
        if "state" in parts:
            return {"state": parts["state"]}
        return {
            "regions": {
                n: {"href": self.links[n]} if n in self.links else part for n, part in parts.items()
            }
        }


def render(room: RoomSnapshot, key: Key, earlier: Rendering | None = None) -> Rendering:
    """Render a room for a key. `room` is whole; what the key's role may see is decided here,
    once. Where that is what `earlier` was made of, it is as good as new: of fifty groups that
    work, few change anything in one tick."""
    seen = roles.seen_by(key.view, room, key.group)
    place = Place(room.epoch, room.revision, room.control)
    is_page = key.view is View.PHONE and key.dialect == wire.HTML_DIALECT
    made_of = _for_phones(seen) if is_page else None
    if earlier is not None and made_of is not None and earlier.made_of == made_of:
        return replace(earlier, place=place)
    if key.dialect == wire.JSON_DIALECT:
        told = state.state_of(seen, key.view)
        return Rendering(place, {"state": told}, {"state": told["hash"]})
    with speaking(key.language):
        parts, is_whole = _regions(key.view, seen)
    digests = {name: _digest(html) for name, html in parts.items()}
    links = {}
    if key.view is View.PHONE:
        largest = LARGEST_PUSH_TO_GROUP if key.group else LARGEST_PUSH
        links = {
            name: f"regions/{name}?v={digests[name]}"
            for name, html in parts.items()
            if len(html) > largest
        }
    # What could not be drawn is tried again at the next look, though nothing has changed.
    return Rendering(place, parts, digests, links, made_of if is_whole else None)


def _for_phones(seen: RoomSnapshot) -> RoomSnapshot:
    """What phones are shown, without what counts the room's changes and is in no region."""
    return replace(seen, revision=0, plan=0, control=0)


def _regions(view: View, seen: RoomSnapshot) -> tuple[dict[str, str], bool]:
    """What a view is shown, and whether all of it could be drawn."""
    parts, is_whole = {}, True
    for name in REGIONS[view]:
        try:
            parts[name] = _region(view, name, seen)
        except Exception as error:
            # A result that cannot be drawn must not take the view with it: all else is still true.
            faults.note("room.region_failed", room=seen.id, region=name, error=type(error).__name__)
            parts[name] = _region(view, name, seen.with_activities(_bare(seen)))
            is_whole = False
    return parts, is_whole


def _bare(seen: RoomSnapshot) -> tuple[ActivityView, ...]:
    return tuple(
        replace(a, failed=True, result=None, tables=None, hands=None, previous=None)
        for a in seen.activities
    )


def _region(view: View, name: str, seen: RoomSnapshot) -> str:
    return rendering.render(f"live/{view}/{name}.html", room=seen)


def _digest(html: str) -> str:
    return hashlib.blake2b(html.encode(), digest_size=8).hexdigest()
