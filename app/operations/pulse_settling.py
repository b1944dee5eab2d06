"""After a wave is closed: its figures by group are made, and what could tie them to anybody goes.

What was sealed is opened once, in memory; of the groups' figures only those that may be told are
written down (rules/pulse_groups). Receipts and what was sealed are removed, and what was answered
is written anew in the order of new random ids: nothing is left of the order in which it came.
"""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from app import clock, ids
from app.database import Database
from app.models.pulse_waves import (
    DIMENSIONS,
    PulseAnswer,
    PulseReceipt,
    PulseSealed,
    PulseTally,
    PulseText,
    PulseWave,
)
from app.operations.pulse_answers import how_many_answered
from app.operations.pulse_sealing import Answered, Seal
from app.rules.pulse_groups import Cell, Group, groups_of, tellable

Counts = Counter[tuple[Group, str, int]]  # group, question, value


def settle(database: Database, wave_id: str, key: bytes | None) -> bool:
    """Make a closed wave's figures; False where somebody else has. Without its key there are none
    by group. The search for what may be told can take seconds: nobody's write waits for it."""
    with database.reading() as session:
        opened = _opened(session, wave_id, key)
    counts = told(opened)
    with database.unit_of_work() as session:
        wave = session.scalars(
            select(PulseWave).where(PulseWave.id == wave_id).with_for_update()
        ).first()
        if wave is None or wave.is_open or wave.settled_at is not None:
            return False
        wave.answered = how_many_answered(session, wave)
        if counts:
            session.execute(insert(PulseTally), _rows(wave_id, counts))
        session.execute(delete(PulseSealed).where(col(PulseSealed.wave_id) == wave_id))
        session.execute(delete(PulseReceipt).where(col(PulseReceipt.wave_id) == wave_id))
        _write_anew(session, PulseAnswer, wave_id)
        _write_anew(session, PulseText, wave_id)
        wave.settled_at = clock.now()
        wave.has_changed()
    return True


def told(opened: Sequence[Answered]) -> Counts:
    """How often each value was answered in each group, where that may be told. Every question is
    looked at by itself: who did not answer it is not in its groups."""
    counts: Counts = Counter()
    known: dict[frozenset[tuple[Cell, int]], frozenset[Group]] = {}
    for question in sorted({name for one in opened for name in one.values}):
        those = [(one.labels, one.values[question]) for one in opened if question in one.values]
        cells = Counter(labels for labels, _ in those)
        # Most questions are answered by all, and then it is the same search.
        which = frozenset(cells.items())
        if which not in known:
            known[which] = tellable(cells)
        for labels, value in those:
            for group in groups_of(labels):
                if group in known[which]:
                    counts[group, question, value] += 1
    return counts


def _opened(session: Session, wave_id: str, key: bytes | None) -> list[Answered]:
    if key is None:
        return []
    seal = Seal(key)
    sealed = session.scalars(select(PulseSealed.sealed).where(PulseSealed.wave_id == wave_id))
    return [one for one in map(seal.open, sealed) if one is not None]


def _rows(wave_id: str, counts: Counts) -> list[dict[str, object]]:
    return [
        {
            "wave_id": wave_id,
            "dimension": DIMENSIONS[group.dimension],
            "label": group.label,
            "question_id": question,
            "value": value,
            "count": count,
        }
        for (group, question, value), count in sorted(counts.items())
    ]


def _write_anew(session: Session, table: type[PulseAnswer] | type[PulseText], wave_id: str) -> None:
    columns = [name for name in table.model_fields if name != "id"]
    wanted = select(*(getattr(table, name) for name in columns)).where(
        col(table.wave_id) == wave_id
    )
    rows = [
        {**dict(zip(columns, row, strict=True)), "id": ids.random_id()}
        for row in session.execute(wanted).all()
    ]
    session.execute(delete(table).where(col(table.wave_id) == wave_id))
    if rows:
        session.execute(insert(table), sorted(rows, key=lambda row: str(row["id"])))
