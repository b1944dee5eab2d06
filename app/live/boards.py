"""Boards as views show them: cards in columns, made from entries. No database here.

An entry whose `place` is "<board>/<column>" is a card; its `data` has flat members: owner, due,
colour, link, and for each point of its checklist `check:<key>` (its text) and `done:<key>`. One
more entry, at the place "frame", has what the facilitator sets: timers and which board is large.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import blake2b
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from app.i18n import gettext
from app.live.activity import BaseConfig, EntryView
from app.live.snapshot import ActivityView, GroupView
from app.models.activities import EntryState

ALL = "all"  # the board of those who are in no group
EVERY = "*"  # the timer of all boards
FRAME = "frame"
MOST_COLUMNS = 6

Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]


class BoardConfig(BaseConfig):
    """Without names the columns are called what the reader's language calls them."""

    columns: list[Annotated[Name, Field(min_length=1)]] = Field(
        default_factory=list, max_length=MOST_COLUMNS
    )
    minutes: int | None = Field(default=None, ge=1, le=600)
    wip: int | None = Field(default=None, ge=1, le=50)
    risks: bool = False  # whether cards can point at them, which tells their titles to everybody

    @property
    def names(self) -> list[str]:
        usual = [gettext("To do"), gettext("Doing"), gettext("Done")]
        return self.columns if len(self.columns) > 1 else usual


@dataclass(frozen=True)
class Check:
    """A point of a card's checklist."""

    key: str
    text: str
    done: bool


@dataclass(frozen=True)
class Card:
    id: str
    title: str
    owner: str = ""
    due: str = ""
    colour: str = ""
    link: str = ""
    checks: tuple[Check, ...] = ()

    @property
    def done_checks(self) -> int:
        return sum(check.done for check in self.checks)

    @property
    def due_day(self) -> date | None:
        return date.fromisoformat(self.due) if self.due else None

    @property
    def told(self) -> dict[str, Any]:
        """What the script fills its form with, beside the title."""
        named = {"owner": self.owner, "due": self.due, "colour": self.colour, "link": self.link}
        told: dict[str, Any] = {name: value for name, value in named.items() if value}
        if self.checks:
            told["checks"] = [[check.key, check.text, int(check.done)] for check in self.checks]
        return told


@dataclass(frozen=True)
class Column:
    number: int
    name: str
    cards: tuple[Card, ...] = ()
    over: bool = False  # more cards than the limit for what is under way


@dataclass(frozen=True)
class Board:
    """One group's board, or the one of all. `ends_at`: of its sprint, or of everybody's."""

    id: str
    columns: tuple[Column, ...]
    group: GroupView | None = None
    removed: tuple[Card, ...] = ()
    ends_at: int | None = None

    @cached_property
    def cards(self) -> tuple[Card, ...]:
        return tuple(card for column in self.columns for card in column.cards)

    @property
    def done(self) -> int:
        return len(self.columns[-1].cards)

    @property
    def under_way(self) -> tuple[Card, ...]:
        """What is being worked on: between the first column and the last."""
        return tuple(card for column in self.columns[1:-1] for card in column.cards)

    @property
    def digest(self) -> str:
        """Another one only where the board is another."""
        seen = repr((self.columns, self.removed)).encode()
        return blake2b(seen, digest_size=6).hexdigest()


def where(entry: EntryView) -> tuple[str, int]:
    """The board and column of a card; of what is no card, no board."""
    board, slash, column = (entry.place or "").rpartition("/")
    return (board, int(column)) if slash and column.isdecimal() else ("", 0)


Entries = tuple[EntryView, ...]


class Sorting:
    """The entries of a look, sorted by board once for the phones of all groups."""

    MOST = 8

    def __init__(self) -> None:
        self._known: list[tuple[Entries, Entries, dict[str, Entries]]] = []

    def standing(self, entries: Entries) -> Entries:
        """Without what a facilitator has hidden."""
        return self._sorted(entries)[1]

    def of_board(self, entries: Entries, board: str) -> Entries:
        """That board's cards, and what is set for all boards."""
        by_board = self._sorted(entries)[2]
        return (*by_board.get(FRAME, ()), *by_board.get(board, ()))

    def _sorted(self, entries: Entries) -> tuple[Entries, Entries, dict[str, Entries]]:
        # By identity: a look makes its entries once, and to compare a thousand costs more than
        # to sort them.
        for known in self._known:
            if entries is known[0] or entries is known[1]:
                return known
        standing = tuple(entry for entry in entries if entry.state != EntryState.HIDDEN)
        by_board: dict[str, list[EntryView]] = {}
        for entry in standing:
            by_board.setdefault((entry.place or "").rpartition("/")[0] or FRAME, []).append(entry)
        made = (entries, standing, {board: tuple(each) for board, each in by_board.items()})
        self._known = [made, *self._known[: self.MOST - 1]]
        return made


def boards_of(
    activity: ActivityView, names: Sequence[str], groups: Sequence[GroupView], wip: int | None
) -> list[Board]:
    """Every group's board in the groups' order; the one of all where it is used, or alone."""
    by_board: dict[str, list[EntryView]] = {}
    for entry in activity.entries:
        if board := where(entry)[0]:
            by_board.setdefault(board, []).append(entry)
    frame = frame_of(activity.entries)
    known: dict[str, GroupView | None] = {group.id: group for group in groups}
    if not groups or _stands(by_board.get(ALL, ())):
        known[ALL] = None
    # What a group left that is not there any more is not lost.
    known |= {board: None for board in by_board if board not in known and _stands(by_board[board])}
    return [
        _board(board, group, by_board.get(board, ()), names, wip, _ends_at(frame, board))
        for board, group in known.items()
    ]


def frame_of(entries: Iterable[EntryView]) -> Mapping[str, Any]:
    """What the facilitator has set for the boards."""
    return next((entry.data or {} for entry in entries if entry.place == FRAME), {})


def _stands(entries: Iterable[EntryView]) -> bool:
    return any(entry.state == EntryState.VISIBLE for entry in entries)


def _ends_at(frame: Mapping[str, Any], board: str) -> int | None:
    ends_at = frame.get(f"timer:{board}") or frame.get(f"timer:{EVERY}")
    return int(ends_at) if ends_at else None


def _board(
    board: str,
    group: GroupView | None,
    entries: Iterable[EntryView],
    names: Sequence[str],
    wip: int | None,
    ends_at: int | None,
) -> Board:
    last = len(names) - 1
    columns: list[list[Card]] = [[] for _ in names]
    removed = []
    for entry in sorted(entries, key=lambda entry: (entry.position, entry.id)):
        if entry.state == EntryState.VISIBLE:
            columns[min(where(entry)[1], last)].append(card_of(entry))
        elif entry.state == EntryState.WITHDRAWN:
            removed.append(card_of(entry))
    return Board(
        board,
        tuple(
            Column(
                number,
                name,
                tuple(columns[number]),
                over=wip is not None and 0 < number < last and len(columns[number]) > wip,
            )
            for number, name in enumerate(names)
        ),
        group,
        tuple(removed),
        ends_at,
    )


def card_of(entry: EntryView) -> Card:
    data = entry.data or {}
    keys = sorted(
        (name.removeprefix("check:") for name in data if name.startswith("check:")),
        key=lambda key: (int(key.partition("-")[0]), key),
    )
    return Card(
        entry.id,
        entry.text,
        owner=data.get("owner") or "",
        due=data.get("due") or "",
        colour=data.get("colour") or "",
        link=data.get("link") or "",
        checks=tuple(
            Check(key, data[f"check:{key}"], bool(data.get(f"done:{key}")))
            for key in keys
            if data[f"check:{key}"]
        ),
    )
