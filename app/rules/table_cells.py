"""What a cell of somebody's spreadsheet means: text, figures, dates, yes and no, chosen words, and
names. Pure; whether a record may hold it is judged elsewhere.

Cells come as Norwegian Excel has them (31.12.2026, 1 203,5), as English ones do, and typed.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, time

Raw = str | int | float | bool | date | time | None

_MONTHS = {
    month: number
    for number, words in enumerate(
        (
            ("januar", "january", "jan"), ("februar", "february", "feb"),
            ("mars", "march", "mar"), ("april", "apr"), ("mai", "may"), ("juni", "june", "jun"),
            ("juli", "july", "jul"), ("august", "aug"), ("september", "sep", "sept"),
            ("oktober", "october", "okt", "oct"), ("november", "nov"),
            ("desember", "december", "des", "dec"),
        ),
        start=1,
    )
    for month in words
}  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{2}:\d{2}.*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})(?: \d{2}[:.]\d{2}.*)?")
_IN_WORDS = re.compile(r"(\d{1,2})\.? ([a-z]+)\.? (\d{4})")
_HOUR = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.]\d{2})?")
_YES = frozenset({"ja", "j", "yes", "y", "x", "true", "sant", "1", "✓", "✔"})
_NO = frozenset({"", "nei", "n", "no", "false", "usant", "0", "-", "–"})
_FORMULA = ("=", "+", "-", "@")


class NotUnderstood(Exception):
    """`code` says what was expected: "date", "figure", "whole", "time", "yes" or "word"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def text_of(cell: Raw) -> str:
    """Any cell as text, such as `day_of` and the others read again."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        midnight = cell.time() == time(0)
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "minutes")
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell)
    # As our own files have text that a spreadsheet would run.
    return text[1:] if text[:1] == "'" and text[1:].lstrip().startswith(_FORMULA) else text


def day_of(text: str) -> date | None:
    bare = " ".join(text.split()).casefold()
    if not bare:
        return None
    try:
        if found := _ISO.fullmatch(bare):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _DAY_FIRST.fullmatch(bare):
            year = int(found[3])
            return date(year + 2000 if year < 100 else year, int(found[2]), int(found[1]))
        if (found := _IN_WORDS.fullmatch(bare)) and found[2] in _MONTHS:
            return date(int(found[3]), _MONTHS[found[2]], int(found[1]))
    except ValueError:
        pass
    raise NotUnderstood("date")


def figure_of(text: str) -> float | None:
    """A comma or a point before the decimals; spaces, or the other one, between thousands."""
    bare = "".join(text.split()).replace("−", "-")
    if not bare:
        return None
    if "," in bare and "." in bare:
        thousands = "." if bare.rindex(",") > bare.rindex(".") else ","
        bare = bare.replace(thousands, "")
    bare = bare.replace(",", ".")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", bare, re.IGNORECASE):
        raise NotUnderstood("figure")
    return float(bare)


def whole_of(text: str) -> int | None:
    try:
        figure = figure_of(text)
    except NotUnderstood:
        raise NotUnderstood("whole") from None
    if figure is None:
        return None
    if not figure.is_integer() or abs(figure) > 1e15:
        raise NotUnderstood("whole")
    return int(figure)


def hour_of(text: str) -> str | None:
    """ "09:30", also of 9.30 and 09:30:00."""
    bare = text.strip()
    if not bare:
        return None
    found = _HOUR.fullmatch(bare)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise NotUnderstood("time")
    return f"{int(found[1]):02d}:{found[2]}"


def yes_of(text: str) -> bool:
    bare = text.strip().casefold()
    if bare not in _YES | _NO:
        raise NotUnderstood("yes")
    return bare in _YES


def word_of(text: str, codes: Mapping[str, str]) -> str | None:
    """The code of a chosen word. `codes` are by word, whose case does not matter."""
    bare = folded(text)
    if not bare:
        return None
    if bare not in codes:
        raise NotUnderstood("word")
    return codes[bare]


def names_in(text: str, known: Collection[str]) -> list[str]:
    """A list of names, separated by commas, semicolons or lines. A name that holds a comma itself
    is found where it is `known` (folded)."""
    found: list[str] = []
    for part in re.split(r"[;\n]", text):
        pieces, start = part.split(","), 0
        while start < len(pieces):
            ends = range(len(pieces), start + 1, -1)
            joined = (end for end in ends if folded(",".join(pieces[start:end])) in known)
            end = next(joined, start + 1)
            if name := " ".join(",".join(pieces[start:end]).split()):
                found.append(name)
            start = end
    return list(dict.fromkeys(found))


def folded(text: str) -> str:
    """For comparing what people wrote: neither case nor spaces matter."""
    return " ".join(text.split()).casefold()
