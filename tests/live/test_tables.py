"""A05: one phone for a table is told apart from other phones, and nobody is set apart by that.

Seen red: without the rule a facilitator who made one attendee's phone a table's read that
attendee's answer in `tables`, before and after the ballots had become counts.
"""

from typing import Any

import pytest
from sqlmodel import select

from app.errors import Conflict
from app.ids import random_id
from app.live import scrubbing
from app.live.loading import Outside, load
from app.live.roles import View, seen_by
from app.live.snapshot import ActivityView
from app.live.state import result_of
from app.models.activities import Activity, ActivityStatus, Entry, Tally
from app.models.rooms import Participant, Room
from tests.live.conftest import Desk
from tests.live.test_endings import push

ENDS = pytest.mark.parametrize("ended", [False, True], ids=["while open", "as counts"])


@pytest.mark.parametrize("view", list(View))
@ENDS
def test_one_table_alone_is_told_to_nobody(desk: Desk, view: View, ended: bool) -> None:
    activity = ask(desk)
    answer(desk, activity, phones=[3, 3, 4, 4, 4, 4], tables=[1])
    told = seen(desk, activity, view, ended=ended)
    assert counts(told) == {3: 2, 4: 4}
    assert told.tables is None
    assert told.have_answered == 8, "how many have answered is no content"


@ENDS
def test_two_tables_are_told(desk: Desk, ended: bool) -> None:
    activity = ask(desk)
    answer(desk, activity, phones=[3, 4], tables=[1, 2])
    told = seen(desk, activity, ended=ended)
    assert told.tables is not None
    assert (told.tables.answered, told.tables.counts) == (4, told.tables.counts)
    assert {c.value: c.count for c in told.tables.counts if c.count} == {1: 2, 2: 2}  # type: ignore[attr-defined]


@pytest.mark.parametrize("tables", [4, 5])
@ENDS
def test_tables_too_are_as_many_as_the_minimum_group(desk: Desk, tables: int, ended: bool) -> None:
    activity = ask(desk, minimum_group=5)
    answer(desk, activity, phones=[3] * 5, tables=[1] * tables)
    assert (seen(desk, activity, ended=ended).tables is not None) == (tables == 5)


@ENDS
def test_one_phone_alone_beside_tables_is_told_to_nobody(desk: Desk, ended: bool) -> None:
    """A facilitator who makes all the others' phones tables' learns as little."""
    activity = ask(desk)
    answer(desk, activity, phones=[5], tables=[1, 2, 3])
    told = seen(desk, activity, ended=ended)
    assert counts(told) == {}
    assert told.tables is not None
    assert told.have_answered == 7


@ENDS
def test_a_hall_of_tables_has_a_result(desk: Desk, ended: bool) -> None:
    activity = ask(desk)
    answer(desk, activity, phones=[], tables=[1, 2])
    result = result_of(seen(desk, activity, ended=ended))
    assert result is not None
    assert (result["answered"], result["tables"]["answered"]) == (0, 4)


def test_what_is_not_told_is_not_in_the_database_either(desk: Desk) -> None:
    activity = ask(desk)
    answer(desk, activity, phones=[3, 3], tables=[1])
    seen(desk, activity, ended=True)
    with desk.database.reading() as session:
        kept = session.exec(select(Tally.value, Tally.table_phone)).all()
    assert list(map(tuple, kept)) == [(3, False)]


def test_with_names_a_table_is_told_as_ever(desk: Desk) -> None:
    activity = ask(desk, mode="named")
    answer(desk, activity, phones=[3], tables=[1])
    told = seen(desk, activity)
    assert told.tables is not None
    assert counts(told) == {3: 1}


@ENDS
def test_words_of_one_table_alone_are_not_listed_for_the_facilitator(
    desk: Desk, ended: bool
) -> None:
    activity = desk.activity("words")
    cast(desk, activity, 1, text="felles")
    cast(desk, activity, 1, text="felles, ro")
    cast(desk, activity, 6, text="felles, hemmelig")
    told = seen(desk, activity, ended=ended)
    assert {entry.text for entry in told.entries} == {"felles", "ro"}


def test_a_text_of_its_own_says_nothing_of_the_table_it_came_from(desk: Desk) -> None:
    activity = desk.activity("open_text")
    for people, text in ((1, "en"), (1, "en til"), (7, "to"), (2, "tre")):
        cast(desk, activity, people, text=text)
    told = seen(desk, activity, ended=True)
    assert sorted(item.text for item in told.result.texts) == ["en", "en til", "to", "tre"]  # type: ignore[union-attr]
    with desk.database.reading() as session:
        entries = set(session.exec(select(Entry.id)))
        tallies = session.exec(select(Tally)).all()
    assert {tally.entry_id for tally in tallies} & entries == set()
    assert {(tally.table_phone, tally.count) for tally in tallies} == {(False, 2), (True, 9)}


def test_nobody_is_made_a_table_while_anonymous_ballots_stand(desk: Desk) -> None:
    somebody = desk.people[0]
    named, anonymous = ask(desk, mode="named"), ask(desk)
    with pytest.raises(Conflict):
        push(desk, "participant.people", participant=somebody, people=2)
    desk.close(anonymous)
    with pytest.raises(Conflict):
        push(desk, "participant.people", participant=somebody, people=2)
    assert scrubbing.scrub(desk.database, desk.vault, anonymous, 10)
    desk.activity(status=ActivityStatus.DRAFT)
    push(desk, "participant.people", participant=somebody, people=2)
    with desk.database.reading() as session:
        assert session.get_one(Participant, somebody).people == 2
        assert session.get_one(Activity, named).status == ActivityStatus.OPEN


def ask(desk: Desk, *, mode: str = "anonymous", minimum_group: int = 1) -> str:
    config = {"min": 0, "max": 5, "minimum_group": minimum_group}
    return desk.activity("scale", mode=mode, config=config)


def answer(desk: Desk, activity: str, *, phones: list[int], tables: list[int]) -> None:
    for people, values in ((1, phones), (2, tables)):
        for value in values:
            cast(desk, activity, people, value=value)


def cast(desk: Desk, activity: str, people: int, **data: Any) -> None:
    with desk.database.unit_of_work() as session:
        one = Participant(id=random_id(), room_id=desk.room_id, people=people)
        session.add(one)
    desk.people.append(one.id)
    assert desk.count(desk.vote(activity, len(desk.people) - 1, **data)) == [None]


def seen(
    desk: Desk, activity: str, view: View = View.CONSOLE, *, ended: bool = False
) -> ActivityView:
    with desk.database.unit_of_work() as session:
        session.get_one(Activity, activity).revealed = True
    if ended:
        desk.close(activity)
        assert scrubbing.scrub(desk.database, desk.vault, activity, 10)
    with desk.database.reading() as session:
        room = session.get_one(Room, desk.room_id)
        whole, _ = load(session, room.id, Outside("http://x"))
    return next(a for a in seen_by(view, whole).activities if a.id == activity)


def counts(told: ActivityView) -> dict[int, int]:
    result = result_of(told)
    assert result is not None
    return {c["value"]: c["count"] for c in result["counts"] if c["count"]}
