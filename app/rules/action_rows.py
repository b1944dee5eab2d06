"""Actions as a list shows them: what is left of them by a filter, and in which order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.rules.status import DONE, GREEN, NOT_STATED, RED, REPLANNED, YELLOW

NOBODY = "none"  # of a filter: those without an owner, a team, a window
SORTS = ("due", "title", "owner", "team", "window", "status", "source")
_STATUSES = (RED, YELLOW, NOT_STATED, GREEN, DONE, REPLANNED)


@dataclass(frozen=True)
class Row:
    id: str
    title: str
    owner_id: str = ""
    owner: str = ""
    team_id: str = ""
    team: str = ""
    due: date | None = None
    window: str = ""
    set_window: str = ""  # where it was named, and does not follow from the date
    status: str = NOT_STATED
    reasons: tuple[str, ...] = ()
    state: str = "open"
    source: str = "plan"
    version: int = 1
    deviations: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()  # titles of what must be done first, and is not yet
    first_ids: tuple[str, ...] = ()
    times_replanned: int = 0

    @property
    def is_open(self) -> bool:
        return self.state == "open"


@dataclass(frozen=True)
class Filter:
    """Each "" lets everything through; `NOBODY` only what has none. `text` is looked for in the
    title, whatever its case."""

    team: str = ""
    owner: str = ""
    source: str = ""
    status: str = ""
    window: str = ""
    state: str = ""
    text: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Filter()

    def lets(self, row: Row) -> bool:
        return (
            _is(self.team, row.team_id)
            and _is(self.owner, row.owner_id)
            and _is(self.window, row.window)
            and _is(self.status, row.status)
            and self.source in ("", row.source)
            and self.state in ("", row.state)
            and self.text.casefold() in row.title.casefold()
        )


@dataclass(frozen=True)
class Column:
    """One window's actions on the board: open ones first, the heaviest first."""

    window: str
    rows: tuple[Row, ...] = ()
    closed: tuple[Row, ...] = field(default=())
    more: int = 0  # open ones that are not shown
    more_closed: int = 0


def chosen(rows: Iterable[Row], by: Filter) -> list[Row]:
    return [row for row in rows if by.lets(row)]


def in_order(rows: Iterable[Row], sort: str, *, backwards: bool = False) -> list[Row]:
    """What lacks what it is sorted by stands last, forwards and backwards."""
    known: list[Row] = []
    lacking: list[Row] = []
    for row in rows:
        (known if _has(row, sort) else lacking).append(row)
    known.sort(key=lambda row: (_key(row, sort), row.due or date.max, row.id))
    if backwards:
        known.reverse()
    return known + sorted(lacking, key=lambda row: (row.due or date.max, row.id))


def board(rows: Iterable[Row], windows: Sequence[str]) -> list[Column]:
    """A column for each window, and one for what has none, if anything has."""
    rows = list(rows)
    made = []
    for window in (*windows, ""):
        of_window = [row for row in rows if row.window == window]
        now = in_order((row for row in of_window if row.is_open), "status")
        past = in_order((row for row in of_window if not row.is_open), "due")
        if window or of_window:
            made.append(Column(window, tuple(now), tuple(past)))
    return made


def in_short(
    columns: Iterable[Column], most: int, *, whole: str = "", kept: str = ""
) -> list[Column]:
    """Each column with its first `most`, and how many more there are. `whole` is the one that is
    shown to its end, `kept` an action that is shown wherever it stands."""
    made = []
    for column in columns:
        if (column.window or NOBODY) == whole:
            made.append(column)
            continue
        rows, closed = (
            tuple(row for place, row in enumerate(every) if place < most or row.id == kept)
            for every in (column.rows, column.closed)
        )
        more, more_closed = len(column.rows) - len(rows), len(column.closed) - len(closed)
        made.append(Column(column.window, rows, closed, more, more_closed))
    return made


def _is(wanted: str, has: str) -> bool:
    return wanted in ("", has) or (wanted == NOBODY and has == "")


def _has(row: Row, sort: str) -> bool:
    return sort == "status" or bool(getattr(row, sort))


def _key(row: Row, sort: str) -> tuple[object, ...]:
    if sort == "status":
        return (_STATUSES.index(row.status),)
    value = getattr(row, sort)
    return (value.casefold() if isinstance(value, str) else value,)
