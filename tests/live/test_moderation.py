"""What a facilitator decided about a text stands, whatever its writer sends again."""

import pytest
from sqlmodel import select

from app.models.activities import Entry, EntryState
from tests.live.conftest import Desk

VISIBLE, PENDING, HIDDEN = EntryState.VISIBLE, EntryState.PENDING, EntryState.HIDDEN


@pytest.fixture
def desk(each_desk: Desk) -> Desk:
    return each_desk


@pytest.mark.parametrize("approval", [False, True], ids=["shown at once", "approved first"])
@pytest.mark.parametrize("again", ["stygt", "styggere"])
def test_what_was_hidden_stays_hidden(desk: Desk, approval: bool, again: str) -> None:
    activity = desk.activity(config={"approval": approval})
    desk.count(desk.vote(activity, text="stygt"))
    decide(desk, activity, HIDDEN)
    assert desk.count(desk.vote(activity, seq=2, text=again)) == [None]
    assert entry(desk, activity) == (again, HIDDEN)


def test_an_approved_text_that_is_sent_again_is_still_approved(desk: Desk) -> None:
    activity = desk.activity(config={"approval": True})
    desk.count(desk.vote(activity, text="klokt"))
    decide(desk, activity, VISIBLE)
    desk.count(desk.vote(activity, seq=2, text="klokt"))
    assert entry(desk, activity) == ("klokt", VISIBLE)


def test_another_text_than_the_approved_one_waits_for_its_own_approval(desk: Desk) -> None:
    activity = desk.activity(config={"approval": True})
    desk.count(desk.vote(activity, text="klokt"))
    assert entry(desk, activity) == ("klokt", PENDING)
    decide(desk, activity, VISIBLE)
    desk.count(desk.vote(activity, seq=2, text="noe annet"))
    assert entry(desk, activity) == ("noe annet", PENDING)


def test_a_word_that_was_hidden_stays_hidden_whoever_writes_it(desk: Desk) -> None:
    activity = desk.activity("words")
    desk.count(desk.vote(activity, text="stygt"))
    decide(desk, activity, HIDDEN)
    desk.count(desk.vote(activity, 1, text="Stygt"))
    assert entry(desk, activity) == ("stygt", HIDDEN)


def decide(desk: Desk, activity: str, state: EntryState) -> None:
    with desk.database.unit_of_work() as session:
        session.exec(select(Entry).where(Entry.activity_id == activity)).one().state = state


def entry(desk: Desk, activity: str) -> tuple[str, str]:
    with desk.database.reading() as session:
        found = session.exec(select(Entry).where(Entry.activity_id == activity)).one()
    return found.text, found.state
