"""The day as it is planned: blocks with their computed times, and what is odd about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.models.activities import Activity
from app.models.agenda import AgendaBlock, AgendaBlockFields, blocks_of
from app.models.kickoffs import Kickoff
from app.operations import activities, order, records
from app.operations.entities import AGENDA_BLOCKS
from app.rules.agenda_warnings import PlannedBlock, agenda_warnings
from app.rules.findings import Finding
from app.rules.timebox import Phase, Slot, minute_of_day, phases, schedule


@dataclass(frozen=True)
class PlannedRow:
    """A block with where it lies in the day."""

    block: AgendaBlock
    number: int
    slot: Slot
    phases: tuple[Phase, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Day:
    """A kickoff's agenda; times are minutes after midnight."""

    rows: tuple[PlannedRow, ...]
    starts: int
    ends: int
    minutes: int
    findings: tuple[Finding, ...]

    @property
    def clashes(self) -> tuple[PlannedRow, ...]:
        """Blocks whose fixed start comes before what stands before them is over."""
        return tuple(row for row in self.rows if row.slot.slack < 0)

    @property
    def advice(self) -> int:
        return len(self.findings) + sum(len(row.findings) for row in self.rows)


def day_of(session: Session, kickoff: Kickoff) -> Day:
    return planned(kickoff, session.scalars(blocks_of(kickoff.id)).all())


def planned(kickoff: Kickoff, blocks: Sequence[AgendaBlock]) -> Day:
    """The blocks laid after one another from the kickoff's start; fixed starts are kept."""
    starts = minute_of_day(kickoff.starts_at)
    slots = schedule(starts, [(block.minutes, _fixed(block)) for block in blocks])
    findings = agenda_warnings([_as_planned(block) for block in blocks], slots)
    rows = tuple(
        PlannedRow(
            block=block,
            number=number,
            slot=slot,
            phases=phases(block.kind, block.minutes, block.phases),
            findings=tuple(finding for finding in findings if finding.where == block.id),
        )
        for number, (block, slot) in enumerate(zip(blocks, slots, strict=True), start=1)
    )
    return Day(
        rows=rows,
        starts=starts,
        ends=max([slot.ends for slot in slots], default=starts),
        minutes=sum(block.minutes for block in blocks),
        findings=tuple(finding for finding in findings if not finding.where),
    )


def activities_per_block(session: Session, kickoff_id: str) -> dict[str, int]:
    """How many activities each block opens."""
    statement = (
        select(Activity.block_id, func.count())
        .where(Activity.kickoff_id == kickoff_id, col(Activity.block_id).is_not(None))
        .group_by(col(Activity.block_id))
    )
    return {str(block_id): count for block_id, count in session.execute(statement).all()}


def copy_block(
    session: Session,
    block: AgendaBlock,
    *,
    with_notes: bool,
    option_kinds: frozenset[str],
) -> AgendaBlock:
    """The same block with what it asks again, right after it; a fixed start can only be one
    block's."""
    values = {**records.own_values(AgendaBlockFields, block), "fixed_start": None}
    if not with_notes:
        values["notes"] = ""
    made = records.create(session, AGENDA_BLOCKS, block.kickoff_id, values, after_id=block.id)
    assert isinstance(made, AgendaBlock), "AGENDA_BLOCKS are agenda blocks"
    asked = activities.prepared(block.kickoff_id).where(col(Activity.block_id) == block.id)
    ids: dict[str | None, str | None] = {}
    for activity in session.scalars(asked).all():
        ids[activity.id] = activities.copy_as_draft(
            session,
            activity,
            kickoff_id=block.kickoff_id,
            room_id=activity.room_id,
            block_id=made.id,
            position=order.at_the_end(session, Activity, block.kickoff_id),
            option_kinds=option_kinds,
        )
    # The kickoff is the same, and so are its themes.
    ids |= {
        id: id for kind, _, id in (key.partition(":") for key in block.program) if kind == "theme"
    }
    made.program = program_with(ids, block.program)
    session.flush()
    return made


def program_with(ids: Mapping[str | None, str | None], program: Sequence[str]) -> list[str]:
    """A block's program in a copy of it: what became of each thing is in `ids`, pictures are the
    same, and what was not copied is left out."""
    told = [key.partition(":") for key in program]
    return [
        f"{kind}:{ids.get(id) or id}"
        for kind, _, id in told
        if kind == "picture" or ids.get(id) is not None
    ]


def _fixed(block: AgendaBlock) -> int | None:
    return minute_of_day(block.fixed_start) if block.fixed_start else None


def _as_planned(block: AgendaBlock) -> PlannedBlock:
    return PlannedBlock(
        id=block.id,
        kind=block.kind,
        minutes=block.minutes,
        has_owner=block.owner_id is not None,
        has_problem=bool(block.customer_problem),
        has_indicator=bool(block.effect_indicator),
    )
