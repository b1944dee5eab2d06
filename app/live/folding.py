"""What a batch's votes come to, lane by lane, and its rows: ballots, marks, entries, one statement
each."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection

from app.live.activity import Change, EntryUpdate, NewEntry
from app.live.ledger_sql import Statements, changed, run
from app.live.votes import Key, Lane


class Fold:
    """What all votes in one lane of a ballot in this batch come to: nearly always there is one,
    whose change then stands as it is."""

    __slots__ = ("author", "cleared", "dropped", "entries", "marks", "people", "seq", "updates")

    def __init__(
        self, seq: int, people: int, author: str | None, change: Change, number: int
    ) -> None:
        self.seq, self.people, self.author = seq, people, author
        self.cleared = change.replaces
        self.marks: Collection[tuple[str, int]] = change.marks
        self.dropped: Iterable[tuple[str, int]] = change.unmarks
        self.entries: Sequence[NewEntry] = change.entries
        self.updates: Sequence[tuple[int, EntryUpdate]] = ()  # with when they came
        if change.updates:
            self.updates = [(number, update) for update in change.updates]

    def add(self, seq: int, change: Change, number: int) -> None:
        """One more that came to the same lane, after those."""
        self.seq = max(self.seq, seq)
        marks = {} if change.replaces else dict.fromkeys(self.marks)
        self.cleared = self.cleared or change.replaces
        for mark in change.unmarks:
            marks.pop(mark, None)
        self.dropped = {*self.dropped, *change.unmarks}
        self.marks = marks | dict.fromkeys(change.marks)
        self.entries = [*self.entries, *change.entries]
        self.updates = [*self.updates, *((number, update) for update in change.updates)]


def store(connection: Connection, sql: Statements, folds: dict[Lane, Fold]) -> None:
    """Write them all. The rows are sorted: in the pages nothing tells who came first, and no two
    writers wait for each other's."""
    kept = _standing(connection, sql, folds)
    run(connection, sql.clear_marks, [lane for lane, fold in kept.items() if fold.cleared])
    run(
        connection,
        sql.drop_marks,
        [[*lane, entry, value] for lane, fold in kept.items() for entry, value in fold.dropped],
    )
    _store_entries(connection, sql, kept)
    marks = [
        (*lane, entry, value, fold.people)
        for lane, fold in kept.items()
        for entry, value in fold.marks
    ]
    run(connection, sql.put_marks, sorted(marks))


def _standing(connection: Connection, sql: Statements, folds: dict[Lane, Fold]) -> dict[Lane, Fold]:
    """Writes the ballots; those in which nothing newer is counted already."""
    ballots = [(*lane, fold.seq, fold.people) for lane, fold in folds.items()]
    if changed(connection, sql.put_ballots, sorted(ballots)) == len(ballots):
        return folds
    there = run(connection, sql.ballots, sorted({lane[:2] for lane in folds}))
    newest = {(activity_id, key, lane): seq for activity_id, key, lane, seq in there}
    return {lane: fold for lane, fold in folds.items() if newest.get(lane) == fold.seq}


def _store_entries(connection: Connection, sql: Statements, kept: dict[Lane, Fold]) -> None:
    fresh: dict[Key, list[Any]] = {}
    own: dict[Key, list[Any]] = {}
    changes: list[tuple[int, str, EntryUpdate]] = []
    for (activity_id, _, _), fold in kept.items():
        for entry in fold.entries:
            # What everybody shares (a word of the cloud) has no author.
            author = fold.author if entry.overwrite or entry.own else None
            row = [activity_id, entry.id, entry.text, entry.state, author]
            if entry.overwrite:
                own[activity_id, entry.id] = row
            else:
                more = [entry.position, entry.place, _as_text(entry.data)]
                fresh[activity_id, entry.id] = row + more
        if fold.updates:
            changes.extend((number, activity_id, update) for number, update in fold.updates)
    run(connection, sql.put_entries, [fresh[key] for key in sorted(fresh)])
    run(connection, sql.overwrite_entries, list(own.values()))
    _update_entries(connection, sql, changes)


def _update_entries(
    connection: Connection, sql: Statements, changes: list[tuple[int, str, EntryUpdate]]
) -> None:
    updates: dict[Key, EntryUpdate] = {}
    # Whoever came last has the last word, whatever lane it is in.
    for _, activity_id, update in sorted(changes, key=lambda one: one[0]):
        what = (activity_id, update.id)
        updates[what] = _together(updates[what], update) if what in updates else update
    if sql.lock_entries is not None:
        run(connection, sql.lock_entries, list(updates))
    run(
        connection,
        sql.update_entries,
        [
            [activity_id, u.id, u.text, u.state, u.place, u.position, _as_text(u.data)]
            for (activity_id, _), u in updates.items()
        ],
    )


def _as_text(data: dict[str, Any] | None) -> str | None:
    return None if data is None else orjson.dumps(data).decode()


def _together(first: EntryUpdate, then: EntryUpdate) -> EntryUpdate:
    """Two changes of one entry in the order in which they came."""
    data = first.data if then.data is None else {**(first.data or {}), **then.data}
    return EntryUpdate(
        then.id,
        text=first.text if then.text is None else then.text,
        state=first.state if then.state is None else then.state,
        place=first.place if then.place is None else then.place,
        position=first.position if then.position is None else then.position,
        data=data,
    )
