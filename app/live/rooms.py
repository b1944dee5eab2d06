"""The rooms of this process: found by code or secret, kept while somebody is in them."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import Executor

from sqlalchemy import func
from sqlmodel import col, select

from app import clock, ids
from app.database import Database
from app.errors import UnknownRoom
from app.live.audience import Client
from app.live.loading import Outside
from app.live.room import Room
from app.models.rooms import Room as RoomRow
from app.web import metrics
from app.web.guessing import GuessBudget

FORGET_AFTER = 600.0


class Rooms:
    """Belongs to the event loop."""

    def __init__(
        self,
        database: Database,
        workers: Executor,
        outside: Callable[[], Outside],
        guesses: GuessBudget,
        large: int,
    ) -> None:
        self._database = database
        self._workers = workers
        self._outside = outside
        self._guesses = guesses
        self._large = large
        self._rooms: dict[str, Room] = {}

    def get(self, room_id: str) -> Room:
        """The room with that id, which exists."""
        room = self._rooms.get(room_id)
        if room is None:
            room = Room(room_id, self._database, self._workers, self._outside, self._large)
            self._rooms[room_id] = room
        room.used_at = clock.monotonic()
        return room

    async def find(self, code_or_secret: str) -> Room:
        """By what the QR code carries, or by a typed code within the budget for wrong ones.

        Raises `UnknownRoom` (wrong, closed: the same), `CodesPaused`.
        """
        if len(code_or_secret) > 64:
            raise UnknownRoom
        typed = ids.normal_code(code_or_secret)
        if not ids.is_code(typed):
            return self.get(await self._look_up(secret=code_or_secret))
        with self._guesses.guess():
            return self.get(await self._look_up(code=typed))

    async def _look_up(self, *, code: str = "", secret: str = "") -> str:
        for room in self._rooms.values():
            known = room.snapshot
            # At most two seconds old: a rotated code dies as fast.
            if known is None or clock.monotonic() - room.looked_at >= 2.0:
                continue
            by_code = bool(code) and known.code == code and known.status != "ended"
            if by_code or (secret and known.secret == secret):
                return room.id
        found = await asyncio.get_running_loop().run_in_executor(
            self._workers, self._query, code, secret
        )
        if found is None:
            raise UnknownRoom
        return found

    def _query(self, code: str, secret: str) -> str | None:
        with self._database.reading() as session:
            wanted = select(RoomRow.id).where(col(RoomRow.secret) == secret)
            if code:
                # A typed code lives as long as the room; the QR code's secret leads there
                # afterwards, too.
                wanted = select(RoomRow.id).where(
                    col(RoomRow.code) == code, col(RoomRow.status) != "ended"
                )
            return session.exec(wanted).first()

    async def was_ended(self, code: str) -> bool:
        """Whether a typed code was that of a room whose day is over, to say so. It opens nothing,
        and is asked only after a look-up that was charged as a wrong one."""
        if not ids.is_code(code):
            return False

        def query() -> bool:
            with self._database.reading() as session:
                wanted = select(RoomRow.id).where(
                    col(RoomRow.code) == code, col(RoomRow.status) == "ended"
                )
                return session.exec(wanted).first() is not None

        return await asyncio.get_running_loop().run_in_executor(self._workers, query)

    def count(self) -> int:
        """How many rooms have a valid code. Blocks."""
        with self._database.reading() as session:
            wanted = select(func.count()).select_from(RoomRow).where(col(RoomRow.status) != "ended")
            return int(session.execute(wanted).scalar_one())

    def all(self) -> Iterable[Room]:
        return self._rooms.values()

    def clients(self) -> list[Client]:
        """Everybody in every room; those who run the room first."""
        everybody = [client for room in self._rooms.values() for client in room.clients]
        return sorted(everybody, key=lambda client: client.key.view == "phone")

    def touch(self, room_ids: set[str]) -> None:
        for room_id in room_ids:
            if (room := self._rooms.get(room_id)) is not None:
                room.touch()

    async def compare_revisions(self) -> None:
        """The floor under the bus: whoever is at another revision than the database looks."""
        busy = [room for room in self._rooms.values() if not room.is_empty]
        if not busy:
            return
        now = await asyncio.get_running_loop().run_in_executor(
            self._workers, self._revisions, [room.id for room in busy]
        )
        for room in busy:
            known = room.snapshot
            if known is None or now.get(room.id) != (known.epoch, known.revision):
                room.touch()
            else:
                room.looked_at = clock.monotonic()

    def _revisions(self, room_ids: list[str]) -> dict[str, tuple[str, int]]:
        with self._database.reading() as session:
            wanted = select(RoomRow.id, RoomRow.epoch, RoomRow.revision).where(
                col(RoomRow.id).in_(room_ids)
            )
            return {row[0]: (row[1], row[2]) for row in session.exec(wanted)}

    def sweep(self) -> None:
        """Help those who read slowly, forget rooms that nobody is in."""
        waiting = 0
        for room in list(self._rooms.values()):
            room.help_those_behind()
            waiting += sum(
                client.backlog for client in room.clients if client.behind_since is not None
            )
            if room.is_empty and clock.monotonic() - room.used_at > FORGET_AFTER:
                room.stop()
                del self._rooms[room.id]
        metrics.queue_bytes.set(waiting)

    def stop(self) -> None:
        for room in self._rooms.values():
            room.stop()
