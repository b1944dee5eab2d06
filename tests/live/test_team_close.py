"""Each group says what it takes on: one statement and one action for a group, whoever says it and
however often; until it is closed.
"""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from app.access import Actor, Role
from app.errors import ActivityClosed, Invalid, NotAllowed, NotFound
from app.ids import random_id
from app.live import bounds, commands, loading
from app.live.loading import Outside
from app.live.mine import read
from app.live.renderings import Key, render
from app.live.roles import View, seen_by
from app.live.snapshot import ActivityView
from app.live.wire import HTML_DIALECT
from app.models.actions import Action
from app.models.activities import Entry
from app.models.groups import groups_of
from app.models.people import Person, Team
from app.models.rooms import Participant
from app.operations import records
from app.operations.entities import ACTIONS
from app.outputs import qr
from app.rendering import environment
from tests.live.conftest import Desk
from tests.live.test_endings import TABLE, push

SAID = {"owner": "Kari Ærø", "next_step": "Ring de ti største kundene", "due": "2027-01-20"}


def say(desk: Desk, activity: str, who: int = 0, id: str = "", **said: str) -> dict[str, str]:
    """An attendee's command, as the socket or the form hands it in."""
    me = Actor(id=desk.people[who], roles={desk.kickoff_id: Role.ATTENDEE}, room_id=desk.room_id)
    return commands.execute(
        desk.database,
        desk.vault,
        TABLE,
        room_id=desk.room_id,
        actor=me,
        name="team_close.state",
        command_id=id or random_id(),
        rev=0,
        data={"activity": activity, **SAID, **said},
    )


def asked(desk: Desk) -> str:
    return desk.activity("team_close", mode="named")


def actions(desk: Desk) -> list[Action]:
    with desk.database.reading() as session:
        return list(session.exec(select(Action).order_by(Action.id)))


def seen(desk: Desk, activity: str, view: View = View.PROJECTOR, group: str = "") -> ActivityView:
    with desk.database.reading() as session:
        room, _ = loading.load(session, desk.room_id, Outside(""))
    return next(a for a in seen_by(view, room, group).activities if a.id == activity)


def in_groups(desk: Desk) -> dict[str, str]:
    """Two groups; by attendee the one they are in."""
    push(desk, "groups.make", count=2)
    with desk.database.reading() as session:
        people = session.exec(select(Participant)).all()
    return {one.id: one.working_group_id or "" for one in people}


def test_what_a_phone_says_is_an_action_with_its_owner(each_desk: Desk) -> None:
    desk, activity = each_desk, asked(each_desk)
    made = say(desk, activity, responsibility="Kundene")
    (action,) = actions(desk)
    assert (action.id, action.title, action.due) == (
        *(made["action"], SAID["next_step"], date(2027, 1, 20)),
    )
    assert (action.source, action.source_activity_id) == ("team_close", activity)
    with desk.database.reading() as session:
        assert session.get_one(Person, action.owner_id).name == "Kari Ærø"
        own = read(session, desk.vault, [(desk.room_id, desk.people[0])])[desk.people[0]]
    assert own is not None
    assert own["mine"][activity]["data"] == {"next_step": SAID["next_step"]}
    shown = seen(desk, activity)
    assert (shown.answered, [e.text for e in shown.entries]) == (1, [SAID["next_step"]])
    assert shown.entries[0].data is not None
    assert shown.entries[0].data["responsibility"] == "Kundene"


def test_a_group_has_one_word_and_the_last_stands(each_desk: Desk) -> None:
    desk = each_desk
    group_of = in_groups(desk)
    activity = asked(desk)
    mates = [
        n for n, who in enumerate(desk.people) if list(group_of.values()).count(group_of[who]) > 1
    ]
    first = say(desk, activity, mates[0])
    again = say(desk, activity, mates[1], next_step="Ring de fem største", owner="Ola")
    assert first == again, "the same statement and the same action"
    (action,) = actions(desk)
    assert action.title == "Ring de fem største"
    other = next(n for n, who in enumerate(desk.people) if n not in mates)
    say(desk, activity, other)
    assert len(actions(desk)) == 2
    group = group_of[desk.people[mates[0]]]
    own = seen(desk, activity, View.PHONE, group)
    assert [(e.text, e.place) for e in own.entries] == [("Ring de fem største", group)]
    assert len(seen(desk, activity).entries) == 2
    with desk.database.reading() as session:
        names = {g.id: g.name for g in session.scalars(groups_of(desk.kickoff_id))}
    told = own.entries[0].data or {}
    assert (told["who"], told["owner"]) == (names[group], "Ola")


def test_where_there_are_no_groups_a_team_has_one_word(desk: Desk) -> None:
    with desk.database.unit_of_work() as session:
        session.add(team := Team(kickoff_id=desk.kickoff_id, name="Salg"))
        session.flush()
        for who in desk.people[:2]:
            session.get_one(Participant, who).team_id = team.id
    activity = asked(desk)
    assert say(desk, activity, 0) == say(desk, activity, 1)
    say(desk, activity, 2)
    assert [a.team_id for a in actions(desk)] == [team.id, None]
    assert sorted((e.data or {}).get("who") for e in seen(desk, activity).entries) == ["", "Salg"]


def test_sent_again_it_is_said_once(desk: Desk) -> None:
    activity = asked(desk)
    once = say(desk, activity, id="1234567890")
    assert say(desk, activity, id="1234567890") == once
    assert len(actions(desk)) == 1


def test_no_facilitators_push_is_refused_because_of_it(desk: Desk) -> None:
    activity = asked(desk)
    with desk.database.reading() as session:
        before, _ = loading.load(session, desk.room_id, Outside(""))
    say(desk, activity)
    with desk.database.reading() as session:
        after, _ = loading.load(session, desk.room_id, Outside(""))
    assert (after.control, after.revision > before.revision) == (before.control, True)


def test_closed_is_closed(each_desk: Desk) -> None:
    desk, activity = each_desk, asked(each_desk)
    push(desk, "activity.close", activity=activity)
    with pytest.raises(ActivityClosed):
        say(desk, activity)
    assert actions(desk) == []


@pytest.mark.parametrize(
    "wrong", [{"owner": " "}, {"next_step": ""}, {"due": "snart"}, {"owner": "x" * 500}]
)
def test_what_says_nothing_is_refused(desk: Desk, wrong: dict[str, str]) -> None:
    activity = asked(desk)
    with pytest.raises(Invalid):
        say(desk, activity, **wrong)
    assert (actions(desk), seen(desk, activity).entries) == ([], ())


def test_only_who_is_in_the_room_and_only_here(desk: Desk) -> None:
    activity, other = asked(desk), desk.activity("open_text")
    with pytest.raises(NotFound):
        say(desk, other)
    push(desk, "participant.remove", participant=desk.people[0])
    with pytest.raises(NotAllowed):
        say(desk, activity)
    with pytest.raises(NotAllowed):
        push(desk, "team_close.state", activity=activity, **SAID)


def test_what_a_facilitator_hid_stays_hidden_when_it_is_said_again(desk: Desk) -> None:
    activity = asked(desk)
    entry = say(desk, activity)["entry"]
    push(desk, "entry.hide", activity=activity, entry=entry)
    say(desk, activity, next_step="Igjen")
    assert seen(desk, activity).entries == ()


def test_what_a_program_said_becomes_an_action_when_a_facilitator_says_so(each_desk: Desk) -> None:
    desk, activity = each_desk, asked(each_desk)
    data = {"next_step": "Rydd i køen", "owner": "Ola", "due": "2027-02-01"}
    assert desk.count(desk.vote(activity, 1, **data)) == [None]
    assert actions(desk) == []
    (entry,) = seen(desk, activity).entries
    push(desk, "team_close.act", activity=activity, entry=entry.id)
    push(desk, "team_close.act", activity=activity, entry=entry.id)
    (action,) = actions(desk)
    assert (action.title, action.due) == ("Rydd i køen", date(2027, 2, 1))
    say(desk, activity, 1, next_step="Rydd i hele køen")
    assert [one.title for one in actions(desk)] == ["Rydd i hele køen"]
    with desk.database.reading() as session:
        assert len(session.exec(select(Entry)).all()) == 1


@pytest.mark.parametrize("view", list(View))
def test_what_a_group_said_is_told_also_when_the_group_is_gone(desk: Desk, view: View) -> None:
    """Seen red: the wall lost its stage, and the console did not open."""
    in_groups(desk)
    activity = asked(desk)
    push(desk, "activity.stage", activity=activity)
    for who in range(3):
        say(desk, activity, who)
    push(desk, "groups.clear")
    if view is View.CONSOLE:
        push(desk, "activity.close", activity=activity)
    environment().globals.setdefault("qr", qr.svg)
    with desk.database.reading() as session:
        room, _ = loading.load(session, desk.room_id, Outside(""))
    live = replace(room, status="live")
    html = "".join(render(live, Key(view, "en", HTML_DIALECT)).parts.values())
    assert (SAID["next_step"] in html) == (view is not View.PHONE)


def test_what_a_planner_has_changed_of_the_action_stands_when_it_is_said_again(
    each_desk: Desk,
) -> None:
    desk = each_desk
    activity = asked(desk)
    made = say(desk, activity)["action"]
    with desk.database.unit_of_work() as session:
        action = session.get_one(Action, made)
        team = Team(kickoff_id=desk.kickoff_id, name="Salg", position="a")
        session.add(team)
        session.flush()
        records.change(session, ACTIONS, action, {"window": "60", "team_id": team.id})
    say(desk, activity, next_step="Ring de tjue største")
    (action,) = actions(desk)
    assert (action.title, action.window, action.team_id) == ("Ring de tjue største", "60", team.id)


def test_what_a_program_says_after_the_group_is_nobodys_until_it_becomes_the_action(
    each_desk: Desk,
) -> None:
    desk = each_desk
    activity = asked(desk)
    entry = say(desk, activity)["entry"]
    assert desk.count(desk.vote(activity, 0, 5, owner="Ola", next_step="Noe annet")) == [None]
    assert owner_said(desk, activity, entry) == ("Ola", "")
    push(desk, "team_close.act", activity=activity, entry=entry)
    (action,) = actions(desk)
    assert owner_said(desk, activity, entry) == ("Ola", action.owner_id)
    with desk.database.reading() as session:
        assert session.get_one(Person, action.owner_id).name == "Ola"
    assert action.title == "Noe annet"


def owner_said(desk: Desk, activity: str, entry: str) -> tuple[str, str]:
    with desk.database.reading() as session:
        data = session.get_one(Entry, (activity, entry)).data or {}
    return data["owner"], data["owner_id"]


def test_one_phone_does_not_fill_the_people_list(each_desk: Desk) -> None:
    """Seen red: forty people."""
    desk = each_desk
    activity = asked(desk)
    for number in range(bounds.MOST_NAMED):
        say(desk, activity, owner=f"Navn {number}")
    with pytest.raises(bounds.Enough):
        say(desk, activity, owner="En til")
    say(desk, activity, owner="Navn 3")  # who is there can be named
    say(desk, activity, 1, owner="En til")
    with desk.database.reading() as session:
        assert len(session.exec(select(Person)).all()) == bounds.MOST_NAMED + 1


@pytest.mark.parametrize("bound", ["MOST_MOVES", "MOST_MOVES_OF_ROOM"])
def test_attendees_do_not_fill_the_log(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    activity = asked(desk)
    monkeypatch.setattr(bounds, bound, 2)
    first = random_id()
    say(desk, activity, id=first)
    say(desk, activity)
    with pytest.raises(bounds.Enough):
        say(desk, activity)
    say(desk, activity, id=first)  # what was sent is answered again
    push(desk, "room.lock")  # and facilitators go on
