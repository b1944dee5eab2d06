"""What ends leaves nothing half: every ballot that was given is on its way to become a count.

Seen red: without the rule an opening that was taken back was a draft with ballots, and a day that
had ended went on taking answers.
"""

from typing import Any

import pytest
from sqlmodel import select

from app.access import Actor, Scope
from app.errors import Conflict
from app.ids import random_id
from app.live import commands, moves, scrubbing
from app.models.activities import Activity, Ballot
from app.models.kickoffs import Kickoff
from app.models.rooms import Room
from tests.live.conftest import Desk

TABLE = moves.table()
LATER = 10**15  # when everything that is closed is due


def push(
    desk: Desk, name: str, _connected: frozenset[str] | None = None, **data: Any
) -> dict[str, Any]:
    """A facilitator's push at the state as it is."""
    with desk.database.reading() as session:
        room = session.get_one(Room, desk.room_id)
    return commands.execute(
        desk.database,
        desk.vault,
        TABLE,
        room_id=desk.room_id,
        actor=Actor(
            id="token",
            organisation_id=organisation(desk),
            scopes=frozenset({Scope.FACILITATE}),
        ),
        name=name,
        command_id=random_id(),
        rev=room.control,
        data=data,
        connected=_connected,
    )


def organisation(desk: Desk) -> str:
    with desk.database.reading() as session:
        return session.get_one(Kickoff, desk.kickoff_id).organisation_id


def asked(desk: Desk, **more: Any) -> str:
    made = push(desk, "activity.create", kind="open_text", title="?", **more)
    return str(made["activity"])


def row(desk: Desk, activity: str) -> Activity:
    with desk.database.reading() as session:
        return session.get_one(Activity, activity)


def status_of_room(desk: Desk) -> str:
    with desk.database.reading() as session:
        return session.get_one(Room, desk.room_id).status


def scrub_what_is_due(desk: Desk) -> list[str]:
    with desk.database.reading() as session:
        due = scrubbing.due(session, LATER)
    return [one for one in due if scrubbing.scrub(desk.database, desk.vault, one, LATER)]


def test_an_opening_that_nobody_answered_is_taken_back_to_a_draft(desk: Desk) -> None:
    activity = asked(desk, live=True)
    push(desk, "activity.open", activity=activity)
    push(desk, "room.undo")
    assert (row(desk, activity).status, row(desk, activity).live) == ("draft", True)


@pytest.mark.parametrize("mode", ["anonymous", "named"])
def test_an_opening_that_was_answered_is_taken_back_to_closed_and_hidden(
    desk: Desk, mode: str
) -> None:
    activity = asked(desk, live=True, mode=mode)
    push(desk, "activity.open", activity=activity)
    assert desk.count(desk.vote(activity, text="ja")) == [None]
    push(desk, "room.undo")
    taken_back = row(desk, activity)
    assert (taken_back.status, taken_back.revealed, taken_back.live) == ("closed", False, False)
    assert desk.count(desk.vote(activity, 1, text="nei")) == ["activity_closed"]


def test_ballots_of_an_opening_that_was_taken_back_become_counts(desk: Desk) -> None:
    activity = asked(desk)
    push(desk, "activity.open", activity=activity)
    desk.count(desk.vote(activity, text="ja"))
    push(desk, "room.undo")
    assert scrub_what_is_due(desk) == [activity]
    assert desk.vault.held() == set()
    with desk.database.reading() as session:
        assert session.exec(select(Ballot)).all() == []
    assert row(desk, activity).answered == 1


def test_until_they_are_counts_the_answers_can_go_on(desk: Desk) -> None:
    activity = asked(desk)
    push(desk, "activity.open", activity=activity)
    desk.count(desk.vote(activity, text="ja"))
    push(desk, "room.undo")
    push(desk, "activity.open", activity=activity)
    assert desk.count(desk.vote(activity, 1, text="nei")) == [None]
    assert desk.texts(activity) == ["ja", "nei"]


def test_the_end_of_the_day_closes_what_is_open_and_it_becomes_counts(desk: Desk) -> None:
    push(desk, "room.start")
    first, second = asked(desk, open=True), asked(desk, open=True)
    draft, named = asked(desk), asked(desk, mode="named", open=True)
    desk.count(desk.vote(first, text="ja"))
    push(desk, "room.end")
    assert [row(desk, one).status for one in (first, second, draft, named)] == [
        *("closed", "closed", "draft", "closed")
    ]
    assert desk.count(desk.vote(second, text="for sent")) == ["activity_closed"]
    assert sorted(scrub_what_is_due(desk)) == sorted([first, second])


def test_an_end_taken_back_opens_what_it_closed_and_nothing_else(desk: Desk) -> None:
    push(desk, "room.start")
    closed_before, open_then = asked(desk, open=True), asked(desk, open=True)
    push(desk, "activity.close", activity=closed_before)
    push(desk, "room.end")
    push(desk, "room.undo")
    assert status_of_room(desk) == "live"
    assert [row(desk, one).status for one in (closed_before, open_then)] == ["closed", "open"]
    assert row(desk, open_then).closed_at is None
    assert desk.count(desk.vote(open_then, text="ja")) == [None]
    assert scrub_what_is_due(desk) == [closed_before]


def test_an_end_taken_back_late_leaves_closed_what_has_become_counts(desk: Desk) -> None:
    push(desk, "room.start")
    anonymous, named = asked(desk, open=True), asked(desk, mode="named", open=True)
    push(desk, "room.end")
    scrub_what_is_due(desk)
    push(desk, "room.undo")
    assert status_of_room(desk) == "live"
    assert [row(desk, one).status for one in (anonymous, named)] == ["closed", "open"]
    assert push(desk, "activity.new_round", activity=anonymous)["activity"]


def test_nothing_is_opened_in_a_day_that_is_over(desk: Desk) -> None:
    push(desk, "room.start")
    draft, closed = asked(desk), asked(desk, open=True)
    push(desk, "room.end")
    for name, data in (
        ("activity.open", {"activity": draft}),
        ("activity.open", {"activity": closed}),
        ("activity.new_round", {"activity": closed}),
        ("activity.create", {"kind": "words", "title": "?", "open": True}),
    ):
        with pytest.raises(Conflict, match="The day is over"):
            push(desk, name, **data)
    push(desk, "room.start")
    push(desk, "activity.open", activity=draft)
