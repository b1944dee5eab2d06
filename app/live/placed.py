"""A room's risks (L10) as views and moves find them: where each was placed, and what the register
says of it. What attendees may send, and who sees what, is `activities/risk_dialogue`'s."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fractional_indexing import generate_n_keys_between
from pydantic import Field
from sqlalchemy import delete
from sqlmodel import col, select

from app import clock, ids
from app.errors import Conflict, NotFound
from app.i18n import mark
from app.live import entries, merging, together
from app.live.activity import BaseResult, EntryView, Model, Said
from app.live.commands import Move
from app.live.snapshot import ActivityView, RiskView, RoomSnapshot
from app.models.activities import Activity, ActivityStatus, Entry
from app.models.fields import Line
from app.models.kickoffs import Kickoff
from app.models.risks import Risk
from app.operations import activities, people, room_risks
from app.operations.derived import today_in
from app.operations.obstacles import a_month_after
from app.operations.room_risks import RoomSaid
from app.rules.matrix_spots import Spot, spots
from app.rules.placements import Placement, most_disputed

MOST_PLACED = 30  # risks of the register; of so many nobody places more
RISK, WAS, WROTE, MADE = "risk", "was", "wrote", "made"  # members of an entry's data

Id = Annotated[str, Field(max_length=36)]


class PlacedCount(Model):
    probability: str
    consequence: str
    count: int


class PlacedRisk(Model):
    """`probability` and `consequence` are means from 1 (low) to 3 (high), null where nobody, or too
    few, have placed it; `cells` how often it was placed where."""

    id: str
    text: str
    count: int
    probability: float | None = None
    consequence: float | None = None
    probability_spread: float | None = None
    consequence_spread: float | None = None
    cells: list[PlacedCount] = Field(default_factory=list)

    @property
    def placement(self) -> Placement | None:
        figures = (
            self.probability,
            self.consequence,
            self.probability_spread,
            self.consequence_spread,
        )
        told = [figure for figure in figures if figure is not None]
        return Placement(self.count, *told) if len(told) == len(figures) else None


class RisksResult(BaseResult):
    """`risks` are all that stand: those of the register first, then what was written."""

    risks: list[PlacedRisk]


@dataclass(frozen=True)
class Weighed:
    """One of those that stand. `number` is what it is called on the matrix; `tables`: what tables
    with one phone say, beside; `risk`: its record, once there is one."""

    entry: EntryView
    number: int
    placement: Placement | None
    tables: Placement | None
    risk: RiskView | None
    is_new: bool
    disputed: bool
    written: bool
    others: int = 0

    @property
    def weight(self) -> float:
        return self.placement.weight if self.placement else 0

    @property
    def version(self) -> str:
        """Another one where somebody has settled something of it."""
        return f"{self.risk.owner_id}.{self.risk.due}" if self.risk else "none"


# ---- Views


def in_order(standing: Sequence[EntryView]) -> list[EntryView]:
    """Those of the register in its order, then what was written, in one that tells nothing."""
    return sorted(standing, key=lambda entry: (not entry.position, entry.position, entry.id))


def of_register(activity: ActivityView) -> list[EntryView]:
    return [entry for entry in in_order(together.standing(activity)) if entry.position]


def written(activity: ActivityView) -> list[EntryView]:
    return [entry for entry in in_order(together.standing(activity)) if not entry.position]


def risk_ids(written: Sequence[EntryView]) -> dict[str, str]:
    """By entry that stands: the register's risk that it is, be it by one that is part of it."""
    root_of = merging.roots(written)
    found: dict[str, str] = {}
    for entry in sorted(written, key=lambda each: each.id in root_of):
        if risk := (entry.data or {}).get(RISK):
            found.setdefault(root_of.get(entry.id, entry.id), risk)
    return found


def weighed(activity: ActivityView, room: RoomSnapshot) -> list[Weighed]:
    """All that stand, in their order."""
    phones, tables = placements_of(activity.result), placements_of(activity.tables)
    shown = shown_placements(activity)
    disputed = most_disputed(shown.items())
    records, others = risk_ids(activity.entries), together.others(activity)
    return [
        Weighed(
            entry=entry,
            number=number,
            placement=shown.get(entry.id),
            tables=tables.get(entry.id) if phones else None,
            risk=room.risk_of(records.get(entry.id, "")),
            is_new=not entry.position,
            disputed=entry.id in disputed,
            written=WROTE in (entry.data or {}),
            others=others.get(entry.id, 0),
        )
        for number, entry in enumerate(in_order(together.standing(activity)), 1)
    ]


def heaviest(told: Sequence[Weighed]) -> list[Weighed]:
    """By what the room made of them; what nobody placed comes last."""
    return sorted(told, key=lambda one: (-one.weight, one.number))


def spots_of(told: Sequence[Weighed]) -> dict[str, Spot]:
    """On the matrix, by entry."""
    drawn = [(one.entry.id, one.placement) for one in told if one.placement is not None]
    return {spot.id: spot for spot in spots(drawn)}


def placements_of(result: BaseResult | None) -> dict[str, Placement]:
    if not isinstance(result, RisksResult):
        return {}
    return {one.id: found for one in result.risks if (found := one.placement) is not None}


def shown_placements(activity: ActivityView) -> dict[str, Placement]:
    """The phones'; where people only share one at each table, the tables'."""
    return placements_of(activity.result) or placements_of(activity.tables)


def due_by(room: RoomSnapshot) -> date:
    """What the date is where nobody has said another."""
    today = clock.now().astimezone(ZoneInfo(room.time_zone)).date()
    return a_month_after(date.fromisoformat(room.day) if room.day else None, today)


# ---- Moves


class Some(Model):
    """`entries` left out is all of them."""

    activity: Id
    entries: list[Id] | None = Field(default=None, max_length=1000)


class Own(Model):
    """The owner is somebody of the people list, or is called by name and put on it."""

    activity: Id
    entry: Id
    owner_id: Annotated[Id | None, Said] = None
    owner_name: Annotated[Line | None, Said] = None
    due: Annotated[date | None, Said] = None


def lay_out(move: Move, activity: Activity, chosen: Sequence[str]) -> None:
    """The register's risks are there to be placed; what was answered of them before stays."""
    there = {
        risk: entry
        for entry in move.session.scalars(
            select(Entry).where(col(Entry.activity_id) == activity.id, col(Entry.position) != "")
        )
        if (risk := (entry.data or {}).get(RISK))
    }
    wanted = room_risks.spoken_of(move.session, activity, chosen)[:MOST_PLACED]
    if there and not activities.has_ballots(move.session, activity.id):
        gone = [e.id for risk, e in there.items() if risk not in {each.id for each in wanted}]
        move.session.execute(
            delete(Entry).where(col(Entry.activity_id) == activity.id, col(Entry.id).in_(gone))
        )
    new = [risk for risk in wanted if risk.id not in there]
    last = max((entry.position for entry in there.values()), default=None)
    for risk, position in zip(new, generate_n_keys_between(last, None, len(new)), strict=True):
        move.session.add(
            Entry(
                activity_id=activity.id,
                id=ids.derived_id(activity.id, f"risk:{risk.id}"),
                text=risk.title,
                position=position,
                data={RISK: risk.id},
            )
        )
    move.session.flush()


def write(move: Move, data: Some) -> dict[str, Any]:
    """What the room made of them goes into the register: changed there, or put there anew."""
    view = _begun(move, data.activity)
    told = shown_placements(view)
    wanted = _named(move, data, [entry.id for entry in in_order(together.standing(view))])
    placed = [entry_id for entry_id in wanted if entry_id in told]
    if not placed:
        raise Conflict(mark("Nobody has placed it yet."))
    for entry_id in placed:
        _note(move, view, entry_id, {})
    return {"written": len(placed)}


def own(move: Move, data: Own) -> dict[str, Any]:
    """Who does what about it by when, with what the room made of it; said again it is changed."""
    view = _begun(move, data.activity)
    entry = entries.standing_for(move, data.activity, data.entry)
    owner_id = people.meant(
        move.session,
        move.room.kickoff_id,
        person_id=None if data.owner_name else data.owner_id,
        name=data.owner_name or "",
    )
    risk = _note(move, view, entry.id, {"owner_id": owner_id, "due": data.due})
    move.event_data["title"] = risk.title
    return {"risk": risk.id, "owner": risk.owner_id}


def take_back(move: Move, data: Some) -> dict[str, Any]:
    """The register is as it was before the room wrote in it."""
    view = _begun(move, data.activity)
    all_written = [entry.id for entry in view.entries if WROTE in (entry.data or {})]
    taken = 0
    for entry_id in _named(move, data, all_written):
        entry = move.entry(data.activity, entry_id)
        held = dict(entry.data or {})
        wrote = held.pop(WROTE, None)
        if wrote is None:
            continue
        was, made = held.pop(WAS, None), held.pop(MADE, False)
        risk = _risk(move, held.get(RISK))
        if made:
            held.pop(RISK, None)
        if risk is not None and made:
            room_risks.remove(move.session, risk)
        elif risk is not None:
            room_risks.take_back(move.session, risk, was or {}, wrote)
        entry.data = held or None
        taken += 1
    return {"taken_back": taken}


def _begun(move: Move, activity_id: str) -> ActivityView:
    if move.activity(activity_id).status == ActivityStatus.DRAFT:
        raise Conflict(mark("Everybody places the risks first."))
    return together.view_of(move, activity_id)


def _named(move: Move, data: Some, every: Sequence[str]) -> Sequence[str]:
    if data.entries is None:
        return every
    return [each.id for each in entries.standing_for_each(move, data.activity, data.entries)]


def _note(move: Move, view: ActivityView, entry_id: str, changes: Mapping[str, Any]) -> Risk:
    """Into the register: the room's steps and figures where there are any, and what was said on
    stage. How it was before is kept, once."""
    called = together.words(view.entries).get(entry_id)
    if called is None:
        raise NotFound(mark("There is no such entry."))
    activity = move.activity(view.id)
    entry = move.entry(view.id, entry_id)
    held = dict(entry.data or {})
    risk = _risk(move, risk_ids(view.entries).get(entry_id))
    if risk is None:
        risk = room_risks.made(move.session, activity, called)
        held = {RISK: risk.id, MADE: True}
    elif WROTE not in held:
        held |= {RISK: risk.id, WAS: room_risks.as_it_was(risk)}
    if not held.get(MADE):
        move.event_data.setdefault(room_risks.BEFORE, []).append(room_risks.as_it_was(risk))
    placement = shown_placements(view).get(entry_id)
    steps: dict[str, Any] = {}
    if placement is not None:
        steps = {
            "probability": placement.probability_step,
            "consequence": placement.consequence_step,
        }
    wrote = room_risks.write(move.session, risk, {**steps, **changes}, _figures(move, placement))
    entry.data = {**held, WROTE: {**held.get(WROTE, {}), **wrote}}
    return risk


def _figures(move: Move, placement: Placement | None) -> RoomSaid | None:
    if placement is None:
        return None
    kickoff = move.session.get_one(Kickoff, move.room.kickoff_id)
    return RoomSaid(
        room_probability=round(placement.probability, 2),
        room_consequence=round(placement.consequence, 2),
        room_probability_spread=round(placement.probability_spread, 2),
        room_consequence_spread=round(placement.consequence_spread, 2),
        room_answers=placement.count,
        room_on=today_in(kickoff),
    )


def _risk(move: Move, risk_id: str | None) -> Risk | None:
    found = move.session.get(Risk, risk_id) if risk_id else None
    return found if found is not None and found.kickoff_id == move.room.kickoff_id else None
