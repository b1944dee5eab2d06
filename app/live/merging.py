"""Marks of entries that were merged: counted for the entry that stands, once for each ballot.

Who had marked both keeps the better mark (the lower value: first place is 1). All others' marks
stay what they were: that two obstacles are one says nothing about how a third was ranked.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import case, select
from sqlmodel import Session, col

from app.live.activity import WROTE, EntryView
from app.models.activities import Mark
from app.rules import merges

Rows = list[tuple[str, int, bool, int]]  # entry, value, at a table, people


def roots(entries: Iterable[EntryView]) -> dict[str, str]:
    """By entry that was merged: the one that stands in its place, however long the chain."""
    return merges.roots({entry.id: entry.merged_into for entry in entries if entry.merged_into})


def merged_marks(session: Session, activity_id: str, root_of: Mapping[str, str]) -> Rows:
    """The marks of all entries that are part of a merge, as counts for those that stand."""
    part = {*root_of, *root_of.values()}
    at_table = case((col(Mark.people) > 1, True), else_=False)
    wanted = select(Mark.key, Mark.entry_id, Mark.value, at_table, Mark.people).where(  # type: ignore[call-overload]
        col(Mark.activity_id) == activity_id, col(Mark.entry_id).in_(part)
    )
    return folded(list(session.execute(wanted)), root_of)


def folded(marks: Sequence[tuple[str, str, int, bool, int]], root_of: Mapping[str, str]) -> Rows:
    """(key, entry, value, at a table, people) → counts by entry that stands, value and source."""
    best: dict[tuple[str, str, bool], tuple[int, bool, int]] = {}
    for key, entry_id, value, table, people in marks:
        # Having written it is no mark of how it is seen: the two are counted apart.
        what = (key, root_of.get(entry_id, entry_id), value == WROTE)
        if what not in best or value < best[what][0]:
            best[what] = (value, bool(table), people)
    counts: dict[tuple[str, int, bool], int] = defaultdict(int)
    for (_, entry_id, _), (value, table, people) in best.items():
        counts[entry_id, value, table] += people
    return [(entry, value, table, count) for (entry, value, table), count in counts.items()]
