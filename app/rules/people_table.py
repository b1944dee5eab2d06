"""People as a spreadsheet has them: text → rows of named cells. Pure; what a cell may hold is not
judged here.

Tabs are what a paste brings, semicolons what Norwegian Excel saves, commas what others do. A header
is recognised by its words in bokmål or English; without one the columns are in the order of FIELDS.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

FIELDS = ("name", "email", "function", "seniority", "site", "team")

_WORDS = {
    "name": ("navn", "name", "fullt navn", "full name", "deltaker", "ansatt"),
    "first": ("fornavn", "first name", "given name"),
    "last": ("etternavn", "last name", "surname", "family name"),
    "email": ("e-post", "epost", "e-mail", "email", "mail", "e-postadresse", "epostadresse"),
    "function": ("funksjon", "function", "rolle", "role", "avdeling", "department", "fag"),
    "seniority": ("ansiennitet", "seniority", "nivå", "level", "stilling", "title", "tittel"),
    "site": ("sted", "site", "kontor", "office", "lokasjon", "location", "by"),
    "team": ("team", "gruppe", "group", "lag", "bord", "table"),
}
_FIELD_OF = {word: field for field, words in _WORDS.items() for word in words}


@dataclass(frozen=True)
class Line:
    """One line of the table: its number as a spreadsheet counts, and its cells by field."""

    number: int
    cells: dict[str, str]


def lines_of(text: str, *, most: int) -> tuple[list[Line], bool]:
    """The table's lines without header and empty ones, and whether there were more than `most`.

    Raises csv.Error for what is no table.
    """
    source = io.StringIO(text, newline="")
    rows = list(csv.reader(source, delimiter=delimiter_of(text), skipinitialspace=True))
    header = _header(rows[0]) if rows else None
    columns = header or list(FIELDS)
    lines = [
        Line(number, _cells(columns, row))
        for number, row in enumerate(rows, start=1)
        if any(cell.strip() for cell in row) and not (header and number == 1)
    ]
    return lines[:most], len(lines) > most


def delimiter_of(text: str) -> str:
    """What separates the cells, judged by the first line that has any."""
    for line in text.splitlines():
        found = {mark: line.count(mark) for mark in "\t;,"}
        if any(found.values()):
            return next((mark for mark in "\t;" if found[mark]), ",")
    return ";"


def _header(row: Sequence[str]) -> list[str] | None:
    """The fields of a header line, unknown columns as ""; None if it is a line of data."""
    found = [_FIELD_OF.get(cell.strip().strip(":").casefold(), "") for cell in row]
    return found if {"name", "first", "last"} & set(found) else None


def _cells(columns: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    cells = {field: cell.strip() for field, cell in zip(columns, row, strict=False) if field}
    parts = [cells.pop("first", ""), cells.pop("last", "")]
    if "name" not in cells:
        cells["name"] = " ".join(part for part in parts if part)
    return cells
