"""L12 in the room: what all said, what teams said as far as it may be told, and what is marked in
the plan to be reworded, by ledger and moves.

Seen red: with every team of five told, with half an answer taken, with a table's phone counted in a
team, with the plan marked for good by a rehearsal, with an undo that overwrites the planner, and
with a second pulse that knows nothing of the first.
"""

from typing import Any

import pytest
from sqlmodel import col, select

from app import rendering
from app.errors import Invalid, NotFound
from app.ids import random_id
from app.live import loading, roles, scrubbing
from app.live.activities.resonance import Resonance
from app.live.loading import Outside
from app.live.minutes import drafts
from app.live.renderings import Key, render
from app.live.resonance_result import ResonanceResult
from app.live.roles import View
from app.live.snapshot import ActivityView
from app.live.wire import HTML_DIALECT, JSON_DIALECT
from app.models.activities import Activity, Entry, Mark, Tally, TeamTally
from app.models.kickoffs import Kickoff
from app.models.people import Team
from app.models.portfolio import FocusArea
from app.models.rooms import Participant, Room
from app.models.themes import Message
from app.operations import activities
from app.operations.derived import today_in
from app.operations.entities import MESSAGES
from app.operations.records import change
from app.outputs import qr
from tests.live.conftest import Desk
from tests.live.test_endings import push, scrub_what_is_due
from tests.live.test_top_obstacles import own_of

pytestmark = pytest.mark.timeout(120)

FIRST, SECOND = "Færre prosjekter, raskere", "Kunden merker det samme dag"


@pytest.fixture(autouse=True)
def wired() -> None:
    rendering.environment().globals["qr"] = qr.svg


@pytest.fixture
def hall(desk: Desk) -> Desk:
    """Twelve: five of Drift, four of Salg, three in no team; a message and a focus area."""
    with desk.database.unit_of_work() as session:
        told = {"kickoff_id": desk.kickoff_id}
        teams = [Team(name=name, **told) for name in ("Drift", "Salg")]
        session.add_all(teams)
        session.add(Message(title=FIRST, position="a0", **told))
        session.add(FocusArea(title=SECOND, position="a0", **told))
        session.flush()
        desk.people[:] = [random_id() for _ in range(12)]
        of = [teams[0].id] * 5 + [teams[1].id] * 4 + [None] * 3
        for person, team_id in zip(desk.people, of, strict=True):
            session.add(Participant(id=person, room_id=desk.room_id, team_id=team_id))
    push(desk, "room.start")
    return desk


def opened(desk: Desk, **more: Any) -> str:
    said = {"kind": "resonance", "title": "Treffer det?", **more}
    return str(push(desk, "activity.create", **said, open=True)["activity"])


def options(desk: Desk, activity: str) -> dict[str, str]:
    """By what they are called: their ids, in order."""
    with desk.database.reading() as session:
        wanted = select(Entry).where(col(Entry.activity_id) == activity, Entry.position != "")
        return {e.text: e.id for e in session.exec(wanted.order_by(col(Entry.position)))}


def say(desk: Desk, activity: str, who: int, value: int = 4, how: int = 3, **more: Any) -> Any:
    data = {
        **dict.fromkeys(("goals", "belief", "role"), value),
        "nps": 9,
        "clear": dict.fromkeys(options(desk, activity).values(), how),
        **more,
    }
    return desk.count(desk.vote(activity, who, **data))[0]


def all_say(desk: Desk, activity: str, *, drift: int = 4, others: int = 4, clear: int = 3) -> None:
    for who in range(12):
        assert say(desk, activity, who, drift if who < 5 else others, clear) is None


def finished(desk: Desk, activity: str) -> None:
    push(desk, "activity.close", activity=activity)
    push(desk, "activity.reveal", activity=activity)
    assert scrub_what_is_due(desk) == [activity]


def seen(desk: Desk, activity: str, view: View = View.CONSOLE) -> ActivityView:
    with desk.database.reading() as session:
        whole, _ = loading.load(session, desk.room_id, Outside("http://here"))
    return next(a for a in roles.seen_by(view, whole).activities if a.id == activity)


def told(desk: Desk, activity: str, view: View = View.CONSOLE) -> ResonanceResult:
    result = seen(desk, activity, view).result
    assert isinstance(result, ResonanceResult)
    return result


def drawn(desk: Desk, view: View, dialect: str = HTML_DIALECT) -> str:
    with desk.database.reading() as session:
        whole, _ = loading.load(session, desk.room_id, Outside("http://here"))
    return str(render(whole, Key(view, "nb", dialect)).parts)


def marked(desk: Desk) -> dict[str, bool]:
    """Which records of the plan are to be reworded since today."""
    with desk.database.reading() as session:
        today = today_in(session.get_one(Kickoff, desk.kickoff_id))
        found = (*session.exec(select(Message)), *session.exec(select(FocusArea)))
        assert all(one.reword_since in (None, today) for one in found)
        return {one.title: one.reword_since is not None for one in found}


# ---- What is asked


def test_the_plans_messages_and_priorities_are_asked_about(hall: Desk) -> None:
    activity = opened(hall)
    assert list(options(hall, activity)) == [FIRST, SECOND]
    page = drawn(hall, View.PHONE)
    assert FIRST in page
    assert SECOND in page


def test_others_can_be_named_instead(hall: Desk) -> None:
    activity = opened(hall, options=["Noe annet"])
    assert list(options(hall, activity)) == ["Noe annet"]


@pytest.mark.parametrize(
    "more",
    [
        {"goals": 6},
        {"role": 0},
        {"nps": 11},
        {"clear": {}},
        {"clear": {"elsewhere": 3}},
        {"text": "x" * 281},
    ],
)
def test_half_an_answer_and_what_is_none_are_refused(hall: Desk, more: dict[str, Any]) -> None:
    activity = opened(hall)
    assert say(hall, activity, 0, **more) == "invalid"
    assert say(hall, activity, 0, how=4) == "invalid"
    assert say(hall, activity, 0) is None


def test_one_changes_ones_mind_and_is_told_what_one_said(hall: Desk) -> None:
    activity = opened(hall)
    assert say(hall, activity, 0, text="Færre ord") is None
    again = {**own_of(hall, activity, 0), "goals": 1, "text": ""}
    assert hall.count(hall.vote(activity, 0, 2, **again)) == [None]
    mine = own_of(hall, activity, 0)
    assert (mine["goals"], mine["belief"], mine.get("text")) == (1, 4, None)
    assert mine["clear"] == dict.fromkeys(options(hall, activity).values(), 3)


# ---- What it comes to


def test_nothing_is_told_of_four(hall: Desk) -> None:
    activity = opened(hall, live=True)
    for who in range(4):
        say(hall, activity, who, text="Bare oss fire")
    for view in View:
        assert seen(hall, activity, view).result is None
        assert "Bare oss fire" not in drawn(hall, view, JSON_DIALECT).replace("\\", "")
    say(hall, activity, 4)
    assert [one.mean for one in told(hall, activity, View.PROJECTOR).statements] == [4, 4, 4]


def test_what_all_said_is_a_mean_a_spread_and_promoters(hall: Desk) -> None:
    activity = opened(hall)
    all_say(hall, activity, drift=2, others=5)
    say_again = {"goals": 2, "belief": 2, "role": 2, "nps": 3}
    clear = dict.fromkeys(options(hall, activity).values(), 1)
    assert hall.count(hall.vote(activity, 0, 9, **say_again, clear=clear)) == [None]
    found = told(hall, activity)
    assert found.statements[0].mean == round((5 * 2 + 7 * 5) / 12, 4)
    assert [one.count for one in found.statements[0].counts] == [0, 5, 0, 0, 7]
    assert found.nps is not None
    assert (found.nps.promoters, found.nps.passives, found.nps.detractors) == (11, 0, 1)
    assert found.nps.score == 83


def test_it_is_never_asked_with_names(hall: Desk) -> None:
    with pytest.raises(Invalid):
        opened(hall, mode="named")


def test_attendance_is_measured(hall: Desk) -> None:
    activity = opened(hall)
    for who in range(6):
        say(hall, activity, who)
    with hall.database.reading() as session:
        room, _ = loading.load(session, hall.room_id, Outside("http://here"))
    shown = next(a for a in room.activities if a.id == activity)
    here = Resonance.attendance(shown, room)
    assert (here.answered, here.joined) == (6, 15)


# ---- By team


def test_teams_are_told_when_it_is_over_and_none_that_others_give_away(hall: Desk) -> None:
    activity = opened(hall, live=True)
    all_say(hall, activity, drift=2, others=5)
    assert told(hall, activity).teams == [], "no late answer can be taken off"
    finished(hall, activity)
    for view in (View.CONSOLE, View.PROJECTOR):
        (only,) = told(hall, activity, view).teams
        assert (only.answered, only.goals, only.nps) == (5, 2, 100)
        assert seen(hall, activity, view).answered == 12
    assert told(hall, activity, View.PHONE).teams == []


def test_a_small_team_is_not_what_is_left_of_the_room(hall: Desk) -> None:
    """Five of Drift and four of Salg: the room less Drift would be Salg."""
    activity = opened(hall)
    for who in range(9):
        say(hall, activity, who, 2 if who < 5 else 5)
    finished(hall, activity)
    assert told(hall, activity).teams == []
    with hall.database.reading() as session:
        assert session.exec(select(TeamTally)).all() == [], "nor is it in the database"


def test_a_ballot_never_knows_its_team_and_nothing_ties_it_to_one_afterwards(hall: Desk) -> None:
    activity = opened(hall)
    all_say(hall, activity)
    again = {**own_of(hall, activity, 7), "text": "Mitt eget"}
    assert hall.count(hall.vote(activity, 7, 2, **again)) == [None]
    with hall.database.reading() as session:
        teams = {team.id for team in session.exec(select(Team))}
        rows = str([mark.model_dump() for mark in session.exec(select(Mark))])
        assert not any(team in rows for team in teams)
    finished(hall, activity)
    with hall.database.reading() as session:
        assert not session.exec(select(Mark)).all()
        written = {e.id for e in session.exec(select(Entry)) if not e.position}
        counted = {tally.entry_id for tally in session.exec(select(Tally))}
        by_team = {tally.entry_id for tally in session.exec(select(TeamTally))}
        assert len(written) == 1
        assert not written & (counted | by_team), "whose team wrote what is not counted"


def test_without_its_key_nothing_is_told_by_team(hall: Desk) -> None:
    activity = opened(hall)
    all_say(hall, activity)
    push(hall, "activity.close", activity=activity)
    hall.vault.destroy(activity)
    assert scrubbing.scrub(hall.database, hall.vault, activity, 10**14)
    found = told(hall, activity)
    assert (found.answered, found.teams) == (12, [])


def test_a_tables_phone_belongs_to_no_team(hall: Desk) -> None:
    activity = opened(hall)
    with hall.database.unit_of_work() as session:
        session.get_one(Participant, hall.people[0]).people = 6
    all_say(hall, activity)
    finished(hall, activity)
    assert told(hall, activity).teams == [], "Drift is four phones beside the table"


# ---- What is to be reworded


def test_what_is_unclear_is_marked_in_the_plan_and_can_be_taken_back(hall: Desk) -> None:
    activity = opened(hall)
    ids = options(hall, activity)
    for who in range(12):
        say(hall, activity, who, clear={ids[FIRST]: 1, ids[SECOND]: 3})
    finished(hall, activity)
    ((option, why),) = Resonance.to_reword(seen(hall, activity))
    assert (option.text, why) == (FIRST, ("low",))
    push(hall, "resonance.flag", activity=activity, entries=[option.id])
    assert marked(hall) == {FIRST: True, SECOND: False}
    assert "Merket i planen" in drawn(hall, View.CONSOLE)
    push(hall, "room.undo")
    assert marked(hall) == {FIRST: False, SECOND: False}
    assert not (seen(hall, activity).options[0].data or {}).get("flagged")
    push(hall, "resonance.flag", activity=activity, entries=[option.id])
    push(hall, "resonance.flag", activity=activity, entries=[option.id], flagged=False)
    assert marked(hall) == {FIRST: False, SECOND: False}


def test_undo_leaves_what_somebody_has_changed_in_the_plan_since(hall: Desk) -> None:
    activity = opened(hall)
    all_say(hall, activity, clear=1)
    finished(hall, activity)
    entries = list(options(hall, activity).values())
    push(hall, "resonance.flag", activity=activity, entries=entries)
    _on_the_plan(hall, MESSAGES, Message, {"reword_since": "2020-01-01"})
    push(hall, "room.undo")
    with hall.database.reading() as session:
        assert str(session.exec(select(Message)).one().reword_since) == "2020-01-01"
        assert session.exec(select(FocusArea)).one().reword_since is None


def test_after_a_rehearsal_the_plan_is_not_marked(hall: Desk) -> None:
    activity = opened(hall)
    all_say(hall, activity, clear=1)
    push(hall, "activity.close", activity=activity)
    push(hall, "resonance.flag", activity=activity, entries=list(options(hall, activity).values()))
    assert all(marked(hall).values())
    push(hall, "room.end")
    push(hall, "room.reset")
    assert not any(marked(hall).values())


def test_what_is_not_there_or_no_longer_in_the_plan_is_not_marked(hall: Desk) -> None:
    activity = opened(hall, options=[FIRST, "Ikke i planen"])
    ids = options(hall, activity)
    for entry in (ids["Ikke i planen"], "nowhere"):
        with pytest.raises(NotFound):
            push(hall, "resonance.flag", activity=activity, entries=[entry])
    assert not any(marked(hall).values())


# ---- A second time


@pytest.mark.parametrize("as_round", [True, False])
def test_a_second_time_is_compared_with_the_first(hall: Desk, as_round: bool) -> None:
    first = opened(hall)
    all_say(hall, first, drift=5, others=5)
    finished(hall, first)
    _on_the_plan(hall, MESSAGES, Message, {"title": "Én ting om gangen"})
    again = (
        push(hall, "activity.new_round", activity=first)["activity"] if as_round else opened(hall)
    )
    assert list(options(hall, again)) == ["Én ting om gangen", SECOND], "as it is called now"
    all_say(hall, again, drift=3, others=4, clear=2)
    finished(hall, again)
    shown = seen(hall, again, View.PROJECTOR)
    assert Resonance.before(shown, "goals") == 5
    assert set(Resonance.fallen(shown)) == {"goals", "belief", "role"}
    reword = {option.text: why for option, why in Resonance.to_reword(shown)}
    assert reword == {"Én ting om gangen": ("falling",), SECOND: ("falling",)}
    assert Resonance.before(seen(hall, first, View.PROJECTOR), "goals") is None


def test_the_minutes_tell_it(hall: Desk) -> None:
    activity = opened(hall)
    all_say(hall, activity, drift=2, others=5, clear=1)
    finished(hall, activity)
    with hall.database.reading() as session:
        said = str(drafts(session, session.get_one(Room, hall.room_id)))
    for part in ("3,8", "NPS", "Drift", FIRST, SECOND):
        assert part in said
    assert "Salg" not in said.partition("3,8")[2]


def test_a_copy_takes_the_question_along_and_nothing_that_was_written(hall: Desk) -> None:
    activity = opened(hall)
    say(hall, activity, 0, text="Bare til dere")
    with hall.database.unit_of_work() as session:
        copy = activities.copy_as_draft(
            session,
            session.get_one(Activity, activity),
            kickoff_id=hall.kickoff_id,
            room_id=hall.room_id,
            block_id=None,
            position="b0",
            option_kinds=frozenset({"resonance"}),
        )
        wanted = select(Entry.text).where(col(Entry.activity_id) == copy)
        assert set(session.exec(wanted)) == {FIRST, SECOND}


def _on_the_plan(desk: Desk, entity: Any, table: Any, values: dict[str, Any]) -> None:
    with desk.database.unit_of_work() as session:
        change(session, entity, session.exec(select(table)).one(), values)
