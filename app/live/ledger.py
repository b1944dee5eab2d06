"""The ledger: what phones send becomes durable here, many at a time, and only here it is
acknowledged.

One commit at a time; while it runs, what arrives waits and goes into the next one together (group
commit). Nobody hears "ack" before COMMIT has returned. The order of closing and voting is the
database's: BEGIN IMMEDIATE on SQLite, shared and exclusive advisory locks on PostgreSQL.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection

from app import clock
from app.database import Database
from app.errors import KickoffError, NotSaved
from app.live.counting import Counting
from app.live.ledger_sql import Statements, run
from app.live.seating import NO_SEAT, seat_returned, seats
from app.live.vault import Vault
from app.live.votes import Present, Vote
from app.web import metrics

log = structlog.get_logger()

LARGEST_BATCH = 1000
LONGEST_QUEUE = 50_000
CROWD = 20  # votes in one commit, from which on the next waits for company
PAUSE_SECONDS = 0.001  # without a newcomer, after which a wave is over
GATHER_SECONDS = 0.002  # at most: while one half of a room is committed, the other half votes

Done = Callable[[KickoffError | None], None]


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who joins. With `teams` the smallest of them becomes their team."""

    participant_id: str
    room_id: str
    name: str
    team_id: str | None
    people: int
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Return:
    """Somebody who joined earlier is here again, and in no group: they get a place."""

    participant_id: str
    room_id: str


Item = Vote | Arrival | Return


class Ledger:
    """Belongs to one event loop. `touched` hears which rooms a commit changed."""

    def __init__(
        self, database: Database, vault: Vault, touched: Callable[[set[str]], None]
    ) -> None:
        self._database = database
        self._vault = vault
        self._touched = touched
        self._sql = Statements(sqlite=database.is_sqlite)
        self._present = Present(self._sql)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._waiting: list[tuple[Item, Done]] = []
        self._committing = False
        self._last_size = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def put(self, item: Item, done: Done) -> None:
        """Take an item; `done(None)` once it is durable, `done(error)` if it is refused or not
        saved."""
        if len(self._waiting) >= LONGEST_QUEUE:
            done(NotSaved("too many are waiting"))
            return
        self._waiting.append((item, done))
        if not self._committing:
            self._committing = True
            self._idle.clear()
            self._begin()

    async def write(self, item: Item) -> None:
        """As `put`, for those who can wait: raises what it was refused with."""
        answer: asyncio.Future[KickoffError | None] = asyncio.get_running_loop().create_future()
        self.put(item, lambda error: None if answer.done() else answer.set_result(error))
        error = await answer
        if error is not None:
            raise error

    async def finish(self) -> None:
        """Wait until everything taken so far is answered."""
        await self._idle.wait()
        self._writer.shutdown(wait=False)

    def _begin(self) -> None:
        """The next commit, after this pass of the loop, so that all that has arrived goes together.

        When a whole room votes, after the first pass that brings nobody new: a commit costs the
        same for one vote and for two hundred, and a wave cut in two costs two.
        """
        loop = asyncio.get_running_loop()
        if self._last_size > CROWD:
            loop.call_soon(self._gather, clock.monotonic() + GATHER_SECONDS, 0)
        else:
            loop.call_soon(self._commit_next)

    def _gather(self, until: float, before: int, paused: bool = False) -> None:
        loop, waiting = asyncio.get_running_loop(), len(self._waiting)
        if waiting >= LARGEST_BATCH or clock.monotonic() >= until:
            self._commit_next()
        elif waiting > before:
            loop.call_soon(self._gather, until, waiting)
        elif not paused:
            loop.call_later(PAUSE_SECONDS, self._gather, until, waiting, True)
        else:
            self._commit_next()

    def _commit_next(self) -> None:
        batch, self._waiting = self._waiting[:LARGEST_BATCH], self._waiting[LARGEST_BATCH:]
        self._last_size = len(batch)
        started = clock.monotonic()
        future = asyncio.get_running_loop().run_in_executor(
            self._writer, self._commit, [i for i, _ in batch]
        )
        future.add_done_callback(lambda finished: self._answer(batch, finished, started))

    def _answer(
        self,
        batch: list[tuple[Item, Done]],
        finished: "asyncio.Future[list[KickoffError | None]]",
        started: float,
    ) -> None:
        try:
            answers = finished.result()
            metrics.commit_seconds.observe(clock.monotonic() - started)
            metrics.commit_size.observe(len(answers))
            metrics.votes.inc(answers.count(None))
            for (_, done), answer in zip(batch, answers, strict=True):
                try:
                    done(answer)
                except Exception as error:
                    # One who cannot be told (its socket broke) must not keep the others from
                    # hearing.
                    log.warning("ledger.answer_failed", error=type(error).__name__)
            metrics.count_acks()
            rooms = {
                item.room_id
                for (item, _), answer in zip(batch, answers, strict=True)
                if answer is None
            }
            if rooms:
                self._touched(rooms)
        finally:
            # Whatever went wrong with those, the next ones are not to wait for ever.
            if len(self._waiting) > CROWD:
                self._commit_next()
            elif self._waiting:
                self._begin()
            else:
                self._committing = False
                self._idle.set()

    def _commit(self, items: list[Item]) -> list[KickoffError | None]:
        """In the writer's thread. Who comes to each room first, then the votes of each activity, in
        transactions of their own: a row that names an attendee must share nothing with an anonymous
        ballot, not even the number or the log record of a transaction. And a transaction holds one
        room at most, so that no two processes wait for each other's."""
        answers: list[KickoffError | None] = [None] * len(items)
        arrivals: dict[str, list[int]] = {}
        votes: dict[str, list[int]] = {}
        for number, item in enumerate(items):
            if isinstance(item, Vote):
                votes.setdefault(item.activity_id, []).append(number)
            else:
                arrivals.setdefault(item.room_id, []).append(number)
        for numbers in (*arrivals.values(), *votes.values()):
            written = self._commit_together([items[number] for number in numbers])
            for number, answer in zip(numbers, written, strict=True):
                answers[number] = answer
        return answers

    def _commit_together(self, items: list[Item]) -> list[KickoffError | None]:
        """All in one transaction; if one breaks it, each half on its own, until it stands alone."""
        try:
            with self._database.transaction() as connection:
                return self._write(connection, items)
        except NotSaved as error:
            return [error] * len(items)
        except Exception as error:
            if len(items) == 1:
                # Neither the item nor the database's words, which quote it: it may be an anonymous
                # answer.
                log.error("ledger.item_failed", error=type(error).__name__)
                return [NotSaved("it could not be written")]
            middle = len(items) // 2
            return self._commit_together(items[:middle]) + self._commit_together(items[middle:])

    def _write(self, connection: Connection, items: list[Item]) -> list[KickoffError | None]:
        votes = [item for item in items if isinstance(item, Vote)]
        others = [item for item in items if not isinstance(item, Vote)]
        changed = self._let_in(connection, others) if others else set()
        counted: list[KickoffError | None] = []
        if votes:
            counted = Counting(self._sql, self._vault, votes, self._present).write(connection)
        changed |= {
            vote.room_id for vote, answer in zip(votes, counted, strict=True) if answer is None
        }
        run(connection, self._sql.raise_revision, [[room] for room in sorted(changed)])
        if not others:
            return counted
        told = iter(counted)
        return [next(told) if isinstance(item, Vote) else None for item in items]

    def _let_in(self, connection: Connection, items: list[Arrival | Return]) -> set[str]:
        """Who comes, and who comes back: the rooms that look otherwise for it."""
        arrivals = [item for item in items if isinstance(item, Arrival)]
        self._admit(connection, arrivals)
        seated = self._seat(connection, [item for item in items if isinstance(item, Return)])
        return seated | {arrival.room_id for arrival in arrivals}

    def _seat(self, connection: Connection, returns: list[Return]) -> set[str]:
        """The rooms in which somebody got a place."""
        seated: set[str] = set()
        of_room: dict[str, list[str]] = {}
        for one in returns:
            of_room.setdefault(one.room_id, []).append(one.participant_id)
        if self._sql.lock_rooms is not None:
            run(connection, self._sql.lock_rooms, [[room_id] for room_id in sorted(of_room)])
        for room_id, theirs in of_room.items():
            if seat_returned(connection, self._sql, room_id, theirs):
                self._present.forget(room_id)
                seated.add(room_id)
        return seated

    def _admit(self, connection: Connection, arrivals: list[Arrival]) -> None:
        zone = "" if self._database.is_sqlite else "+00"
        now = clock.now().strftime("%Y-%m-%d %H:%M:%S.%f") + zone
        of_room: dict[str, list[Arrival]] = {}
        for arrival in arrivals:
            of_room.setdefault(arrival.room_id, []).append(arrival)
        if self._sql.lock_rooms is not None:
            run(connection, self._sql.lock_rooms, [[room_id] for room_id in sorted(of_room)])
        seated = {
            who: seat
            for room_id, theirs in of_room.items()
            for who, seat in seats(connection, self._sql, room_id, theirs).items()
        }
        teams = self._assigned(connection, [a for a in arrivals if a.teams])
        rows = [
            [
                a.participant_id,
                a.room_id,
                a.name,
                teams.get(a.participant_id, a.team_id),
                a.people,
                now,
                *seated.get(a.participant_id, NO_SEAT),
            ]
            for a in arrivals
        ]
        run(connection, self._sql.put_participants, rows)

    def _assigned(self, connection: Connection, arrivals: list[Arrival]) -> dict[str, str]:
        """By participant: the team with the fewest people, the first of equals. Counted here, where
        the room is locked, so that those who come together do not all find the same one empty."""
        room = [[room_id] for room_id in {a.room_id for a in arrivals}]
        sizes = Counter(dict(run(connection, self._sql.teams, room)))
        chosen: dict[str, str] = {}
        for arrival in arrivals:
            team_id = min(arrival.teams, key=lambda each: sizes[each])
            sizes[team_id] += arrival.people
            chosen[arrival.participant_id] = team_id
        return chosen
