"""The demo is a working day in the middle of it, at whatever hour it is started."""

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlmodel import select

from app import clock
from app.database import Database
from app.demo import prepare_demo
from app.live.loading import Outside, load
from app.live.snapshot import RoomSnapshot
from app.live.vault import FileVault
from app.migrate import migrate
from app.models.rooms import Room

OSLO = ZoneInfo("Europe/Oslo")
# Every hour, by turns in winter and in summer; at length each of them in both.
MOMENTS = [
    pytest.param(*season, hour, marks=[pytest.mark.chaos] if (hour + turn) % 2 else [])
    for hour in range(24)
    for turn, season in enumerate([(1, 0), (7, 43)])
]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("demo") / "empty.db"
    migrate(f"sqlite:///{path}")
    return path.read_bytes()


def started_at(moment: datetime, folder: Path, empty: bytes) -> RoomSnapshot:
    """The room that somebody finds who starts the demo at that moment."""
    (folder / "demo.db").write_bytes(empty)
    database = Database(f"sqlite:///{folder}/demo.db")
    with time_machine.travel(moment, tick=False):
        prepare_demo(database, FileVault(folder / "keys"), "http://127.0.0.1")
        with database.reading() as session:
            room_id = session.exec(select(Room.id)).one()
            found, _ = load(session, room_id, Outside("", now_ms=clock.now_ms()))
    database.dispose()
    return found


@pytest.mark.parametrize("month, minute, hour", MOMENTS)
def test_the_day_is_a_working_day_at_every_hour(
    tmp_path: Path, empty: bytes, month: int, minute: int, hour: int
) -> None:
    here = datetime(2027, month, 14, hour, minute, tzinfo=OSLO)
    room = started_at(here.astimezone(UTC), tmp_path, empty)
    first, last = room.blocks[0], room.blocks[-1]
    assert 8 * 60 <= first.starts <= 13 * 60
    assert last.starts + last.minutes <= 19 * 60
    assert room.day == here.date().isoformat()
    # A little late, as days are, and the end is where such a delay would put it.
    assert 0 <= room.drift_minutes <= 6
    assert room.projected_end is not None
    assert 0 <= room.projected_end - (last.starts + last.minutes) <= 6
    # What runs is what the plan has at this time of the room's own clock.
    assert room.block is not None
    assert room.block.number == 6
    own = here.astimezone(ZoneInfo(room.time_zone))
    at = own.hour * 60 + own.minute
    assert room.block.starts <= at < room.block.starts + room.block.minutes
    assert all(a.starts + a.minutes <= b.starts for a, b in pairwise(room.blocks))


@pytest.mark.parametrize("hour", [10, 11, 12, 13])
def test_in_working_hours_it_is_the_venues_own_time(
    tmp_path: Path, empty: bytes, hour: int
) -> None:
    here = datetime(2027, 3, 2, hour, 5, tzinfo=OSLO)
    assert started_at(here.astimezone(UTC), tmp_path, empty).time_zone == "Europe/Oslo"
