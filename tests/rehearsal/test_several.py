"""The judge knows what is wrong also where people say several things, and calls nothing wrong that
a facilitator may have done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from app.rehearsal.journal import Operation, Outcome
from app.rehearsal.judge import Verdict, marks_in, word_for
from app.rehearsal.several import judge_several, takes_several

OK, INFO = Outcome.OK, Outcome.INFO
A, B, C = (f"0000000{n}-0000-7000-8000-000000000000" for n in (1, 2, 3))


def sent(
    client: int,
    data: Mapping[str, Any],
    *,
    seq: int = 1,
    stage: str | None = None,
    outcome: Outcome = OK,
) -> Operation:
    return Operation(
        client, "a", f"{client}.{seq}", seq, marks_in(data), 0.0, None, outcome, stage=stage
    )


def wrote(client: int) -> Operation:
    return sent(client, {"text": f"Hinder {client}"}, stage="collect")


def ranked(client: int, *ids: str, seq: int = 2) -> Operation:
    return sent(client, {"ranking": list(ids)}, seq=seq, stage="rank")


def obstacles(answered: int, **counts: list[int]) -> dict[str, Any]:
    ids = {"a": A, "b": B, "c": C}
    return {
        "answered": answered,
        "ranked": [{"id": ids[name], "counts": each} for name, each in counts.items()],
    }


BOTH = [wrote(1), wrote(2), wrote(3), ranked(1, A, B), ranked(2, B, A)]


@pytest.mark.parametrize(
    "stage, result, verdict",
    [
        pytest.param("rank", obstacles(2, a=[1, 1], b=[1, 1]), Verdict(), id="as ranked"),
        pytest.param("own", obstacles(2, a=[1, 1], b=[1, 1]), Verdict(), id="a stage further"),
        pytest.param("rank", obstacles(1, a=[1, 0], b=[0, 1]), Verdict(lost=2), id="one lost"),
        pytest.param("rank", obstacles(3, a=[2, 1], b=[1, 1]), Verdict(dup=1), id="one twice"),
        pytest.param("rank", obstacles(2, a=[2, 0], b=[0, 2]), Verdict(lost=2, dup=2), id="mixed"),
        pytest.param("rank", obstacles(2, a=[2, 0]), Verdict(), id="the other one was merged"),
        pytest.param("collect", obstacles(3), Verdict(), id="back to collecting"),
    ],
)
def test_rankings(stage: str, result: dict[str, Any], verdict: Verdict) -> None:
    assert judge_several(BOTH, result, stage=stage, alone=True) == verdict


def test_the_last_list_counts() -> None:
    changed = [ranked(1, A, B), ranked(1, B, seq=3)]
    now, before = obstacles(1, b=[1, 0]), obstacles(1, a=[1, 0], b=[0, 1])
    assert judge_several(changed, now, stage="rank", alone=True).clean
    assert not judge_several(changed, before, stage="rank", alone=True).clean


def test_a_stage_that_has_just_begun_has_lost_nothing() -> None:
    written = [wrote(1), wrote(2)]
    assert judge_several(written, obstacles(0), stage="rank", alone=True).clean
    assert judge_several(written, obstacles(2), stage="merge", alone=True).clean
    assert judge_several(written, obstacles(1), stage="merge", alone=True) == Verdict(lost=1)


def asked(answered: int, **votes: int) -> dict[str, Any]:
    ids = {"a": A, "b": B, "c": C}
    told = [{"id": ids[name], "votes": count} for name, count in votes.items()]
    return {"answered": answered, "questions": told}


VOTES = [sent(n, {"vote": A}) for n in range(8)] + [sent(9, {"text": "Når?"})]


@pytest.mark.parametrize(
    "result, verdict",
    [
        pytest.param(asked(9, a=8, b=0), Verdict(), id="exact"),
        pytest.param(asked(7, a=7), Verdict(lost=1), id="two missing, one of the votes"),
        pytest.param(asked(9, a=9), Verdict(dup=1), id="one twice"),
        pytest.param(asked(9, a=8, b=2), Verdict(phantom=2), id="made up"),
        pytest.param(asked(9, b=8), Verdict(), id="merged into another"),
    ],
)
def test_votes_for_questions(result: dict[str, Any], verdict: Verdict) -> None:
    found = judge_several(VOTES, result, stage=None, alone=True)
    assert (found.lost > 0, found.dup, found.phantom) == (
        verdict.lost > 0,
        verdict.dup,
        verdict.phantom,
    )


def test_round_figures_as_phones_are_told_them_are_no_loss() -> None:
    many = [sent(n, {"vote": A}) for n in range(57)]
    assert judge_several(many, asked(50, a=50), stage=None, alone=True).clean
    assert not judge_several(many, asked(30, a=30), stage=None, alone=True).clean


def test_a_vote_given_twice_is_one() -> None:
    twice = [sent(1, {"vote": A}), sent(1, {"vote": A}, seq=2)]
    assert judge_several(twice, asked(1, a=1), stage=None, alone=True).clean


def test_a_list_of_votes_takes_the_place_of_the_one_before_it() -> None:
    """Seen red with: each vote of an earlier list called lost."""
    lists = [
        replace(sent(1, {"votes": [A, B]}, stage="vote"), what="votes"),
        replace(sent(1, {"votes": [B, C]}, seq=2, stage="vote"), what="votes"),
    ]
    assert judge_several(lists, asked(1, a=0, b=1, c=1), stage="vote", alone=True).clean
    assert judge_several(lists, asked(1, a=0, b=1, c=0), stage="vote", alone=True).lost


def test_what_others_did_is_no_fault() -> None:
    assert judge_several(BOTH, obstacles(9, a=[5, 4], b=[4, 5]), stage="rank", alone=False).clean
    assert judge_several(VOTES, asked(20, a=19, b=7), stage=None, alone=False).clean


def test_on_boards_people_are_counted() -> None:
    moves = [sent(n, {"do": "move", "card": A, "column": 1}) for n in (1, 2)]
    result = {"answered": 2, "boards": []}
    assert takes_several(moves, result)
    assert judge_several(moves, result, stage=None, alone=True).clean
    assert judge_several(moves, {**result, "answered": 1}, stage=None, alone=True).lost == 1


@pytest.mark.parametrize(
    "data, word",
    [({"do": "move", "card": A}, "move"), ({"vote": A}, "vote"), ({"ranking": []}, "ranking")],
)
def test_what_was_sent_is_told_in_a_word(data: dict[str, Any], word: str) -> None:
    assert word_for(data) == word
