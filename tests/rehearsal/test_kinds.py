"""A rehearsal plays what this product is known for: obstacles are written and ranked, questions
asked and voted for, cards written and moved, and the report says so.

Seen red: everything was said in one breath and once; who ranked nothing yet was called lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from time import monotonic
from typing import Any

import pytest
from rich.console import Console

from app.live.activity import imagine
from app.rehearsal.address import RoomAddress
from app.rehearsal.client import Facilitator
from app.rehearsal.rehearse import rehearse
from app.rehearsal.report import ActivityReport, Report
from tests.support.server import Server

PEOPLE = 24
KINDS = ("decision_card", "questions", "retro_wall", "sprint_board", "top_obstacles")
TITLES = {
    "decision_card": "Vi slår sammen køene",
    "questions": "Spør",
    "retro_wall": "Hva lærte vi?",
    "sprint_board": "Sprint 1",
    "top_obstacles": "Hva hindrer oss?",
}


async def _push(facilitator: Facilitator, name: str, **data: Any) -> Mapping[str, Any]:
    """A command, and what it changed is seen."""
    before = facilitator.state["control"]
    made = await facilitator.command(name, data)
    await facilitator.until(lambda state: state["control"] > before)
    return made


async def _opened(facilitator: Facilitator, kind: str) -> str:
    made = await _push(
        facilitator,
        "activity.create",
        kind=kind,
        title=TITLES[kind],
        mode="named",
        open=True,
        live=True,
    )
    return str(made["activity"])


def _of(state: Mapping[str, Any], activity: str) -> Mapping[str, Any] | None:
    return next((one for one in state["activities"] if one["id"] == activity), None)


async def _goes_on(facilitator: Facilitator, activity: str, wall: str) -> None:
    """What a facilitator does meanwhile: groups, the obstacles' stages, and the wall's."""
    here = facilitator.state["participants"]
    await facilitator.until(lambda state: state["participants"] == here + PEOPLE, within=60)
    await _push(facilitator, "groups.make", count=4)
    await _entries(facilitator, wall)
    await _push(facilitator, "activity.to_stage", activity=wall, stage="vote")
    for stage in ("merge", "rank"):
        await _entries(facilitator, activity)
        await _push(facilitator, "activity.to_stage", activity=activity, stage=stage)


async def _entries(facilitator: Facilitator, activity: str) -> None:
    """Until enough is written to rank."""
    await facilitator.until(
        lambda state: len((_of(state, activity) or {}).get("entries", ())) >= PEOPLE // 2, within=60
    )


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    server = Server(tmp_path_factory.mktemp("rehearsal")).start()
    try:
        return asyncio.run(asyncio.wait_for(_rehearsed(server), 150))
    finally:
        server.kill9()


async def _rehearsed(server: Server) -> Report:
    facts, token = server.facts, server.facts.api_token
    address = RoomAddress.parse(facts.join_url)
    async with Facilitator(address, token) as facilitator:
        if facilitator.state["status"] == "lobby":
            await _push(facilitator, "room.start")
        made = {kind: await _opened(facilitator, kind) for kind in KINDS}
        goes_on = asyncio.create_task(
            _goes_on(facilitator, made["top_obstacles"], made["retro_wall"])
        )
        stop, ranked_at = asyncio.Event(), 0.0

        def watch(crowd: Any) -> None:
            nonlocal ranked_at
            done = {(each.activity, each.what) for each in crowd.journal.operations}
            if not ranked_at and (made["top_obstacles"], "ranking") in done:
                ranked_at = monotonic()
            if ranked_at and monotonic() - ranked_at > 5:
                stop.set()

        report = await rehearse(
            facts.join_url,
            PEOPLE,
            duration=100,
            within=1,
            pace=12,
            token=token,
            imagine=imagine,
            watch=watch,
            stop=stop,
        )
        await goes_on
        return report


def _activity(report: Report, kind: str) -> ActivityReport:
    return next(one for one in report.activities if one.title == TITLES[kind])


def test_everything_that_was_acknowledged_is_counted(report: Report) -> None:
    console = Console(record=True, width=200)
    console.print(report)
    assert report.clean, console.export_text()
    assert report.joined == PEOPLE
    assert all(_activity(report, kind).verdict is not None for kind in KINDS)


def test_obstacles_are_written_and_ranked(report: Report) -> None:
    told = _activity(report, "top_obstacles")
    assert told.did["text"] > PEOPLE // 2
    assert told.did["ranking"] > PEOPLE // 2
    assert (told.answered or 0) > PEOPLE // 2


def test_notes_are_written_and_voted_for(report: Report) -> None:
    told = _activity(report, "retro_wall")
    assert told.did["text"] > PEOPLE // 2
    assert told.did["votes"] > PEOPLE // 2
    assert (told.answered or 0) > PEOPLE // 2


def test_a_proposal_is_answered_and_who_objects_says_why(report: Report) -> None:
    told = _activity(report, "decision_card")
    assert told.did["answer"] > PEOPLE // 2
    assert (told.answered or 0) > PEOPLE // 2


def test_questions_are_asked_and_voted_for_again_and_again(report: Report) -> None:
    told = _activity(report, "questions")
    assert told.did["vote"] > told.did["text"] > 0
    assert told.sent > PEOPLE


def test_cards_are_written_and_moved_on_the_boards_of_groups(report: Report) -> None:
    told = _activity(report, "sprint_board")
    assert told.did["add"] > 0
    assert told.did["move"] > 0


@pytest.mark.parametrize("width", [80, 200])
def test_the_report_says_what_people_did_in_whole_words(report: Report, width: int) -> None:
    console = Console(record=True, width=width)
    console.print(report)
    printed = console.export_text()
    for words in ("vote", "ranking", "move", "What was sent", "Refused", "Counted", "Made up"):
        assert words in printed
