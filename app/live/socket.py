"""One socket: who it is, what it may say how fast, and what it has seen. Owns no rule.

The endpoint judges the handshake and hands the socket to a `Connection`, which hears messages on
the
event loop without a task of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from starlette.websockets import WebSocket

from app import clock
from app.access import Actor
from app.errors import (
    Internal,
    Invalid,
    KickoffError,
    NotAllowed,
    NotFound,
    TooFast,
    TooLarge,
    UnknownRoom,
)
from app.i18n import gettext, speaking
from app.live import faults, submissions, wire
from app.live.audience import Row
from app.live.mine import Mine
from app.live.protocol import EXTENSION, LARGEST_BACKLOG, LiveProtocol, text_frame
from app.live.renderings import Key, Rendering
from app.live.roles import ROLE_OF_VIEW, View
from app.live.room import Room
from app.web import metrics
from app.web.sentences import refusal, sentence

if TYPE_CHECKING:
    from app.live.live import Live

HELLO_WITHIN = 10.0
AGAIN_MS = 3000  # within which a client comes back whom a fault of ours sent away
MOST_ERRORS = 20  # malformed messages after which a client is sent away
CLOSE = {"too_large": 1009, "binary": 1003, "not_utf8": 1007, "invalid": 1008, "too_fast": 1008}

Identify = Callable[[], Awaitable[Actor]]


class Connection:
    """Hears one socket. `key` is set when the client has said who it is."""

    def __init__(
        self, live: "Live", room: Room, line: LiveProtocol, *, dialect: str, language: str
    ) -> None:
        self.participant_id: str | None = None
        self.actor: Actor | None = None
        self.key = Key(View.PHONE, language, dialect)
        self.row: Row | None = None
        self.behind_since: float | None = None
        self.taken = 0
        self.identity: tuple[Callable[[str | None], Actor], str | None] | None = None
        self._live = live
        self._room = room
        self.line = line
        self._once_more = False
        self._state = "new"  # new → greeting → in (→ regrouping → in) → gone
        self._limit = wire.ATTENDEE_LIMIT
        self._credit = live.credits.new()  # until it is known to be an attendee's
        self._errors = 0
        self._known = ("", 0)
        self._tasks: set[asyncio.Task[None]] = set()
        self._refused_fast = 0
        self._timeout = line.loop.call_later(HELLO_WITHIN, self._say_hello_or_go)
        self.identify: Callable[[str | None], Actor] = lambda _token: Actor()
        self.cookie: str | None = None  # of the attendee whose browser this is

    # -- for the room ---------------------------------------------------------------------------

    @property
    def backlog(self) -> int:
        return self.line.backlog

    def write(self, frame: bytes) -> None:
        self.line.write_frame(frame)

    def say_goodbye(self, reason: str, retry_after_ms: int | None, code: int) -> None:
        """Tell the client why, and close. With a span it is to come back by itself within it."""
        if self._state == "gone":
            return
        self.line.write_frame(text_frame(wire.bye(reason, retry_after_ms)))
        self.line.finish(code)
        self._leave()

    def regroup(self) -> None:
        """It is another working group's phone now: it is greeted again, as one of those. What it
        sends meanwhile is taken as ever."""
        if self._state == "regrouping":
            self._once_more = True  # what it is about to be told may be old already
        elif self._state == "in" and self.participant_id is not None:
            self._state = "regrouping"
            self._greet_attendee(self.participant_id)

    def abort(self) -> None:
        self.line.abort()

    def unready(self) -> None:
        self._room.hold(self)

    # -- from the socket ------------------------------------------------------------------------

    def received_binary(self) -> None:
        self._refuse(Invalid("text frames only"), None)
        self.say_goodbye("binary", None, CLOSE["binary"])

    def received(self, text: bytes) -> None:
        if self._state == "gone" or self._live.stopping:
            return
        if not self._has_credit():
            self._too_fast(text)
            return
        try:
            message = wire.parse(text, self._limit)
            if isinstance(message, wire.Submit):
                self._submit(message)
            elif isinstance(message, wire.Command):
                self._command(message)
            elif isinstance(message, wire.Hello):
                self._hello(message)
            else:
                self._reply(wire.pong())
        except TooLarge as error:
            self._refuse(error, None)
            self.say_goodbye("too_large", None, CLOSE["too_large"])
        except wire.NotUtf8 as error:
            self._refuse(error, None)
            self.say_goodbye("invalid", None, CLOSE["not_utf8"])
        except KickoffError as error:
            self._refuse(error, error.params.get("id"))
            self._errors += 1
            if self._errors > MOST_ERRORS:
                self.say_goodbye("invalid", None, CLOSE["invalid"])

    def lost(self) -> None:
        if self._state != "gone":
            self._leave()

    @property
    def _is_in(self) -> bool:
        return self._state in ("in", "regrouping")

    # -- messages -------------------------------------------------------------------------------

    def _hello(self, hello: wire.Hello) -> None:
        if self._state != "new":
            raise Invalid("hello was said already")
        self._state = "greeting"
        self._timeout.cancel()
        self._known = (hello.epoch or "", hello.rev)
        # A phone's page proves itself by its cookie, which needs no look into the database either:
        # a room full of them comes back at once.
        token = hello.token or (self.cookie if hello.view == "phone" else None)
        identified = self._live.participant_of(token, self._room.id)
        if identified is not None:
            self._greet_attendee(identified)
            return
        self._begin(self._greet_others(hello))

    async def _greet_others(self, hello: wire.Hello) -> None:
        """API token, signed-in user or projector link: asked of the database, off the loop."""
        try:
            actor = await self._live.off_loop(self.identify, hello.token)
            if actor.room_id == self._room.id and self._live.is_attendee(actor, self._room):
                self._greet_attendee(actor.id)
                return
            view = await self._live.view_of(actor, self._room, hello.view)
        except KickoffError as error:
            self._refuse(error, None)
            # Where the database is away nobody is refused for good.
            passing = error.status == 503
            self.say_goodbye(error.code, AGAIN_MS if passing else None, 1013 if passing else 1008)
            return
        if self._state == "gone":
            return
        self.actor, self._limit = actor, wire.OTHERS_LIMIT
        self.identity = (self.identify, hello.token)
        self.key = Key(view, self.key.language, self.key.dialect)
        self._enter({})

    def _greet_attendee(self, participant_id: str) -> None:
        self.participant_id = participant_id
        self._live.mine.ask(self._room.id, participant_id, self._greet_with)

    def _greet_with(self, mine: Mine | None) -> None:
        if self._state == "gone":
            return
        if mine is None:
            # Who was away while the room began anew has not been taken out.
            now = self._room.snapshot
            anew = bool(self._known[0]) and now is not None and now.epoch != self._known[0]
            self._refuse(NotAllowed(), None)
            if anew:
                self.say_goodbye("reset", None, 1008)
            else:
                self.say_goodbye("removed", None, 1008)
            return
        assert self.participant_id is not None
        if self._state == "regrouping":
            metrics.sockets_by_role[ROLE_OF_VIEW[self.key.view]].dec()
            self._room.leave(self)
            self._known = ("", 0)
        else:
            self._live.came_back(self._room, self.participant_id, mine)
        others = self._room.connections_of(self.participant_id)
        if len(others) >= self._live.settings.sockets_per_attendee:
            others[0].say_goodbye("replaced", None, 1008)
        self.key = replace(self.key, group=mine.get("me", {}).get("group_id", ""))
        self._enter(mine)
        if self._once_more:
            self._once_more = False
            self.regroup()

    def _enter(self, mine: Mine) -> None:
        role = ROLE_OF_VIEW[self.key.view]
        metrics.sockets_by_role[role].inc()

        def greet(rendering: Rendering) -> None:
            if self._state == "gone":
                return
            self._reply(wire.welcome(rendering.place, role=role, mine=mine, body=rendering.body()))

        self._state = "in"
        self._room.enter(self, greet, known=self._known)

    def _submit(self, submit: wire.Submit) -> None:
        if not self._is_in or self.participant_id is None:
            raise NotAllowed("say hello as an attendee first", id=submit.id)
        vote = submissions.vote(submit, room_id=self._room.id, participant_id=self.participant_id)
        arrived = clock.monotonic()

        def done(error: KickoffError | None) -> None:
            if error is None:
                self._reply(wire.ack(submit.id))
                metrics.ack_took(clock.monotonic() - arrived)
            else:
                metrics.vote_refused(error.code)
                self._refuse(error, submit.id)

        self._live.ledger.put(vote, done)

    def _command(self, command: wire.Command) -> None:
        actor = self.actor
        if self._is_in and self.participant_id is not None:
            actor = self._live.attendee(self._room, self.participant_id)
        if not self._is_in or actor is None:
            raise NotAllowed("say hello first", id=command.id)
        with speaking(self.key.language):  # what is wrong with a field is said where it is found
            self._begin(self._carry_out(command, actor))

    async def _carry_out(self, command: wire.Command, actor: Actor) -> None:
        try:
            answer = await self._live.command(
                self._room.id,
                actor,
                name=command.name,
                command_id=command.id,
                rev=command.rev,
                data=command.data,
            )
        except KickoffError as error:
            self._refuse(error, command.id)
            if error.code == "conflict":
                self._live.show_again(self._room, self)
        except Exception as error:
            # A fault of ours in one command: whoever runs the room goes on running it.
            faults.note("socket.command_broke", name=command.name, error=type(error).__name__)
            self._refuse(Internal(), command.id)
        else:
            metrics.commands.inc()
            self._reply(wire.ack(command.id, answer))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Do what must wait for the database; the connection keeps the task, and says so if it
        breaks."""
        task = self.line.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            faults.note("socket.broke", error=type(error).__name__)
            self.say_goodbye("broken", AGAIN_MS, 1011)

    # -- bounds ---------------------------------------------------------------------------------

    def _has_credit(self) -> bool:
        if self.participant_id is None:
            return self._credit.take()
        return self._live.credits.of(self.participant_id).take()

    def _too_fast(self, text: bytes) -> None:
        """Say so with the message's id, so that an honest client sends it again; then lose
        patience."""
        self._refused_fast += 1
        if self._refused_fast > self._live.settings.messages_burst * 5:
            self.say_goodbye("too_fast", 5000, CLOSE["too_fast"])
            return
        found: Any = None
        try:
            found = getattr(wire.parse(text, self._limit), "id", None)
        except KickoffError as error:
            found = error.params.get("id")
        self._refuse(TooFast(), found)

    def _say_hello_or_go(self) -> None:
        if self._state == "new":
            self.say_goodbye("no_hello", 5000, 1008)

    def _refuse(self, error: KickoffError, message_id: str | None) -> None:
        with speaking(self.key.language):
            detail = refusal(error)
            # Words for people come from the code; what the code cannot know is for the developer
            # at the other end.
            if error.code in ("invalid", "conflict") and self.key.dialect == wire.JSON_DIALECT:
                detail = _more_of(error) or detail
        self._reply(wire.error(error, message_id, detail))

    def _reply(self, payload: bytes) -> None:
        if self.line.full and self.line.backlog > LARGEST_BACKLOG:
            # It asks and asks, and reads no answer.
            metrics.sockets_aborted.inc()
            self.line.abort()
            return
        self.line.write_frame(text_frame(payload))

    def _leave(self) -> None:
        if self._is_in:
            metrics.sockets_by_role[ROLE_OF_VIEW[self.key.view]].dec()
        was_known = self._state in ("greeting", "in", "regrouping")
        self._state = "gone"
        self._timeout.cancel()
        metrics.sockets_closed.inc()
        if was_known:
            self._room.leave(self)


def _more_of(error: KickoffError) -> str:
    """What is wrong where, or what the refusal itself says."""
    if not error.detail and isinstance(error, Invalid):
        return "; ".join(f"{fault.pointer}: {fault.detail}" for fault in error.faults)
    return gettext(str(error)) if error.detail else ""


async def endpoint(websocket: WebSocket) -> None:
    """`/live/{code}`: origin, room and dialect, then the handshake."""
    live: Live = websocket.app.state.live
    line = websocket.scope["extensions"].get(EXTENSION)
    if not live.lets_in(websocket.scope) or not isinstance(line, LiveProtocol):
        metrics.sockets_refused.inc()
        await websocket.close(1008)
        return
    offered = websocket.scope["subprotocols"]
    dialect = next((d for d in offered if d in wire.DIALECTS), None)
    if offered and dialect is None:
        await websocket.close(1002)
        return
    language = live.language_of(websocket.scope)
    try:
        room = await live.rooms.find(websocket.path_params["code"])
    except (UnknownRoom, NotFound, TooFast) as error:
        # Told after the handshake, since a browser shows its page no status of a refused one.
        await websocket.accept(subprotocol=dialect)
        with speaking(language):
            await websocket.send_text(wire.error(error, None, sentence(error.code)).decode())
            await websocket.send_text(wire.bye(error.code, None).decode())
        await websocket.close(1008)
        return
    await websocket.accept(subprotocol=dialect)
    connection = Connection(
        live, room, line, dialect=dialect or wire.JSON_DIALECT, language=language
    )
    connection.identify, connection.cookie = live.identifier_of(websocket.scope)
    await asyncio.sleep(0)
    line.attach(connection)
