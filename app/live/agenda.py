"""The running day: block, phase, deadline, pause. All times are the server's."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field
from sqlmodel import col, select

from app.access import Permission
from app.errors import Conflict, NotFound
from app.i18n import mark
from app.live import minutes
from app.live.activity import Model, kind_of
from app.live.commands import Command, Move
from app.models.activities import Activity
from app.models.agenda import AgendaBlock, BlockKind
from app.models.fields import Line
from app.models.rooms import ENTERING, RoomEvent, RoomStatus
from app.operations import activities, order
from app.operations.rooms import plan_changed
from app.rules import timebox

MINUTE_MS = 60_000


class Goto(Model):
    block: str = Field(max_length=36)


class Extend(Model):
    minutes: int = Field(ge=-240, le=240)


class Insert(Model):
    """A block put in right after the running one."""

    title: Annotated[Line, Field(min_length=1)]
    kind: BlockKind = BlockKind.INTERACTIVE
    minutes: int = Field(default=10, ge=1, le=600)


def start(move: Move, _: Model) -> None:
    room = move.room
    if room.status != RoomStatus.LOBBY and room.status != RoomStatus.ENDED:
        raise Conflict(mark("The day has already started."))
    _go_on(move)
    blocks = _blocks(move)
    if blocks and room.block_id is None:
        _enter(move, blocks[0])


def end(move: Move, _: Model) -> None:
    if move.room.status == RoomStatus.ENDED:
        raise Conflict(mark("The day is over already."))
    move.room.status = RoomStatus.ENDED
    move.room.ended_at = move.now_ms
    move.room.screen = ""
    for activity_id in move.touched:
        activity = move.activity(activity_id)
        if not kind_of(activity.kind).outlives_day:
            activities.close(activity, move.now_ms)
    minutes.draft_at_the_end(move.session, move.room)


def next_block(move: Move, _: Model) -> None:
    _step(move, 1)


def back(move: Move, _: Model) -> None:
    """To where one came from: the block's last phase, and what the hall looked at in it."""
    _step(move, -1)
    block = _current(move)
    _enter_phase(move, block, len(_phases(block)) - 1)
    before = _shown_before(move, block)
    staged = before.get("left_staged")
    there = staged and move.session.get(Activity, staged)
    move.room.stage_activity_id = staged if there else None
    move.room.stage_item = before.get("left_item", "")
    move.room.step = before.get("left_step", "")
    move.room.step_phase = before.get("left_step_phase", 0)
    move.room.step_after = before.get("left_step_after", [])
    move.room.step_number = before.get("left_step_number", 0)


def goto(move: Move, data: Goto) -> None:
    block = next((block for block in _blocks(move) if block.id == data.block), None)
    if block is None:
        raise NotFound(mark("There is no such block."))
    _enter(move, block)


def next_phase(move: Move, _: Model) -> None:
    block = _current(move)
    if move.room.phase + 1 >= len(_phases(block)):
        raise Conflict(mark("This is the block's last phase."))
    _enter_phase(move, block, move.room.phase + 1)


def previous_phase(move: Move, _: Model) -> None:
    block = _current(move)
    if move.room.phase == 0:
        raise Conflict(mark("This is the block's first phase."))
    _enter_phase(move, block, move.room.phase - 1)


def pause(move: Move, _: Model) -> None:
    room = move.room
    if room.status != RoomStatus.LIVE:
        raise Conflict(mark("The day is not running."))
    room.status = RoomStatus.PAUSED
    if room.phase_ends_at is not None:
        room.paused_left_ms = room.phase_ends_at - move.now_ms


def resume(move: Move, _: Model) -> None:
    room = move.room
    if room.status != RoomStatus.PAUSED:
        raise Conflict(mark("The day is not paused."))
    _go_on(move)


def extend(move: Move, data: Extend) -> None:
    room = move.room
    _current(move)
    added = data.minutes * MINUTE_MS
    if room.paused_left_ms is not None:
        room.paused_left_ms += added
    elif room.phase_ends_at is not None:
        # Time given after the end counts from now: "+5" always gives five minutes to work with.
        from_here = max(room.phase_ends_at, move.now_ms) if added > 0 else room.phase_ends_at
        room.phase_ends_at = from_here + added


def insert(move: Move, data: Insert) -> dict[str, str]:
    kickoff_id, here = move.room.kickoff_id, move.room.block_id or order.FIRST
    block = AgendaBlock(
        kickoff_id=kickoff_id,
        title=data.title,
        kind=data.kind,
        minutes=data.minutes,
        position=order.after(move.session, AgendaBlock, kickoff_id, sibling_id=here),
    )
    move.session.add(block)
    move.session.flush()
    plan_changed(move.session, kickoff_id)  # the kickoff may have other rooms
    move.event_data["made"] = move.to_undo["made_block"] = block.id
    return {"block": block.id}


def _go_on(move: Move) -> None:
    """The day runs, begun or taken up again; a clock that stood still (a day may be ended in a
    pause) has as long as it had."""
    room = move.room
    room.status = RoomStatus.LIVE
    room.started_at = room.started_at or move.now_ms
    room.ended_at = None
    if room.paused_left_ms is not None:
        room.phase_ends_at = move.now_ms + room.paused_left_ms
    room.paused_left_ms = None


def _step(move: Move, way: int) -> None:
    blocks = _blocks(move)
    room = move.room
    if room.status in (RoomStatus.LOBBY, RoomStatus.ENDED):
        raise Conflict(mark("The day is not running."))
    if not blocks:
        raise Conflict(mark("The agenda has no blocks."))
    here = next(
        (n for n, block in enumerate(blocks) if block.id == room.block_id),
        -1 if way > 0 else len(blocks),
    )
    there = here + way
    if not 0 <= there < len(blocks):
        sentence = mark("This is the last block.") if way > 0 else mark("This is the first block.")
        raise Conflict(sentence)
    _enter(move, blocks[there])


def _shown_before(move: Move, block: AgendaBlock) -> Mapping[str, Any]:
    """What the projector showed when the room last left this block."""
    left = select(RoomEvent.data).where(
        col(RoomEvent.room_id) == move.room.id, col(RoomEvent.name).in_(ENTERING)
    )
    for data in move.session.exec(left.order_by(col(RoomEvent.control).desc()).limit(200)):
        if data.get("left") == block.id:
            return data
    return {}


def _enter(move: Move, block: AgendaBlock) -> None:
    room = move.room
    move.event_data.update(
        left=room.block_id,
        left_staged=room.stage_activity_id,
        left_item=room.stage_item,
        left_step=room.step,
        left_step_phase=room.step_phase,
        left_step_after=room.step_after,
        left_step_number=room.step_number,
        entered=block.id,
    )
    room.block_id = block.id
    room.block_started_at = move.now_ms
    room.stage_activity_id = None
    room.stage_item = room.stage_focus = room.step = ""
    room.step_phase = room.step_number = 0
    room.step_after = []
    room.screen = ""
    _go_on(move)  # `goto` begins the day, and takes up one that was over
    move.event_data["block_title"] = block.title
    _enter_phase(move, block, 0)


def _enter_phase(move: Move, block: AgendaBlock, number: int) -> None:
    room = move.room
    phase = _phases(block)[number]
    room.phase = number
    room.paused_left_ms = None
    room.status = RoomStatus.LIVE
    room.phase_ends_at = move.now_ms + phase.minutes * MINUTE_MS
    move.event_data["phase"] = phase.name


def _phases(block: AgendaBlock) -> tuple[timebox.Phase, ...]:
    return timebox.phases(block.kind, block.minutes, block.phases)


def _current(move: Move) -> AgendaBlock:
    block = move.session.get(AgendaBlock, move.room.block_id) if move.room.block_id else None
    if block is None or move.room.status in (RoomStatus.LOBBY, RoomStatus.ENDED):
        raise Conflict(mark("No block is running."))
    return block


def _blocks(move: Move) -> list[AgendaBlock]:
    wanted = select(AgendaBlock).where(col(AgendaBlock.kickoff_id) == move.room.kickoff_id)
    return list(move.session.exec(wanted.order_by(col(AgendaBlock.position), col(AgendaBlock.id))))


FACILITATE = Permission.FACILITATE

COMMANDS = {
    "room.start": Command(start, FACILITATE, undoable=True),
    "room.end": Command(end, FACILITATE, undoable=True, closes=True),
    "agenda.next": Command(next_block, FACILITATE, undoable=True),
    "agenda.back": Command(back, FACILITATE, undoable=True),
    "agenda.goto": Command(goto, FACILITATE, Goto, undoable=True),
    "agenda.next_phase": Command(next_phase, FACILITATE, undoable=True),
    "agenda.previous_phase": Command(previous_phase, FACILITATE, undoable=True),
    "agenda.pause": Command(pause, FACILITATE, undoable=True),
    "agenda.resume": Command(resume, FACILITATE, undoable=True),
    "agenda.extend": Command(extend, FACILITATE, Extend, undoable=True),
    "agenda.insert": Command(insert, FACILITATE, Insert, undoable=True),
}
