"""Saboteurs of staying connected, of strain and of who may do what in a room."""
# ruff: noqa: PLC0415 -- each imports only what it breaks

import time


def no_jitter() -> None:
    """Phones come back at the same moment: in the test's own process, see there."""


def same_cap() -> None:
    """Consoles wait as long as phones: in the test's own process, see there."""


def no_goodbye() -> None:
    """SIGTERM closes sockets without a word."""
    from app.live.live import Live

    async def goodbye(self) -> None:
        self.stopping = True

    Live.goodbye = goodbye


def no_abort() -> None:
    """A socket that will not read is asked to close, and waited for."""
    from app.live.protocol import LiveProtocol

    LiveProtocol.abort = lambda self: self.transport.close()


def patient_stop() -> None:
    """The process stops when the last of its readers has read (uvicorn's way)."""
    from app import server

    no_abort()
    configured = server.configured

    def patient(*arguments, **options):
        config = configured(*arguments, **options)
        config.timeout_graceful_shutdown = None
        return config

    server.configured = patient


def unbounded_queue() -> None:
    """Frames are written to whoever is connected, read or not."""
    from app.live.protocol import LiveProtocol

    never = property(lambda self: False, lambda self, value: None)
    LiveProtocol.full = LiveProtocol.unready = never


def kernel_queue() -> None:
    """The kernel may hold back as many old frames as it likes."""
    import socket

    from app import server

    def listen(host, port):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.set_inheritable(True)
        return listener

    server.listen = listen


def no_progress() -> None:
    """Who is behind for ten seconds is cut, also when it reads."""
    from app.live.room import Room

    help_those_behind = Room.help_those_behind

    def impatient(self):
        for client in self.clients:
            client.taken = 2**62
        help_those_behind(self)

    Room.help_those_behind = impatient


def no_ping_limit() -> None:
    """Pongs are written to those who do not read them (uvicorn's way)."""
    from app.live.protocol import LiveProtocol, WebSocketsSansIOProtocol

    LiveProtocol.handle_ping = WebSocketsSansIOProtocol.handle_ping


def no_fragment_limit() -> None:
    from app.live import protocol

    protocol.MOST_FRAGMENTS = 10**9


def whole_chunks() -> None:
    """All that came is parsed in one go, whatever its sender has done meanwhile."""
    from app.live import protocol

    protocol.PARSED_AT_ONCE = 10**9
    protocol.LiveProtocol._deaf = property(lambda self: False, lambda self, value: None)


def no_head_limit() -> None:
    """A request may take as long to arrive as it likes."""
    from app.web.http_protocol import HttpProtocol

    HttpProtocol._expect = lambda self, seconds: None


def no_hello_limit() -> None:
    from app.live import socket

    socket.HELLO_WITHIN = 10**6


def no_rate_limit() -> None:
    from app.live.socket import Connection

    Connection._has_credit = lambda self: True


def receive_text() -> None:
    """Bytes that are no text are taken for text, binary frames too."""
    from app.live import wire
    from app.live.socket import Connection

    wire._demand_utf8 = lambda text: None
    Connection.received_binary = lambda self: self.received(b"{}")


def any_size() -> None:
    from app.live import wire

    wire.ATTENDEE_LIMIT = wire.OTHERS_LIMIT


def any_origin() -> None:
    """An Origin that begins like ours will do."""
    from app.web import origin

    def is_ours(origins, scope, settings):
        return origins[0].decode("latin-1").startswith(origin._reached(scope)) if origins else False

    origin._is_ours = is_ours


def no_epoch() -> None:
    """Who comes back is shown what this process has at hand, however old."""
    from app.live.room import Room

    enter = Room.enter
    Room.enter = lambda self, client, greet, *, known=("", 0): enter(self, client, greet)


def stale_welcome() -> None:
    """The picture of a view that nobody looked at is kept for the next who comes."""
    from app.live.room import Room

    def leave(self, client):
        audience = self._audiences.get(client.key)
        if audience is not None:
            audience.leave(client)
        left = [c for c in self._participants.get(client.participant_id, ()) if c is not client]
        self._participants[client.participant_id] = left

    Room.leave = leave


def deaf() -> None:
    """The bus is all there is: nobody looks at the database by themselves."""
    from app.live import bus
    from app.live.rooms import Rooms

    async def nothing(self) -> None:
        pass

    Rooms.compare_revisions = nothing
    bus.CHANNEL = f"kickoff:look:{time.time()}"


def rights_once() -> None:
    """Rights are asked for at the hello, and never again."""
    from app.live.live import Live

    async def nothing(self) -> None:
        pass

    Live._check_rights = nothing


def removed_stay() -> None:
    from app.live import room

    room._removed = lambda session, room_id: []


def any_command() -> None:
    """One command without its permission."""
    from app.access import Permission
    from app.live import agenda

    command = agenda.COMMANDS["agenda.next"]
    object.__setattr__(command, "permission", Permission.PUBLIC)


def any_room() -> None:
    """An activity of another room will do, too."""
    from app.live.commands import Move
    from app.models.activities import Activity

    Move.activity = lambda self, activity_id: self.session.get_one(Activity, activity_id)


def unsigned_tokens() -> None:
    import hmac

    from app.live import tokens

    class Lenient:
        compare_digest = staticmethod(lambda one, other: one[:6] == other[:6])
        new = staticmethod(hmac.new)

    tokens.hmac = Lenient


def results_together() -> None:
    """Results compute where the room looks: one that fails takes the look with it."""
    from app.live import computing, faults

    broken_kind()

    def results(jobs):
        found = {}
        for activity, compute in jobs:
            try:
                found[activity] = compute()
            except Exception as error:
                faults.log.error("activity.result_failed", error=type(error).__name__)
        return found

    computing.results = results


def many_sockets() -> None:
    from app.settings import Settings

    Settings.model_fields["sockets_per_attendee"].default = 10_000
    Settings.model_rebuild(force=True)


def secure_cookies() -> None:
    """Cookies as on https, also where there is none."""
    from app.web import cookies

    header = cookies.header
    cookies.header = lambda *arguments, **options: header(*arguments, **options) + "; Secure"


def any_host() -> None:
    from app.web.hosts import AllowedHosts

    AllowedHosts.admits = lambda self, scope, host: True


def impatient() -> None:
    """A phone has a fifth of a second to say hello."""
    from app.live import socket

    socket.HELLO_WITHIN = 0.2


def forms_need_sockets() -> None:
    """A form's answer is taken only from whoever has a socket open."""
    from app.errors import NotAllowed
    from app.live.ledger import Ledger

    async def write(self, item):
        raise NotAllowed

    admit = Ledger.write

    async def only_arrivals(self, item):
        await (write if hasattr(item, "seq") else admit)(self, item)

    Ledger.write = only_arrivals


# ---- not saboteurs but faults


def slow_start() -> None:
    """A machine so busy that a process needs twelve seconds to import the product."""
    time.sleep(12)


def broken_kind() -> None:
    """Results of activities with such titles raise, hang, or are as large as a book."""
    from app.live import answers

    prepared = answers._prepared

    def sabotaged(activity, *found):
        view, job = prepared(activity, *found)
        faults = {"raises": raises, "hangs": hangs, "swells": swells}
        fault = faults.get(activity.title)
        return view, (job[0], fault) if job and fault else job

    def raises():
        raise RuntimeError("broken on purpose")

    def hangs():
        time.sleep(5)
        return (None, None, None)

    def swells():
        from app.live.activities.open_text import OpenTextResult, TextItem

        return (
            OpenTextResult(answered=1, texts=[TextItem(id="1", text="x" * 5_000_000)]),
            None,
            None,
        )

    answers._prepared = sabotaged
