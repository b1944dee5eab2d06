"""One room in memory, with clients that write down what they are shown."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest

from app.database import Database
from app.errors import NotFound, NotSaved
from app.live import audience as audience_module
from app.live import faults, parts
from app.live import room as room_module
from app.live.audience import Row
from app.live.loading import Outside
from app.live.renderings import Key, Rendering
from app.live.roles import View
from app.live.room import Room
from app.live.wire import JSON_DIALECT
from app.models.rooms import Room as RoomRow
from tests.live.conftest import Desk
from tests.live.test_endings import push

PHONE, CONSOLE = (Key(view, "nb", JSON_DIALECT) for view in (View.PHONE, View.CONSOLE))


class Line:
    """A socket that keeps frames; `full` and `backlog` are what a test says."""

    def __init__(self) -> None:
        self.full = self.said_goodbye = False
        self.backlog = 0
        self.taken = 0
        self.revisions: list[int] = []

    @property
    def unready(self) -> bool:
        return self.full or self.said_goodbye

    def write(self, frame: bytes) -> None:
        self.revisions.append(orjson.loads(frame[frame.index(b"{") :])["rev"])

    write_frame = write


class Someone:
    def __init__(self, key: Key = PHONE, participant_id: str | None = None) -> None:
        self.key = key
        self.participant_id = participant_id
        self.row: Row | None = None
        self.behind_since: float | None = None
        self.taken = 0
        self.line: Any = Line()
        self.greeted: list[Rendering] = []
        self.byes: list[str] = []
        self.aborted = False

    @property
    def backlog(self) -> int:
        return int(self.line.backlog)

    def write(self, frame: bytes) -> None:
        self.line.write_frame(frame)

    def say_goodbye(self, reason: str, retry_after_ms: int | None, code: int) -> None:
        self.byes.append(reason)

    def abort(self) -> None:
        self.aborted = True


@asynccontextmanager
async def opened(desk: Desk) -> AsyncIterator[Room]:
    workers = ThreadPoolExecutor(2)
    room = Room(desk.room_id, desk.database, workers, lambda: Outside("http://x"), 500)
    try:
        yield room
    finally:
        room.stop()
        workers.shutdown()


def change(database: Database, room_id: str, **columns: Any) -> None:
    with database.unit_of_work() as session:
        row = session.get_one(RoomRow, room_id)
        row.revision += 1
        row.control += 1
        for name, value in columns.items():
            setattr(row, name, value)


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 -- a test's patience
            await asyncio.sleep(0.01)


def play(desk: Desk, scene: Callable[[Room], Any]) -> None:
    async def run() -> None:
        async with opened(desk) as room:
            await scene(room)

    asyncio.run(run())


def test_who_left_before_the_first_look_is_not_kept(desk: Desk) -> None:
    async def scene(room: Room) -> None:
        hasty, patient = Someone(), Someone()
        for one in (hasty, patient):
            room.enter(one, one.greeted.append)
        room.leave(hasty)
        await until(lambda: patient.greeted)
        assert not hasty.greeted
        assert list(room.clients) == [patient]
        room.leave(patient)
        assert room.is_empty

    play(desk, scene)


def test_who_comes_to_an_empty_view_is_shown_the_present(desk: Desk) -> None:
    async def scene(room: Room) -> None:
        first, second = Someone(CONSOLE), Someone(CONSOLE)
        room.enter(first, first.greeted.append)
        await until(lambda: first.greeted)
        room.leave(first)
        await asyncio.to_thread(change, desk.database, desk.room_id)
        room.enter(second, second.greeted.append)
        await until(lambda: second.greeted)
        assert second.greeted[0].place.revision == first.greeted[0].place.revision + 1

    play(desk, scene)


def test_who_has_seen_more_than_this_process_waits_for_the_next_look(desk: Desk) -> None:
    async def scene(room: Room) -> None:
        here, ahead = Someone(), Someone()
        room.enter(here, here.greeted.append)
        await until(lambda: here.greeted)
        place = here.greeted[0].place
        # Another process has told it of what this one has not heard.
        await asyncio.to_thread(change, desk.database, desk.room_id)
        room.enter(ahead, ahead.greeted.append, known=(place.epoch, place.revision + 1))
        assert not ahead.greeted
        await until(lambda: ahead.greeted)
        assert ahead.greeted[0].place.revision == place.revision + 1
        dreamer = Someone()
        room.enter(dreamer, dreamer.greeted.append, known=(place.epoch, 2**53))
        await until(lambda: dreamer.greeted)
        assert dreamer.greeted[0].place.revision == place.revision + 1

    play(desk, scene)


def test_a_pages_look_that_fails_leaves_the_push_due(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page asks between two ticks: its look takes the place of the push's."""

    async def scene(room: Room) -> None:
        phone = Someone()
        room.enter(phone, phone.greeted.append)
        await until(lambda: phone.greeted)
        await asyncio.to_thread(change, desk.database, desk.room_id, status="live")
        with monkeypatch.context() as away:
            away.setattr(room, "_see", _away)
            room.touch()
            with pytest.raises(NotSaved):
                await room.fresh(max_age=0.0)
        await until(lambda: phone.line.revisions)
        assert phone.line.revisions == [phone.greeted[0].place.revision + 1]

    play(desk, scene)


def _away(*_: Any) -> Any:
    raise NotSaved("the database is away")


def test_a_newer_picture_overtakes_an_older_one_and_never_the_other_way(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two broadcasts are under way at once, in opposite directions."""
    monkeypatch.setattr(audience_module, "SLICE", 1)

    async def scene(room: Room) -> None:
        crowd = [Someone() for _ in range(40)]
        for one in crowd:
            room.enter(one, one.greeted.append)
        await until(lambda: all(one.greeted for one in crowd))
        audience = room._audiences[PHONE]
        pictures = []
        for _ in range(2):
            change(desk.database, desk.room_id)
            pictures.append(room._see(room._outside(), [PHONE])[1][PHONE])
        under_way = []
        for picture in pictures:
            audience.now = picture
            audience.rows.reverse()
            under_way.append(asyncio.ensure_future(audience.broadcast()))
            for _ in range(5):
                await asyncio.sleep(0)
        await asyncio.gather(*under_way)
        newest = pictures[-1].place.revision
        for one in crowd:
            assert one.line.revisions == sorted(one.line.revisions)
            assert one.line.revisions[-1] == newest

    play(desk, scene)


def test_who_is_behind_gets_the_newest_or_is_cut(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience_module, "STUCK_SECONDS", 0.6)

    async def scene(room: Room) -> None:
        reader, slow, stuck = Someone(), Someone(), Someone()
        for one in (reader, slow, stuck):
            room.enter(one, one.greeted.append)
        await until(lambda: all(one.greeted for one in (reader, slow, stuck)))
        for one in (slow, stuck):
            one.line.full, one.line.backlog = True, 100_000
            room.hold(one)
        for number in range(3):
            await asyncio.to_thread(change, desk.database, desk.room_id)
            room.touch()
            await until(lambda number=number: len(reader.line.revisions) == number + 1)
        assert slow.line.revisions == []
        room.help_those_behind()
        for _ in range(5):
            await asyncio.sleep(0.2)
            slow.line.taken += 10
            room.help_those_behind()
        assert (slow.aborted, stuck.aborted) == (False, True)
        slow.line.full, slow.line.backlog = False, 0
        room.help_those_behind()
        assert slow.line.revisions == reader.line.revisions[-1:]

    play(desk, scene)


def test_who_is_full_before_a_broadcast_comes_by_is_brought_up_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And who has said good-bye meanwhile is written nothing more."""
    monkeypatch.setattr(audience_module, "SLICE", 1)

    async def scene(room: Room) -> None:
        first, full, leaving = crowd = [Someone() for _ in range(3)]
        for one in crowd:
            room.enter(one, one.greeted.append)
        await until(lambda: all(one.greeted for one in crowd))
        audience = room._audiences[PHONE]
        change(desk.database, desk.room_id)
        audience.now = room._see(room._outside(), [PHONE])[1][PHONE]
        under_way = asyncio.ensure_future(audience.broadcast())
        await asyncio.sleep(0)
        assert first.line.revisions
        assert not full.line.revisions
        full.line.full, full.line.backlog = True, 100_000
        leaving.line.said_goodbye = True
        for one in (full, leaving):
            room.hold(one)
        await under_way
        assert (full.line.revisions, leaving.line.revisions) == ([], [])
        assert (full.behind_since is None, leaving.behind_since is None) == (False, True)
        full.line.full, full.line.backlog = False, 0
        room.help_those_behind()
        assert full.line.revisions == first.line.revisions
        change(desk.database, desk.room_id)
        audience.now = room._see(room._outside(), [PHONE])[1][PHONE]
        await audience.broadcast()
        assert full.line.revisions == first.line.revisions
        assert len(full.line.revisions) == 2

    play(desk, scene)


def test_who_came_between_two_broadcasts_is_shown_what_was_taken_back(desk: Desk) -> None:
    """A picture that nobody else saw, and the one before it again: who saw it is not left with
    it."""

    async def scene(room: Room) -> None:
        early = Someone()
        room.enter(early, early.greeted.append)
        await until(lambda: early.greeted)
        audience = room._audiences[PHONE]
        change(desk.database, desk.room_id)
        audience.now = room._see(room._outside(), [PHONE])[1][PHONE]
        late = Someone()
        room.enter(late, late.greeted.append)
        assert late.greeted == [audience.now]
        audience.now = early.greeted[0]
        assert audience.is_due
        await audience.broadcast()
        assert late.line.revisions == [early.greeted[0].place.revision]
        assert early.line.revisions == []

    play(desk, scene)


def test_all_who_ask_at_once_share_a_look(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []

    async def scene(room: Room) -> None:
        see = room._see
        monkeypatch.setattr(room, "_see", lambda *asked: looks.append(1) or see(*asked))
        await asyncio.gather(*(room.fresh(max_age=0) for _ in range(50)))
        assert len(looks) <= 2

    play(desk, scene)


def test_a_view_that_cannot_be_drawn_leaves_the_others_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw, noted = room_module.render, []
    monkeypatch.setattr(faults, "note", lambda event, **_: noted.append(event))

    def broken(snapshot: Any, key: Key, earlier: Rendering | None = None) -> Rendering:
        if key == CONSOLE:
            raise KeyError("broken on purpose")
        return draw(snapshot, key, earlier)

    monkeypatch.setattr(room_module, "render", broken)

    async def scene(room: Room) -> None:
        phone, console = Someone(), Someone(CONSOLE)
        for one in (phone, console):
            room.enter(one, one.greeted.append)
        await until(lambda: phone.greeted)
        monkeypatch.setattr(room_module, "render", draw)
        room.touch()
        await until(lambda: console.greeted)
        assert noted == ["room.render_failed"]

    play(desk, scene)


def test_who_was_removed_is_told_at_the_next_look(desk: Desk) -> None:
    async def scene(room: Room) -> None:
        one, other = (Someone(participant_id=person) for person in desk.people[:2])
        for each in (one, other):
            room.enter(each, each.greeted.append)
        await until(lambda: one.greeted and other.greeted)

        removed = {"participant": desk.people[0]}
        await asyncio.to_thread(push, desk, "participant.remove", **removed)
        room.touch()
        await until(lambda: one.byes)
        assert (one.byes, other.byes) == (["removed"], [])

    play(desk, scene)


def test_however_much_is_asked_for_a_room_keeps_so_much_and_no_more(desk: Desk) -> None:
    """Seen red: any name of a part that an attendee thought up was kept for good."""

    async def scene(room: Room) -> None:
        whole = await room.fresh()
        before = len(room._kept)
        for n in range(5):
            with pytest.raises(NotFound):
                await parts.rendered(room, whole, View.PHONE, "no-such", f"thought-up-{n}")
        assert len(room._kept) == before

        async def made() -> str:
            return "made"

        for n in range(room_module.MOST_KEPT + 50):
            await room.kept(n, 0, made)
        assert len(room._kept) == room_module.MOST_KEPT

    play(desk, scene)
