"""The WebSocket under the room: uvicorn's protocol with bounds on every buffer, and a fast way in
and out.

Why not the stock one: a client that floods pings without reading grows uvicorn's write buffer
without
end; a reader that stops keeps its socket, and SIGTERM waiting, for ever; each send costs a task
switch.
Here a socket that will not read is aborted, a handler hears text without a task of its own, and one
ready-made frame is written to as many transports as want it (RELIABILITY M6-M9).
"""

import socket
import struct
import sys
from typing import Any, Protocol

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.speedups import apply_mask

from app.web import metrics

LARGEST_BACKLOG = (
    256 * 1024
)  # bytes a client may leave unread before it is cut off when more is due
MOST_FRAGMENTS = 64
PARSED_AT_ONCE = 8 * 1024
CLOSE_GRACE = 1.0  # seconds between saying good-bye and aborting

EXTENSION = "kickoff.socket"

# Linux's struct tcp_info, where `tcpi_bytes_acked` stands since its version 4.1.
_TCP_INFO: int | None = getattr(socket, "TCP_INFO", None) if sys.platform == "linux" else None
_ACKNOWLEDGED = 120


class Handler(Protocol):
    """Who listens to a socket. Called on the event loop; must not block."""

    def received(self, text: bytes) -> None: ...

    def received_binary(self) -> None: ...

    def unready(self) -> None: ...

    def lost(self) -> None: ...


class LiveProtocol(WebSocketsSansIOProtocol):
    """Handed to uvicorn as `ws=`. The endpoint finds it in `scope["extensions"]` and attaches a
    handler."""

    handler: Handler | None = None
    full = False  # the client leaves more unread than the transport's high water mark (64 KiB)
    unready = False  # nothing may be written now: it is full, or good-bye has been said
    _fragments = 0
    _deaf = False
    _taken_at_ping = 0
    _in_step = True  # every chunk so far ended where a frame ends

    # -- for the room ---------------------------------------------------------------------------

    def attach(self, handler: Handler) -> None:
        """From now on the handler hears every message; the endpoint's task may end."""
        self.handler = handler
        # The transport's own: `write_frame` without its question, for whoever asks `unready`.
        self.write = self.transport.write
        while not self.queue.empty():
            event: Any = self.queue.get_nowait()
            if event["type"] == "websocket.receive" and event.get("text") is not None:
                handler.received(event["text"].encode())
            elif event["type"] == "websocket.receive":
                handler.received_binary()
            elif event["type"] == "websocket.disconnect":
                handler.lost()
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()

    def write_frame(self, frame: bytes) -> None:
        """Write a ready-made frame (see `text_frame`); to who has gone meanwhile nothing, for a
        command may be answered after its sender has left."""
        if not self.close_sent and not self.disconnected:
            self.transport.write(frame)

    @property
    def backlog(self) -> int:
        """Bytes this client has not read yet."""
        return self.transport.get_write_buffer_size()

    @property
    def taken(self) -> int:
        """Grows while the other end reads: bytes it has acknowledged, where the system tells."""
        sock = self.transport.get_extra_info("socket")
        if sock is None or _TCP_INFO is None:
            return -self.backlog
        try:
            told = sock.getsockopt(socket.IPPROTO_TCP, _TCP_INFO, _ACKNOWLEDGED + 8)
            return int(struct.unpack_from("Q", told, _ACKNOWLEDGED)[0])
        except (OSError, struct.error):
            return -self.backlog

    def finish(self, code: int, reason: str = "") -> None:
        """Say good-bye, and cut the line if it is still there after a moment."""
        if not self.close_sent and self.handshake_complete and not self.transport.is_closing():
            self.conn.send_close(code, reason)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
        self._rest()
        # Who is sent away for what it did is not listened to any more, not even for its good-bye.
        self._deaf = code not in (1000, 1012)
        self.stop_keepalive()
        self.loop.call_later(CLOSE_GRACE, self.abort)

    def _rest(self) -> None:
        """Nothing may be written from now on; who writes ready-made frames is told at once."""
        self.unready = True
        if self.handler is not None:
            self.handler.unready()

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

    def data_received(self, data: bytes) -> None:
        """Short whole text frames, which is what phones send, go straight to the handler.

        The general parser is a generator and takes four times as long; everything else is left
        to it.
        """
        if self._deaf:
            return
        if self.handler is None or not self._in_step or self.frames or self.close_sent:
            if self.handshake_complete:
                self._in_step = self._in_step and _ends_with_a_frame(data)
            self._parse(data)
            return
        texts = _short_texts(data)
        if texts is None:
            self._in_step = _ends_with_a_frame(data)
            self._parse(data)
            return
        for text in texts:
            if self.handler is not None:
                self.handler.received(text)

    def _parse(self, data: bytes) -> None:
        """In slices: a chunk can hold forty thousand empty frames: a third of a second."""
        for start in range(0, len(data), PARSED_AT_ONCE):
            if self._deaf or self.transport.is_closing():
                return
            super().data_received(data[start : start + PARSED_AT_ONCE])

    def send_receive_event_to_app(self) -> None:
        self._fragments = 0
        if self.handler is None:
            self._receive_unattached()
            return
        data = self.frames[0] if len(self.frames) == 1 else b"".join(self.frames)
        self.frames = []
        if self.close_sent:
            return
        if self.curr_msg_data_type == "text":
            self.handler.received(bytes(data))
        else:
            self.handler.received_binary()

    def _receive_unattached(self) -> None:
        """uvicorn logs an exception for text that is no UTF-8; a stranger's bytes are no fault."""
        if self.curr_msg_data_type == "text":
            try:
                b"".join(self.frames).decode()
            except UnicodeDecodeError:
                self.frames = []
                self.finish(1007)
                return
        super().send_receive_event_to_app()

    def handle_cont(self, event: Frame) -> None:
        if self.close_sent:
            return
        self._fragments += 1
        if self._fragments > MOST_FRAGMENTS:
            self.frames = []
            self.finish(1009, "too many fragments")
            return
        super().handle_cont(event)

    def handle_close(self, event: Frame) -> None:
        super().handle_close(event)
        self._rest()
        # It said good-bye, but may never read what still lies in the buffer.
        self.loop.call_later(CLOSE_GRACE, self.abort)

    def pause_writing(self) -> None:
        self.full = True
        self._rest()
        super().pause_writing()

    def resume_writing(self) -> None:
        self.full = False
        self.unready = self.close_sent
        super().resume_writing()

    def handle_ping(self) -> None:
        if self.backlog > LARGEST_BACKLOG:
            metrics.sockets_aborted.inc()
            self.abort()
            return
        super().handle_ping()

    def send_keepalive_ping(self) -> None:
        self._taken_at_ping = self.taken
        super().send_keepalive_ping()

    def keepalive_timeout(self) -> None:
        taken = self.taken
        if taken > self._taken_at_ping and self.ping_timeout is not None:
            # It reads, if slowly: what was asked still lies behind other bytes on a bad line.
            self._taken_at_ping = taken
            self.pong_timer = self.loop.call_later(self.ping_timeout, self.keepalive_timeout)
            return
        super().keepalive_timeout()
        self._rest()
        self.loop.call_later(CLOSE_GRACE, self.abort)

    def handle_parser_exception(self) -> None:
        super().handle_parser_exception()
        self._rest()
        self.loop.call_later(CLOSE_GRACE, self.abort)

    def shutdown(self) -> None:
        super().shutdown()
        self._rest()
        self.loop.call_later(CLOSE_GRACE / 2, self.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.handler is not None:
            handler, self.handler = self.handler, None
            handler.lost()

    async def run_asgi(self) -> None:
        """As uvicorn's, but a socket that was handed to a handler outlives the endpoint's task."""
        try:
            await self.app(self.scope, self.receive, self.send)
        except Exception as failure:
            if not self.disconnected:
                self.logger.error("socket endpoint failed: %s", type(failure).__name__)
            self.send_500_response()
            self.finish(1011)
            return
        if self.handler is None and self.close_timer is None:
            self.transport.close()
            self.loop.call_later(CLOSE_GRACE, self.abort)


def _short_texts(data: bytes) -> list[bytes] | None:
    """The texts of a chunk that is nothing but whole, final, masked text frames under 64 KiB;
    else None."""
    texts = []
    at, end = 0, len(data)
    while at < end:
        if end - at < 6 or data[at] != 0x81 or not data[at + 1] & 0x80:
            return None
        size, start = data[at + 1] & 0x7F, at + 6
        if size == 126:
            size, start = data[at + 2] << 8 | data[at + 3], at + 8
            if size < 126:
                return None
        elif size == 127:
            return None
        if start + size > end:
            return None
        texts.append(apply_mask(data[start : start + size], data[start - 4 : start]))
        at = start + size
    return texts


def _ends_with_a_frame(data: bytes) -> bool:
    """Whether a chunk that begins with a frame also ends with one."""
    at, end = 0, len(data)
    while at + 2 <= end:
        size, header = data[at + 1] & 0x7F, 2
        if size == 126:
            size, header = int.from_bytes(data[at + 2 : at + 4]), 4
        elif size == 127:
            size, header = int.from_bytes(data[at + 2 : at + 10]), 10
        at += header + size + (4 if data[at + 1] & 0x80 else 0)
    return at == end


def text_frame(payload: bytes) -> bytes:
    """A whole, final, unmasked text frame (RFC 6455, 5.2)."""
    size = len(payload)
    if size < 126:
        return b"\x81" + bytes((size,)) + payload
    if size < 65536:
        return b"\x81\x7e" + struct.pack("!H", size) + payload
    return b"\x81\x7f" + struct.pack("!Q", size) + payload
