"""Whoever watches a dashboard is told of each change, the first one too."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.access import Actor
from app.database import Database
from app.live.watching import CHANGED, Watcher, Watching
from app.models.kickoffs import Kickoff
from app.models.organisations import Organisation
from app.operations import records
from app.operations.entities import GOALS
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


def test_what_changes_before_the_first_look_is_told_too(tmp_path: Path) -> None:
    """The page fetched itself when it was let in, and would stand as it was until the next change.
    Seen red with the first look only noted."""
    database = Database(empty_sqlite(tmp_path))
    with database.unit_of_work() as session:
        organisation = Organisation(name="Nordlys")
        session.add(organisation)
        session.flush()
        kickoff = Kickoff(title="Kurs", organisation_id=organisation.id)
        session.add(kickoff)
    reader = Actor(id="a", name="Kari", organisation_id=organisation.id, administrator=True)
    line, watching = Line(), Watching(database, at_once)
    of = (kickoff.id, organisation.id)
    watching.enter(Watcher(watching, line, of, lambda: reader))  # type: ignore[arg-type]
    with database.unit_of_work() as session:
        records.create(session, GOALS, kickoff.id, {"title": "Kortere ventetid"})
    for told in (2, 2):
        asyncio.run(watching.look())
        assert line.got == [CHANGED] * told
    database.dispose()
