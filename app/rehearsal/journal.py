"""What the clients did and were told, for the judge: invoke, then ok, fail, or no answer (info)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from time import monotonic


class Outcome(StrEnum):
    INFO = "info"
    """no answer: it may have happened"""
    OK = "ok"
    """acknowledged: it must have happened"""
    FAIL = "fail"
    """refused: it must not have happened"""


@dataclass(slots=True)
class Operation:
    """One submission. `marks` is what a public count would show of it: option ids, a number, a
    text.
    """

    client: int
    activity: str
    id: str
    seq: int
    marks: tuple[str, ...]
    invoked_at: float
    answered_at: float | None = None
    outcome: Outcome = Outcome.INFO
    code: str | None = None
    stage: str | None = None
    """of an activity that has several: where it was when this was sent"""
    what: str = ""
    """in a word: vote, move, ranking, …"""

    @property
    def latency_ms(self) -> float | None:
        return None if self.answered_at is None else (self.answered_at - self.invoked_at) * 1000


@dataclass(frozen=True, slots=True)
class Frame:
    """A state that a client showed, in the order of showing."""

    client: int
    epoch: str
    rev: int
    at: float


@dataclass(slots=True)
class Journal:
    """Kept in memory; frames only when asked for, since a room of thousands shows millions."""

    keep_frames: bool = False
    operations: list[Operation] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)

    def invoke(
        self,
        client: int,
        activity: str,
        id: str,
        seq: int,
        marks: tuple[str, ...],
        stage: str | None = None,
        *,
        what: str = "",
    ) -> Operation:
        now = monotonic()
        operation = Operation(client, activity, id, seq, marks, now, stage=stage, what=what)
        self.operations.append(operation)
        return operation

    def ok(self, operation: Operation) -> None:
        operation.outcome, operation.answered_at = Outcome.OK, monotonic()

    def fail(self, operation: Operation, code: str) -> None:
        operation.outcome, operation.answered_at, operation.code = Outcome.FAIL, monotonic(), code

    def shown(self, client: int, epoch: str, rev: int) -> None:
        if self.keep_frames:
            self.frames.append(Frame(client, epoch, rev, monotonic()))

    def of_activity(self, activity: str) -> Iterator[Operation]:
        return (operation for operation in self.operations if operation.activity == activity)

    def activities(self) -> list[str]:
        """In the order of their first submission."""
        return list(dict.fromkeys(operation.activity for operation in self.operations))
