"""A table as a file that Norwegian Excel opens by itself: semicolons, and UTF-8 with its mark."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

Value = str | bool | int | float | date | None
# What a spreadsheet takes for the beginning of a formula, also after spaces.
_FORMULA = ("=", "+", "-", "@")


def csv_table(rows: Iterable[Sequence[Value]]) -> bytes:
    """The rows, the first of them the headings. What people wrote is never run as a formula."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(
        [_cell(value) for value in row] for row in rows
    )
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _harmless(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, float):
        # As it is written in Norway, and never as 1e+06.
        return f"{value:.10f}".rstrip("0").rstrip(".").replace(".", ",")
    return str(value)


def _harmless(text: str) -> str:
    bare = text.lstrip()
    return f"'{text}" if bare.startswith(_FORMULA) or text[:1] in ("\t", "\r", "\n") else text
