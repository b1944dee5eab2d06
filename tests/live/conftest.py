"""A database with one room, three attendees and a vault: what the ledger's parts work on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from app.database import Database
from app.ids import random_id, secret
from app.live.counting import Counting
from app.live.ledger_sql import Statements
from app.live.prepared import make_draft
from app.live.vault import FileVault
from app.live.votes import Vote
from app.models.activities import Activity, ActivityStatus, Entry
from app.models.kickoffs import Kickoff
from app.models.rooms import Participant, Room
from app.operations.accounts import new_organisation
from app.operations.rooms import new_room
from tests.support.seeded import empty_postgres, empty_sqlite


@dataclass
class Desk:
    """The ledger's tools, without its queue."""

    database: Database
    vault: FileVault
    room_id: str
    kickoff_id: str
    people: list[str] = field(default_factory=list)

    def activity(
        self,
        kind: str = "open_text",
        *,
        mode: str = "anonymous",
        status: str = ActivityStatus.OPEN,
        config: dict[str, Any] | None = None,
        options: list[str] | None = None,
    ) -> str:
        with self.database.unit_of_work() as session:
            asked = {"kind": kind, "title": "?", "mode": mode, "room_id": self.room_id}
            more = {"config": config or {}, "options": options or []}
            made = make_draft(session, self.kickoff_id, {**asked, **more})
            made.status = status
        if mode == "anonymous":
            self.vault.make(made.id)
        return made.id

    def close(self, activity: str, *, at: int = 1) -> None:
        with self.database.unit_of_work() as session:
            row = session.get_one(Activity, activity)
            row.status, row.closed_at = ActivityStatus.CLOSED, at

    def vote(self, activity: str, who: int = 0, seq: int = 1, **data: Any) -> Vote:
        return Vote(secret(), seq, activity, self.room_id, self.people[who], data)

    def count(self, *votes: Vote) -> list[str | None]:
        """One batch: the codes of its refusals; None is an acknowledgement."""
        with self.database.transaction() as connection:
            answers = Counting(self.sql, self.vault, votes).write(connection)
        return [answer and answer.code for answer in answers]

    @property
    def sql(self) -> Statements:
        return Statements(sqlite=self.database.is_sqlite)

    def texts(self, activity: str) -> list[str]:
        with self.database.reading() as session:
            wanted = select(Entry.text).where(Entry.activity_id == activity)
            return sorted(session.exec(wanted))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    yield from _desk(tmp_path, empty_sqlite(tmp_path))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def each_desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """On one database and on the other, for what is said in their own words."""
    if request.param == "sqlite":
        yield from _desk(tmp_path, empty_sqlite(tmp_path))
    else:
        with empty_postgres(request.getfixturevalue("postgres_server")) as url:
            yield from _desk(tmp_path, url)


def _desk(tmp_path: Path, url: str) -> Iterator[Desk]:
    database = Database(url)
    made = Desk(database, FileVault(tmp_path / "keys"), "", "")
    with database.unit_of_work() as session:
        _furnish(session, made)
    yield made
    database.dispose()


def _furnish(session: Session, made: Desk) -> None:
    organisation = new_organisation(session, "Nordlys")
    kickoff = Kickoff(organisation_id=organisation.id, title="Kickoff")
    session.add(kickoff)
    session.flush()
    new_room(session, kickoff.id)
    made.kickoff_id = kickoff.id
    made.room_id = session.exec(select(Room.id)).one()
    for _ in range(3):
        made.people.append(random_id())
        session.add(Participant(id=made.people[-1], room_id=made.room_id))
