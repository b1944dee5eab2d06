"""The judge (Jepsen's method): was anything lost, made up, doubled, shown backwards or stuck? Pure
functions.

Every client operation ended as ok, fail or info. From the journal and the public result follows
exactly which counts are possible; everything else is a fault.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from app.rehearsal.journal import Frame, Operation, Outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """All zero is the only pass."""

    lost: int = 0
    phantom: int = 0
    dup: int = 0
    stale: int = 0
    stuck: int = 0

    @property
    def clean(self) -> bool:
        return not any(getattr(self, field.name) for field in fields(self))

    def __add__(self, other: Verdict) -> Verdict:
        return Verdict(
            *(getattr(self, field.name) + getattr(other, field.name) for field in fields(self))
        )


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one attendee's answer to one activity may be after all: one of `candidates`."""

    candidates: tuple[Operation, ...]
    must_count: bool


def ballots(operations: Iterable[Operation], *, one_each: bool = True) -> list[Ballot]:
    """Groups operations by attendee and activity. A later seq replaces an earlier one, unless each
    counts by itself.

    Possible after all is the acknowledged one with the highest seq, or an unanswered one that is
    newer still.
    """
    if not one_each:
        return [_ballot([operation]) for operation in operations]
    groups: dict[tuple[int, str], list[Operation]] = {}
    for operation in operations:
        groups.setdefault((operation.client, operation.activity), []).append(operation)
    return [_ballot(group) for group in groups.values()]


def judge_marks(ballots: Iterable[Ballot], counted: Mapping[str, int]) -> Verdict:
    """Compares the marks that people made with the marks that the public result counts.

    Unique texts make this exact; for options it is exact as soon as nobody is left without an
    answer.
    """
    least: Counter[str] = Counter()
    most: Counter[str] = Counter()
    for ballot in ballots:
        choices = [set(operation.marks) for operation in ballot.candidates]
        if choices:
            most.update(set.union(*choices))
            if ballot.must_count:
                least.update(set.intersection(*choices))
    lost = sum(max(0, least[mark] - counted.get(mark, 0)) for mark in least)
    phantom = sum(count for mark, count in counted.items() if mark not in most)
    dup = sum(max(0, count - most[mark]) for mark, count in counted.items() if mark in most)
    return Verdict(lost=lost, phantom=phantom, dup=dup)


def judge_answered(ballots: Iterable[Ballot], answered: int) -> Verdict:
    """Compares the number of attendees who answered with those who must and those who may have."""
    ballots = [ballot for ballot in ballots if ballot.candidates]
    return Verdict(lost=max(0, surely(ballots) - answered), dup=max(0, answered - len(ballots)))


def judge_result(
    operations: Iterable[Operation],
    result: Mapping[str, Any],
    *,
    before: Mapping[str, Any] | None = None,
    texts: bool = True,
    one_each: bool = True,
) -> Verdict:
    """Judges one activity by its published result; the harsher of both ways of counting stands.

    `before` is the result before these clients came: what others had answered is not theirs.
    """
    operations = list(operations)
    others = int(before["answered"]) if before else 0
    by_people = judge_answered(ballots(operations), int(result["answered"]) - others)
    counted = marks_of(result, texts=texts)
    if counted is None:
        return by_people
    if before:
        counted = counted - (marks_of(before, texts=texts) or Counter())
    by_marks = judge_marks(ballots(operations, one_each=one_each), counted)
    return Verdict(
        lost=max(by_people.lost, by_marks.lost),
        phantom=by_marks.phantom,
        dup=max(by_people.dup, by_marks.dup),
    )


def judge_among_others(operations: Iterable[Operation], result: Mapping[str, Any]) -> Verdict:
    """Judges one activity where others may have answered, changed their minds or left meanwhile:
    what is counted beside ours may be theirs, what of ours is not counted is lost.

    A result never shrinks by others: each of ours is in it, whatever they do, be it as a table's.
    """
    ours = ballots(operations)
    tables = result.get("tables") or {"answered": 0}
    if tables["answered"] and surely(ours) == 1:
        return Verdict()  # one phone alone beside tables may not be told
    lost = judge_answered(ours, int(result["answered"]) + int(tables["answered"])).lost
    counted = marks_of(result, texts=False)
    if counted is not None:
        counted = counted + (marks_of(tables, texts=False) or Counter())
        lost = max(lost, judge_marks(ours, counted).lost)
    return Verdict(lost=lost)


def of_last_stage(operations: Iterable[Operation]) -> list[Operation]:
    """Of an activity with several stages the last is what its result counts: who wrote an obstacle
    need not have ranked."""
    operations = list(operations)
    return [each for each in operations if each.stage == operations[-1].stage]


def surely(ballots: Iterable[Ballot]) -> int:
    """How many of them must be counted."""
    return sum(1 for ballot in ballots if ballot.must_count)


def beside(operations: Iterable[Operation], result: Mapping[str, Any]) -> int:
    """How many others must have answered, for the result to be what it is."""
    ours = sum(1 for ballot in ballots(operations) if ballot.candidates)
    return max(0, int(result["answered"]) - ours)


def judge_frames(frames: Iterable[Frame]) -> Verdict:
    """Stale: a client showed a revision lower than one that it had shown in the same epoch."""
    highest: dict[tuple[int, str], int] = {}
    stale = 0
    for frame in frames:
        key = (frame.client, frame.epoch)
        if frame.rev < highest.get(key, frame.rev):
            stale += 1
        highest[key] = max(frame.rev, highest.get(key, frame.rev))
    return Verdict(stale=stale)


def judge_views(shown: Mapping[int, tuple[str, int, str]], truth: tuple[str, int, str]) -> Verdict:
    """Stuck: clients whose (epoch, revision, hash of the state) is not the server's 5 s after the
    last change.
    """
    return Verdict(stuck=sum(1 for view in shown.values() if view != truth))


def marks_of(result: Mapping[str, Any], *, texts: bool = True) -> Counter[str] | None:
    """What a public result counts, by its shape; None where it may merge what people wrote (a word
    cloud).
    """
    if "options" in result:
        return Counter(
            {
                str(option["id"]): int(option["count"])
                for option in result["options"]
                if option["count"]
            }
        )
    if "counts" in result:
        return Counter(
            {
                str(count["value"]): int(count["count"])
                for count in result["counts"]
                if count["count"]
            }
        )
    if "ranked" in result:
        return Counter(
            {
                _placed(place, each["id"]): int(count)
                for each in result["ranked"]
                for place, count in enumerate(each["counts"], 1)
                if count
            }
        )
    if texts and "texts" in result:
        return Counter(str(text["text"]) for text in result["texts"])
    return None


def marks_in(data: Mapping[str, Any]) -> tuple[str, ...]:
    """What a submission would be counted as, by its shape."""
    marks: list[str] = []
    for name, value in data.items():
        items = value if isinstance(value, list) else [value]
        if name == "ranking":
            marks.extend(_placed(place, item) for place, item in enumerate(items, 1))
        else:
            marks.extend(str(item) for item in items)
    return tuple(marks)


def word_for(data: Mapping[str, Any]) -> str:
    """What a submission does, by its shape: what it says it does, or what it gives."""
    return str(data.get("do") or next(iter(data), ""))


def _placed(place: int, entry_id: Any) -> str:
    return f"{place}:{entry_id}"


def _ballot(group: list[Operation]) -> Ballot:
    acknowledged = [operation for operation in group if operation.outcome is Outcome.OK]
    newest = max(acknowledged, key=lambda operation: operation.seq, default=None)
    after = -1 if newest is None else newest.seq
    open_ones = [
        operation
        for operation in group
        if operation.outcome is Outcome.INFO and operation.seq > after
    ]
    candidates = [newest, *open_ones] if newest is not None else open_ones
    return Ballot(tuple(candidates), must_count=newest is not None)
