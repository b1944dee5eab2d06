"""Asks the duties, in every process; the rows see to it that one does each."""

from app import clock
from app.database import Database
from app.notify.background import Background
from app.operations import duties


class DutyRounds(Background):
    name = "duties"
    looks_every_seconds = 10.0

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database

    async def look(self) -> int:
        done = await self._in_thread(duties.perform, self._database, clock.now())
        return len(done)
