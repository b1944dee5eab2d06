"""What each view may see: planted words turn up only where they may."""

from dataclasses import replace

import orjson
import pytest

from app import rendering
from app.live import state, wire
from app.live.activities.choice import ChoiceConfig, ChoiceResult
from app.live.activity import EntryView
from app.live.renderings import Key, render
from app.live.roles import View, coarse, seen_by
from app.live.snapshot import ActivityView, BlockView, PersonHere, RoomSnapshot
from app.outputs import qr
from tests.contracts.test_activities import a_room

NOTES, DRAFT, WRITTEN, PERSON = "NOTES-CANARY", "DRAFT-CANARY", "WRITTEN-CANARY", "PERSON-CANARY"


@pytest.fixture(autouse=True)
def drawn() -> None:
    rendering.environment().globals["qr"] = qr.svg


def activity(id: str, **changes: object) -> ActivityView:
    made = ActivityView(
        id=id,
        kind="choice",
        title=f"title of {id}",
        status="open",
        mode="anonymous",
        revealed=False,
        live=False,
        round=1,
        config=ChoiceConfig(),
        options=(EntryView("one", "One"), EntryView("two", "Two")),
        answered=8,
        result=ChoiceResult(answered=8, options=[]),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def room(*activities: ActivityView) -> RoomSnapshot:
    block = BlockView("b", 1, "Block", "interactive", 10, 540, "now", notes=NOTES)
    return replace(
        a_room(),
        block=block,
        blocks=(block,),
        activities=activities,
        people=(PersonHere("p", PERSON, "", 1, True),),
    )


def told(view: View, shown: RoomSnapshot) -> str:
    html = render(shown, Key(view, "en", wire.HTML_DIALECT)).parts
    data = state.state_of(seen_by(view, shown), view)
    return orjson.dumps([html, data]).decode()


@pytest.mark.parametrize("canary", [NOTES, DRAFT, PERSON])
def test_only_the_console_sees(canary: str) -> None:
    shown = room(activity("a"), activity("b", status="draft", title=DRAFT))
    assert canary in told(View.CONSOLE, shown), "there must be something to leak"
    assert canary not in told(View.PHONE, shown)
    assert canary not in told(View.PROJECTOR, shown)


def test_no_result_is_seen_before_it_is_revealed() -> None:
    hidden = activity("a", tables=ChoiceResult(answered=8, options=[]))
    for view in (View.PHONE, View.PROJECTOR):
        (seen,) = seen_by(view, room(hidden)).activities
        assert (seen.result, seen.tables, seen.hands) == (None, None, None)
        (seen,) = seen_by(view, room(replace(hidden, revealed=True))).activities
        assert seen.result is not None


def test_a_closed_one_is_seen_when_it_is_revealed() -> None:
    closed = activity("a", status="closed")
    assert seen_by(View.PHONE, room(closed)).activities == ()
    assert len(seen_by(View.PHONE, room(replace(closed, revealed=True))).activities) == 1


def test_a_phones_frame_does_not_change_with_each_vote_of_another() -> None:
    before, after = room(activity("a", answered=8)), room(activity("a", answered=9))
    key = Key(View.PHONE, "nb", wire.JSON_DIALECT)
    assert render(after, key).since(render(before, key)) is None


def test_head_counts_grow_coarser_with_the_room() -> None:
    assert [coarse(count) for count in (7, 99, 104, 499, 512, 10_049)] == [
        *(7, 99, 100, 490, 500, 10_000)
    ]
