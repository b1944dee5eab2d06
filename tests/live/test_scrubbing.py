"""Ballots become counts: the result stays, who gave it goes."""

import sqlite3
from pathlib import Path

from sqlmodel import select

from app import write_ahead_log
from app.live import scrubbing
from app.live.loading import Outside, load
from app.models.activities import Activity, ActivityStatus, Entry, EntryState, Receipt, Tally
from tests.live.conftest import Desk


def test_counts_and_answered_are_the_same_before_and_after(desk: Desk) -> None:
    activity = desk.activity("scale", config={"min": 1, "max": 5})
    desk.count(*(desk.vote(activity, n, value=value) for n, value in enumerate([2, 2, 5])))
    desk.close(activity)
    before = _result(desk, activity)
    assert scrubbing.scrub(desk.database, desk.vault, activity, 10)
    assert _result(desk, activity) == before
    with desk.database.reading() as session:
        rows = session.exec(select(Tally.value, Tally.count)).all()
    assert sorted(map(tuple, rows)) == [(2, 2), (5, 1)]
    assert not scrubbing.scrub(desk.database, desk.vault, activity, 10), "once is enough"


def test_texts_get_new_ids_keep_their_state_and_lose_what_was_taken_back(desk: Desk) -> None:
    activity = desk.activity("words")
    desk.count(desk.vote(activity, 0, text="mot, tempo"), desk.vote(activity, 1, text="ro"))
    desk.count(desk.vote(activity, 0, seq=2, text="mot"))
    with desk.database.unit_of_work() as session:
        before = {e.text: e for e in session.exec(select(Entry))}
        before["ro"].state = EntryState.HIDDEN
        session.add(before["ro"])
    desk.close(activity)
    assert scrubbing.scrub(desk.database, desk.vault, activity, 10)
    with desk.database.reading() as session:
        after = {entry.text: entry for entry in session.exec(select(Entry))}
    assert {text: entry.state for text, entry in after.items()} == {
        "mot": EntryState.VISIBLE,
        "ro": EntryState.HIDDEN,
    }
    assert {e.id for e in after.values()} & {e.id for e in before.values()} == set()


def test_options_keep_their_ids(desk: Desk) -> None:
    activity = desk.activity("choice", options=["ja", "nei"])
    with desk.database.reading() as session:
        before = {entry.id for entry in session.exec(select(Entry))}
    desk.count(desk.vote(activity, options=[next(iter(before))]))
    desk.close(activity)
    assert scrubbing.scrub(desk.database, desk.vault, activity, 10)
    with desk.database.reading() as session:
        assert {entry.id for entry in session.exec(select(Entry))} == before


def test_ids_stay_as_spent_without_content(desk: Desk) -> None:
    activity = desk.activity()
    vote = desk.vote(activity, text="ja")
    desk.count(vote)
    desk.close(activity)
    scrubbing.scrub(desk.database, desk.vault, activity, 10)
    with desk.database.reading() as session:
        assert session.get_one(Receipt, vote.id).digest == ""
    assert desk.count(vote, desk.vote(activity, 1, text="nei")) == [None, "activity_closed"]


def test_only_what_is_closed_anonymous_and_old_enough_is_due(desk: Desk) -> None:
    named, still_open = desk.activity(mode="named"), desk.activity()
    early, late = desk.activity(), desk.activity()
    for activity, at in ((named, 1), (early, 10), (late, 11)):
        desk.close(activity, at=at)
    with desk.database.reading() as session:
        assert scrubbing.due(session, 10) == [early]
    assert not scrubbing.scrub(desk.database, desk.vault, late, 10)
    assert not scrubbing.scrub(desk.database, desk.vault, still_open, 10)
    assert desk.vault.held() == {still_open, early, late}


def test_what_is_opened_again_in_time_is_not_scrubbed(desk: Desk) -> None:
    activity = desk.activity()
    vote = desk.vote(activity, text="ja")
    desk.count(vote)
    desk.close(activity)
    with desk.database.unit_of_work() as session:
        session.get_one(Activity, activity).status = ActivityStatus.OPEN
    assert not scrubbing.scrub(desk.database, desk.vault, activity, 10)
    assert desk.count(desk.vote(activity, seq=2, text="nei")) == [None]
    assert desk.texts(activity) == ["nei"]


def test_a_reader_in_the_way_only_delays_the_truncation(desk: Desk, tmp_path: Path) -> None:
    activity = desk.activity()
    desk.count(desk.vote(activity, text="ja"))
    log = tmp_path / "kickoff.db-wal"
    reader = sqlite3.connect(tmp_path / "kickoff.db")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM ballot").fetchall()
    desk.count(desk.vote(activity, 1, text="ja"))
    assert not write_ahead_log.cut(desk.database)
    assert log.stat().st_size > 0
    reader.close()
    assert write_ahead_log.cut(desk.database)
    assert log.stat().st_size == 0


def _result(desk: Desk, activity: str) -> dict[str, object]:
    with desk.database.reading() as session:
        room, _ = load(session, desk.room_id, Outside(public_url=""))
    found = next(one for one in room.activities if one.id == activity)
    assert found.result is not None
    return found.result.model_dump()
