"""What was merged: nothing of what others wrote is lost, whatever becomes of the one that stood.

Seen red with: a withdrawn root dropped when ballots become counts, undo of a merge that showed what
was hidden since, an obstacle gone with its root.
"""

import pytest
from sqlmodel import select

from app.live.activities.top_obstacles import TopObstacles
from app.live.answers import activities_of, beside
from app.live.scrubbing import scrub
from app.live.snapshot import ActivityView
from app.models.actions import Action
from app.models.activities import Activity, Entry
from tests.live.conftest import Desk
from tests.live.test_questions import command, entry_of, held, opened, shown


@pytest.fixture
def desk(each_desk: Desk) -> Desk:
    return each_desk


# -- questions ------------------------------------------------------------------------------------


def test_others_question_and_its_answer_outlive_a_withdrawn_root(desk: Desk) -> None:
    activity = opened(desk, mode="anonymous")
    desk.count(desk.vote(activity, 0, text="Rot"), desk.vote(activity, 1, text="Del"))
    root, part = entry_of(desk, activity, "Rot"), entry_of(desk, activity, "Del")
    command(desk, "entry.merge", activity=activity, entries=[part], into=root)
    command(desk, "questions.answered", activity=activity, entry=root, by="Kari", text="Svaret")
    desk.count(desk.vote(activity, 0, seq=3, withdraw=root))
    assert shown(desk, activity) == ["Del"]
    desk.close(activity)
    assert scrub(desk.database, desk.vault, activity, 2)
    assert shown(desk, activity) == ["Del"]
    # What was taken back is not kept, nor whose it was; what it stood for is.
    assert desk.texts(activity) == ["", "Del"]
    assert held(desk, activity, entry_of(desk, activity, ""))["answer"] == "Svaret"


def test_a_chain_of_merges_is_one_question_when_ballots_have_become_counts(desk: Desk) -> None:
    activity = opened(desk, mode="anonymous")
    texts = ("Bakerst", "Midten", "Fremst")
    desk.count(*(desk.vote(activity, who, text=text) for who, text in enumerate(texts)))
    last, middle, first = (entry_of(desk, activity, text) for text in texts)
    command(desk, "entry.merge", activity=activity, entries=[last], into=middle)
    command(desk, "entry.merge", activity=activity, entries=[middle], into=first)
    desk.count(desk.vote(activity, 1, seq=3, withdraw=middle))
    desk.close(activity)
    assert scrub(desk.database, desk.vault, activity, 2)
    assert shown(desk, activity) == ["Fremst"]
    assert desk.texts(activity) == ["Bakerst", "Fremst"]
    part, root = entry_of(desk, activity, "Bakerst"), entry_of(desk, activity, "Fremst")
    assert _into(desk, activity, part) == root


def test_undo_of_a_merge_leaves_hidden_what_was_hidden_since(desk: Desk) -> None:
    activity = opened(desk)
    desk.count(desk.vote(activity, text="Q1"), desk.vote(activity, seq=2, text="Stygt"))
    root, part = entry_of(desk, activity, "Q1"), entry_of(desk, activity, "Stygt")
    command(desk, "entry.merge", activity=activity, entries=[part], into=root)
    command(desk, "entry.hide", activity=activity, entry=part)
    command(desk, "room.undo")
    assert shown(desk, activity) == ["Q1"]
    assert _into(desk, activity, part) is None


def test_undo_of_a_merge_leaves_taken_back_what_was_taken_back_since(desk: Desk) -> None:
    activity = opened(desk)
    desk.count(desk.vote(activity, text="Q1"), desk.vote(activity, seq=2, text="Angrer"))
    root, part = entry_of(desk, activity, "Q1"), entry_of(desk, activity, "Angrer")
    command(desk, "entry.merge", activity=activity, entries=[part], into=root)
    assert desk.count(desk.vote(activity, seq=3, withdraw=part)) == [None]
    command(desk, "room.undo")
    assert shown(desk, activity) == ["Q1"]


# -- obstacles ------------------------------------------------------------------------------------


def test_an_obstacle_that_several_wrote_stands_though_the_first_is_withdrawn(desk: Desk) -> None:
    activity, root, _ = _withdrawn_root(desk)
    assert [(one.id, one.text) for one in TopObstacles.standing(_seen(desk, activity))] == [
        (root, "Del")
    ]
    # It is ranked, found among the five and owned under its own words.
    _to_stage(desk, activity, "rank")
    assert desk.count(desk.vote(activity, 1, seq=5, ranking=[root])) == [None]
    seen = _seen(desk, activity)
    assert [(each.ranked.id, each.ranked.text) for each in TopObstacles.five(seen)] == [
        (root, "Del")
    ]
    _to_stage(desk, activity, "own")
    command(desk, "top_obstacles.own", activity=activity, entry=root, owner_name="Kari")
    with desk.database.reading() as session:
        assert session.exec(select(Action.title)).one() == "Del"


def test_what_was_withdrawn_of_an_obstacle_is_told_to_nobody(desk: Desk) -> None:
    activity, root, _ = _withdrawn_root(desk)
    _to_stage(desk, activity, "rank")
    desk.count(desk.vote(activity, 1, seq=5, ranking=[root]))
    for stage, phones in (("rank", True), ("own", True), ("own", False), ("collect", False)):
        _to_stage(desk, activity, stage)
        with desk.database.unit_of_work() as session:
            session.get_one(Activity, activity).revealed = True
        seen = _seen(desk, activity)
        told = [one.text for one in TopObstacles().shown_entries(seen, on_phones=phones)]
        assert told
        assert "Rot" not in told
    assert TopObstacles.others(seen) == {root: 0}


def test_a_hidden_obstacle_is_hidden_with_all_that_was_merged_into_it(desk: Desk) -> None:
    activity, root, _ = _withdrawn_root(desk)
    command(desk, "entry.hide", activity=activity, entry=root)
    assert TopObstacles.standing(_seen(desk, activity)) == []


def _withdrawn_root(desk: Desk) -> tuple[str, str, str]:
    """Two wrote the same, and the one whose words stood took them back."""
    activity = desk.activity("top_obstacles", mode="named")
    _to_stage(desk, activity, "collect")
    desk.count(desk.vote(activity, 0, text="Rot"), desk.vote(activity, 1, text="Del"))
    root, part = entry_of(desk, activity, "Rot"), entry_of(desk, activity, "Del")
    command(desk, "entry.merge", activity=activity, entries=[part], into=root)
    assert desk.count(desk.vote(activity, 0, 2, withdraw=root)) == [None]
    return activity, root, part


def _to_stage(desk: Desk, activity: str, stage: str) -> None:
    with desk.database.unit_of_work() as session:
        session.get_one(Activity, activity).stage = stage


def _seen(desk: Desk, activity: str) -> ActivityView:
    with desk.database.reading() as session:
        found = [session.get_one(Activity, activity)]
        return activities_of(session, found, beside(session, found))[0]


def _into(desk: Desk, activity: str, entry: str) -> str | None:
    with desk.database.reading() as session:
        return session.get_one(Entry, (activity, entry)).merged_into
