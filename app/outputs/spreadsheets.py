"""Tables as an Excel workbook: dates are dates, figures are figures, and text is never a formula.

Beside the tables stands a sheet of the words that their columns take, from which each cell can be
chosen in the spreadsheet.
"""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from app.outputs.csv_table import Value

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TITLE_MAX = 31  # of a sheet; Excel refuses to open a longer one
_CELL_MAX = 32_767
_NARROWEST, _WIDEST = 10, 48
_LINES_WITH_CHOICE = 2000  # as many as an import takes
# Nothing of a cell is guessed from its text.
_AS_IT_IS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}


@dataclass(frozen=True)
class Sheet:
    """One table. `words` are what a column takes, by its number; of a column among `several` a
    cell may hold more than one of them."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Value]]
    words: Mapping[int, Sequence[str]] = field(default_factory=dict)
    several: frozenset[int] = frozenset()


def workbook(sheets: Sequence[Sheet], *, words_title: str, made_at: datetime) -> bytes:
    """The file. `words_title` is what the sheet of words is called."""
    target = io.BytesIO()
    book = Workbook(target, _AS_IT_IS)
    book.set_properties({"created": made_at.replace(tzinfo=None)})
    formats = _formats(book)
    titles = _titles([sheet.title for sheet in sheets] + [words_title])
    words = _Words(titles[-1])
    for sheet, title in zip(sheets, titles, strict=False):
        page = book.add_worksheet(title)
        _write(page, sheet, formats)
        _offer(page, sheet, words)
    words.write(book, formats)
    book.close()
    return target.getvalue()


class _Words:
    """The sheet of words: each list of them once, whichever columns take it."""

    def __init__(self, title: str) -> None:
        self.title = title
        self._lists: dict[tuple[str, tuple[str, ...]], int] = {}

    def place(self, heading: str, words: Sequence[str]) -> str:
        """Where these words stand, as a formula of Excel says it."""
        key = (heading, tuple(words))
        column = xl_col_to_name(self._lists.setdefault(key, len(self._lists)), col_abs=True)
        quoted = self.title.replace("'", "''")
        return f"='{quoted}'!{column}$2:{column}${len(words) + 1}"

    def write(self, book: Workbook, formats: Mapping[str, Any]) -> None:
        if not self._lists:
            return
        page = book.add_worksheet(self.title)
        page.freeze_panes(1, 0)
        for (heading, words), column in self._lists.items():
            page.write_string(0, column, heading[:_CELL_MAX], formats["heading"])
            for line, word in enumerate(words, start=1):
                page.write_string(line, column, word[:_CELL_MAX])
            page.set_column(column, column, _width([heading, *words]))


def _write(page: Worksheet, sheet: Sheet, formats: Mapping[str, Any]) -> None:
    page.freeze_panes(1, 1)
    for column, heading in enumerate(sheet.headings):
        page.write_string(0, column, heading[:_CELL_MAX], formats["heading"])
    for line, row in enumerate(sheet.rows, start=1):
        for column, value in enumerate(row):
            _write_cell(page, line, column, value, formats)
    for column, heading in enumerate(sheet.headings):
        texts = [row[column] for row in sheet.rows if isinstance(row[column], str)]
        page.set_column(column, column, _width([heading, *map(str, texts)]))
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.headings) - 1)


def _write_cell(
    page: Worksheet, line: int, column: int, value: Value, formats: Mapping[str, Any]
) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_boolean(line, column, value)
    elif isinstance(value, int | float):
        page.write_number(line, column, value)
    elif isinstance(value, datetime):
        page.write_datetime(line, column, value, formats["instant"])
    elif isinstance(value, date):
        page.write_datetime(line, column, value, formats["day"])
    else:
        page.write_string(line, column, value[:_CELL_MAX], formats["text"])


def _offer(page: Worksheet, sheet: Sheet, words: _Words) -> None:
    """The words of each column to choose from. Another one can be typed after a warning: what is
    wrong is said when the file comes back, in sentences."""
    for column, allowed in sheet.words.items():
        if not allowed:
            continue
        source = words.place(sheet.headings[column], allowed)
        if column in sheet.several:
            continue
        last = max(_LINES_WITH_CHOICE, len(sheet.rows))
        rule = {"validate": "list", "source": source, "error_type": "warning"}
        page.data_validation(1, column, last, column, rule)


def _formats(book: Workbook) -> dict[str, Any]:
    top = {"valign": "top"}
    return {
        "heading": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, **top}),
        "text": book.add_format({"num_format": "@", "text_wrap": True, **top}),
        "day": book.add_format({"num_format": "dd.mm.yyyy", **top}),
        "instant": book.add_format({"num_format": "dd.mm.yyyy hh:mm", **top}),
    }


def _width(texts: Sequence[str]) -> int:
    longest = max((len(line) for text in texts for line in text.split("\n")), default=0)
    return max(_NARROWEST, min(_WIDEST, longest + 2))


def _titles(wanted: Sequence[str]) -> list[str]:
    """Names that Excel takes for sheets, each once whatever the case of its letters."""
    found: list[str] = []
    for title in wanted:
        bare = re.sub(r"[\[\]:*?/\\]", " ", title).strip().strip("'") or "1"
        name, number = bare[:_TITLE_MAX], 2
        while name.casefold() in (one.casefold() for one in found):
            name = f"{bare[: _TITLE_MAX - 4]} {number}"
            number += 1
        found.append(name)
    return found
