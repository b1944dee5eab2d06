"""The ledger's statements: one per table and commit, whatever the number of rows.

A single statement matters twice: the database parses once, and on SQLite the interpreter lock is
given up once per statement instead of once per row. Rows go to PostgreSQL as one JSON array; to
SQLite as values, since its JSON takes each row apart once for every column.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

import orjson
from sqlalchemy import Connection

from app.live.activity import WROTE
from app.models.activities import Ballot, Entry, Mark, Receipt
from app.models.groups import WorkingGroup
from app.models.people import Person
from app.models.rooms import Participant


class Statements:
    """The statements in the dialect of one database."""

    def __init__(self, *, sqlite: bool) -> None:
        rows = _sqlite_rows if sqlite else _postgres_rows
        # As ids sort in their columns: whoever locks several goes the same way round.
        bytewise = "" if sqlite else ' COLLATE "C"'
        # Closing takes the same lock exclusively; a foreign key's lock would not order the two.
        self.lock_shared = (
            None
            if sqlite
            else f"SELECT pg_advisory_xact_lock_shared(hashtextextended(c0, 0)) FROM {rows(1)}"
        )
        self.activities = (
            "SELECT r.control, a.id, a.room_id, a.kind, a.status, a.stage, a.mode, a.config "
            "FROM activity a JOIN room r ON r.id = a.room_id "
            f"WHERE a.id IN (SELECT c0 FROM {rows(1)})"
        )
        self.participants = f"SELECT id, room_id, people, removed, working_group_id FROM participant WHERE id IN (SELECT c0 FROM {rows(1)})"
        self.receipts = f"SELECT submission_id, activity_id, digest FROM receipt WHERE submission_id IN (SELECT c0 FROM {rows(1)})"
        self.entries = (
            "SELECT e.activity_id, e.id, e.text, e.state, e.merged_into, e.author, e.place, e.position, e.data "
            f"FROM {rows(2)} JOIN entry e ON e.activity_id = c0 AND e.id = c1"
        )
        # By activity first: its entries are read once, however many places are asked for.
        self.entries_at = (
            f"WITH wanted AS (SELECT c0, c1 FROM {rows(2)}) "
            "SELECT activity_id, id, text, state, merged_into, author, place, position, data FROM entry "
            "WHERE activity_id IN (SELECT c0 FROM wanted) "
            "AND (activity_id, place) IN (SELECT c0, c1 FROM wanted)"
        )
        # OR FAIL: nothing there is to be taken back row by row
        # (a commit is, as one), so SQLite need not copy each page before it writes to it.
        self.counts_receipts = sqlite  # else tells which are new
        self.put_receipts = _insert(
            sqlite,
            "receipt",
            ("submission_id", "activity_id", "digest"),
            "ORDER BY c0",
            "ON CONFLICT (submission_id) DO NOTHING"
            + ("" if sqlite else " RETURNING submission_id"),
            or_fail=True,
        )
        self.drop_receipts = (
            f"DELETE FROM receipt WHERE submission_id IN (SELECT c0 FROM {rows(1)})"
        )
        self.put_ballots = _insert(
            sqlite,
            "ballot",
            ("activity_id", "key", "lane", "seq", "people"),
            "ORDER BY c0, c1, c2",
            "ON CONFLICT (activity_id, key, lane) DO UPDATE SET seq = excluded.seq, people = excluded.people "
            "WHERE ballot.seq <= excluded.seq",
        )
        self.clear_marks = "DELETE FROM mark WHERE (activity_id, key, lane) IN " + (
            f"({_VALUES}3)" if sqlite else f"(SELECT c0, c1, c2 FROM {rows(3)})"
        )
        self.drop_marks = (
            "DELETE FROM mark WHERE (activity_id, key, lane, entry_id, value) IN "
            f"(SELECT c0, c1, c2, c3, {_int('c4', sqlite)} FROM {rows(5)})"
        )
        self.put_marks = _insert(
            sqlite,
            "mark",
            ("activity_id", "key", "lane", "entry_id", "value", "people"),
            "",
            "ON CONFLICT DO NOTHING",
        )
        self.ballots = (
            f"SELECT b.activity_id, b.key, b.lane, b.seq FROM {rows(2)} "
            "JOIN ballot b ON b.activity_id = c0 AND b.key = c1"
        )
        self.written = (
            f"SELECT mark.activity_id, mark.key, mark.entry_id, entry.state FROM {rows(2)} "
            "JOIN mark ON mark.activity_id = c0 AND mark.key = c1 "
            "JOIN entry ON entry.activity_id = mark.activity_id AND entry.id = mark.entry_id "
            f"WHERE mark.value = {WROTE}"
        )
        self.put_entries = _insert(
            sqlite,
            "entry",
            ("activity_id", "id", "text", "state", "author", "position", "place", "data"),
            f"ORDER BY c0{bytewise}, c1{bytewise}",
            "ON CONFLICT (activity_id, id) DO NOTHING",
        )
        # Two who change the same entries would else lock them each in an order of their own.
        self.lock_entries = (
            None
            if sqlite
            else f"SELECT 1 FROM entry e JOIN {rows(2)} ON e.activity_id = c0 AND e.id = c1 "
            "ORDER BY e.activity_id, e.id FOR NO KEY UPDATE OF e"
        )
        # Only what a change names becomes another: two who change different parts of a card both
        # have their way. What a facilitator has hidden stays hidden.
        self.update_entries = (
            "UPDATE entry SET text = coalesce(c2, text), place = coalesce(c4, place), "
            "position = coalesce(c5, position), "
            "state = CASE WHEN state = 'hidden' THEN state ELSE coalesce(c3, state) END, "
            f"data = CASE WHEN c6 IS NULL THEN data ELSE {_patched('data', 'c6', sqlite)} END "
            f"FROM {rows(7)} WHERE activity_id = c0 AND id = c1"
        )
        # What was hidden stays hidden; an approval is of one text, and goes with another.
        self.overwrite_entries = (
            "INSERT INTO entry (activity_id, id, text, state, author, position) "
            f"SELECT c0, c1, c2, c3, c4, '' FROM {rows(5)} WHERE true "
            f"ORDER BY c0{bytewise}, c1{bytewise} "
            "ON CONFLICT (activity_id, id) DO UPDATE SET text = excluded.text, state = CASE "
            "WHEN entry.state = 'hidden' OR entry.text = excluded.text THEN entry.state "
            "ELSE excluded.state END"
        )
        self.lock_rooms = (
            None
            if sqlite
            else f"SELECT id FROM room WHERE id IN (SELECT c0 FROM {rows(1)}) FOR NO KEY UPDATE"
        )
        self.teams = (
            "SELECT team_id, sum(people) FROM participant "
            f"WHERE room_id IN (SELECT c0 FROM {rows(1)}) AND NOT removed AND team_id IS NOT NULL "
            "GROUP BY team_id"
        )
        of_room = f"JOIN room ON room.kickoff_id = {{}}.kickoff_id WHERE room.id IN (SELECT c0 FROM {rows(1)})"
        self.groups = (
            f"SELECT g.id FROM working_group g {of_room.format('g')} ORDER BY g.position, g.id"
        )
        self.seated = (
            "SELECT p.working_group_id, coalesce(q.function, ''), coalesce(q.seniority, ''), coalesce(q.site, ''), "
            "sum(p.people) FROM participant p LEFT JOIN person q ON q.id = p.person_id "
            f"WHERE p.room_id IN (SELECT c0 FROM {rows(1)}) AND NOT p.removed AND p.working_group_id IS NOT NULL "
            "GROUP BY 1, 2, 3, 4"
        )
        self.listed = (
            "SELECT q.name, q.id, q.function, q.seniority, q.site, q.working_group_id FROM person q "
            f"{of_room.format('q')} ORDER BY q.name, q.id"
        )
        self.without_group = (
            "SELECT p.id, p.name, p.people FROM participant p "
            f"JOIN {rows(2)} ON p.id = c0 AND p.room_id = c1 "
            "WHERE NOT p.removed AND p.working_group_id IS NULL ORDER BY p.id"
        )
        self.grouping = (
            f"SELECT name, CAST(data AS text) FROM room_event WHERE room_id IN (SELECT c0 FROM {rows(1)}) "
            "AND name IN ('groups.make', 'groups.clear', 'groups.move') ORDER BY control, id"
        )
        self.seat = (
            "UPDATE participant SET working_group_id = c1, person_id = coalesce(person_id, c2) "
            f"FROM {rows(3)} WHERE id = c0 AND NOT removed AND working_group_id IS NULL"
        )
        self.put_participants = (
            "INSERT INTO participant (id, room_id, name, team_id, people, removed, joined_at, working_group_id, person_id) "
            f"SELECT c0, c1, c2, c3, {_int('c4', sqlite)}, {'0' if sqlite else 'false'}, "
            f"{'c5' if sqlite else 'CAST(c5 AS timestamptz)'}, c6, c7 FROM {rows(8)} WHERE true ON CONFLICT (id) DO NOTHING"
        )
        self.raise_revision = f"UPDATE room SET revision = revision + 1, answers = answers + 1 WHERE id IN (SELECT c0 FROM {rows(1)} ORDER BY c0{bytewise})"


def run(connection: Connection, statement: str, rows: Sequence[Sequence[Any]]) -> list[Any]:
    """Run a statement over rows; what it returns, if anything.

    By the driver itself: SQLAlchemy's results cost a commit of twenty votes a third of its time.
    """
    found: list[Any] = []
    for cursor in _executed(connection, statement, rows):
        if cursor.description:
            found += cursor.fetchall()
    return found


def changed(connection: Connection, statement: str, rows: Sequence[Sequence[Any]]) -> int:
    """Run a statement over rows; how many it has changed. To have them returned would cost a vote's
    upsert a third of its time."""
    return sum(cursor.rowcount for cursor in _executed(connection, statement, rows))


def _executed(
    connection: Connection, statement: str, rows: Sequence[Sequence[Any]]
) -> Iterator[Any]:
    """The cursor after each portion."""
    if not rows:
        return
    cursor = connection.connection.cursor()
    if _VALUES not in statement:
        cursor.execute(statement, (orjson.dumps(rows).decode(),))
        yield cursor
        return
    for some in _portions(rows):
        cursor.execute(_with_values(statement, len(some)), tuple(chain.from_iterable(some)))
        yield cursor


_VALUES = "VALUES *"  # and the number of columns
_MOST, _STEP = 128, 16  # rows at once


def _portions(rows: Sequence[Sequence[Any]]) -> Iterator[Sequence[Sequence[Any]]]:
    """For SQLite: each number of rows is a text of its own, parsed once and kept, so there are to
    be few; of a hundred rows go 96 together, then four."""
    start, end = 0, len(rows)
    while start < end:
        left = end - start
        number = min(_MOST, left - left % _STEP) or left
        yield rows[start : start + number]
        start += number


@lru_cache(maxsize=1024)
def _with_values(statement: str, rows: int) -> str:
    """The statement for so many rows."""
    before, columns, after = re.split(r"VALUES \*(\d+)", statement)
    row = f"({', '.join('?' * int(columns))})"
    return f"{before}VALUES {', '.join([row] * rows)}{after}"


def _insert(
    sqlite: bool,
    table: str,
    columns: tuple[str, ...],
    order: str,
    conflict: str,
    *,
    or_fail: bool = False,
) -> str:
    """Rows into a table. SQLite takes them as they come, which spares it a sort and a copy of each:
    whoever calls has sorted them."""
    names = ", ".join(columns)
    if sqlite:
        how = "INSERT OR FAIL" if or_fail else "INSERT"
        return f"{how} INTO {table} ({names}) {_VALUES}{len(columns)} {conflict}"
    told = ", ".join(_cast(f"c{n}", name) for n, name in enumerate(columns))
    rows = _postgres_rows(len(columns))
    return f"INSERT INTO {table} ({names}) SELECT {told} FROM {rows} WHERE true {order} {conflict}"


def _cast(column: str, name: str) -> str:
    """For PostgreSQL, to which rows come as JSON: as the column of that name wants it."""
    if name == "data":
        return f"CAST({column} AS json)"
    return _int(column, sqlite=False) if name in ("seq", "people", "value") else column


def _sqlite_rows(columns: int) -> str:
    picked = ", ".join(f"column{n + 1} AS c{n}" for n in range(columns))
    return f"(SELECT {picked} FROM ({_VALUES}{columns})) AS r"


def _postgres_rows(columns: int) -> str:
    picked = ", ".join(f"value ->> {n} AS c{n}" for n in range(columns))
    return f"(SELECT {picked} FROM jsonb_array_elements(CAST(%s AS jsonb))) AS r"


def _patched(column: str, patch: str, sqlite: bool) -> str:
    """An object with the patch's members in place of its own; those that are null are gone."""
    if sqlite:
        return f"json_patch(coalesce({column}, '{{}}'), {patch})"
    held = f"CAST({column} AS jsonb)"
    held = f"CASE WHEN jsonb_typeof({held}) = 'object' THEN {held} ELSE CAST('{{}}' AS jsonb) END"
    return f"CAST(jsonb_strip_nulls({held} || CAST({patch} AS jsonb)) AS json)"


def _int(column: str, sqlite: bool) -> str:
    return column if sqlite else f"CAST({column} AS bigint)"


# The statements name these tables' columns by hand; a rename must fail here, not in the room.
assert {"activity_id", "key", "lane", "seq", "people"} <= Ballot.model_fields.keys()
assert {"activity_id", "key", "lane", "entry_id", "value", "people"} <= Mark.model_fields.keys()
assert {"submission_id", "activity_id", "digest"} <= Receipt.model_fields.keys()
assert {
    "activity_id",
    "id",
    "text",
    "state",
    "author",
    "position",
    "place",
    "data",
} <= Entry.model_fields.keys()
assert {
    "id",
    "room_id",
    "name",
    "team_id",
    "people",
    "removed",
    "joined_at",
    "working_group_id",
    "person_id",
} <= Participant.model_fields.keys()
assert {"id", "kickoff_id", "position"} <= WorkingGroup.model_fields.keys()
assert {
    "id",
    "kickoff_id",
    "name",
    "function",
    "seniority",
    "site",
    "working_group_id",
} <= Person.model_fields.keys()
