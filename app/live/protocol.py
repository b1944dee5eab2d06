"""The WebSocket under the room: uvicorn's protocol with bounds on every buffer, and a fast way in and out.

Why not the stock one: a client that floods pings without reading grows uvicorn's write buffer without
end; a reader that stops keeps its socket, and SIGTERM waiting, for ever; each send costs a task switch.
Here a socket that will not read is aborted, a handler hears text without a task of its own, and one
ready-made frame is written to as many transports as want it (RELIABILITY M6-M9).
"""

import struct
from typing import Any, Protocol

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

from app.web import metrics

LARGEST_BACKLOG = 256 * 1024  # bytes a client may leave unread before it is cut off at a ping
MOST_FRAGMENTS = 64
CLOSE_GRACE = 1.0  # seconds between saying good-bye and aborting

EXTENSION = "kickoff.socket"


class Handler(Protocol):
    """Who listens to a socket. Called on the event loop; must not block."""

    def received(self, text: bytes) -> None: ...

    def received_binary(self) -> None: ...

    def lost(self) -> None: ...


class LiveProtocol(WebSocketsSansIOProtocol):
    """Handed to uvicorn as `ws=`. The endpoint finds it in `scope["extensions"]` and attaches a handler."""

    handler: Handler | None = None
    _fragments = 0

    # -- for the room ---------------------------------------------------------------------------

    def attach(self, handler: Handler) -> None:
        """From now on the handler hears every message; the endpoint's task may end."""
        self.handler = handler
        while not self.queue.empty():
            event: Any = self.queue.get_nowait()
            if event["type"] == "websocket.receive" and event.get("text") is not None:
                handler.received(event["text"].encode())
            elif event["type"] == "websocket.disconnect":
                handler.lost()
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()

    def write_frame(self, frame: bytes) -> None:
        """Write a ready-made frame (see `text_frame`)."""
        if not self.close_sent and not self.transport.is_closing():
            self.transport.write(frame)

    @property
    def backlog(self) -> int:
        """Bytes this client has not read yet."""
        return self.transport.get_write_buffer_size()

    def finish(self, code: int, reason: str = "") -> None:
        """Say good-bye, and cut the line if it is still there after a moment."""
        if not self.close_sent and self.handshake_complete and not self.transport.is_closing():
            self.conn.send_close(code, reason)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
        self.stop_keepalive()
        self.loop.call_later(CLOSE_GRACE, self.abort)

    def abort(self) -> None:
        """Cut the line now: `close()` would wait for a buffer that may never drain."""
        if not self.disconnected:
            self.transport.abort()

    # -- under uvicorn --------------------------------------------------------------------------

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        scope = getattr(self, "scope", None)
        if scope is not None:
            scope["extensions"][EXTENSION] = self

    def send_receive_event_to_app(self) -> None:
        self._fragments = 0
        if self.handler is None:
            super().send_receive_event_to_app()
            return
        data = self.frames[0] if len(self.frames) == 1 else b"".join(self.frames)
        self.frames = []
        if self.close_sent:
            return
        if self.curr_msg_data_type == "text":
            self.handler.received(bytes(data))
        else:
            self.handler.received_binary()

    def handle_cont(self, event: Frame) -> None:
        self._fragments += 1
        if self._fragments > MOST_FRAGMENTS:
            self.frames = []
            self.finish(1009, "too many fragments")
            return
        super().handle_cont(event)

    def handle_ping(self) -> None:
        if self.backlog > LARGEST_BACKLOG:
            metrics.sockets_aborted.inc()
            self.abort()
            return
        super().handle_ping()

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.loop.call_later(CLOSE_GRACE, self.abort)

    def handle_parser_exception(self) -> None:
        super().handle_parser_exception()
        self.loop.call_later(CLOSE_GRACE, self.abort)

    def shutdown(self) -> None:
        super().shutdown()
        self.loop.call_later(CLOSE_GRACE / 2, self.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.handler is not None:
            handler, self.handler = self.handler, None
            handler.lost()

    async def run_asgi(self) -> None:
        """As uvicorn's, but a socket that was handed to a handler outlives the endpoint's task."""
        try:
            await self.app(self.scope, self.receive, self.send)  # type: ignore[arg-type]
        except Exception as failure:
            if not self.disconnected:
                self.logger.error("socket endpoint failed: %s", type(failure).__name__)
            self.send_500_response()
            self.finish(1011)
            return
        if self.handler is None and self.close_timer is None:
            self.transport.close()
            self.loop.call_later(CLOSE_GRACE, self.abort)


def text_frame(payload: bytes) -> bytes:
    """A whole, final, unmasked text frame (RFC 6455, 5.2)."""
    size = len(payload)
    if size < 126:
        return b"\x81" + bytes((size,)) + payload
    if size < 65536:
        return b"\x81\x7e" + struct.pack("!H", size) + payload
    return b"\x81\x7f" + struct.pack("!Q", size) + payload
