"""Those of a room who see the same, and the way of every frame to all their sockets.

A broadcast costs what it touches: two thousand sockets are two thousand cold places in memory each
time. So clients that have seen the same stand in rows, what they saw is said once for the row, and
a client that can take no more steps out by itself. To the rest a frame is one call each.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from app import clock
from app.live import wire
from app.live.protocol import LiveProtocol, text_frame
from app.live.renderings import Key, Rendering
from app.web import metrics

SLICE = 500  # sockets written before votes get their turn
STUCK_SECONDS = 10.0


class Client(Protocol):
    """A socket, as the room knows it."""

    participant_id: str | None
    key: Key
    row: "Row | None"  # None before the greeting
    behind_since: float | None
    line: LiveProtocol
    taken: int

    @property
    def backlog(self) -> int: ...

    def write(self, frame: bytes) -> None: ...

    def say_goodbye(self, reason: str, retry_after_ms: int | None, code: int) -> None: ...

    def regroup(self) -> None: ...

    def abort(self) -> None: ...


@dataclass(frozen=True)
class Arrival:
    """Somebody who waits for a first picture, no older than a look begun at `not_before`."""

    greet: Callable[[Rendering], None]
    not_before: float


@dataclass(eq=False, slots=True)
class Row:
    """Clients that have seen the same. One that could take no more stands in a row of its own."""

    seen: Rendering | None  # None while behind
    writes: dict[Client, Callable[[bytes], None]]
    held: bool = False


@dataclass
class Audience:
    """All clients of one key. `sent` is what those that keep up have seen."""

    key: Key
    # In the order in which they came, which is that of their sockets in memory: another order costs
    # a tenth of a broadcast.
    clients: dict[Client, None] = field(default_factory=dict)
    now: Rendering | None = None
    sent: Rendering | None = None
    sent_at: float = 0.0
    timer: asyncio.TimerHandle | None = None
    arrivals: dict[Client, Arrival] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    # -- who is here ----------------------------------------------------------------------------

    def welcome(
        self, client: Client, greet: Callable[[Rendering], None], rendering: Rendering
    ) -> None:
        self.clients[client] = None
        self._stand_alone(client, rendering)
        greet(rendering)
        if client.line.unready:
            self.hold(client)

    def leave(self, client: Client) -> None:
        self.clients.pop(client, None)
        self.arrivals.pop(client, None)
        row, client.row = client.row, None
        if row is not None:
            del row.writes[client]

    def hold(self, client: Client) -> None:
        """Its line takes nothing now: it is looked at by itself until it does again."""
        row = client.row
        if row is None or row.held:
            return
        del row.writes[client]
        self._stand_alone(client, row.seen, held=True)
        if row.seen is not self.sent and row.seen is not self.now:
            # A broadcast is on its way that will not come by here.
            self._left_out(client)

    def _stand_alone(self, client: Client, seen: Rendering | None, *, held: bool = False) -> None:
        client.row = Row(seen, {client: client.line.write}, held)
        self.rows.append(client.row)

    # -- what they are shown --------------------------------------------------------------------

    @property
    def is_due(self) -> bool:
        """Whether anybody is to be shown the present rendering. Who came between two broadcasts has
        perhaps seen what `sent` was not, and `now` is not any more."""
        now = self.now
        if now is None:
            return False
        return any(
            row.seen is not None and row.seen is not now and row.seen.digests != now.digests
            for row in self.rows
        )

    async def broadcast(self) -> None:
        """Bring every client to the present rendering; newest wins."""
        before, now = self.sent, self.now
        if now is None or not self.is_due:
            return
        self.sent, self.sent_at = now, clock.monotonic()
        body = now.since(before)
        step = text_frame(wire.state(now.place, body)) if body is not None else b""
        whole: bytes | None = None
        written = 0
        for row in tuple(self.rows):
            if written and written + len(row.writes) > SLICE:
                written = 0
                await asyncio.sleep(0)
                if self.sent is not now:
                    # A newer picture is on its way already, to everybody: nothing older after it.
                    return
            if row.held and not self._takes_again(row):
                continue
            seen, row.seen = row.seen, now
            if seen is not None and seen.digests == now.digests:
                continue  # shown already
            if seen is not None and before is not None and seen.digests == before.digests:
                frame = step
            else:
                # It came in between two broadcasts: what changed since it came is not what changed
                # for the rest.
                frame = whole = whole or text_frame(wire.state(now.place, now.body()))
            # A client steps out of its row when its line is full, which is while it is written to.
            for write in tuple(row.writes.values()):
                write(frame)
            written += len(row.writes)
        self._close_ranks(now)
        metrics.frames.inc(len(self.clients))

    def _takes_again(self, row: Row) -> bool:
        """Whether one that was held stands with the others again; else what it misses is noted."""
        for client in row.writes:
            if client.line.unready:
                self._left_out(client)
                return False
            row.held = client.behind_since is not None  # `help_those_behind` brings it up
        return not row.held

    def _left_out(self, client: Client) -> None:
        if client.line.full and client.row is not None and client.behind_since is None:
            client.behind_since, client.row.seen = clock.monotonic(), None
            client.taken = client.line.taken

    def _close_ranks(self, now: Rendering) -> None:
        """Few long rows out of many short ones, in their order."""
        kept: list[Row] = []
        for row in self.rows:
            if not row.writes:
                continue
            last = kept[-1] if kept else None
            if (
                last is None
                or not _alike(last, row, now)
                or len(last.writes) + len(row.writes) > SLICE
            ):
                kept.append(row)
                continue
            for client in row.writes:
                client.row = last
            last.writes |= row.writes
        self.rows = kept

    # -- who reads slowly -----------------------------------------------------------------------

    def help_those_behind(self) -> None:
        """Now and then: bring slow readers to the newest state, and cut off those that read
        nothing."""
        for client in self._behind():
            since = client.behind_since
            if client.backlog == 0 and self.now is not None and client.row is not None:
                client.behind_since, client.row.seen = None, self.now
                client.write(text_frame(wire.state(self.now.place, self.now.body())))
            elif (taken := client.line.taken) > client.taken:
                # Slowly, but it reads.
                client.behind_since, client.taken = clock.monotonic(), taken
            elif since is not None and clock.monotonic() - since > STUCK_SECONDS:
                metrics.sockets_aborted.inc()
                client.abort()

    def _behind(self) -> Iterable[Client]:
        held = [client for row in self.rows if row.held for client in row.writes]
        return [client for client in held if client.behind_since is not None]


def _alike(one: Row, other: Row, now: Rendering) -> bool:
    return not (one.held or other.held) and one.seen is now and other.seen is now
