"""One room in this process: who is connected, what they last saw, and the tick that brings the
next.

A room in memory is a cache that any process can rebuild from the database. It looks when it is told
that something changed, at most ten times a second, and renders once per (view, language, dialect).
"""

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Iterable
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any, TypeVar

import structlog

from app import clock
from app.database import Database
from app.errors import NotFound
from app.live import faults, loading
from app.live.audience import Arrival, Audience, Client
from app.live.loading import Outside
from app.live.renderings import Key, Rendering, render
from app.live.roles import View
from app.live.settled import Settled
from app.live.snapshot import RoomSnapshot
from app.web import metrics

log = structlog.get_logger()

TICK = 0.1
PHONE_TICK_WHEN_LARGE = 0.5
PRESENCE_EVERY = 1.0
# Of what is made for all who ask alike: fifty groups' pages in two languages, and more.
MOST_KEPT = 512
PEOPLE_FOR = 10.0  # seconds in which a console's page is followed by its socket
T = TypeVar("T")


class Room:
    """Belongs to the event loop; only `_see` runs in a worker thread."""

    def __init__(
        self,
        room_id: str,
        database: Database,
        workers: Executor,
        outside: Callable[[], Outside],
        large: int,
    ) -> None:
        self.id = room_id
        self.snapshot: RoomSnapshot | None = None
        self.looked_at = 0.0  # at which it was known to be the newest
        self._begun_at = 0.0  # of the last look
        self.used_at = clock.monotonic()
        self._database = database
        self._workers = workers
        self._outside = outside
        self._large = large
        self._audiences: dict[Key, Audience] = {}
        self._participants: dict[str, list[Client]] = {}
        self._dirty = asyncio.Event()
        self._looking = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._presence: asyncio.TimerHandle | None = None
        self.removed: frozenset[str] = frozenset()
        # What was made from a snapshot, for all who ask: (of which state, what or what makes it).
        self._kept: dict[Hashable, tuple[object, asyncio.Task[Any]]] = {}
        self._paced: asyncio.Task[RoomSnapshot] | None = None
        self._paced_at = 0.0
        self._people_until = 0.0
        self._settled: Settled | None = None  # used by one look at a time
        self._shared: dict[Key, Rendering] = {}  # likewise: what the last look showed
        self._writing: asyncio.Task[None] | None = None

    # -- who is here ----------------------------------------------------------------------------

    @property
    def clients(self) -> Iterable[Client]:
        return [client for audience in self._audiences.values() for client in audience.clients]

    @property
    def is_empty(self) -> bool:
        return not any(
            audience.clients or audience.arrivals for audience in self._audiences.values()
        )

    @property
    def connected(self) -> frozenset[str]:
        """Participants with a socket in this process."""
        return frozenset(self._participants)

    def connections_of(self, participant_id: str) -> list[Client]:
        return self._participants.get(participant_id, [])

    def enter(
        self,
        client: Client,
        greet: Callable[[Rendering], None],
        *,
        known: tuple[str, int] = ("", 0),
    ) -> None:
        """Let a client in; `greet` is called with what it is to see first, now or after the next
        look.

        `known` is the epoch and revision it saw last, perhaps by another process that is ahead of
        this one: it is never shown anything older.
        """
        audience = self._audiences.setdefault(client.key, Audience(client.key))
        if client.participant_id:
            self._participants.setdefault(client.participant_id, []).append(client)
        self._ensure_task()
        place = audience.now.place if audience.now else None
        ahead = place is not None and place.epoch == known[0] and place.revision < known[1]
        if audience.now is None or ahead or (audience.sent is None and self._dirty.is_set()):
            audience.arrivals[client] = Arrival(greet, clock.monotonic() if ahead else 0.0)
            self._dirty.set()
        else:
            audience.welcome(client, greet, audience.now)
        self._note_presence()

    def leave(self, client: Client) -> None:
        audience = self._audiences.get(client.key)
        if audience is not None:
            audience.leave(client)
            if not audience.clients and not audience.arrivals:
                # Nobody keeps its picture up to date: who comes next must not be shown it.
                del self._audiences[client.key]
                if audience.timer:
                    audience.timer.cancel()
        if client.participant_id:
            left = [c for c in self._participants.get(client.participant_id, ()) if c is not client]
            if left:
                self._participants[client.participant_id] = left
            else:
                self._participants.pop(client.participant_id, None)
        self._note_presence()

    def hold(self, client: Client) -> None:
        """Nothing may be written to it now."""
        audience = self._audiences.get(client.key)
        if audience is not None:
            audience.hold(client)

    def _note_presence(self) -> None:
        """Coming and going is seen by consoles, the wall and one's own group; once a second."""
        if self._presence is None and any(
            key.view in (View.CONSOLE, View.PROJECTOR) or key.group for key in self._audiences
        ):
            self._presence = asyncio.get_running_loop().call_later(
                PRESENCE_EVERY, self._presence_changed
            )

    def _presence_changed(self) -> None:
        self._presence = None
        self.touch()

    # -- looking --------------------------------------------------------------------------------

    def touch(self) -> None:
        """Something changed: look at the next tick."""
        self._dirty.set()

    async def fresh(self, *, max_age: float = 1.0, with_people: bool = False) -> RoomSnapshot:
        """The room not older than that, for pages; raises NotFound for a room that is gone.

        Not necessarily the newest: while a room fills, every arrival changes it, and a look for
        each would be work that grows with their square. `with_people`: with the list that consoles
        alone show, which is else read only while one is open.
        """
        self.used_at = asked_at = clock.monotonic()
        if with_people:
            missing = asked_at > self._people_until
            self._people_until = asked_at + PEOPLE_FOR
            max_age = 0.0 if missing else max_age
        known_at = self._begun_at if self._dirty.is_set() else self.looked_at
        if self.snapshot is None or asked_at - known_at > max_age:
            # All who ask while one looks share the next look.
            await self._look(unless_since=asked_at)
        assert self.snapshot is not None
        return self.snapshot

    async def paced(self) -> RoomSnapshot:
        """The newest, for askers whom nobody knows: however many ask, the room looks once a tick
        for all of them."""
        if self._paced is None:
            self._paced = asyncio.create_task(self._look_at_pace())
        return await asyncio.shield(self._paced)

    async def _look_at_pace(self) -> RoomSnapshot:
        await asyncio.sleep(self._paced_at + TICK - clock.monotonic())
        self._paced, self._paced_at = None, clock.monotonic()  # who asks from now on: the next
        return await self.fresh(max_age=0.0)

    async def kept(
        self, name: Hashable, state: object, make: Callable[[], Coroutine[Any, Any, T]]
    ) -> T:
        """What is made once of each state of the room: whoever asks meanwhile waits for the
        same."""
        found = self._kept.get(name)
        if found is None or found[0] != state or _broke(found[1]):
            self._make_room_for(name)
            found = self._kept[name] = (state, asyncio.create_task(make()))
        made: T = await asyncio.shield(found[1])
        return made

    def _make_room_for(self, name: Hashable) -> None:
        """The newest stands last; of too many the oldest goes, unless somebody waits for it."""
        self._kept.pop(name, None)
        if len(self._kept) >= MOST_KEPT:
            oldest = next((one for one, (_, made) in self._kept.items() if made.done()), None)
            self._kept.pop(oldest, None)

    async def rendering(self, key: Key, snapshot: RoomSnapshot | None = None) -> Rendering:
        """What that key's clients see now, or saw at this snapshot, for pages."""
        snapshot = snapshot or await self.fresh()
        audience = self._audiences.get(key)
        if (
            audience is not None
            and audience.now is not None
            and audience.now.place.revision == snapshot.revision
        ):
            return audience.now
        loop, workers, place = asyncio.get_running_loop(), self._workers, snapshot

        async def make() -> Rendering:
            return await loop.run_in_executor(workers, render, place, key)

        return await self.kept(key, (snapshot.epoch, snapshot.revision), make)

    def stop(self) -> None:
        for task in (self._task, self._paced, *(made for _, made in self._kept.values())):
            if task:
                task.cancel()
        for audience in self._audiences.values():
            if audience.timer:
                audience.timer.cancel()

    def _ensure_task(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run(), name=f"room {self.id}")

    async def _run(self) -> None:
        while True:
            await self._dirty.wait()
            started = clock.monotonic()
            try:
                await self._look()
            except NotFound:
                self._say_goodbye_to_all("gone")
                return
            except Exception as error:
                # Whatever it is, the room tries again; sockets keep the last picture.
                log.warning("room.look_failed", room=self.id, error=type(error).__name__)
                self._dirty.set()
                await asyncio.sleep(1.0)
            metrics.tick_seconds.observe(clock.monotonic() - started)
            await asyncio.sleep(max(0.0, TICK - (clock.monotonic() - started)))

    async def _look(self, *, unless_since: float | None = None) -> None:
        async with self._looking:
            if (
                unless_since is not None
                and self.snapshot is not None
                and self._begun_at >= unless_since
            ):
                return
            self._dirty.clear()
            try:
                await self._look_and_show()
            except BaseException:
                # Also of a page whose reader went away: what was to be pushed still is.
                self._dirty.set()
                raise

    async def _look_and_show(self) -> None:
        keys = [
            key
            for key, audience in self._audiences.items()
            if audience.clients or audience.arrivals
        ]
        begun_at = clock.monotonic()
        outside = replace(
            self._outside(),
            connected=self.connected,
            people_too=any(key.view is View.CONSOLE for key in keys)
            or begun_at < self._people_until,
        )
        loop = asyncio.get_running_loop()
        snapshot, renderings, removed = await loop.run_in_executor(
            self._workers, self._see, outside, keys
        )
        began_anew = self.snapshot is not None and self.snapshot.epoch != snapshot.epoch
        before = self.snapshot
        self.snapshot, self.removed = snapshot, removed
        self.looked_at = self._begun_at = begun_at
        for participant_id in self.removed & self._participants.keys():
            for client in list(self.connections_of(participant_id)):
                if began_anew:
                    client.say_goodbye("reset", None, 1008)
                else:
                    client.say_goodbye("removed", None, 1008)
        self._regroup(before, snapshot)
        # Those who run the room and the wall come first.
        for key in sorted(renderings, key=lambda k: k.view is View.PHONE):
            if (audience := self._audiences.get(key)) is not None:
                await self._show(audience, renderings[key], begun_at)

    def _regroup(self, before: RoomSnapshot | None, now: RoomSnapshot) -> None:
        """Phones that are another group's now are shown that group's things; so are those whose
        group is called something else, or sits elsewhere."""
        if before is not None and before.group_of is now.group_of:
            return
        signs = {group.id: (group.name, group.table) for group in before.groups} if before else {}
        changed = {
            g.id for g in now.groups if signs.get(g.id, (g.name, g.table)) != (g.name, g.table)
        }
        # Who came since then is not in it yet, and was told on coming.
        unknown = None if now.groups else ""
        for participant_id, clients in list(self._participants.items()):
            group = now.group_of.get(participant_id, unknown)
            for client in list(clients) if group is not None else ():
                if client.key.group != group or group in changed:
                    client.regroup()

    def _see(
        self, outside: Outside, keys: list[Key]
    ) -> tuple[RoomSnapshot, dict[Key, Rendering], frozenset[str]]:
        """In a worker thread: one snapshot, and a rendering for each key."""
        with self._database.reading() as session:
            snapshot, self._settled = loading.load(session, self.id, outside, self._settled)
        renderings: dict[Key, Rendering] = {}
        shared: dict[Key, Rendering] = {}
        for key in keys:
            # As long as all groups see the same, it is made once for all of them.
            what = key if snapshot.is_by_group else replace(key, group="")
            try:
                if what not in shared:
                    shared[what] = render(snapshot, what, self._shared.get(what))
                renderings[key] = shared[what]
            except Exception as error:
                # Who sees this view keeps the last picture; the others go on.
                faults.note(
                    "room.render_failed", room=self.id, view=key.view, error=type(error).__name__
                )
        self._shared = shared
        return snapshot, renderings, self._settled.removed

    # -- showing --------------------------------------------------------------------------------

    async def _show(self, audience: Audience, rendering: Rendering, begun_at: float) -> None:
        audience.now = rendering
        for client, arrival in list(audience.arrivals.items()):
            if arrival.not_before <= begun_at:
                audience.arrivals.pop(client, None)
                audience.welcome(client, arrival.greet, rendering)
        if audience.arrivals:
            self._dirty.set()
        if audience.sent is None:
            audience.sent = rendering
            return
        wait = audience.sent_at + self._pace(audience) - clock.monotonic()
        if wait <= 0:
            await audience.broadcast()
        elif audience.timer is None and audience.is_due:
            audience.timer = asyncio.get_running_loop().call_later(wait, self._later, audience)

    def _later(self, audience: Audience) -> None:
        audience.timer = None
        # The room keeps the task, so that it is not collected while it runs.
        self._writing = asyncio.get_running_loop().create_task(audience.broadcast())

    def _pace(self, audience: Audience) -> float:
        many = audience.key.view is View.PHONE and len(self._participants) >= self._large
        return PHONE_TICK_WHEN_LARGE if many else TICK * 0.9

    def help_those_behind(self) -> None:
        for audience in self._audiences.values():
            audience.help_those_behind()

    def _say_goodbye_to_all(self, reason: str) -> None:
        for client in list(self.clients):
            client.say_goodbye(reason, None, 1000)


def _broke(task: asyncio.Task[Any]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
