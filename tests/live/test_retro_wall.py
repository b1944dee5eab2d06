"""F7 in the room: notes written in silence, votes, and one retrospective of them, by ledger and
moves.

Seen red: with notes told to phones while they were written, with votes told to phones while they
are given, with a merge across columns, with a second retrospective of the same wall, and with own
notes that were told without their column.
"""

import re
from typing import Any

import pytest
from sqlmodel import col, select

from app import clock, rendering
from app.errors import Conflict
from app.ids import random_id
from app.live import loading, roles
from app.live.activities.retro_wall import RetroWall
from app.live.loading import Outside
from app.live.minutes import drafts
from app.live.noted import RetroWallResult
from app.live.renderings import Key, render
from app.live.roles import View
from app.live.snapshot import ActivityView
from app.live.wire import HTML_DIALECT, JSON_DIALECT
from app.models.activities import Activity
from app.models.retrospectives import RetroNote, Retrospective
from app.models.rooms import Room
from app.operations import records
from app.operations.derived import today_in
from app.operations.entities import RETROSPECTIVES
from app.operations.retrospectives import notes_of
from app.outputs import qr
from tests.live.conftest import Desk
from tests.live.test_endings import push, scrub_what_is_due
from tests.live.test_top_obstacles import id_of, own_of, to

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(autouse=True)
def wired() -> None:
    rendering.environment().globals["qr"] = qr.svg


def opened(desk: Desk, *, mode: str = "anonymous", **config: Any) -> str:
    push(desk, "room.start")
    said = {"kind": "retro_wall", "title": "Hva lærte vi?", "mode": mode, "config": config}
    return str(push(desk, "activity.create", **said, open=True)["activity"])


def write(desk: Desk, activity: str, column: str, *texts: str, who: int = 0) -> list[str]:
    seq = 1 + len(own_of(desk, activity, who).get("written", ()))
    votes = [
        desk.vote(activity, who, seq + at, text=text, column=column)
        for at, text in enumerate(texts)
    ]
    assert desk.count(*votes) == [None] * len(votes)
    return [id_of(desk, activity, text) for text in texts]


def give(desk: Desk, activity: str, who: int, *entries: str, seq: int = 50) -> str | None:
    return desk.count(desk.vote(activity, who, seq, votes=list(entries)))[0]


def seen(desk: Desk, activity: str, view: View) -> ActivityView:
    with desk.database.reading() as session:
        whole, _ = loading.load(session, desk.room_id, Outside("http://here"))
    return next(a for a in roles.seen_by(view, whole).activities if a.id == activity)


def drawn(desk: Desk, view: View, dialect: str = HTML_DIALECT) -> str:
    with desk.database.reading() as session:
        whole, _ = loading.load(session, desk.room_id, Outside("http://here"))
    return str(render(whole, Key(view, "nb", dialect)).parts)


def wall(desk: Desk, activity: str) -> list[tuple[str, str, int]]:
    """(column, text, votes), as the console has it."""
    result = seen(desk, activity, View.CONSOLE).result
    assert isinstance(result, RetroWallResult)
    return [(note.column, note.text, note.votes) for note in result.notes]


def kept(desk: Desk) -> list[tuple[Retrospective, list[RetroNote]]]:
    with desk.database.reading() as session:
        found = session.exec(select(Retrospective).order_by(col(Retrospective.id))).all()
        return [(one, notes_of(session, one)) for one in found]


# ---- Writing


def test_notes_are_written_in_silence_until_the_facilitator_shows_them(desk: Desk) -> None:
    activity = opened(desk)
    write(desk, activity, "worked", "Ukesamlingen virker")
    for dialect in (HTML_DIALECT, JSON_DIALECT):
        assert "Ukesamlingen" in drawn(desk, View.CONSOLE, dialect)
        for view in (View.PHONE, View.PROJECTOR):
            assert "Ukesamlingen" not in drawn(desk, view, dialect)
    push(desk, "activity.live", activity=activity, live=True)
    assert "Ukesamlingen" in drawn(desk, View.PROJECTOR)
    for dialect in (HTML_DIALECT, JSON_DIALECT):
        assert "Ukesamlingen" not in drawn(desk, View.PHONE, dialect), "none steers another"


@pytest.mark.parametrize(
    "said, code",
    [
        ({"text": "Uten kolonne"}, "invalid"),
        ({"text": "Feil", "column": "elsewhere"}, "invalid"),
        ({"text": " ", "column": "worked"}, "invalid"),
        ({"text": "x" * 141, "column": "worked"}, "invalid"),
        ({"votes": []}, "activity_closed"),
        ({"withdraw": "nobody's"}, "invalid"),
        ({"text": "x" * 140, "column": "did_not"}, None),
    ],
)
def test_what_is_no_note_is_refused(desk: Desk, said: dict[str, Any], code: str | None) -> None:
    assert desk.count(desk.vote(opened(desk), 0, 1, **said)) == [code]


def test_of_each_as_many_stand_as_fit_and_ones_own_is_taken_back(desk: Desk) -> None:
    activity = opened(desk, most_each=2)
    first, _ = write(desk, activity, "adjust", "Færre møter", "Måle oftere")
    assert desk.count(desk.vote(activity, 0, 5, text="En til", column="adjust")) == ["invalid"]
    # As a plain form takes it back: the column that is ticked goes with it.
    assert desk.count(desk.vote(activity, 0, 6, withdraw=first, text="", column="worked")) == [None]
    assert desk.count(desk.vote(activity, 1, 1, withdraw=first)) == ["invalid"], "another's"
    assert [text for _, text, _ in wall(desk, activity)] == ["Måle oftere"]
    assert desk.count(desk.vote(activity, 0, 7, restore=first)) == [None]
    own = own_of(desk, activity)["written"]
    assert {(one["text"], one["column"], one["state"]) for one in own} == {
        ("Færre møter", "adjust", "visible"),
        ("Måle oftere", "adjust", "visible"),
    }


@pytest.mark.parametrize("mode", ["anonymous", "named"])
def test_who_wrote_it_is_told_only_where_that_was_said(desk: Desk, mode: str) -> None:
    activity = opened(desk, mode=mode)
    write(desk, activity, "worked", "Sjekklisten")
    authors = [entry.author for entry in seen(desk, activity, View.CONSOLE).entries]
    assert authors == [desk.people[0] if mode == "named" else None]


# ---- Merging


def test_what_says_the_same_in_one_column_is_one_note_and_in_two_it_is_two(desk: Desk) -> None:
    activity = opened(desk)
    [good] = write(desk, activity, "worked", "møtene!")
    bad, same = write(desk, activity, "did_not", "Møtene", "møtene")
    with pytest.raises(Conflict):
        push(desk, "entry.merge", activity=activity, into=good, entries=[bad])
    assert push(desk, "retro_wall.merge_alike", activity=activity) == {"merged": 1}
    to(desk, activity, "vote")
    assert give(desk, activity, 0, bad, same, good) is None
    assert give(desk, activity, 1, same) is None
    assert wall(desk, activity) == [("did_not", "Møtene", 2), ("worked", "møtene!", 1)]
    push(desk, "entry.unmerge", activity=activity, entry=same)
    assert sorted(votes for _, _, votes in wall(desk, activity)) == [1, 1, 2]


# ---- Voting


def test_votes_are_given_again_as_a_whole_and_no_more_than_there_are(desk: Desk) -> None:
    activity = opened(desk, votes_each=2)
    a, b, c = write(desk, activity, "worked", "a", "b", "c")
    to(desk, activity, "vote")
    assert give(desk, activity, 1, a, b) is None
    assert give(desk, activity, 1, a, b, c, seq=51) == "invalid"
    assert give(desk, activity, 1, random_id(), seq=52) == "invalid"
    assert give(desk, activity, 1, c, c, seq=53) is None, "each once"
    assert give(desk, activity, 1, a, b, seq=51) is None, "late, and superseded"
    assert next((text, votes) for _, text, votes in wall(desk, activity)) == ("c", 1)
    assert own_of(desk, activity, 1)["votes"] == [c]
    assert give(desk, activity, 1, seq=54) is None, "and all of them taken back"
    assert all(votes == 0 for _, _, votes in wall(desk, activity))


def test_while_people_vote_the_wall_is_everybodys_and_the_votes_are_nobodys(desk: Desk) -> None:
    activity = opened(desk)
    a, _ = write(desk, activity, "worked", "Piloten", "Sjekklisten")
    to(desk, activity, "vote")
    before = drawn(desk, View.PHONE)
    assert "Piloten" in before
    assert "Piloten" in drawn(desk, View.PROJECTOR)
    assert give(desk, activity, 1, a) is None
    assert drawn(desk, View.PHONE) == before, "no phone's frame changes with a vote"
    assert seen(desk, activity, View.PROJECTOR).result is None
    push(desk, "activity.reveal", activity=activity)
    assert seen(desk, activity, View.PHONE).result is None
    shown = seen(desk, activity, View.PROJECTOR).result
    assert isinstance(shown, RetroWallResult)
    assert [note.votes for note in shown.notes] == [1, 0]
    to(desk, activity, "done")
    assert isinstance(seen(desk, activity, View.PHONE).result, RetroWallResult)


def test_the_wall_stands_by_weight_when_votes_are_given(desk: Desk) -> None:
    activity = opened(desk)
    entries = write(desk, activity, "did_not", *"abcde")
    to(desk, activity, "vote")
    for who in (0, 1):
        assert give(desk, activity, who, entries[3], entries[who]) is None
    to(desk, activity, "done")
    columns = dict(RetroWall().columns(seen(desk, activity, View.PROJECTOR)))
    assert [note.weight for note in columns["did_not"]] == [2, 1, 1, 0, 0]
    assert columns["did_not"][0].text == "d"


# ---- What it becomes


def a_voted_wall(desk: Desk) -> str:
    activity = opened(desk)
    piloten, _ = write(desk, activity, "worked", "Piloten", "Sjekklisten")
    [meetings] = write(desk, activity, "did_not", "For mange møter", who=1)
    to(desk, activity, "vote")
    assert give(desk, activity, 0, meetings) is None
    assert give(desk, activity, 1, meetings, piloten) is None
    to(desk, activity, "done")
    return activity


def test_the_wall_becomes_one_retrospective_however_often_it_is_kept(desk: Desk) -> None:
    activity = a_voted_wall(desk)
    made = push(desk, "retro_wall.keep", activity=activity)
    assert push(desk, "retro_wall.keep", activity=activity) == made
    [(one, notes)] = kept(desk)
    assert made == {"retrospective": one.id}
    assert (one.title, one.source_activity_id) == ("Hva lærte vi?", activity)
    with desk.database.reading() as session:
        room = session.get_one(Room, desk.room_id)
        kickoff = loading.load(session, room.id, Outside("http://here"))[1].kickoff
    assert one.held_on == today_in(kickoff, clock.now())
    assert [(note.column, note.text, note.votes) for note in notes] == [
        ("did_not", "For mange møter", 2),
        ("worked", "Piloten", 1),
        ("worked", "Sjekklisten", 0),
    ]
    # The console leads there; nobody else is told.
    assert f"/retrospectives/{one.id}/wall" in drawn(desk, View.CONSOLE)
    for view in (View.PHONE, View.PROJECTOR):
        assert one.id not in drawn(desk, view) + drawn(desk, view, JSON_DIALECT)


def test_it_can_be_made_anew_when_it_was_taken_out_of_the_plan(desk: Desk) -> None:
    activity = a_voted_wall(desk)
    push(desk, "retro_wall.keep", activity=activity)
    with desk.database.unit_of_work() as session:
        records.remove(session, RETROSPECTIVES, session.exec(select(Retrospective)).one())
    assert "retro_wall.keep" in drawn(desk, View.CONSOLE)
    push(desk, "retro_wall.keep", activity=activity)
    assert [len(notes) for _, notes in kept(desk)] == [3]


def test_nothing_is_kept_while_people_write_and_vote_nor_of_an_empty_wall(desk: Desk) -> None:
    activity = opened(desk)
    write(desk, activity, "worked", "Piloten")
    for stage in ("write", "vote"):
        to(desk, activity, stage)
        with pytest.raises(Conflict):
            push(desk, "retro_wall.keep", activity=activity)
    push(desk, "entry.hide", activity=activity, entry=id_of(desk, activity, "Piloten"))
    to(desk, activity, "done")
    with pytest.raises(Conflict):
        push(desk, "retro_wall.keep", activity=activity)
    assert kept(desk) == []


def test_columns_and_votes_stand_when_the_ballots_are_counts(desk: Desk) -> None:
    activity = a_voted_wall(desk)
    before = wall(desk, activity)
    push(desk, "activity.close", activity=activity)
    scrub_what_is_due(desk)
    with desk.database.reading() as session:
        assert session.get_one(Activity, activity).scrubbed
    assert sorted(wall(desk, activity)) == sorted(before)
    push(desk, "retro_wall.keep", activity=activity)
    [(_, notes)] = kept(desk)
    assert sorted((note.column, note.text, note.votes) for note in notes) == sorted(before)


def test_a_rehearsals_retrospective_goes_with_the_rehearsal(desk: Desk) -> None:
    activity = a_voted_wall(desk)
    push(desk, "retro_wall.keep", activity=activity)
    assert len(kept(desk)) == 1
    push(desk, "room.end")
    push(desk, "room.reset")
    assert kept(desk) == []


def test_the_minutes_have_the_wall_column_by_column(desk: Desk) -> None:
    a_voted_wall(desk)
    with desk.database.reading() as session:
        made = drafts(session, session.get_one(Room, desk.room_id))
    said = str(made)
    assert re.search(r"For mange møter \(2 stemmer\)", said)
    assert said.index("Piloten") < said.index("Sjekklisten") < said.index("For mange møter")
