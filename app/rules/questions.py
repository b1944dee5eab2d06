"""Questions of a day: which stand, what has become of each, and in what order they are shown.

Votes decide the order, and where they are equal the id, which is random: it says nothing about who
asked first. Asking is no vote: a question begins at none, and whoever asked it may vote for it as
everybody else may.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from app.rules import merges

MOST_LETTERS = 280
MOST_OF_ANSWER = 4000

# What a phone is told of a number of votes. A step is one picture for the whole room: a question
# that two thousand vote for is some twenty pictures, not two thousand.
_STEPS = (*range(7), 8, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 1500, 2000)


class QuestionState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    DISMISSED = "dismissed"
    BACKLOG = "backlog"  # left to be answered in writing


class Written(Protocol):
    """An entry, as far as it matters here."""

    @property
    def id(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def merged_into(self) -> str | None: ...
    @property
    def author(self) -> str | None: ...
    @property
    def data(self) -> dict[str, Any] | None: ...


@dataclass(frozen=True)
class Question:
    """What several may have asked in their own words. `id` is of the one whose words are shown,
    `root` of the one that all the others were merged into; `also` are all the others."""

    id: str
    root: str
    text: str
    standing: str  # the entry's own state: visible, pending, hidden or withdrawn
    author: str | None = None
    state: str = QuestionState.OPEN
    by: str = ""  # who answers it, or has
    by_id: str | None = None  # that person of the plan
    reason: str = ""  # why it was dismissed
    answer: str = ""  # in writing
    answered_at: int | None = None
    pinned: bool = False
    seen: bool = False  # by a facilitator
    also: tuple[str, ...] = ()
    others: tuple[str, ...] = ()  # what those said
    votes: int = 0
    table_votes: int = 0

    @property
    def is_shown(self) -> bool:
        return self.standing == "visible" and self.state != QuestionState.DISMISSED

    @property
    def is_new(self) -> bool:
        """Nobody has decided anything about it yet."""
        return self.standing == "visible" and self.state == QuestionState.OPEN and not self.seen


def coarse(votes: int) -> int:
    """Rounded down to what a phone is told."""
    return _STEPS[bisect_right(_STEPS, votes) - 1] if votes < 2000 else votes - votes % 500


def is_coarse(votes: int) -> bool:
    """Whether a coarse number stands for more than itself."""
    return votes >= 6


def standing(entries: Iterable[Written]) -> list[Question]:
    """The questions that these entries are, in the order of their ids."""
    return [_question(each) for each in merges.together(entries)]


def ordered(questions: Iterable[Question]) -> list[Question]:
    """Most votes first; equally many by id."""
    return sorted(questions, key=lambda one: (-one.votes - one.table_votes, one.id))


def _question(asked: merges.Together[Written]) -> Question:
    root, face = asked.root, asked.face
    held: Mapping[str, Any] = root.data or {}
    return Question(
        id=face.id,
        root=root.id,
        text=face.text,
        standing=face.state,
        author=face.author,
        state=held.get("state", QuestionState.OPEN),
        by=held.get("by", ""),
        by_id=held.get("by_id"),
        reason=held.get("reason", ""),
        answer=held.get("answer", ""),
        answered_at=held.get("answered_at"),
        pinned=bool(held.get("pinned")),
        seen=bool(held.get("seen")),
        also=(*(one.id for one in asked.all if one.id != face.id), *held.get("also", ())),
        others=tuple(one.text for one in asked.others),
    )
