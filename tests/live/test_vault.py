"""Keys: whole on disk before they count, given back where they got lost, gone when destroyed."""

from pathlib import Path

import pytest
from sqlmodel import select

from app.errors import NotSaved
from app.live import keys
from app.live.keys import KeyKeeper
from app.live.vault import PREFIX, FileVault, RedisVault, Vault, tag
from app.models.activities import Activity, ActivityStatus
from app.models.rooms import RoomEvent
from tests.live.conftest import Desk
from tests.support.redis import Redis


def test_a_key_is_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "keys")
    vault.make("one")
    path = tmp_path / "keys" / "one.key"
    assert (path.stat().st_mode & 0o777, (tmp_path / "keys").stat().st_mode & 0o777) == (
        0o600,
        0o700,
    )
    assert vault.key("one") == path.read_bytes()
    assert FileVault(tmp_path / "keys").key("one") == path.read_bytes()
    vault.make("one")
    assert vault.key("one") == path.read_bytes()


def test_half_a_key_from_a_crash_is_none(tmp_path: Path) -> None:
    (tmp_path / "one.new").write_bytes(b"half")
    vault = FileVault(tmp_path)
    assert (vault.key("one"), vault.held()) == (None, set())
    vault.make("one")
    assert len(vault.key("one") or b"") == 32


def test_a_destroyed_key_is_neither_on_disk_nor_in_memory(tmp_path: Path) -> None:
    vault = FileVault(tmp_path)
    vault.make("one")
    vault.destroy("one")
    vault.destroy("one")
    assert (vault.key("one"), vault.held(), list(tmp_path.iterdir())) == (None, set(), [])


def test_a_file_that_vanished_is_written_again_by_who_remembers(tmp_path: Path) -> None:
    vault = FileVault(tmp_path)
    vault.make("one")
    (tmp_path / "one.key").unlink()
    assert vault.held() == {"one"}
    vault.keep("one")
    assert (tmp_path / "one.key").read_bytes() == vault.key("one")


def test_a_tag_needs_the_key() -> None:
    assert tag(b"a" * 32, "somebody") == tag(b"a" * 32, "somebody")
    assert len({tag(b"a" * 32, "one"), tag(b"a" * 32, "other"), tag(b"b" * 32, "one")}) == 3


def test_a_redis_started_anew_gets_its_keys_back(redis_server: Redis, redis_url: str) -> None:
    vault, other = RedisVault(redis_url), RedisVault(redis_url)
    vault.make("one")
    key = vault.key("one")
    redis_server.empty()
    assert other.key("one") is None
    vault.keep("one")
    assert other.key("one") == key


def test_of_two_keys_the_one_in_redis_holds(redis_server: Redis, redis_url: str) -> None:
    vault, other = RedisVault(redis_url), RedisVault(redis_url)
    vault.make("one")
    assert vault.key("one")
    redis_server.empty()
    other.make("one")
    vault.keep("one")
    assert vault.key("one") == other.key("one")


def test_a_redis_that_is_away_is_said_and_is_not_a_lost_key() -> None:
    vault = RedisVault("redis://127.0.0.1:1/0")
    for ask in (vault.make, vault.key, vault.destroy):
        with pytest.raises(NotSaved):
            ask("one")


def test_every_process_forgets_the_key_of_what_was_scrubbed(
    desk: Desk, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also the one that had scrubbed it and died before the key was destroyed."""
    activity = desk.activity()
    here, there = RedisVault(redis_url), RedisVault(redis_url)
    here.make(activity)
    assert here.key(activity) == there.key(activity)
    with desk.database.unit_of_work() as session:
        row = session.get_one(Activity, activity)
        row.status, row.scrubbed = ActivityStatus.CLOSED, True
    for vault in (here, there, desk.vault):
        KeyKeeper(desk.database, vault).tend()
        assert (vault.key(activity), vault.held()) == (None, set())


def test_an_open_activity_without_a_key_is_frozen_after_a_while(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = desk.activity()
    desk.vault.destroy(activity)
    keeper = KeyKeeper(desk.database, desk.vault)
    keeper.tend()
    assert _status(desk, activity) == "open", "another process may give it back"
    monkeypatch.setattr(keys, "PATIENCE", 0.0)
    keeper.tend()
    assert _status(desk, activity) == "frozen"
    with desk.database.reading() as session:
        told = session.exec(select(RoomEvent.name, RoomEvent.actor)).all()
    assert list(map(tuple, told)) == [("activity.freeze", "")]


def test_a_key_that_comes_back_in_time_changes_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = desk.activity()
    desk.vault.destroy(activity)
    keeper = KeyKeeper(desk.database, desk.vault)
    keeper.tend()
    desk.vault.make(activity)
    monkeypatch.setattr(keys, "PATIENCE", 0.0)
    keeper.tend()
    assert _status(desk, activity) == "open"


@pytest.mark.parametrize("kind", ["file", "redis"])
def test_the_key_of_an_activity_that_is_no_more_is_destroyed_after_a_while(
    desk: Desk, kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault: Vault = desk.vault
    if kind == "redis":
        vault = RedisVault(request.getfixturevalue("redis_url"))
    kept, deleted = desk.activity(), desk.activity()
    for activity in (kept, deleted):
        vault.make(activity)
    with desk.database.unit_of_work() as session:
        session.delete(session.get_one(Activity, deleted))
    keeper = KeyKeeper(desk.database, vault)
    keeper.tend()
    keeper.tend()
    assert vault.key(deleted), "an opening may not be committed yet"
    monkeypatch.setattr(keys, "ORPHANED_FOR", 0.0)
    keeper.tend()
    assert (vault.key(deleted), vault.held()) == (None, {kept})


def test_a_key_whose_opening_is_committed_late_is_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.vault.make("to-come")
    keeper = KeyKeeper(desk.database, desk.vault)
    keeper.tend()
    activity = desk.activity()
    with desk.database.unit_of_work() as session:
        session.get_one(Activity, activity).id = "to-come"
    monkeypatch.setattr(keys, "ORPHANED_FOR", 0.0)
    keeper.tend()
    assert desk.vault.key("to-come")


def test_keys_have_names_of_our_own(redis_server: Redis, redis_url: str) -> None:
    vault = RedisVault(redis_url)
    vault.make("one")
    assert vault.held() == {"one"}
    assert PREFIX.startswith("kickoff:")


def _status(desk: Desk, activity: str) -> str:
    with desk.database.reading() as session:
        return session.get_one(Activity, activity).status
