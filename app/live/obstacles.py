"""A room's obstacles (L5) as views and moves find them: which are the five, and who owns what.
What attendees may send, and who sees what, is the kind's: `activities/top_obstacles`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field
from sqlmodel import col, select

from app import clock
from app.errors import ActivityClosed, Conflict, NotFound
from app.i18n import mark
from app.live import entries, together
from app.live.activity import BaseResult, EntryView, Model
from app.live.commands import Move
from app.live.snapshot import ActionView, ActivityView, RoomSnapshot
from app.models.actions import Window
from app.models.activities import Activity, ActivityStatus, Entry
from app.models.fields import Line
from app.operations import obstacles as owning
from app.rules.obstacles import the_five
from app.rules.ranking import PLACES


class RankedObstacle(Model):
    """`counts[0]` is how often it was put first. Several share a `place` where the tie rule finds
    no difference."""

    id: str
    text: str
    points: int
    place: int
    counts: tuple[int, ...]


class ObstaclesResult(BaseResult):
    """`obstacles` is how many stand to be ranked, `ranked` are those that somebody has."""

    obstacles: int
    ranked: list[RankedObstacle]

    @property
    def five(self) -> list[RankedObstacle]:
        return the_five(self.ranked)

    @property
    def others(self) -> list[RankedObstacle]:
        return self.ranked[len(self.five) :]

    @property
    def most(self) -> int:
        """The most points, for the length of bars."""
        return max((each.points for each in self.ranked), default=0) or 1

    @property
    def some_share(self) -> bool:
        """Whether any two of the foremost have the same place."""
        foremost = self.ranked[: 2 * PLACES]
        return len({each.place for each in foremost}) < len(foremost)

    def shares(self, one: RankedObstacle) -> bool:
        """Whether another has the same place."""
        return sum(each.place == one.place for each in self.ranked) > 1


@dataclass(frozen=True)
class Owned:
    """One of the five, and what has become of it. `accepted`: its owner has said yes."""

    ranked: RankedObstacle
    action: ActionView | None
    accepted: bool
    taken: bool = False  # from a phone, where it can be given back

    @property
    def owner(self) -> str:
        return self.action.owner if self.action else ""

    @property
    def due(self) -> date | None:
        return date.fromisoformat(self.action.due) if self.action and self.action.due else None

    @property
    def window(self) -> int | None:
        return self.action.window if self.action else None

    @property
    def version(self) -> str:
        """Another one where somebody has settled something of it."""
        told = self.action
        return f"{told.owner_id}.{told.due}.{told.window}" if told else "none"


def order(activity: ActivityView) -> ObstaclesResult | None:
    """The room's order: the phones'; where people only share one at each table, the tables'."""
    phones, tables = activity.result, activity.tables
    found = tables if tables and not (phones and phones.answered) else phones
    assert found is None or isinstance(found, ObstaclesResult)
    return found


def five(activity: ActivityView) -> list[Owned]:
    """The five with who owns them."""
    found = order(activity)
    written = {entry.id: entry for entry in activity.entries}
    parts = together.merged(activity)
    return [
        _owned(activity, each, written.get(each.id), parts.get(each.id, []))
        for each in (found.five if found else ())
    ]


def offered(activity: ActivityView) -> set[str]:
    """What attendees may take on."""
    found = order(activity)
    return {each.id for each in found.five} if found else set()


def _owned(
    activity: ActivityView,
    ranked: RankedObstacle,
    entry: EntryView | None,
    parts: Sequence[EntryView],
) -> Owned:
    """Somebody may have owned it before it was merged into another."""
    candidates = (activity.action_of(each) for each in (ranked.id, *(part.id for part in parts)))
    action = next((each for each in candidates if each is not None), None)
    noted = (entry.data if entry else None) or {}
    owner = action.owner_id if action else None
    accepted, taken = (bool(owner) and noted.get(it) == owner for it in ("accepted", "taken"))
    return Owned(ranked, action, accepted, taken)


def due_by(room: RoomSnapshot) -> date:
    """What the date is where nobody has said another."""
    today = clock.now().astimezone(ZoneInfo(room.time_zone)).date()
    return owning.a_month_after(date.fromisoformat(room.day) if room.day else None, today)


def _given(value: Any) -> Any:
    """A field that was left empty was not given."""
    return None if isinstance(value, str) and not value.strip() else value


Id = Annotated[str, Field(max_length=36)]
Given = BeforeValidator(_given)


class One(Model):
    activity: Id
    entry: Id


class Own(One):
    """The owner is somebody of the people list, or is called by name and put on it."""

    owner_id: Annotated[Id | None, Given] = None
    owner_name: Annotated[Line | None, Given] = None
    due: Annotated[date | None, Given] = None
    window: Annotated[Window | None, Given] = None


class Mine(One):
    """`name`: of an attendee who has not said yet who they are."""

    name: Annotated[Line | None, Given] = None


def own(move: Move, data: Own) -> None:
    """Who does what about it by when; said again it is changed."""
    activity, entry, called = _obstacle(move, data)
    owning.give(
        move.session,
        activity,
        entry,
        called,
        owner_id=data.owner_id,
        owner_name=data.owner_name,
        due=data.due,
        window=data.window,
    )


def take(move: Move, data: Mine) -> dict[str, Any]:
    """An attendee takes one of the five on, and is somebody of the people list from now on."""
    activity, entry, called = _offered(move, data)
    assert move.participant is not None, "an attendee's move"
    owner = owning.take(move.session, activity, entry, called, move.participant, data.name or "")
    return {"person": owner.id, "name": move.participant.name}


def accept(move: Move, data: Mine) -> dict[str, Any]:
    """Who was named as the owner says yes on the own phone."""
    activity, entry, _ = _offered(move, data)
    assert move.participant is not None, "an attendee's move"
    owner = owning.accept(move.session, activity, entry, move.participant, data.name or "")
    return {"person": owner.id, "name": move.participant.name}


def release(move: Move, data: Mine) -> None:
    """Who took it on does not after all."""
    activity, entry, _ = _offered(move, data)
    assert move.participant is not None, "an attendee's move"
    owning.release(move.session, activity, entry, move.participant, data.name or "")


def _obstacle(move: Move, data: One) -> tuple[Activity, Entry, str]:
    """The one that stands for it, and what that is called."""
    activity = move.activity(data.activity)
    if activity.stage != "own" or activity.status == ActivityStatus.DRAFT:
        raise Conflict(mark("Owners are named when the ranking is done."))
    entry = entries.standing_for(move, data.activity, data.entry)
    called = together.words(_written(move, data.activity)).get(entry.id)
    if called is None:
        raise NotFound(mark("There is no such entry."))
    return activity, entry, called


def _written(move: Move, activity_id: str) -> list[EntryView]:
    wanted = select(Entry.id, Entry.text, Entry.state, Entry.merged_into).where(
        col(Entry.activity_id) == activity_id
    )
    return [EntryView(*row) for row in move.session.execute(wanted)]


def _offered(move: Move, data: One) -> tuple[Activity, Entry, str]:
    """What phones are shown to be taken on: one of the five, or what somebody was named for."""
    activity, entry, called = _obstacle(move, data)
    if activity.status != ActivityStatus.OPEN and not activity.revealed:
        raise ActivityClosed
    view = together.view_of(move, data.activity)
    if entry.id not in offered(view):
        raise NotFound(mark("There is no such entry."))
    return activity, entry, called
