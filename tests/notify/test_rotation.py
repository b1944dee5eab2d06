"""S13: after the key was changed, webhooks are delivered as before, and the old key opens nothing.

Seen red with rows left as they were (`_reseal` returns at once), and with the old key's file left
behind.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from standardwebhooks import Webhook as Verifier
from typer.testing import CliRunner

from app import cli
from app.database import Database
from app.migrate import migrate
from app.models.kickoffs import Kickoff
from app.models.webhooks import Webhook
from app.notify import rotation, webhooks
from app.notify.courier import Courier
from app.notify.sealing import opened
from app.operations import accounts, records
from app.operations.entities import GOALS
from app.settings import Settings
from tests.notify.receiver import Receiver, receiver

OLD, NEW = "the old key, which somebody has seen", "the new key, which nobody knows yet"


class Place:
    """A server's folder with its database, and a webhook that was made under its first key."""

    def __init__(self, folder: Path, hook: Receiver, **given: Any) -> None:
        self.folder, self.hook = folder, hook
        self.first = self.settings(**given)
        migrate(self.first.database_url)
        self.database = Database(self.first.database_url)
        with self.database.unit_of_work() as session:
            owner = accounts.new_organisation(session, "Nordlys")
            kickoff = Kickoff(organisation_id=owner.id, title="Kurs")
            session.add(kickoff)
            session.flush()
            self.kickoff_id = kickoff.id
            made, self.secret = webhooks.make(
                session, self.first.signing_key, kickoff.id, name="Mottaker", url=hook.url
            )
            self.webhook_id = made.id

    def settings(self, **given: Any) -> Settings:
        """Read anew, as by a process that starts."""
        return Settings(
            database_url=f"sqlite:///{self.folder}/kickoff.db",
            webhook_networks="127.0.0.0/8",
            _env_file=None,
            **given,
        )

    def is_told_by(self, settings: Settings) -> bool:
        """Whether the webhook hears of a change, signed with its own secret."""
        with self.database.unit_of_work() as session:
            records.create(session, GOALS, self.kickoff_id, {"title": "Svar samme dag"})
        before = len(self.hook.got)
        courier = Courier(settings, self.database, lambda _host, _port: ["127.0.0.1"])
        asyncio.run(courier.round())
        told = self.hook.got[before:]
        return bool(told) and bool(Verifier(self.secret).verify(told[0][2], told[0][1]))

    def stored(self) -> tuple[str, str]:
        with self.database.reading() as session:
            row = session.scalars(select(Webhook)).one()
        return row.sealed_url, row.sealed_secret


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as server:
        yield server


def rotate(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> tuple[int, str]:
    monkeypatch.setattr(cli, "Settings", lambda: settings)
    done = CliRunner().invoke(cli.app, ["rotate-key"])
    return done.exit_code, done.output


def test_with_the_keys_file_a_new_key_takes_over(
    tmp_path: Path, hook: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(tmp_path, hook)
    old = place.first.signing_key
    assert place.is_told_by(place.first)
    assert rotate(monkeypatch, place.settings())[0] == 0
    after = place.settings()
    assert after.signing_key != old
    assert after.key_file.stat().st_mode & 0o777 == 0o600
    assert place.is_told_by(after)
    assert [opened(old, text) for text in place.stored()] == [None, None]
    assert [one.name for one in tmp_path.glob("secret.key*")] == ["secret.key"]


def test_who_is_stopped_on_the_way_loses_nothing_and_begins_again(
    tmp_path: Path, hook: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(tmp_path, hook)
    assert place.first.signing_key

    def stopped(*_given: object) -> rotation.Rotated:
        raise KeyboardInterrupt

    with monkeypatch.context() as at_this_moment:
        at_this_moment.setattr(rotation, "rotate_to", stopped)
        with pytest.raises(KeyboardInterrupt):
            rotation.rotate_file(place.settings(), place.database)
    halfway = place.settings()
    assert place.is_told_by(halfway)
    assert rotate(monkeypatch, place.settings())[0] == 0
    assert place.settings().signing_key == halfway.signing_key
    assert place.is_told_by(place.settings())


def test_with_a_given_key_both_open_until_the_old_one_is_taken_away(
    tmp_path: Path, hook: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(tmp_path, hook, secret_key=OLD)
    code, said = rotate(monkeypatch, place.settings(secret_key=NEW))
    assert code == 2
    assert "KICKOFF_SECRET_KEY_BEFORE" in said
    meanwhile = place.settings(secret_key=NEW, secret_key_before=OLD)
    assert place.is_told_by(meanwhile)
    assert rotate(monkeypatch, meanwhile)[0] == 0
    assert place.is_told_by(place.settings(secret_key=NEW))
    assert not place.is_told_by(place.settings(secret_key=OLD))


def test_what_neither_key_opens_stays_and_is_told(
    tmp_path: Path, hook: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(tmp_path, hook, secret_key=OLD)
    before = place.stored()
    wrong = place.settings(secret_key=NEW, secret_key_before="some other key")
    code, said = rotate(monkeypatch, wrong)
    assert (code, place.stored()) == (1, before)
    assert "2 were sealed with neither key" in said


def test_whatever_is_sealed_stands_in_a_column_that_says_so() -> None:
    """A new part that seals something is found by its column's name."""
    named = {f"{column.table.name}.{column.name}" for column in rotation.sealed_columns()}
    assert named >= {"webhook.sealed_url", "webhook.sealed_secret"}
    texts = [path.read_text() for path in Path("app").rglob("*.py") if path.name != "sealing.py"]
    for text in texts:
        for line in text.splitlines():
            call = "sealed(" in line and "import" not in line and "def " not in line
            assert not call or "sealed_" in line or "{column:" in line, line
