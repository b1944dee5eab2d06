"""The judge finds every kind of fault, and no fault where there is none."""

from __future__ import annotations

import pytest

from app.rehearsal.journal import Frame, Operation, Outcome
from app.rehearsal.judge import (
    Verdict,
    ballots,
    beside,
    judge_among_others,
    judge_answered,
    judge_frames,
    judge_marks,
    judge_result,
    judge_views,
    marks_in,
    marks_of,
    of_last_stage,
)

OK, INFO, FAIL = Outcome.OK, Outcome.INFO, Outcome.FAIL


def operation(client: int, seq: int, mark: str, outcome: Outcome) -> Operation:
    return Operation(client, "a", f"{client}.{seq}", seq, (mark,), 0.0, None, outcome)


@pytest.mark.parametrize(
    "operations, counted, verdict",
    [
        pytest.param([(1, 1, "x", OK)], {"x": 1}, Verdict(), id="acked and counted"),
        pytest.param([(1, 1, "x", OK)], {}, Verdict(lost=1), id="acked and gone"),
        pytest.param([(1, 1, "x", INFO)], {}, Verdict(), id="unanswered and gone"),
        pytest.param([(1, 1, "x", INFO)], {"x": 1}, Verdict(), id="unanswered and counted"),
        pytest.param([(1, 1, "x", FAIL)], {}, Verdict(), id="refused and gone"),
        pytest.param([(1, 1, "x", FAIL)], {"x": 1}, Verdict(phantom=1), id="refused, counted"),
        pytest.param([], {"x": 2}, Verdict(phantom=2), id="nobody sent it"),
        pytest.param([(1, 1, "x", OK)], {"x": 2}, Verdict(dup=1), id="counted twice"),
        pytest.param(
            [(1, 1, "x", OK), (1, 2, "y", OK)], {"y": 1}, Verdict(), id="changed, newest counts"
        ),
        pytest.param(
            [(1, 1, "x", OK), (1, 2, "y", OK)],
            {"x": 1},
            Verdict(lost=1, phantom=1),
            id="changed, the older one counts",
        ),
        pytest.param(
            [(1, 1, "x", OK), (1, 2, "y", OK)],
            {"x": 1, "y": 1},
            Verdict(phantom=1),
            id="changed, both count",
        ),
        pytest.param(
            [(1, 1, "x", OK), (1, 2, "y", INFO)], {"x": 1}, Verdict(), id="change unanswered: old"
        ),
        pytest.param(
            [(1, 1, "x", OK), (1, 2, "y", INFO)], {"y": 1}, Verdict(), id="change unanswered: new"
        ),
        pytest.param(
            [(1, 2, "y", OK), (1, 1, "x", INFO)],
            {"x": 1},
            Verdict(lost=1, phantom=1),
            id="an older one that came late has overwritten",
        ),
        pytest.param(
            [(1, 1, "x", OK), (2, 1, "x", OK), (3, 1, "y", OK)],
            {"x": 1, "y": 1},
            Verdict(lost=1),
            id="one of two alike is lost",
        ),
    ],
)
def test_what_was_acknowledged_is_counted_once(
    operations: list[tuple[int, int, str, Outcome]], counted: dict[str, int], verdict: Verdict
) -> None:
    sent = [operation(*one) for one in operations]
    assert judge_marks(ballots(sent), counted) == verdict


@pytest.mark.parametrize(
    "outcomes, answered, verdict",
    [
        ([OK, OK, INFO, FAIL], 2, Verdict()),
        ([OK, OK, INFO, FAIL], 3, Verdict()),
        ([OK, OK, INFO, FAIL], 1, Verdict(lost=1)),
        ([OK, OK, INFO, FAIL], 5, Verdict(dup=2)),
    ],
)
def test_people_are_counted_once(outcomes: list[Outcome], answered: int, verdict: Verdict) -> None:
    sent = [operation(number, 1, "x", outcome) for number, outcome in enumerate(outcomes)]
    assert judge_answered(ballots(sent), answered) == verdict


def test_two_candidates_of_one_person_cannot_both_count() -> None:
    sent = [operation(1, 1, "x", OK), operation(1, 2, "y", INFO)]
    both = {
        "answered": 2,
        "options": [{"id": "x", "count": 1}, {"id": "y", "count": 1}],
    }
    assert judge_result(sent, both) == Verdict(dup=1)


def test_what_others_had_answered_before_is_not_ours() -> None:
    before = {"answered": 3, "options": [{"id": "x", "count": 3}]}
    after = {"answered": 4, "options": [{"id": "x", "count": 4}]}
    assert judge_result([operation(1, 1, "x", OK)], after, before=before).clean
    assert judge_result([operation(1, 1, "x", OK)], before, before=before) == Verdict(lost=1)


@pytest.mark.parametrize(
    "result",
    [
        {"answered": 3, "options": [{"id": "x", "count": 3}]},
        {"answered": 2, "options": [{"id": "x", "count": 1}, {"id": "z", "count": 1}]},
        {"answered": 0, "options": [], "tables": {"answered": 2, "options": []}},
    ],
    ids=["as ours", "otherwise", "at tables"],
)
def test_what_others_answered_too_is_no_fault(result: dict[str, object]) -> None:
    assert judge_among_others([operation(1, 1, "x", OK)], result).clean


@pytest.mark.parametrize(
    "result",
    [
        {"answered": 1, "options": [{"id": "x", "count": 1}]},
        {"answered": 9, "options": [{"id": "x", "count": 9}]},
    ],
    ids=["by people", "by marks"],
)
def test_what_is_lost_is_lost_among_others_too(result: dict[str, object]) -> None:
    sent = [operation(1, 1, "x", OK), operation(2, 1, "y", OK)]
    assert judge_among_others(sent, result) == Verdict(lost=1)


def test_others_are_counted_as_far_as_they_must_be_there() -> None:
    sent = [operation(1, 1, "x", OK), operation(2, 1, "x", INFO), operation(3, 1, "x", FAIL)]
    assert beside(sent, {"answered": 5}) == 3
    assert beside(sent, {"answered": 1}) == 0


def test_where_each_submission_counts_by_itself_none_replaces_another() -> None:
    sent = [operation(1, 1, "x", OK), operation(1, 2, "y", OK)]
    texts = {"answered": 1, "texts": [{"id": "1", "text": "x"}, {"id": "2", "text": "y"}]}
    assert judge_result(sent, texts, one_each=False).clean
    texts["texts"].pop()  # type: ignore[attr-defined]
    assert judge_result(sent, texts, one_each=False) == Verdict(lost=1)


@pytest.mark.parametrize(
    "shown, stale",
    [
        ([("e1", 1), ("e1", 2), ("e1", 2)], 0),
        ([("e1", 3), ("e1", 2), ("e1", 3), ("e1", 1)], 2),
        ([("e1", 9), ("e2", 1), ("e2", 2)], 0),
        ([("e1", 9), ("e2", 1), ("e1", 8)], 1),
    ],
)
def test_a_client_never_goes_back_within_an_epoch(shown: list[tuple[str, int]], stale: int) -> None:
    frames = [Frame(1, epoch, rev, 0.0) for epoch, rev in shown]
    assert judge_frames(frames) == Verdict(stale=stale)


def test_frames_of_different_clients_are_judged_apart() -> None:
    assert judge_frames([Frame(1, "e", 5, 0.0), Frame(2, "e", 4, 0.0)]).clean


def test_stuck_is_whoever_shows_something_else_than_the_server() -> None:
    truth = ("e1", 7, "hash")
    shown = {1: truth, 2: ("e1", 6, "hash"), 3: ("e1", 7, "other"), 4: ("e0", 7, "hash")}
    assert judge_views(shown, truth) == Verdict(stuck=3)


@pytest.mark.parametrize(
    "data, result",
    [
        ({"options": ["a", "b"]}, {"options": [{"id": "a", "count": 1}, {"id": "b", "count": 1}]}),
        ({"value": 7}, {"mean": 7.0, "counts": [{"value": 7, "count": 1}]}),
        ({"text": "Hei"}, {"texts": [{"id": "1", "text": "Hei"}]}),
    ],
)
def test_a_submission_and_its_result_speak_of_the_same_marks(
    data: dict[str, object], result: dict[str, object]
) -> None:
    counted = marks_of(result)
    assert counted is not None
    assert sorted(counted) == sorted(marks_in(data))


def test_what_may_be_merged_is_judged_by_people_alone() -> None:
    assert marks_of({"answered": 1, "words": [{"text": "mot", "count": 1}]}) is None


def test_what_was_sent_in_an_earlier_stage_is_not_missed_in_the_last() -> None:
    wrote = [Operation(n, "a", f"w{n}", 1, ("x",), 0.0, None, OK, stage="collect") for n in (1, 2)]
    ranked = Operation(2, "a", "r2", 2, ("y",), 0.0, None, OK, stage="rank")
    sent = [*wrote, ranked]
    assert judge_answered(ballots(sent), 1).lost == 1
    assert judge_answered(ballots(of_last_stage(sent)), 1).clean
    assert of_last_stage([]) == []
