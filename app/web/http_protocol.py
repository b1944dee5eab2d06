"""HTTP under the product: uvicorn's protocol with a bound on how a request may arrive.

uvicorn times only the silence after an answer. A line that sends nothing, one letter of a header
at a
time, or headers without end would be held for ever; here it is cut (T23).
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_WITHIN = (
    10.0  # seconds from connecting, or from a request's first byte, to the end of its head
)
BODY_WITHIN = 120.0  # seconds from there to the end of its body: a slow line brings a megabyte
LARGEST_HEAD = 64 * 1024


class HttpProtocol(HttpToolsProtocol):
    """Handed to uvicorn as `http=`."""

    _deadline: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _in_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect(HEAD_WITHIN)

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > LARGEST_HEAD and not self.transport.is_closing():
                self.send_400_response("The head of the request is too large.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True
        self._expect(HEAD_WITHIN)

    def on_headers_complete(self) -> None:
        self._in_head, self._head_bytes = False, 0
        self._expect(BODY_WITHIN)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._expect(None)
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._expect(None)
        super().handle_websocket_upgrade()

    def shutdown(self) -> None:
        super().shutdown()
        # One that has not even asked yet has nothing to wait for.
        if self._in_head:
            self._abort()

    def _expect(self, seconds: float | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.loop.call_later(seconds, self._abort)

    def _abort(self, *_: Any) -> None:
        self.transport.abort()
