"""Judging activities that take several answers of one attendee: what is written and then ranked,
questions and the votes for them, cards on a board.

What only the kind knows the judge reads in favour of the room, for a rehearsal must not cry wolf:
which of several stages `answered` counts, and what became of what a facilitator merged or hid.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.rehearsal.journal import Operation, Outcome
from app.rehearsal.judge import (
    Verdict,
    ballots,
    judge_answered,
    judge_marks,
    marks_of,
    of_last_stage,
    surely,
)
from app.rules.questions import coarse

_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WHOLE_LIST = "votes"
_PLACE = re.compile(rf"\d+:{_ID.pattern}")  # as `marks_in` writes a ranking


def takes_several(sent: Iterable[Operation], result: Mapping[str, Any]) -> bool:
    """Told by the shape of what is published, and by there having been stages."""
    by_shape = bool({"ranked", "boards"} & result.keys()) or bool(_voted_for(result))
    return by_shape or any(operation.stage is not None for operation in sent)


def _voted_for(result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What is listed with the votes for each, where something is."""
    lists = (listed for listed in result.values() if isinstance(listed, list))
    return next((each for each in lists if each and "votes" in each[0]), [])


def judge_several(
    sent: Sequence[Operation], result: Mapping[str, Any], *, stage: str | None, alone: bool
) -> Verdict:
    """`stage` is where the activity was at the end. Unless we were `alone`, what is counted beside
    ours may be others'."""
    verdicts = [_people(sent, result, stage)]
    if "ranked" in result:
        verdicts.append(_ranks(sent, result))
    if _voted_for(result):
        verdicts.append(_votes(sent, result))
    lost = max(each.lost for each in verdicts)
    if not alone:
        return Verdict(lost=lost)
    return Verdict(
        lost=lost,
        phantom=max(each.phantom for each in verdicts),
        dup=max(each.dup for each in verdicts),
    )


def _people(sent: Sequence[Operation], result: Mapping[str, Any], stage: str | None) -> Verdict:
    """How many answered: in this stage, in the last in which anything was sent, or in all."""
    here = [each for each in sent if each.stage == stage]
    readings = [here, list(sent)] if here else [of_last_stage(sent), list(sent), []]
    answered = int(result["answered"])
    if not _voted_for(result):
        found = [judge_answered(ballots(each), answered) for each in readings]
    else:
        found = [_rounded(ballots(each), answered) for each in readings]
    return min(found, key=lambda verdict: verdict.lost + verdict.dup)


def _rounded(given: Sequence[Any], answered: int) -> Verdict:
    """Phones are told round figures of what goes on all day."""
    return Verdict(lost=_missing(surely(given), answered), dup=max(0, answered - len(given)))


def _missing(wanted: int, told: int) -> int:
    return max(0, (coarse(wanted) if told == coarse(told) else wanted) - told)


def _ranks(sent: Sequence[Operation], result: Mapping[str, Any]) -> Verdict:
    """Places given. One that is not listed was merged or hidden: then its marks are another's, or
    nobody's, and nothing can be said."""
    listed = {str(each["id"]) for each in result["ranked"]}
    ranked = ballots(each for each in sent if each.marks and all(map(_PLACE.fullmatch, each.marks)))
    certain = (mark for each in ranked if each.must_count for mark in each.candidates[0].marks)
    if any(mark.partition(":")[2] not in listed for mark in certain):
        return Verdict()
    return judge_marks(ranked, marks_of(result) or Counter())


def _standing(sent: Sequence[Operation]) -> list[Operation]:
    """A list of votes takes the place of the one before it; a vote for one stands beside others."""
    last = {
        each.client: each
        for each in sent
        if each.what == _WHOLE_LIST and each.outcome is not Outcome.FAIL
    }
    return [each for each in sent if each.what != _WHOLE_LIST or last.get(each.client) is each]


def _votes(sent: Sequence[Operation], result: Mapping[str, Any]) -> Verdict:
    """Votes for what is listed, one for each of us and entry. Of one that is not listed nothing can
    be said, nor of what is too much while there is such a one: it may stand for it."""
    told = {str(each["id"]): int(each["votes"]) for each in _voted_for(result)}
    certain: set[tuple[int, str]] = set()
    possible: set[tuple[int, str]] = set()
    for each in sent:
        if each.outcome is not Outcome.FAIL:
            possible |= {(each.client, mark) for mark in each.marks}
    for each in _standing(sent):
        if each.outcome is Outcome.OK:
            certain |= {(each.client, mark) for mark in each.marks}
    least, most = (Counter(mark for _, mark in each) for each in (certain, possible))
    lost = sum(_missing(least[entry_id], votes) for entry_id, votes in told.items())
    if any(_ID.fullmatch(mark) and mark not in told for mark in least):
        return Verdict(lost=lost)
    return Verdict(
        lost=lost,
        phantom=sum(votes for entry_id, votes in told.items() if not most[entry_id]),
        dup=sum(max(0, votes - most[id]) for id, votes in told.items() if most[id]),
    )
