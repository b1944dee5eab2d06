"""Somebody with the whole database, who tries every order of its rows to learn who said what."""

import math
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

Row = dict[str, Any]
Tables = dict[str, list[Row]]


@dataclass(frozen=True)
class Guess:
    """One way to put answers and people side by side, and how many it got right."""

    how: str
    right: int
    of: int

    def likely(self, guesses: int) -> float:
        """How likely chance alone does as well in the best of so many guesses (binomial tail)."""
        n, p = self.of, 1 / self.of
        tail = sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(self.right, n + 1))
        return min(1.0, tail * guesses)


def sqlite_tables(path: Path) -> Tables:
    """All rows in the order in which they come, with the row numbers SQLite keeps beside them."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        names = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        return {
            name: [
                dict(row)
                for row in connection.execute(
                    f'SELECT * FROM "{name}"'
                    if "WITHOUT ROWID" in (sql or "").upper()
                    else f'SELECT rowid AS rowid, * FROM "{name}"'
                )
            ]
            for name, sql in names.fetchall()
        }


def postgres_tables(url: str) -> Tables:
    """All rows in the order in which they lie, with PostgreSQL's own columns."""
    with psycopg.connect(url.replace("+psycopg", ""), row_factory=psycopg.rows.dict_row) as line:
        names = line.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {
            row["tablename"]: [
                {
                    **each,
                    "ctid": tuple(map(int, each["ctid"].strip("()").split(","))),
                    "xmin": int(each["xmin"]),
                }
                for each in line.execute(
                    f'SELECT ctid::text AS ctid, xmin::text AS xmin, * FROM "{row["tablename"]}"'
                ).fetchall()
            ]
            for row in names.fetchall()
        }


def guesses(
    answers: Sequence[Row],
    author_of: Mapping[str, str],
    people: Mapping[str, Sequence[str]],
) -> Iterator[Guess]:
    """Each order of the rows of answers beside each order of people.

    `author_of` is the truth, by the answer's text; `people` are orders of participants.
    """
    for how, rows in orders(answers):
        truth = [author_of[row["text"]] for row in rows]
        for other, order in people.items():
            for direction, named in (("", list(order)), (" backwards", list(order)[::-1])):
                right = sum(a == b for a, b in zip(truth, named, strict=True))
                yield Guess(f"answers by {how}, people by {other}{direction}", right, len(truth))


def orders(rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Rows as they lie, and by each of their columns."""
    yield "place", list(rows)
    for column in rows[0]:
        if column != "text" and len({str(row[column]) for row in rows}) > 1:
            yield column, sorted(rows, key=lambda row: _key(row[column]))


def orders_of_people(tables: Tables, wanted: set[str]) -> dict[str, list[str]]:
    """In which orders any table names these participants."""
    found: dict[str, list[str]] = {}
    for name, rows in tables.items():
        for column in rows[0] if rows else ():
            named = [row for row in rows if isinstance(row[column], str) and row[column] in wanted]
            if len(named) == len(wanted) and len({row[column] for row in named}) == len(wanted):
                for how, ordered in orders(named):
                    found[f"{name}.{column} by {how}"] = [row[column] for row in ordered]
    return found


def mentions(tables: Tables, wanted: set[str]) -> dict[str, int]:
    """How many values of each table name one of these participants, anywhere in the value."""
    found: dict[str, int] = {}
    for name, rows in tables.items():
        texts = [str(value) for row in rows for value in row.values()]
        hits = sum(any(one in text for one in wanted) for text in texts if len(text) >= 36)
        if hits:
            found[name] = hits
    return found


def times(tables: Tables, first_ms: int, last_ms: int) -> list[str]:
    """Where a time of that span stands."""
    found = []
    for name, rows in tables.items():
        for row in rows:
            for column, value in row.items():
                at = _milliseconds(value)
                if at is not None and first_ms <= at <= last_ms:
                    found.append(f"{name}.{column}")
    return found


def _milliseconds(value: Any) -> float | None:
    if isinstance(value, datetime):
        return value.timestamp() * 1000
    if isinstance(value, int) and value > 10**12:
        return value
    if isinstance(value, str) and len(value) >= 19 and value[4:5] == value[7:8] == "-":
        try:
            return datetime.fromisoformat(f"{value[:26]}+00:00").timestamp() * 1000
        except ValueError:
            return None
    return None


def _key(value: Any) -> tuple[str, Any]:
    return (type(value).__name__, value if isinstance(value, (int, str, tuple)) else str(value))
