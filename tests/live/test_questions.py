"""Questions all day: asked and voted for in any order, moderated, merged, and never told too early.

Seen red with: votes of one lane replacing another's, a merge counting twice, pending questions left
in the entries of phones, exact votes on phones.
"""

from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from app import ids, rendering
from app.access import Actor, Role
from app.errors import Conflict
from app.live import moves
from app.live.commands import execute
from app.live.loading import Outside, load
from app.live.mine import read
from app.live.renderings import Key, Rendering, render
from app.live.roles import View, seen_by
from app.live.scrubbing import scrub
from app.live.snapshot import ActivityView, RoomSnapshot
from app.live.wire import HTML_DIALECT, JSON_DIALECT
from app.models.activities import Activity, Ballot, Entry
from app.models.kickoffs import Kickoff
from app.models.people import Person
from app.models.rooms import Participant, Room
from app.outputs import qr
from app.rules import questions
from tests.live.conftest import Desk

EVERY_WAY = [(view, dialect) for view in View for dialect in (HTML_DIALECT, JSON_DIALECT)]


@pytest.fixture(autouse=True)
def as_wired() -> None:
    rendering.environment().globals["qr"] = qr.svg


@pytest.fixture
def desk(each_desk: Desk) -> Desk:
    return each_desk


@pytest.fixture(params=["anonymous", "named"])
def asked(request: pytest.FixtureRequest, desk: Desk) -> str:
    return opened(desk, mode=request.param)


# -- asking ---------------------------------------------------------------------------------------


def test_what_is_asked_is_one_question_however_often_it_is_sent(desk: Desk, asked: str) -> None:
    vote = desk.vote(asked, text="Hva gjør vi med fusjonen?")
    assert desk.count(vote) == [None]
    assert desk.count(vote, vote) == [None, None]
    assert desk.texts(asked) == ["Hva gjør vi med fusjonen?"]
    assert mine(desk, asked)["written"][0]["state"] == "visible"


def test_several_questions_of_one_stand_side_by_side(desk: Desk, asked: str) -> None:
    first, second = desk.vote(asked, seq=1, text="Hvorfor?"), desk.vote(asked, seq=2, text="Når?")
    assert desk.count(second, first) == [None, None]
    assert desk.texts(asked) == ["Hvorfor?", "Når?"]


def test_so_many_and_no_more_may_stand_of_one(desk: Desk) -> None:
    activity = opened(desk, config={"most_each": 2})
    batch = [desk.vote(activity, seq=n, text=f"Spørsmål {n}") for n in range(1, 4)]
    assert desk.count(*batch) == [None, None, "invalid"]
    taken_back = entry_of(desk, activity, "Spørsmål 1")
    assert desk.count(desk.vote(activity, seq=5, withdraw=taken_back)) == [None]
    assert desk.count(desk.vote(activity, seq=6, text="Ett til")) == [None]
    assert desk.count(desk.vote(activity, seq=7, restore=taken_back)) == ["invalid"]


def test_there_is_an_end_to_asking_and_taking_back(desk: Desk) -> None:
    activity = opened(desk, config={"most_each": 1})
    answers = []
    for n in range(1, 16, 2):
        answers += desk.count(desk.vote(activity, seq=n, text=f"Spørsmål {n}"))
        if answers[-1] is None:
            gone = entry_of(desk, activity, f"Spørsmål {n}")
            assert desk.count(desk.vote(activity, seq=n + 1, withdraw=gone)) == [None]
    assert answers == [None] * 5 + ["invalid"] * 3
    # What was asked already may still be asked after all.
    assert desk.count(desk.vote(activity, seq=20, restore=gone)) == [None]


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 281])
def test_nothing_and_too_much_is_no_question(desk: Desk, asked: str, text: str) -> None:
    assert desk.count(desk.vote(asked, text=text)) == ["invalid"]


def test_one_takes_back_what_is_ones_own_and_nothing_else(desk: Desk, asked: str) -> None:
    desk.count(desk.vote(asked, 0, text="Min egen"))
    entry = entry_of(desk, asked, "Min egen")
    assert desk.count(desk.vote(asked, 1, withdraw=entry)) == ["invalid"]
    assert shown(desk, asked) == ["Min egen"]
    assert desk.count(desk.vote(asked, 0, seq=2, withdraw=entry)) == [None]
    assert shown(desk, asked) == []
    assert desk.count(desk.vote(asked, 0, seq=3, restore=entry)) == [None]
    assert shown(desk, asked) == ["Min egen"]


def test_what_was_hidden_is_not_brought_back_by_who_wrote_it(desk: Desk, asked: str) -> None:
    desk.count(desk.vote(asked, text="Stygt"))
    entry = entry_of(desk, asked, "Stygt")
    command(desk, "entry.hide", activity=asked, entry=entry)
    desk.count(desk.vote(asked, seq=2, withdraw=entry), desk.vote(asked, seq=3, restore=entry))
    assert shown(desk, asked) == []


# -- voting ---------------------------------------------------------------------------------------


def test_a_vote_is_on_or_off_and_the_last_word_counts_whenever_it_comes(
    desk: Desk, asked: str
) -> None:
    desk.count(desk.vote(asked, 0, text="Hvorfor nå?"))
    entry = entry_of(desk, asked, "Hvorfor nå?")
    for_it, against = (
        desk.vote(asked, 1, seq=1, vote=entry),
        desk.vote(asked, 1, seq=2, unvote=entry),
    )
    assert desk.count(against) == [None]
    assert desk.count(for_it) == [None]  # late: acknowledged, changes nothing
    assert votes(desk, asked) == {"Hvorfor nå?": 0}
    desk.count(desk.vote(asked, 1, seq=3, vote=entry), desk.vote(asked, 1, seq=4, vote=entry))
    assert votes(desk, asked) == {"Hvorfor nå?": 1}
    assert mine(desk, asked, 1)["votes"] == [entry]


def test_of_a_vote_taken_back_that_was_for_nothing_nothing_is_kept(desk: Desk, asked: str) -> None:
    batch = [desk.vote(asked, seq=n, unvote=f"nothing {n}") for n in range(1, 6)]
    assert desk.count(*batch) == ["invalid"] * 5
    with desk.database.reading() as session:
        assert session.exec(select(Ballot)).all() == []


def test_a_vote_is_taken_back_also_when_its_question_is_hidden(desk: Desk, asked: str) -> None:
    desk.count(desk.vote(asked, 0, text="Bort?"))
    entry = entry_of(desk, asked, "Bort?")
    desk.count(desk.vote(asked, 1, vote=entry))
    command(desk, "entry.hide", activity=asked, entry=entry)
    assert desk.count(desk.vote(asked, 1, seq=2, unvote=entry)) == [None]
    command(desk, "entry.show", activity=asked, entry=entry)
    assert votes(desk, asked) == {"Bort?": 0}


def test_a_vote_for_one_question_leaves_the_others_as_they_are(desk: Desk, asked: str) -> None:
    desk.count(desk.vote(asked, 0, seq=1, text="A?"), desk.vote(asked, 0, seq=2, text="B?"))
    a, b = entry_of(desk, asked, "A?"), entry_of(desk, asked, "B?")
    desk.count(desk.vote(asked, 1, seq=9, vote=a), desk.vote(asked, 1, seq=3, vote=b))
    assert votes(desk, asked) == {"A?": 1, "B?": 1}


def test_asking_is_no_vote_and_the_one_who_asked_may_vote_too(desk: Desk, asked: str) -> None:
    desk.count(desk.vote(asked, text="Min?"))
    assert votes(desk, asked) == {"Min?": 0}
    desk.count(desk.vote(asked, seq=2, vote=entry_of(desk, asked, "Min?")))
    assert votes(desk, asked) == {"Min?": 1}


def test_who_voted_for_both_counts_once_when_they_are_merged(desk: Desk, asked: str) -> None:
    desk.count(desk.vote(asked, 0, seq=1, text="Lønn?"), desk.vote(asked, 1, seq=1, text="Penger?"))
    one, other = entry_of(desk, asked, "Lønn?"), entry_of(desk, asked, "Penger?")
    desk.count(
        desk.vote(asked, 0, seq=2, vote=one),
        desk.vote(asked, 1, seq=2, vote=one),
        desk.vote(asked, 1, seq=3, vote=other),
        desk.vote(asked, 2, seq=1, vote=other),
    )
    command(desk, "entry.merge", activity=asked, into=one, entries=[other])
    assert votes(desk, asked) == {"Lønn?": 3}
    # One who voted for a part before has a way to take it back; who comes now votes for the whole.
    whole = seen(desk, asked, View.PHONE).entries[0]
    assert (whole.id, whole.data) == (one, {"state": "open", "also": [other]})
    command(desk, "entry.unmerge", activity=asked, entry=other)
    assert votes(desk, asked) == {"Lønn?": 2, "Penger?": 2}


def test_merged_questions_stand_though_the_first_of_them_is_withdrawn(
    desk: Desk, asked: str
) -> None:
    desk.count(desk.vote(asked, 0, text="Lønn?"), desk.vote(asked, 1, text="Penger?"))
    one, other = entry_of(desk, asked, "Lønn?"), entry_of(desk, asked, "Penger?")
    desk.count(desk.vote(asked, 2, vote=one))
    command(desk, "entry.merge", activity=asked, into=one, entries=[other])
    desk.count(desk.vote(asked, 0, seq=2, withdraw=one))
    assert votes(desk, asked) == {"Penger?": 1}


def test_equal_votes_are_ordered_by_ids_that_tell_nothing(desk: Desk, asked: str) -> None:
    desk.count(*(desk.vote(asked, seq=n, text=f"Nr. {n}") for n in range(1, 9)))
    entries = [one.id for one in seen(desk, asked, View.PROJECTOR).entries]
    assert entries == sorted(entries)


def test_a_question_that_is_not_there_cannot_be_voted_for(desk: Desk, asked: str) -> None:
    assert desk.count(desk.vote(asked, vote=ids.random_id())) == ["invalid"]


# -- what phones are told of votes ----------------------------------------------------------------


def test_phones_get_a_new_picture_for_a_step_and_not_for_every_vote(desk: Desk) -> None:
    activity = opened(desk)
    stage(desk, activity)
    desk.count(desk.vote(activity, text="Hvem bestemmer?"))
    entry = entry_of(desk, activity, "Hvem bestemmer?")
    crowd(desk, 120)
    pictures: dict[str, set[str]] = {HTML_DIALECT: set(), JSON_DIALECT: set()}
    exact = set()
    for place, participant in enumerate(desk.people[3:]):
        desk.count(desk.vote(activity, desk.people.index(participant), seq=place, vote=entry))
        room = look(desk)
        for dialect, shown_so_far in pictures.items():
            shown_so_far.add(str(picture(room, View.PHONE, dialect).digests))
        exact.add(str(picture(room, View.PROJECTOR, HTML_DIALECT).digests))
    assert votes(desk, activity) == {"Hvem bestemmer?": 120}
    assert len(exact) == 120
    steps = len([n for n in range(121) if questions.coarse(n) == n])
    for dialect, different in pictures.items():
        # JSON also tells how many take part, which has steps of its own.
        assert len(different) <= 2 * steps < 40, dialect


def test_the_order_on_phones_changes_with_the_steps_alone(desk: Desk) -> None:
    activity = opened(desk)
    desk.count(desk.vote(activity, seq=1, text="A?"), desk.vote(activity, seq=2, text="B?"))
    a, b = sorted([entry_of(desk, activity, "A?"), entry_of(desk, activity, "B?")])
    crowd(desk, 12)
    desk.count(*(desk.vote(activity, n, vote=a) for n in range(3, 13)))
    desk.count(*(desk.vote(activity, n, seq=2, vote=b) for n in range(3, 14)))
    assert [one.id for one in seen(desk, activity, View.PROJECTOR).entries] == [b, a]
    assert [one.id for one in seen(desk, activity, View.PHONE).entries] == [a, b]


# -- moderation -----------------------------------------------------------------------------------

SECRET = "Hvem skal sies opp"


def test_a_question_that_waits_is_in_nothing_that_others_are_sent(desk: Desk) -> None:
    activity = opened(desk, config={"approval": True})
    desk.count(desk.vote(activity, 0, text=SECRET), desk.vote(activity, 1, text="Ufarlig?"))
    entry = entry_of(desk, activity, SECRET)
    command(desk, "entry.show", activity=activity, entry=entry_of(desk, activity, "Ufarlig?"))
    stage(desk, activity)
    room = look(desk)
    for view, dialect in EVERY_WAY:
        given = told(room, view, dialect)
        if view is View.CONSOLE:
            # What must not leak is there.
            assert SECRET in given or dialect == JSON_DIALECT
        else:
            assert "Ufarlig?" in given, (view, dialect)
            assert SECRET not in given, (view, dialect)
            assert entry not in given, (view, dialect)
    # Nor can anybody learn of it by voting.
    assert desk.count(desk.vote(activity, 2, vote=entry)) == ["invalid"]
    assert mine(desk, activity, 0)["written"][0]["state"] == "pending"
    command(desk, "entry.show", activity=activity, entry=entry)
    assert SECRET in told(look(desk), View.PHONE, HTML_DIALECT)


def test_a_pending_question_is_not_put_on_the_projector(desk: Desk) -> None:
    activity = opened(desk, config={"approval": True})
    desk.count(desk.vote(activity, text=SECRET))
    with pytest.raises(Conflict):
        command(desk, "questions.pin", activity=activity, entry=entry_of(desk, activity, SECRET))


def test_what_was_hidden_is_gone_everywhere_but_on_the_console(desk: Desk, asked: str) -> None:
    desk.count(desk.vote(asked, text=SECRET))
    stage(desk, asked)
    command(desk, "entry.hide", activity=asked, entry=entry_of(desk, asked, SECRET))
    room = look(desk)
    for view, dialect in EVERY_WAY:
        assert (SECRET in told(room, view, dialect)) == (view is View.CONSOLE)


def test_what_was_not_taken_up_is_shown_to_nobody_and_can_come_back(desk: Desk, asked: str) -> None:
    desk.count(desk.vote(asked, text="Utenfor tema?"))
    entry = entry_of(desk, asked, "Utenfor tema?")
    command(desk, "questions.dismiss", activity=asked, entry=entry, reason="Tas i linja")
    assert shown(desk, asked) == []
    assert "Tas i linja" in str(picture(look(desk), View.CONSOLE, HTML_DIALECT).parts)
    assert mine(desk, asked)["written"][0]["decided"] == "dismissed"
    command(desk, "questions.reopen", activity=asked, entry=entry)
    assert shown(desk, asked) == ["Utenfor tema?"]


# -- answering ------------------------------------------------------------------------------------


def test_a_pinned_question_is_large_on_the_projector_and_undo_takes_it_down(
    desk: Desk, asked: str
) -> None:
    desk.count(desk.vote(asked, 0, text="Første?"), desk.vote(asked, 1, text="Andre?"))
    first, second = entry_of(desk, asked, "Første?"), entry_of(desk, asked, "Andre?")
    command(desk, "questions.pin", activity=asked, entry=first)
    command(desk, "questions.assign", activity=asked, entry=second, by="Kari Nordmann")
    command(desk, "questions.pin", activity=asked, entry=second)
    wall = wall_of(desk)
    assert f'id="pinned-{second}"' in wall
    assert "Kari Nordmann" in wall
    assert "Første?" not in wall
    command(desk, "room.undo")
    assert f'id="pinned-{first}"' in wall_of(desk)
    command(desk, "questions.pin", activity=asked, entry=None)
    assert "pinned-" not in wall_of(desk)
    assert "Andre?" in wall_of(desk)


def test_who_answered_is_a_person_of_the_plan_or_a_name(desk: Desk, asked: str) -> None:
    person = a_person(desk, "Sponsor Åse")
    desk.count(desk.vote(asked, 0, text="A?"), desk.vote(asked, 1, text="B?"))
    a, b = entry_of(desk, asked, "A?"), entry_of(desk, asked, "B?")
    command(desk, "questions.answered", activity=asked, entry=a, person=person, text="Ja.")
    command(desk, "questions.answered", activity=asked, entry=b, by="sponsor åse")
    assert held(desk, asked, b)["by_id"] == person
    command(desk, "questions.answered", activity=asked, entry=b, by="En gjest")
    assert "by_id" not in held(desk, asked, b)
    assert held(desk, asked, a)["by_id"] == person
    known = {e.text: e.data for e in seen(desk, asked, View.PHONE).entries}
    assert known["A?"] == {"state": "answered", "by": "Sponsor Åse"}
    assert known["B?"] == {"state": "answered", "by": "En gjest"}
    # What was written goes with what is published, not before.
    assert held(desk, asked, a)["answer"] == "Ja."
    assert "Ja." not in told(look(desk), View.PHONE, HTML_DIALECT)


def test_a_person_of_another_kickoff_answers_nothing_here(desk: Desk, asked: str) -> None:
    desk.count(desk.vote(asked, text="A?"))
    with desk.database.unit_of_work() as session:
        here = session.get_one(Kickoff, desk.kickoff_id)
        other = Kickoff(organisation_id=here.organisation_id, title="En annen")
        session.add(other)
        session.flush()
        stranger = Person(kickoff_id=other.id, name="Fremmed")
        session.add(stranger)
        session.flush()
        person = stranger.id
    entry = entry_of(desk, asked, "A?")
    with pytest.raises(Exception, match="person"):
        command(desk, "questions.answered", activity=asked, entry=entry, person=person)


def test_an_answered_question_leaves_the_wall_and_stands_as_answered_on_phones(
    desk: Desk, asked: str
) -> None:
    desk.count(desk.vote(asked, text="Hvorfor?"))
    entry = entry_of(desk, asked, "Hvorfor?")
    command(desk, "questions.pin", activity=asked, entry=entry)
    command(desk, "questions.answered", activity=asked, entry=entry, by="Ola")
    assert "Hvorfor?" not in wall_of(desk)
    assert seen(desk, asked, View.PHONE).entries[0].data == {"state": "answered", "by": "Ola"}


def test_attendees_can_push_nothing_of_it(desk: Desk, asked: str) -> None:
    table = moves.table()
    for name, pushed in table.items():
        if name.startswith("questions."):
            assert pushed.permission == "facilitate", name


# -- how long it stands ---------------------------------------------------------------------------


def test_it_is_open_after_the_day_and_is_asked_and_voted_for_then(desk: Desk, asked: str) -> None:
    command(desk, "room.start")
    command(desk, "room.end")
    assert desk.count(desk.vote(asked, text="Etterpå?")) == [None]
    assert desk.count(desk.vote(asked, 1, vote=entry_of(desk, asked, "Etterpå?"))) == [None]
    room = look(desk)
    assert [one.id for one in room.asides] == [asked]
    assert "Etterpå?" in told(room, View.PHONE, HTML_DIALECT)


def test_it_takes_neither_the_stage_nor_the_place_of_what_is_asked(desk: Desk) -> None:
    command(desk, "room.start")
    choice = command(
        desk, "activity.create", kind="choice", title="Ja?", options=["A", "B"], open=True
    )
    stream = command(desk, "activity.create", kind="questions", title="Spørsmål", open=True)
    room = look(desk)
    assert room.stage_activity_id == choice["activity"]
    assert [one.id for one in room.on_phones] == [choice["activity"]]
    console = picture(room, View.CONSOLE, HTML_DIALECT).parts["activities"]
    assert "strays" not in console
    assert f'id="aside-{stream["activity"]}"' in console


def test_closed_and_counted_it_keeps_what_was_made_of_the_questions(desk: Desk) -> None:
    """An anonymous one becomes counts: ids are others, what was decided is not."""
    activity = opened(desk, mode="anonymous")
    desk.count(desk.vote(activity, 0, text="Lønn?"), desk.vote(activity, 1, text="Penger?"))
    one, other = entry_of(desk, activity, "Lønn?"), entry_of(desk, activity, "Penger?")
    desk.count(
        desk.vote(activity, 1, seq=2, vote=one),
        desk.vote(activity, 1, seq=3, vote=other),
        desk.vote(activity, 2, seq=2, vote=other),
    )
    command(desk, "entry.merge", activity=activity, into=one, entries=[other])
    command(desk, "questions.answered", activity=activity, entry=one, by="Kari", text="Nei.")
    desk.close(activity)
    assert scrub(desk.database, desk.vault, activity, 2)
    with desk.database.reading() as session:
        wanted = select(Entry).where(col(Entry.activity_id) == activity)
        kept = {entry.text: entry for entry in session.exec(wanted)}
    assert {one, other}.isdisjoint(entry.id for entry in kept.values())
    assert kept["Penger?"].merged_into == kept["Lønn?"].id
    assert (kept["Lønn?"].data or {})["answer"] == "Nei."
    assert all(entry.author is None for entry in kept.values())
    assert votes(desk, activity) == {"Lønn?": 2}


def test_the_one_who_asked_in_an_anonymous_stream_is_named_nowhere(desk: Desk) -> None:
    activity = opened(desk, mode="anonymous")
    with desk.database.unit_of_work() as session:
        session.get_one(Participant, desk.people[0]).name = "Åse Ærlig"
    desk.count(desk.vote(activity, 0, text="Hemmelig?"))
    stage(desk, activity)  # in the lobby the wall says who is here
    room = look(desk)
    for view, dialect in EVERY_WAY:
        parts = picture(room, view, dialect).parts
        given = str(parts.get("activities", "")) + str(parts.get("stage", ""))
        if view is View.PHONE:
            given += told(room, view, dialect)
        assert "Åse Ærlig" not in given
        assert desk.people[0] not in given


def test_what_people_wrote_is_text_and_nothing_else(desk: Desk, asked: str) -> None:
    hostile = "<script>alert(1)</script>"
    desk.count(desk.vote(asked, text=hostile))
    command(
        desk,
        "questions.assign",
        activity=asked,
        entry=entry_of(desk, asked, hostile),
        by="<b>Kari</b>",
    )
    stage(desk, asked)
    room = look(desk)
    for view in View:
        page = told(room, view, HTML_DIALECT)
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>" not in page
        assert "<b>Kari" not in page


# -- hands ----------------------------------------------------------------------------------------


def opened(desk: Desk, *, mode: str = "named", config: dict[str, Any] | None = None) -> str:
    activity = desk.activity("questions", mode=mode, config=config)
    with desk.database.unit_of_work() as session:
        session.get_one(Activity, activity).revealed = True
    return activity


def command(desk: Desk, name: str, **data: Any) -> dict[str, Any]:
    """As a facilitator of the kickoff, at what the room is now."""
    with desk.database.reading() as session:
        control = session.get_one(Room, desk.room_id).control
    actor = Actor(id="f", name="Fasilitator", roles={desk.kickoff_id: Role.FACILITATOR})
    return execute(
        desk.database,
        desk.vault,
        moves.table(),
        room_id=desk.room_id,
        actor=actor,
        name=name,
        command_id=ids.secret(),
        rev=control,
        data=data,
    )


def look(desk: Desk) -> RoomSnapshot:
    with desk.database.reading() as session:
        return load(session, desk.room_id, Outside("http://x"))[0]


def picture(room: RoomSnapshot, view: View, dialect: str) -> Rendering:
    return render(room, Key(view, "nb", dialect))


def told(room: RoomSnapshot, view: View, dialect: str) -> str:
    """All that a view is given: its frame, and what a phone fetches when the questions are
    opened."""
    parts = str(picture(room, view, dialect).parts)
    if (view, dialect) != (View.PHONE, HTML_DIALECT):
        return parts
    shown = seen_by(view, room).asides
    return parts + "".join(rendering.render(f"live/{a.kind}/phone.html", activity=a) for a in shown)


def seen(desk: Desk, activity: str, view: View) -> ActivityView:
    return next(a for a in seen_by(view, look(desk)).activities if a.id == activity)


def shown(desk: Desk, activity: str) -> list[str]:
    return sorted(entry.text for entry in seen(desk, activity, View.PHONE).entries)


def votes(desk: Desk, activity: str) -> dict[str, int]:
    wall = seen(desk, activity, View.PROJECTOR)
    return {one.text: one.votes for one in wall.logic.listed(wall)}  # type: ignore[attr-defined]


def wall_of(desk: Desk) -> str:
    with desk.database.unit_of_work() as session:
        session.get_one(Room, desk.room_id).status = "live"
    return str(picture(look(desk), View.PROJECTOR, HTML_DIALECT).parts["stage"])


def stage(desk: Desk, activity: str) -> None:
    with desk.database.unit_of_work() as session:
        room = session.get_one(Room, desk.room_id)
        room.status, room.stage_activity_id = "live", activity


def entry_of(desk: Desk, activity: str, text: str) -> str:
    with desk.database.reading() as session:
        wanted = select(Entry.id).where(Entry.activity_id == activity, Entry.text == text)
        return session.exec(wanted).one()


def held(desk: Desk, activity: str, entry: str) -> dict[str, Any]:
    with desk.database.reading() as session:
        return session.get_one(Entry, (activity, entry)).data or {}


def mine(desk: Desk, activity: str, who: int = 0) -> dict[str, Any]:
    with desk.database.reading() as session:
        found = read(session, desk.vault, [(desk.room_id, desk.people[who])])[desk.people[who]]
    assert found is not None
    return dict(found["mine"][activity]["data"])


def crowd(desk: Desk, number: int) -> None:
    with desk.database.unit_of_work() as session:
        for _ in range(number):
            desk.people.append(ids.random_id())
            session.add(Participant(id=desk.people[-1], room_id=desk.room_id))


def a_person(desk: Desk, name: str) -> str:
    with desk.database.unit_of_work() as session:
        person = Person(kickoff_id=desk.kickoff_id, name=name)
        session.add(person)
        session.flush()
        return person.id


def test_what_is_decided_about_a_question_is_undone_and_what_was_written_stays(
    desk: Desk, asked: str
) -> None:
    """Seen red: after a slip of the finger there was nothing to undo."""
    desk.count(desk.vote(asked, text="Hvorfor nå?"))
    entry = entry_of(desk, asked, "Hvorfor nå?")
    command(desk, "questions.pin", activity=asked, entry=entry)
    pinned = held(desk, asked, entry)
    one = {"activity": asked, "entry": entry}
    decisions: dict[str, dict[str, str]] = {
        "dismiss": {"reason": "Tas i linja"},
        "backlog": {},
        "assign": {"by": "Kari"},
        "answered": {"by": "Kari", "text": "Derfor."},
    }
    for name, more in decisions.items():
        command(desk, f"questions.{name}", **one, **more)
        assert held(desk, asked, entry) != pinned
        command(desk, "room.undo")
        answer = {"answer": "Derfor."} if name == "answered" else {}
        assert held(desk, asked, entry) == {**pinned, **answer}
    command(desk, "questions.answered", **one, by="Kari")
    settled = held(desk, asked, entry)
    command(desk, "questions.reopen", **one)
    command(desk, "room.undo")
    assert held(desk, asked, entry) == settled
    with pytest.raises(Conflict):
        command(desk, "room.undo")


def test_however_many_are_seen_at_once_each_is_and_the_merged_ones_by_their_root(
    desk: Desk, asked: str
) -> None:
    desk.count(*(desk.vote(asked, n % 3, seq=n + 1, text=f"Spørsmål {n}") for n in range(30)))
    every = [entry_of(desk, asked, f"Spørsmål {n}") for n in range(30)]
    command(desk, "entry.merge", activity=asked, entries=[every[1]], into=every[0])
    asks: list[str] = []

    def count(*told: Any) -> None:
        asks.append(told[2])

    event.listen(desk.database.write_engine, "before_cursor_execute", count)
    command(desk, "questions.seen", activity=asked, entries=every)
    event.remove(desk.database.write_engine, "before_cursor_execute", count)
    assert all(held(desk, asked, entry).get("seen") for entry in (every[0], *every[2:]))
    assert len([sql for sql in asks if sql.startswith("SELECT")]) < 20
