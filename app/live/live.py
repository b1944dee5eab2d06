"""The room's parts, put together once per process: rooms, ledger, vault, bus, commands."""

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, TypeVar

import structlog
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from sqlmodel import col, select
from starlette.types import Scope

from app import clock, i18n, write_ahead_log
from app.access import Actor, Permission, Role, allowed
from app.database import Database
from app.errors import NotAllowed
from app.live import commands, mine, moves, scrubbing, tokens, wire
from app.live.audience import Client
from app.live.bus import Bus, LocalBus, RedisBus
from app.live.keys import KeyKeeper
from app.live.ledger import Ledger, Return
from app.live.loading import Outside
from app.live.mine import MineReader
from app.live.protocol import text_frame
from app.live.pulses import Pulses
from app.live.roles import View
from app.live.room import Room
from app.live.rooms import Rooms
from app.live.submissions import Credits
from app.live.vault import PULSE_PREFIX, FileVault, RedisVault, Vault
from app.live.watching import Watching
from app.models.kickoffs import Kickoff
from app.models.rooms import Room as RoomRow
from app.settings import Settings
from app.web import cookies, origin
from app.web.guessing import GuessBudget

log = structlog.get_logger()

LOOK_EVERY = 2.0  # seconds in which every room finds by itself what no message told it
CHECK_RIGHTS_EVERY = 1.0
SWEEP_EVERY = 1.0
FINISH_WITHIN = 2.0  # seconds in which the last commits must end when the process stops
WORKERS_LEAVE_WITHIN = 0.5
FOLD_EVERY = 0.5  # a room that votes as fast as it can writes 10,000 pages in that time
TEND_PULSES_EVERY = 20.0
T = TypeVar("T")

ActorOf = Callable[[Mapping[str, str], Mapping[str, str]], Actor]
"""Who these headers and cookies are: given by the outside, for identity lives above the room."""


class Live:
    """One per process; made inside the running event loop."""

    def __init__(
        self, settings: Settings, database: Database, guesses: GuessBudget, actor_of: ActorOf
    ) -> None:
        self.settings = settings
        self.database = database
        self.guesses = guesses
        self.actor_of = actor_of
        self._workers = ThreadPoolExecutor(4, thread_name_prefix="room")
        self.vault: Vault = (
            RedisVault(settings.redis_url)
            if settings.redis_url
            else FileVault(settings.data_folder / "keys")
        )
        self.bus: Bus = RedisBus(settings.redis_url) if settings.redis_url else LocalBus()
        self.rooms = Rooms(database, self._workers, self._outside, guesses, settings.large_room)
        self.ledger = Ledger(database, self.vault, self._changed)
        self.credits = Credits(settings.messages_per_second, settings.messages_burst)
        self.renamings = MovingWindowRateLimiter(MemoryStorage())
        self.mine = MineReader(database, self.vault, self._workers)
        self.commands = moves.table()
        self.watching = Watching(database, self.off_loop)
        self._loop = asyncio.get_running_loop()
        self._tasks: list[asyncio.Task[None]] = []
        self._keys = KeyKeeper(database, self.vault)
        self.pulses = Pulses(database, self._pulse_vault(), settings.signing_key)
        # What a process that died had scrubbed may still stand in SQLite's log.
        self._truncate = True
        self.stopping = (
            False  # nothing more is taken from sockets; what was taken is still answered
        )
        database.after_commit = self._changed_from_any_thread

    def start(self) -> None:
        works = (
            self.bus.run(self.rooms.touch),
            # Apart, so that a Redis that hangs makes no room late.
            self._repeat(LOOK_EVERY, self.rooms.compare_revisions),
            self._repeat(LOOK_EVERY, self.watching.look),
            self._repeat(LOOK_EVERY, self._scrub_what_is_due, self._tend_keys),
            self._repeat(CHECK_RIGHTS_EVERY, self._check_rights),
            self._repeat(TEND_PULSES_EVERY, self._tend_pulses),
            self._sweep(),
            self._fold_log(),
        )
        for work in works:
            self._tasks.append(self._loop.create_task(work))

    async def goodbye(self) -> None:
        """Before the process stops: finish what was taken, and ask everybody to come back in their
        own time.

        Each phone draws its moment within the span itself; those who run the room come first.
        """
        self.stopping = True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.ledger.finish(), FINISH_WITHIN)
        for client in self.rooms.clients():
            late = client.key.view is View.PHONE
            client.say_goodbye("restart", self.settings.reconnect_span_ms if late else 200, 1012)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        self.rooms.stop()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._workers_leave()

    async def _workers_leave(self) -> None:
        """Wait a moment for what the workers have begun: a connection that is out when the pool is
        disposed of is never closed. One that hangs must not keep the process from ending."""
        loop, left = asyncio.get_running_loop(), asyncio.Event()

        def leave() -> None:
            self._workers.shutdown(cancel_futures=True)
            with contextlib.suppress(RuntimeError):  # nobody waits any more: the loop is closed
                loop.call_soon_threadsafe(left.set)

        threading.Thread(target=leave, daemon=True).start()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(left.wait(), WORKERS_LEAVE_WITHIN)

    # -- what connections ask -------------------------------------------------------------------

    def participant_of(self, token: str | None, room_id: str) -> str | None:
        """The participant that a token proves, if it is of this room; no look into the database."""
        verified = tokens.verify(self.settings.signing_key, token) if token else None
        return verified[0] if verified is not None and verified[1] == room_id else None

    def attendee(self, room: Room, participant_id: str) -> Actor | None:
        """The actor that a phone of the room is; whether it is still in is asked with each
        command."""
        known = room.snapshot
        if known is None:
            return None
        roles = {known.kickoff_id: Role.ATTENDEE}
        return Actor(id=participant_id, roles=roles, room_id=room.id)

    def is_attendee(self, actor: Actor, room: Room) -> bool:
        return actor.room_id == room.id and any(role == "attendee" for role in actor.roles.values())

    async def view_of(self, actor: Actor, room: Room, wanted: str | None) -> View:
        """The view an actor gets: the one it wants, if it may see it."""
        kickoff_id, organisation_id = await self.off_loop(self._kickoff_of, room.id)
        may = {
            View.CONSOLE: Permission.FACILITATE,
            View.PROJECTOR: Permission.SEE_PROJECTOR,
        }
        bound = actor.room_id is not None and actor.room_id != room.id
        # Who asks for a phone's view is shown nothing else, whatever else they may see.
        choices = [View(wanted)] if wanted in may else [] if wanted else list(may)
        for view in choices:
            permitted = allowed(
                actor, may[view], kickoff_id=kickoff_id, organisation_id=organisation_id
            )
            if permitted and not bound:
                return view
        raise NotAllowed

    async def last_seq(self, room_id: str, participant_id: str, activity_id: str) -> int:
        """The sequence of an attendee's last answer to an activity; 0 where there is none."""

        answers = (await self.own(room_id, participant_id)).get("mine", {})
        return int(answers.get(activity_id, {"seq": 0})["seq"])

    async def own(self, room_id: str, participant_id: str) -> mine.Mine:
        """What is one attendee's own, for a page that is rendered for that attendee alone."""

        def look() -> mine.Mine:
            with self.database.reading() as session:
                found = mine.read(session, self.vault, [(room_id, participant_id)])
            return found.get(participant_id) or {}

        return await self.off_loop(look)

    async def own_in(self, room: Room, participant_id: str) -> mine.Mine:
        """The same for who looks at the room's page, and has a place in it by then."""
        found = await self.own(room.id, participant_id)
        if self._misses_group(room, found):
            await self.ledger.write(Return(participant_id, room.id))
            found = await self.own(room.id, participant_id)
        return found

    def came_back(self, room: Room, participant_id: str, own: mine.Mine) -> None:
        """Who was away when groups were made gets a place, and is told as whoever is moved."""
        if self._misses_group(room, own):
            self.ledger.put(Return(participant_id, room.id), lambda _: None)

    def _misses_group(self, room: Room, own: mine.Mine) -> bool:
        me, known = own.get("me"), room.snapshot
        if me is None or me.get("group_id") or self.stopping:
            return False
        return known is None or bool(known.groups)

    def now_ms(self) -> int:
        return clock.now_ms()

    def lets_in(self, scope: Scope) -> bool:
        return origin.allowed_origin(scope, self.settings)

    def language_of(self, scope: Scope) -> str:
        headers = dict(scope["headers"])
        return i18n.negotiated(
            headers.get(b"accept-language", b"").decode("latin-1"), cookies.read(scope, "lang")
        )

    def identifier_of(self, scope: Scope) -> tuple[Callable[[str | None], Actor], str | None]:
        """Who this handshake is, asked with the token of its hello (blocks: call it off the
        loop), and the attendee's token that its cookies carry.
        """
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        believed = origin.cookies_believed(scope, self.settings)
        carried = {
            name: value
            for name in ("kickoff_session", "kickoff_participant", "kickoff_projector")
            if believed and (value := cookies.read(scope, name))
        }

        def identify(token: str | None) -> Actor:
            shown = {**headers, "authorization": f"Bearer {token}"} if token else headers
            return self.actor_of(shown, carried)

        return identify, carried.get("kickoff_participant")

    async def command(
        self,
        room_id: str,
        actor: Actor,
        *,
        name: str,
        command_id: str,
        rev: int,
        data: dict[str, Any],
    ) -> dict[str, Any]:
        """Carry out a command; raises what it is refused with."""
        alone = not self.settings.redis_url
        connected = self.rooms.get(room_id).connected if alone else None
        return await self.off_loop(
            lambda: commands.execute(
                self.database,
                self.vault,
                self.commands,
                room_id=room_id,
                actor=actor,
                name=name,
                command_id=command_id,
                rev=rev,
                data=data,
                connected=connected,
            )
        )

    def show_again(self, room: Room, client: Client) -> None:
        """The truth, for one who acted on something older."""
        seen = client.row.seen if client.row else None
        if seen is not None:
            client.write(text_frame(wire.state(seen.place, seen.body())))
        room.touch()

    async def off_loop(self, work: Callable[..., T], *arguments: Any) -> T:
        """Run what blocks in a worker thread, which speaks the reader's language."""
        speaking = copy_context().run
        return await self._loop.run_in_executor(self._workers, speaking, work, *arguments)

    # -- what keeps the process true ------------------------------------------------------------

    def _changed(self, room_ids: set[str]) -> None:
        self.rooms.touch(room_ids)
        self.bus.announce(room_ids)

    def _changed_from_any_thread(self, room_ids: set[str]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is gone: the process is stopping
            self._loop.call_soon_threadsafe(self._changed, room_ids)

    def _outside(self) -> Outside:
        return Outside(
            public_url=(self.settings.public_url or "").rstrip("/"),
            typed_codes_paused=self.guesses.paused,
            now_ms=clock.now_ms(),
            alone=not self.settings.redis_url,
        )

    def _kickoff_of(self, room_id: str) -> tuple[str, str]:
        with self.database.reading() as session:
            row = session.exec(
                select(Kickoff.id, Kickoff.organisation_id)
                .join(RoomRow, col(RoomRow.kickoff_id) == col(Kickoff.id))
                .where(col(RoomRow.id) == room_id)
            ).first()
        if row is None:
            raise NotAllowed
        return row[0], row[1]

    async def _repeat(self, seconds: float, *duties: Callable[[], Awaitable[None]]) -> None:
        """Do again and again what keeps the process true, whatever happens to it in between."""
        while True:
            await asyncio.sleep(seconds)
            for duty in duties:
                try:
                    await duty()
                except Exception as error:
                    log.warning(
                        "room.duty_failed",
                        duty=getattr(duty, "__name__", ""),
                        error=type(error).__name__,
                    )

    async def _scrub_what_is_due(self) -> None:
        for activity_id in await self.off_loop(self._due):
            done = await self.off_loop(
                scrubbing.scrub, self.database, self.vault, activity_id, self._closed_before()
            )
            self._truncate = self._truncate or done
        if self._truncate and await self.off_loop(write_ahead_log.cut, self.database):
            self._truncate = False

    def _due(self) -> list[str]:
        with self.database.reading() as session:
            return scrubbing.due(session, self._closed_before())

    def _closed_before(self) -> int:
        return clock.now_ms() - self.settings.undo_close_ms

    def _pulse_vault(self) -> Vault:
        """Apart from the room's: whoever looks after keys destroys those that he does not know."""
        if self.settings.redis_url:
            return RedisVault(self.settings.redis_url, PULSE_PREFIX)
        return FileVault(self.settings.data_folder / "pulse-keys")

    async def _tend_pulses(self) -> None:
        # What was removed of a wave that was settled stands in SQLite's log until that is cut.
        if await self.off_loop(self.pulses.tend):
            self._truncate = True

    async def _tend_keys(self) -> None:
        await self.off_loop(self._keys.tend)

    async def _check_rights(self) -> None:
        """Who was signed out, lost a role or had a token or link revoked is let go (S15)."""
        for room in list(self.rooms.all()):
            for client in room.clients:
                identity = getattr(client, "identity", None)
                if identity is None:
                    continue
                identify, token = identity
                try:
                    actor = await self.off_loop(identify, token)
                    await self.view_of(actor, room, client.key.view)
                except NotAllowed:
                    client.say_goodbye("revoked", None, 1008)

    async def _fold_log(self) -> None:
        pages = 0
        while True:
            await asyncio.sleep(FOLD_EVERY)
            pages = await self.off_loop(write_ahead_log.fold, self.database, pages)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_EVERY)
            self.rooms.sweep()
