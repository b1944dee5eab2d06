"""Many and long texts: what is shown has a bound, and nothing fails for their number."""

import pytest
from sqlalchemy import insert
from sqlmodel import col, select

from app import ids, rendering
from app.live.activities.open_text import MOST_SHOWN
from app.live.activities.words import MOST_WORDS
from app.live.loading import Outside, load
from app.live.renderings import Key, render
from app.live.roles import View
from app.live.snapshot import ActivityView, RoomSnapshot
from app.live.wire import HTML_DIALECT, JSON_DIALECT
from app.models.activities import Activity, Ballot, Entry, EntryState, Mark
from app.models.rooms import Room
from app.outputs import qr
from tests.live.conftest import Desk

MANY = 10_000


@pytest.fixture(autouse=True)
def as_wired() -> None:
    """What the product gives to templates when its parts are put together."""
    rendering.environment().globals["qr"] = qr.svg


@pytest.mark.parametrize("letters", [280, 2000])
def test_ten_thousand_texts_can_be_looked_at(desk: Desk, letters: int) -> None:
    activity = desk.activity(config={"max_length": letters})
    write(desk, activity, [f"{number} ".ljust(letters, "x") for number in range(MANY)])
    room, told = look(desk, activity)
    assert not told.failed
    assert told.result is not None
    texts, more = told.result.texts, told.result.more  # type: ignore[attr-defined]
    assert 50 <= len(texts) <= MOST_SHOWN
    assert (told.result.answered, len(texts) + more) == (MANY, MANY)
    for view in View:
        for dialect in (HTML_DIALECT, JSON_DIALECT):
            parts = render(room, Key(view, "en", dialect)).parts
            assert len(str(parts)) < 1024 * 1024
            if dialect == HTML_DIALECT:
                assert f"and {more} more" in str(parts), view


def test_those_that_are_shown_are_the_same_at_each_look_and_follow_no_order_of_writing(
    desk: Desk,
) -> None:
    activity = desk.activity()
    write(desk, activity, [str(number) for number in range(MOST_SHOWN * 3)])
    first = [text.text for text in look(desk, activity)[1].result.texts]  # type: ignore[union-attr]
    again = [text.text for text in look(desk, activity)[1].result.texts]  # type: ignore[union-attr]
    assert first == again
    written = list(map(int, first))
    assert written != sorted(written)
    assert max(written) > MOST_SHOWN * 2
    assert min(written) < MOST_SHOWN


def test_whatever_is_shown_can_be_hidden_on_the_console(desk: Desk) -> None:
    """Also while as many wait for approval."""
    activity = desk.activity(config={"approval": True})
    write(desk, activity, [f"text {number}" for number in range(MOST_SHOWN * 3)])
    with desk.database.unit_of_work() as session:
        waiting = select(Entry).where(col(Entry.activity_id) == activity).limit(MOST_SHOWN)
        for entry in session.exec(waiting):
            entry.state = EntryState.PENDING
    room, told = look(desk, activity)
    page = str(render(room, Key(View.CONSOLE, "en", HTML_DIALECT)).parts)
    for text in told.result.texts:  # type: ignore[union-attr]
        assert f'id="entry-{activity}-{text.id}" class="visible"' in page


def test_ten_thousand_different_words_are_a_cloud_of_the_most_said(desk: Desk) -> None:
    activity = desk.activity("words")
    write(desk, activity, [f"ord{number}" for number in range(MANY)])
    _, told = look(desk, activity)
    assert told.result is not None
    assert len(told.result.words) == MOST_WORDS  # type: ignore[attr-defined]
    assert told.result.more == MANY - MOST_WORDS  # type: ignore[attr-defined]


def write(desk: Desk, activity: str, texts: list[str]) -> None:
    keys = [ids.random_id() for _ in texts]
    entries = [ids.random_id() for _ in texts]
    rows = [
        {"activity_id": activity, "id": entry, "text": text, "state": "visible", "position": ""}
        for entry, text in zip(entries, texts, strict=True)
    ]
    with desk.database.unit_of_work() as session:
        session.execute(insert(Entry), rows)
        session.execute(
            insert(Ballot),
            [{"activity_id": activity, "key": key, "seq": 1, "people": 1} for key in keys],
        )
        session.execute(
            insert(Mark),
            [
                {"activity_id": activity, "key": key, "entry_id": entry, "value": 1, "people": 1}
                for key, entry in zip(keys, entries, strict=True)
            ],
        )
        session.get_one(Activity, activity).revealed = True
        room = session.get_one(Room, desk.room_id)
        room.status, room.stage_activity_id = "live", activity


def look(desk: Desk, activity: str) -> tuple[RoomSnapshot, ActivityView]:
    with desk.database.reading() as session:
        room, _ = load(session, desk.room_id, Outside("http://x"))
    return room, next(a for a in room.activities if a.id == activity)
