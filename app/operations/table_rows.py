"""A spreadsheet's rows as text: of an Excel file, of CSV as Norwegian Excel writes it, or pasted.

What is too long is refused before it is read: an Excel file is looked at as the archive that it is,
and nobody reads beyond the bounds.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from zipfile import BadZipFile, ZipFile
from zlib import error

from app.errors import Fault, Invalid, TooLarge
from app.i18n import gettext
from app.operations.people_import import decoded
from app.rules.people_table import delimiter_of
from app.rules.table_cells import text_of

MOST_BYTES = 2_000_000
MOST_ROWS = 2000
MOST_COLUMNS = 100
# What an archive may become, and how many parts it may have: an honest table of 2,000 rows has
# a tenth of it.
_UNPACKED_MOST = 20_000_000
_PARTS_MOST = 300
_ZIP = b"PK\x03\x04"


def text_of_file(content: bytes) -> str:
    """The file's first table as CSV text."""
    if len(content) > MOST_BYTES:
        raise TooLarge
    if content.startswith(_ZIP):
        return _as_text(_rows_of_workbook(content))
    if len(content) > 1_000_000:  # as much as people paste; beyond it nobody guesses the encoding
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return content.decode("cp1252", errors="replace")
    return decoded(content)


def rows_of_text(text: str) -> list[list[str]]:
    """Rows of cells, the empty ones too: their numbers are what a spreadsheet shows."""
    if len(text.encode()) > MOST_BYTES:
        raise TooLarge
    lines = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter_of(text), skipinitialspace=True
    )
    rows: list[list[str]] = []
    filled = 0
    try:
        for row in lines:
            rows.append([text_of(cell.replace("\x00", "")) for cell in row[:MOST_COLUMNS]])
            filled += any(cell.strip() for cell in row)
            if filled > MOST_ROWS + 1 or len(rows) > 10 * MOST_ROWS:
                raise _fault(too_many_rows())
    except csv.Error:
        raise _fault(gettext("This cannot be read as a table.")) from None
    return rows


def too_many_rows() -> str:
    return gettext("There are more than %(n)s lines.") % {"n": MOST_ROWS}


def _rows_of_workbook(content: bytes) -> Iterator[list[str]]:
    _look_inside(content)
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 -- few bring one; every start would wait

        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        for number, row in enumerate(
            sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True)
        ):
            if number > MOST_ROWS and any(cell is not None for cell in row):
                raise _fault(too_many_rows())
            yield [text_of(cell) for cell in row]
    except Invalid:
        raise
    except Exception:  # openpyxl fails in as many ways as a file can be broken
        raise _unreadable() from None


def _look_inside(content: bytes) -> None:
    """Refuse what unpacks to more than a table, or declares entities as no spreadsheet does."""
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > _PARTS_MOST or sum(one.file_size for one in parts) > _UNPACKED_MOST:
                raise TooLarge
            for part in parts:
                # No more comes out of it than it declares.
                if part.filename.endswith((".xml", ".rels")):
                    text = archive.read(part)
                    if b"<!DOCTYPE" in text or text[:2] in (b"\xff\xfe", b"\xfe\xff"):
                        raise _unreadable()
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, error):
        raise _unreadable() from None


def _as_text(rows: Iterator[list[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    for row in _without_empty_end(list(rows)):
        writer.writerow(row)
    return text.getvalue()


def _without_empty_end(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    width = max((place for row in rows for place, cell in enumerate(row, 1) if cell), default=0)
    last = max((number for number, row in enumerate(rows, 1) if any(row)), default=0)
    return [list(row[:width]) for row in rows[:last]]


def _unreadable() -> Invalid:
    sentence = gettext("This cannot be read as a spreadsheet. Save it as XLSX or CSV once more.")
    return Invalid(faults=[Fault("/file", sentence)])


def _fault(sentence: str) -> Invalid:
    return Invalid(faults=[Fault("/text", sentence)])
