"""The agenda as a room shows it: blocks with their times and states, the running clock, the
projected end.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from app.live.snapshot import BlockView, ClockView, PhaseView
from app.models.agenda import AgendaBlock
from app.models.kickoffs import Kickoff
from app.models.rooms import Room
from app.rules import timebox


def blocks_of(
    room: Room,
    kickoff: Kickoff,
    rows: Sequence[tuple[AgendaBlock, str | None]],
    visits: Sequence[tuple[str | None, str]] = (),
) -> tuple[BlockView, ...]:
    """The agenda's blocks, each with its owner's name, as the room runs through them."""
    skipped = _skipped([block.id for block, _ in rows], visits)
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
            fixed=fixed[number] is not None,
            state=_block_state(number, running, room.status),
            skipped=block.id in skipped,
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


def _skipped(order: Sequence[str], visits: Sequence[tuple[str | None, str]]) -> set[str]:
    """What was jumped over and not entered before or after. Where nobody knows how the room came
    to where it is, nothing is said to have been skipped."""
    places = {block_id: place for place, block_id in enumerate(order)}
    jumped: set[str] = set()
    for left, entered in visits:
        if left in places and entered in places:
            jumped.update(order[places[left] + 1 : places[entered]])
    return jumped - {block_id for visit in visits for block_id in visit if block_id}


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


def clock_of(room: Room, block: BlockView | None) -> ClockView | None:
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


def projection(
    blocks: Sequence[BlockView],
    current: BlockView | None,
    clock: ClockView | None,
    here: datetime,
    now_ms: int,
) -> tuple[int | None, int]:
    """(projected end of the day in minutes after midnight, minutes behind the plan), at a time of
    the day that is `here`; as planned where no clock runs."""
    if not blocks:
        return None, 0
    planned_end = max(b.starts + b.minutes for b in blocks)
    if current is None or clock is None:
        return planned_end, 0
    left = (
        clock.left_ms if clock.left_ms is not None else max(0, (clock.ends_at or now_ms) - now_ms)
    )
    rest_of_block = sum(p.minutes for p in current.phases[clock.phase + 1 :])
    block_ends = here.hour * 60 + here.minute + round(left / 60_000) + rest_of_block
    drift = block_ends - (current.starts + current.minutes)
    at = block_ends
    # Nothing begins before its fixed start: free time before one swallows a delay.
    for block in blocks[current.number :]:
        at = (max(at, block.starts) if block.fixed else at) + block.minutes
    return at, drift


def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError):
        return ZoneInfo("Europe/Oslo")
