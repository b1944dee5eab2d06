"""Somebody with the whole database who joins whatever rows share a value that few others have.

Also the columns that databases hide: row numbers, places, transactions.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import comb
from typing import Any

import orjson
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import OperationalError

SYSTEM = "ctid::text AS _ctid, xmin::text AS _xmin, xmax::text AS _xmax, cmin::text AS _cmin"
RARE = 4
"""A value that so few rows carry joins them."""


@dataclass(frozen=True)
class Row:
    """A row with its hidden columns, whose names begin with an underscore."""

    table: str
    place: int  # in the order in which the database gives them by itself
    cells: Mapping[str, Any]

    def __str__(self) -> str:
        return orjson.dumps(self.cells, default=str).decode()

    def names(self, wanted: Iterable[str]) -> list[str]:
        content = str(self)
        return [each for each in wanted if each in content]


def rows_of(database_url: str, *, tables: Sequence[str] | None = None) -> list[Row]:
    engine = create_engine(database_url)
    try:
        known = tables or inspect(engine).get_table_names()
        return [row for table in known for row in _rows(engine, table)]
    finally:
        engine.dispose()


def _rows(engine: Engine, table: str) -> Iterator[Row]:
    hidden = "rowid AS _rowid" if engine.dialect.name == "sqlite" else SYSTEM
    with engine.connect() as connection:
        try:
            found = connection.execute(text(f'SELECT {hidden}, * FROM "{table}"'))
        except OperationalError:  # SQLite: WITHOUT ROWID
            found = connection.execute(text(f'SELECT * FROM "{table}"'))
        for place, row in enumerate(found.mappings()):
            yield Row(table, place, dict(row))


def joined(rows: Sequence[Row], truth: Mapping[str, str]) -> dict[str, str]:
    """From each attendee's rows over values that few rows share, at most three steps, to a text."""
    carriers: dict[Any, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        for value in _values(row):
            carriers[value].append(number)
    beside: dict[int, set[int]] = defaultdict(set)
    for numbers in carriers.values():
        if len(numbers) <= RARE:
            for one in numbers:
                beside[one].update(numbers)
    written = {number: row.names(truth.values()) for number, row in enumerate(rows)}
    guess = {}
    for person in truth:
        layer = {number for number, row in enumerate(rows) if person in str(row)}
        for _ in range(4):
            found = sorted(name for number in layer for name in written[number])
            if found:
                guess[person] = found[0]
                break
            layer = layer.union(*(beside[number] for number in layer))
    return guess


def _values(row: Row) -> Iterator[Any]:
    for column, value in row.cells.items():
        if column in ("_xmin", "_xmax"):
            yield ("transaction", str(value))
        elif (isinstance(value, int) and abs(value) > 1000) or (
            isinstance(value, str) and len(value) > 8
        ):
            yield value
        elif not isinstance(value, int | float | str | None):
            yield str(value)


def likely_by_chance(right: int, guesses: int) -> float:
    """P(X ≥ right) where each guess is one in as many (binomial)."""
    share = 1 / guesses
    return sum(
        comb(guesses, k) * share**k * (1 - share) ** (guesses - k)
        for k in range(right, guesses + 1)
    )
