"""From the database to a `RoomSnapshot`: one look per tick and room, whoever is connected.

Every figure is a query. What a role may see of it is decided in `roles`, not here.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import case, func, select, union_all
from sqlmodel import Session, col

from app.errors import NotFound
from app.live import computing
from app.live.activity import EntryView, kind_of
from app.live.snapshot import (
    ActivityView,
    BlockView,
    ClockView,
    PersonHere,
    PhaseView,
    RoomSnapshot,
)
from app.models.activities import Activity, ActivityStatus, Ballot, Entry, HandCount, Mark, Tally
from app.models.agenda import AgendaBlock
from app.models.kickoffs import Kickoff
from app.models.people import Person, Team
from app.models.rooms import Participant, Room
from app.rules import tally, timebox

MOST_RECENT = 24
MOST_PEOPLE = 300


@dataclass(frozen=True)
class Outside:
    """What a snapshot needs that the database does not know."""

    public_url: str
    connected: frozenset[str] = frozenset()  # participants with a socket in this process
    typed_codes_paused: bool = False
    now_ms: int = 0
    people_too: bool = True  # whether somebody looks at the list of people (the console)


def load(session: Session, room_id: str, outside: Outside) -> RoomSnapshot:
    """Everything about a room at its present revision, for the eyes of its facilitator."""
    room = session.get(Room, room_id)
    if room is None:
        raise NotFound
    kickoff = session.get_one(Kickoff, room.kickoff_id)
    zone = _zone(kickoff.time_zone)
    blocks = _blocks(session, room, kickoff)
    current = next((b for b in blocks if b.state == "now"), None)
    clock = _clock(room, current)
    end, drift = _projection(blocks, current, clock, zone, outside.now_ms)
    host = outside.public_url.removeprefix("https://").removeprefix("http://")
    return RoomSnapshot(
        id=room.id,
        kickoff_id=kickoff.id,
        kickoff_title=kickoff.title,
        vision=kickoff.vision,
        day=kickoff.day.isoformat() if kickoff.day else "",
        venue=kickoff.venue,
        time_zone=kickoff.time_zone,
        name=room.name,
        code=room.code,
        secret=room.secret,
        ask_name=room.ask_name,
        assigns_teams=room.assigns_teams,
        join_url=f"{outside.public_url}/j/{room.secret}/",
        join_host=host,
        spoken_word=room.spoken_word,
        status=room.status,
        locked=room.locked,
        screen=room.screen,
        epoch=room.epoch,
        revision=room.revision,
        control=room.control,
        participants=_count_participants(session, room_id),
        recent=_people(session, room_id, outside, MOST_RECENT, named=True),
        people=_people(session, room_id, outside, MOST_PEOPLE, named=False)
        if outside.people_too
        else (),
        teams=tuple(
            (team.id, team.name) for team in session.exec(_teams(room.kickoff_id)).scalars()
        ),
        blocks=blocks,
        block=current,
        clock=clock,
        activities=_activities(session, room_id),
        stage_activity_id=room.stage_activity_id,
        drift_minutes=drift,
        projected_end=end,
        undo_name=(room.undo or {}).get("name", ""),
        typed_codes_paused=outside.typed_codes_paused,
    )


def _teams(kickoff_id: str) -> Any:
    return (
        select(Team)
        .where(col(Team.kickoff_id) == kickoff_id)
        .order_by(col(Team.position), col(Team.id))
    )


def _count_participants(session: Session, room_id: str) -> int:
    here = select(func.coalesce(func.sum(Participant.people), 0)).where(
        col(Participant.room_id) == room_id, ~col(Participant.removed)
    )
    return int(session.execute(here).scalar_one())


def _people(
    session: Session, room_id: str, outside: Outside, at_most: int, *, named: bool
) -> tuple[PersonHere, ...]:
    wanted = (
        select(Participant.id, Participant.name, Participant.people, Team.name)  # type: ignore[call-overload]
        .outerjoin(Team, col(Team.id) == col(Participant.team_id))
        .where(col(Participant.room_id) == room_id, ~col(Participant.removed))
        .order_by(col(Participant.joined_at).desc(), col(Participant.id))
        .limit(at_most)
    )
    if named:
        wanted = wanted.where(col(Participant.name) != "")
    return tuple(
        PersonHere(
            id=row[0],
            name=row[1],
            team=row[3] or "",
            people=row[2],
            connected=row[0] in outside.connected,
        )
        for row in session.execute(wanted)
    )


# -- the day ------------------------------------------------------------------------------------


def _blocks(session: Session, room: Room, kickoff: Kickoff) -> tuple[BlockView, ...]:
    rows = session.execute(
        select(AgendaBlock, Person.name)  # type: ignore[call-overload]
        .outerjoin(Person, col(Person.id) == col(AgendaBlock.owner_id))
        .where(col(AgendaBlock.kickoff_id) == room.kickoff_id)
        .order_by(col(AgendaBlock.position), col(AgendaBlock.id))
    ).all()
    fixed = [timebox.minute_of_day(b.fixed_start) if b.fixed_start else None for b, _ in rows]
    slots = timebox.schedule(
        timebox.minute_of_day(kickoff.starts_at),
        [(b.minutes, at) for (b, _), at in zip(rows, fixed, strict=True)],
    )
    running = next((n for n, (b, _) in enumerate(rows) if b.id == room.block_id), None)
    return tuple(
        BlockView(
            id=block.id,
            number=number + 1,
            title=block.title,
            kind=block.kind,
            minutes=block.minutes,
            starts=slots[number].starts,
            state=_block_state(number, running, room.status),
            purpose=block.purpose,
            owner=owner or "",
            customer_problem=block.customer_problem,
            effect_indicator=block.effect_indicator,
            notes=block.notes,
            phases=tuple(
                PhaseView(p.name, p.minutes)
                for p in timebox.phases(block.kind, block.minutes, block.phases)
            ),
        )
        for number, (block, owner) in enumerate(rows)
    )


def _block_state(number: int, running: int | None, status: str) -> str:
    if status == "ended":
        return "done"
    if running is None:
        return "next" if number == 0 else "later"
    if number == running:
        return "now"
    if number == running + 1:
        return "next"
    return "done" if number < running else "later"


def _clock(room: Room, block: BlockView | None) -> ClockView | None:
    if block is None or room.block_started_at is None or room.status in ("lobby", "ended"):
        return None
    number = min(room.phase, len(block.phases) - 1)
    phase = block.phases[number]
    return ClockView(
        phase=number,
        phase_name=phase.name,
        phase_minutes=phase.minutes,
        starts_at=room.block_started_at,
        ends_at=None if room.paused_left_ms is not None else room.phase_ends_at,
        left_ms=room.paused_left_ms,
    )


def _projection(
    blocks: Sequence[BlockView],
    current: BlockView | None,
    clock: ClockView | None,
    zone: ZoneInfo,
    now_ms: int,
) -> tuple[int | None, int]:
    """(projected end of the day in minutes after midnight, minutes behind the plan)."""
    if not blocks:
        return None, 0
    planned_end = max(b.starts + b.minutes for b in blocks)
    if current is None or clock is None:
        return planned_end, 0
    left = (
        clock.left_ms if clock.left_ms is not None else max(0, (clock.ends_at or now_ms) - now_ms)
    )
    rest_of_block = sum(p.minutes for p in current.phases[clock.phase + 1 :])
    here = datetime.fromtimestamp(now_ms / 1000, zone)
    block_ends = here.hour * 60 + here.minute + round(left / 60_000) + rest_of_block
    drift = block_ends - (current.starts + current.minutes)
    at = block_ends
    # Free time before a fixed start swallows a delay; without one it is carried to the end.
    for earlier, block in zip(blocks[current.number - 1 :], blocks[current.number :], strict=False):
        slack = block.starts - (earlier.starts + earlier.minutes)
        at = max(at, block.starts) if slack > 0 else at
        at += block.minutes
    return at, drift


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError):
        return ZoneInfo("Europe/Oslo")


# -- activities ---------------------------------------------------------------------------------


def _activities(session: Session, room_id: str) -> tuple[ActivityView, ...]:
    rows = list(
        session.execute(
            select(Activity)
            .where(col(Activity.room_id) == room_id)
            .order_by(col(Activity.position), col(Activity.round), col(Activity.id))
        ).scalars()
    )
    begun = [a.id for a in rows if a.status != ActivityStatus.DRAFT]
    entries = _entries(session, [a.id for a in rows])
    counted = _figures(session, [a for a in rows if a.status != ActivityStatus.DRAFT])
    hands = _hands(session, begun)
    prepared = [
        _prepared(
            activity,
            entries.get(activity.id, []),
            counted.get(activity.id, {}),
            hands.get(activity.id),
        )
        for activity in rows
    ]
    results = computing.results([job for view, job in prepared if job is not None])
    views = {view.id: _with_results(view, job, results) for view, job in prepared}
    return tuple(_with_previous(view, views) for view in views.values())


def _with_previous(view: ActivityView, views: dict[str, ActivityView]) -> ActivityView:
    before = views.get(view.previous_id or "")
    return replace(view, previous=before) if before else view


def _with_results(
    view: ActivityView, job: computing.Job | None, results: dict[str, computing.Results]
) -> ActivityView:
    """One broken activity must not take the room with it; the frame says "result unavailable"."""
    if job is None:
        return view
    if view.id not in results:
        return replace(view, failed=True)
    phones, tables, hands = results[view.id]
    return replace(view, result=phones, tables=tables, hands=hands)


def _prepared(
    activity: Activity,
    entries: list[EntryView],
    figures: dict[tally.Source, tally.Figures],
    hands: tally.Figures | None,
) -> tuple[ActivityView, computing.Job | None]:
    """An activity without its results, and what computes them."""
    logic = kind_of(activity.kind)
    options = tuple(e for e in entries if e.position) if logic.asks_options else ()
    phones = figures.get(tally.Source.PHONES, tally.NO_FIGURES)
    tables = figures.get(tally.Source.TABLES)
    failed = False
    try:
        config = logic.Config.model_validate(activity.config)
    except ValidationError:
        config, failed = logic.Config(), True
    counted = options or tuple(entries)

    def compute() -> computing.Results:
        return tuple(
            logic.result(config, counted, f) if f else None for f in (phones, tables, hands)
        )

    view = ActivityView(
        id=activity.id,
        kind=activity.kind,
        title=activity.title,
        status=activity.status,
        mode=activity.mode,
        revealed=activity.revealed,
        live=activity.live,
        round=activity.round,
        config=config,
        stage=activity.stage,
        block_id=activity.block_id,
        previous_id=activity.previous_id,
        version=activity.version,
        options=options,
        entries=tuple(e for e in entries if not e.position) if logic.moderated else (),
        answered=phones.answered,
        with_tables=phones.answered + (tables.answered if tables else 0),
        scrubbed=activity.scrubbed,
        closed_at=activity.closed_at,
        failed=failed,
    )
    return view, None if activity.status == ActivityStatus.DRAFT else (activity.id, compute)


def _entries(session: Session, activity_ids: Sequence[str]) -> dict[str, list[EntryView]]:
    wanted = (
        select(Entry)
        .where(col(Entry.activity_id).in_(activity_ids))
        .order_by(Entry.position, Entry.id)
    )
    found: dict[str, list[EntryView]] = defaultdict(list)
    for entry in session.execute(wanted).scalars():
        found[entry.activity_id].append(
            EntryView(
                id=entry.id,
                text=entry.text,
                state=entry.state,
                merged_into=entry.merged_into,
                author=entry.author,
                place=entry.place,
                position=entry.position,
                data=entry.data,
            )
        )
    return found


def _figures(
    session: Session, activities: Sequence[Activity]
) -> dict[str, dict[tally.Source, tally.Figures]]:
    """Counts of every activity by source: one select for all kinds, over ballots or what they
    became."""
    ids = [activity.id for activity in activities]
    if not ids:
        return {}
    at_table = case((col(Mark.people) > 1, True), else_=False).label("at_table")
    live = (
        select(Mark.activity_id, Mark.entry_id, Mark.value, at_table, func.sum(Mark.people))  # type: ignore[call-overload]
        .where(col(Mark.activity_id).in_(ids))
        .group_by(Mark.activity_id, Mark.entry_id, Mark.value, at_table)
    )
    kept = select(
        Tally.activity_id, Tally.entry_id, Tally.value, Tally.table_phone, Tally.count
    ).where(  # type: ignore[call-overload]
        col(Tally.activity_id).in_(ids)
    )
    rows: dict[tuple[str, bool], list[tuple[str, int, int]]] = defaultdict(list)
    for activity_id, entry_id, value, table, count in session.execute(union_all(live, kept)):
        rows[activity_id, bool(table)].append((entry_id, value, int(count)))
    answered = _answered(session, activities)
    return {
        activity.id: {
            tally.Source.PHONES: tally.figures(
                answered[activity.id, False], rows[activity.id, False]
            ),
            **(
                {
                    tally.Source.TABLES: tally.figures(
                        answered[activity.id, True], rows[activity.id, True]
                    )
                }
                if answered[activity.id, True]
                else {}
            ),
        }
        for activity in activities
    }


def _answered(session: Session, activities: Iterable[Activity]) -> dict[tuple[str, bool], int]:
    at_table = case((col(Ballot.people) > 1, True), else_=False).label("at_table")
    counts: dict[tuple[str, bool], int] = defaultdict(int)
    wanted = (
        select(Ballot.activity_id, at_table, func.sum(Ballot.people))  # type: ignore[call-overload]
        .where(col(Ballot.activity_id).in_([a.id for a in activities]))
        .group_by(Ballot.activity_id, at_table)
    )
    for activity_id, table, people in session.execute(wanted):
        counts[activity_id, bool(table)] = int(people)
    for activity in activities:
        if activity.scrubbed:
            counts[activity.id, False] = activity.answered or 0
            counts[activity.id, True] = activity.answered_people or 0
    return counts


def _hands(session: Session, activity_ids: Sequence[str]) -> dict[str, tally.Figures]:
    rows: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for hand in session.execute(
        select(HandCount).where(col(HandCount.activity_id).in_(activity_ids))
    ).scalars():
        rows[hand.activity_id].append((hand.entry_id, hand.value, hand.count))
    return {
        activity_id: tally.figures(sum(count for _, _, count in found), found)
        for activity_id, found in rows.items()
    }
