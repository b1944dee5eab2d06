"""People as a spreadsheet has them: text → rows of named cells. Pure; what a cell may hold is not
judged here.

Tabs are what a paste brings, semicolons what Norwegian Excel saves, commas what others do. A header
is recognised by its words in bokmål or English; without one the columns are in the order of FIELDS.
Two columns never become one field: the second is left out, and `Table.columns` says so.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

FIELDS = ("name", "email", "function", "seniority", "site", "team")

_WORDS = {
    "name": ("navn", "name", "fullt navn", "full name", "deltaker", "ansatt"),
    "first": ("fornavn", "first name", "given name"),
    "last": ("etternavn", "last name", "surname", "family name"),
    "email": ("e-post", "epost", "e-mail", "email", "mail", "e-postadresse", "epostadresse"),
    "function": ("funksjon", "function", "avdeling", "department", "fag", "rolle", "role"),
    "seniority": ("ansiennitet", "seniority", "nivå", "level", "stilling", "title", "tittel"),
    "site": ("sted", "site", "kontor", "office", "lokasjon", "location", "by"),
    "team": ("team", "gruppe", "group", "lag", "bord", "table"),
}
_FIELD_OF = {word: field for field, words in _WORDS.items() for word in words}
# What a word may mean instead, where another column is the better answer to the first question.
_ELSE = {"rolle": "seniority", "role": "seniority"}


@dataclass(frozen=True)
class Line:
    """One line of the table: its number as a spreadsheet counts, and its cells by field."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Column:
    """What a column of the table is used as; "" is left out. `title` is its header, or "".

    `first` and `last` are halves of the name.
    """

    number: int
    title: str
    field: str


@dataclass(frozen=True)
class Table:
    """`columns` are those that hold something, `more` says that the lines were cut off."""

    columns: tuple[Column, ...]
    lines: list[Line]
    more: bool
    has_header: bool


def table_of(text: str, *, most: int) -> Table:
    """The table's columns, and its lines without header and empty ones.

    Raises csv.Error for what is no table.
    """
    source = io.StringIO(text, newline="")
    rows = list(csv.reader(source, delimiter=delimiter_of(text), skipinitialspace=True))
    header = _header(rows[0]) if rows else None
    fields = header or list(FIELDS)
    below = [
        (number, row)
        for number, row in enumerate(rows, start=1)
        if any(cell.strip() for cell in row) and not (header and number == 1)
    ]
    return Table(
        columns=_columns(rows[0] if header else (), fields, [row for _, row in below]),
        lines=[Line(number, _cells(fields, row)) for number, row in below[:most]],
        more=len(below) > most,
        has_header=header is not None,
    )


def delimiter_of(text: str) -> str:
    """What separates the cells, judged by the first line that has any."""
    for line in text.splitlines():
        found = {mark: line.count(mark) for mark in "\t;,"}
        if any(found.values()):
            return next((mark for mark in "\t;" if found[mark]), ",")
    return ";"


def _header(row: Sequence[str]) -> list[str] | None:
    """The fields of a header line, unknown columns as ""; None if it is a line of data."""
    words = [cell.strip().strip(":").casefold() for cell in row]
    # A word that can mean two things waits until the others have taken theirs.
    found = [""] * len(words)
    for number in sorted(range(len(words)), key=lambda number: words[number] in _ELSE):
        meant = (_FIELD_OF.get(words[number], ""), _ELSE.get(words[number], ""))
        found[number] = next((field for field in meant if field and field not in found), "")
    return found if {"name", "first", "last"} & set(found) else None


def _columns(
    titles: Sequence[str], fields: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[Column, ...]:
    width = max([len(titles), *map(len, rows)], default=0)
    held = {number for row in rows for number, cell in enumerate(row) if cell.strip()}
    columns = [
        Column(
            number + 1,
            titles[number].strip() if number < len(titles) else "",
            fields[number] if number < len(fields) else "",
        )
        for number in range(width)
        if number in held or (number < len(titles) and titles[number].strip())
    ]
    # Both halves are used only where no column has the whole.
    whole = any(column.field == "name" for column in columns)
    return tuple(
        replace(column, field="") if whole and column.field in ("first", "last") else column
        for column in columns
    )


def _cells(columns: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    cells = {field: cell.strip() for field, cell in zip(columns, row, strict=False) if field}
    parts = [cells.pop("first", ""), cells.pop("last", "")]
    if "name" not in cells:
        cells["name"] = " ".join(part for part in parts if part)
    return cells
