"""A rehearsal tells the truth about a room: no fault where none is, and the fault where one is."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest
from rich.console import Console

from app.rehearsal import people, phrases
from app.rehearsal.crowd import Crowd
from app.rehearsal.rehearse import main, rehearse
from app.rehearsal.report import Report
from tests.rehearsal.fake_room import FakeRoom, choice_activity, fake_room


def rehearsed(room: FakeRoom, attendees: int = 40, **options: Any) -> Report:
    async def scenario() -> Report:
        async with fake_room(room):
            return await rehearse(
                f"{room.base_url}/j/{room.code}",
                attendees,
                duration=2.5,
                within=0.5,
                pace=30,
                **options,
            )

    return asyncio.run(asyncio.wait_for(scenario(), 30))


def new_room(**switches: Any) -> FakeRoom:
    return FakeRoom(activities=[choice_activity("o1", "o2", "o3")], **switches)


def test_a_room_that_keeps_everything_gets_a_clean_report() -> None:
    report = rehearsed(new_room())
    assert report.joined == 40
    assert report.acknowledged == report.sent >= 30
    assert report.activities[0].title == "Hva er viktigst?"
    assert report.clean


def test_votes_that_the_room_acknowledged_and_lost_are_found() -> None:
    report = rehearsed(new_room(lose_every=5))
    assert report.verdict.lost > 0
    assert not report.clean


def test_those_who_answered_before_are_not_counted_as_doubled() -> None:
    earlier = {f"earlier{n}": (1, {"options": ["o1"]}) for n in range(7)}
    room = new_room(ballots=earlier)
    report = rehearsed(room)
    assert report.clean
    assert report.activities[0].answered == room.result()["answered"]


def test_others_who_answer_meanwhile_are_not_called_doubles() -> None:
    room = new_room()

    def somebody_comes(_: Crowd) -> None:
        room.somebody_else(f"real phone {min(7, room.looks)}")

    report = rehearsed(room, watch=somebody_comes)
    assert report.clean
    (told,) = report.activities
    assert told.others == 8
    assert "Others were in the room too" in _printed(report)


def test_others_and_a_second_round_are_no_alarm() -> None:
    """As in a hall: real phones answer too, and the question is asked again."""
    room = new_room()

    def the_day_goes_on(_: Crowd) -> None:
        if room.looks < 7:
            room.somebody_else(f"real phone {room.looks}")
        elif room.looks == 7:
            room.ask_again()
        elif room.looks < 12:
            room.somebody_else(f"real phone {room.looks - 7}")

    report = rehearsed(room, watch=the_day_goes_on)
    assert len(report.activities) == 2
    assert report.clean
    assert all(one.others for one in report.activities)


def test_one_who_came_answered_and_was_taken_out_again_is_no_double() -> None:
    room = new_room()

    def comes_and_goes(crowd: Crowd) -> None:
        if not room.looks:
            for number in range(45):
                room.somebody_else(f"real phone {number}")
        elif room.looks > 41:
            room.guests = 0

    assert rehearsed(room, watch=comes_and_goes).clean


def test_a_vote_that_counts_twice_is_found_where_nobody_else_is() -> None:
    report = rehearsed(new_room(double_every=5))
    assert report.verdict.dup > 0
    assert not report.clean


def _printed(report: Report) -> str:
    console = Console(record=True, width=300)
    console.print(report)
    return console.export_text()


def test_lost_lines_are_survived_and_counted() -> None:
    report = rehearsed(new_room(drop_before_ack=5))
    assert report.reconnects == 5
    assert report.clean


def test_it_ends_when_the_room_ends() -> None:
    report = rehearsed(new_room(status="ended"))
    assert report.seconds < 2.4


def test_an_opinion_can_come_from_whoever_knows_the_kind() -> None:
    asked: list[str] = []

    def imagine(kind: str, activity: Mapping[str, Any], rng: Random) -> list[Mapping[str, Any]]:
        asked.append(kind)
        return [{"options": ["o3"]}]

    room = new_room()
    assert rehearsed(room, 10, imagine=imagine).clean
    assert set(asked) == {"picking"}
    assert {option["id"] for option in room.result()["options"]} == {"o3"}


def test_the_command_says_what_is_wrong_with_an_address() -> None:
    console = Console(record=True, width=100)
    assert main("http://nowhere/else", 3, console=console) == 2
    assert "not a join link" in console.export_text()


def test_the_command_reports_a_room_that_is_not_there() -> None:
    console = Console(record=True, width=100)
    assert main("http://127.0.0.1:1/j/abc", 3, within=0.1, console=console) == 1
    assert "0 of 3" in console.export_text()


@pytest.mark.parametrize(
    "config, options, valid",
    [
        ({"multiple": False}, ["a", "b"], lambda data: len(data["options"]) == 1),
        ({"multiple": True, "max": 2}, ["a", "b", "c"], lambda d: 1 <= len(set(d["options"])) <= 2),
        ({"min": 0, "max": 10}, [], lambda data: 0 <= data["value"] <= 10),
        ({}, [], lambda data: 0 < len(data["text"]) <= 200),
    ],
)
def test_opinions_fit_the_shape_of_the_question(config: Any, options: Any, valid: Any) -> None:
    activity = {"config": config, "options": [{"id": one, "text": one} for one in options]}
    rng = Random(3)
    for _ in range(300):
        (opinion,) = people.by_shape("whatever", activity, rng)
        assert valid(opinion), opinion


def test_people_differ_but_the_same_seed_is_the_same_room() -> None:
    first = [people.Temperament.drawn(Random(n)) for n in range(200)]
    assert first == [people.Temperament.drawn(Random(n)) for n in range(200)]
    assert len({one.thinks_seconds for one in first}) > 190
    assert 5 < sorted(one.thinks_seconds for one in first)[100] < 10
    moments = people.arrivals(500, within=30, rng=Random(1))
    assert moments == sorted(moments)
    assert max(moments) <= 30
    assert sum(1 for moment in moments if moment < 15) > 250


def test_the_phrases_are_plain_text_of_bearable_length() -> None:
    everything = [*phrases.WORDS, *phrases.SENTENCES, *phrases.OBSTACLES, *phrases.QUESTIONS]
    assert len(set(everything)) == len(everything)
    assert all(text == text.strip() and 2 <= len(text) <= 140 for text in everything)
