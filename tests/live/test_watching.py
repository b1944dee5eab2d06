"""Whoever watches a dashboard is told of each change, the first one too."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app import clock
from app.access import Actor
from app.database import Database
from app.live.watching import CHANGED, Watcher, Watching
from app.models.answers import PublishedPlan
from app.models.kickoffs import Kickoff
from app.models.organisations import Organisation
from app.models.pulse_waves import PulseWave
from app.operations import publications, records
from app.operations.entities import GOALS, PULSES
from app.operations.pulse_settling import settle
from tests.support.seeded import empty_sqlite


class Line:
    """A socket's end that keeps what is written to it."""

    unready = False

    def __init__(self) -> None:
        self.got: list[bytes] = []

    def write_frame(self, frame: bytes) -> None:
        self.got.append(frame)

    def finish(self, code: int) -> None:
        raise AssertionError(f"closed with {code}")


async def at_once(work: Callable[..., Any], *given: Any) -> Any:
    return work(*given)


class Watched:
    """A kickoff whose dashboard somebody watches."""

    def __init__(self, database: Database) -> None:
        self.database, self.line = database, Line()
        with database.unit_of_work() as session:
            organisation = Organisation(name="Nordlys")
            session.add(organisation)
            session.flush()
            self.kickoff = Kickoff(title="Kurs", organisation_id=organisation.id)
            session.add(self.kickoff)
        reader = Actor(id="a", name="Kari", organisation_id=organisation.id, administrator=True)
        self.watching = Watching(database, at_once)
        of = (self.kickoff.id, organisation.id)
        self.watching.enter(Watcher(self.watching, self.line, of, lambda: reader))  # type: ignore[arg-type]

    def told(self) -> int:
        """How often by now; a second look finds nothing new."""
        for _ in range(2):
            asyncio.run(self.watching.look())
        assert set(self.line.got) == {CHANGED}
        return len(self.line.got)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    database = Database(empty_sqlite(tmp_path))
    yield Watched(database)
    database.dispose()


def test_what_changes_before_the_first_look_is_told_too(watched: Watched) -> None:
    """The page fetched itself when it was let in, and would stand as it was until the next change.
    Seen red with the first look only noted."""
    with watched.database.unit_of_work() as session:
        records.create(session, GOALS, watched.kickoff.id, {"title": "Kortere ventetid"})
    assert watched.told() == 2


def test_a_pulse_that_opens_and_settles_is_told_and_a_plan_that_is_published(
    watched: Watched,
) -> None:
    """Neither is a change of the plan. Seen red with the plan's changes alone looked at."""
    begun, database, id = watched.told(), watched.database, watched.kickoff.id
    with database.unit_of_work() as session:
        pulse = records.create(session, PULSES, id, {"title": "Retningen"})
        wave = PulseWave(
            kickoff_id=id, pulse_id=pulse.id, number=1, opens_at=clock.now(), closes_at=clock.now()
        )
    watched.told()
    with database.unit_of_work() as session:
        session.add(wave)
    assert (opened := watched.told()) > begun
    with database.unit_of_work() as session:
        session.get_one(PulseWave, wave.id).closed_at = clock.now()
    settle(database, wave.id, None)
    assert watched.told() == opened + 1
    for made, anew in enumerate((False, True), 1):
        with database.unit_of_work() as session:
            publications.publish(session, PublishedPlan, id, anew=anew)
        assert watched.told() == opened + 1 + made
    with database.unit_of_work() as session:
        publications.unpublish(session, PublishedPlan, id)
    assert watched.told() == opened + 4
