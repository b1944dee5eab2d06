"""One client's line to the room: it stays, comes back after a loss, and sends again what was not
answered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from time import monotonic
from typing import Any

from picows import (
    WSError,
    WSFrame,
    WSInvalidStatusError,
    WSListener,
    WSMsgType,
    WSTransport,
    ws_connect,
)

from app.rehearsal import frames
from app.rehearsal.address import RoomAddress
from app.rehearsal.backoff import CAP_SECONDS, delay_seconds
from app.rehearsal.frames import SharedFrames

CONNECT_SECONDS = 5.0
"""a phone gives up a connection that does not open by then (D16)"""
IDLE_SECONDS = 20.0
TRY_AGAIN = frozenset({"too_fast", "not_saved"})
"""refusals for now, not for good: the same submission goes out again a little later"""


class Refused(Exception):
    """The server said no to a submission or command, or to the client itself."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


@dataclass(slots=True)
class Asked:
    """Sent, or to be sent as soon as the line is up, until the server has answered."""

    frame: bytes
    answer: asyncio.Future[Mapping[str, Any]]
    times: int = 0


class Link:
    """Holds one WebSocket open and the newest state of the room as this client may see it."""

    def __init__(
        self,
        address: RoomAddress,
        *,
        token: str | None = None,
        view: str | None = None,
        rng: Random | None = None,
        shared: SharedFrames | None = None,
        local: tuple[str, int] | None = None,
        headers: Mapping[str, str] | None = None,
        cap: float = CAP_SECONDS,
    ) -> None:
        self.address = address
        self.token = token
        self.view = view
        self.last_bye: Mapping[str, Any] | None = None
        self.role: str | None = None
        self.me: Mapping[str, Any] = {}
        self.epoch: str | None = None
        self.rev = 0
        self.state: Mapping[str, Any] | None = None
        self.failure: Refused | None = None
        self.connections = 0
        self.frames_received = 0
        self.older_received = 0
        self.connected_after: float | None = None
        self.watchers: list[Callable[[Mapping[str, Any]], None]] = []
        self.on_shown: Callable[[str, int], None] | None = None
        self._rng = rng or Random()  # noqa: S311 (jitter)
        self._shared = shared or SharedFrames()
        self._local = local
        self._cap = cap
        self._headers = {"Sec-WebSocket-Protocol": frames.SUBPROTOCOL, **(headers or {})}
        self._asked: dict[str, Asked] = {}
        self._transport: WSTransport | None = None
        self._told_ms: int | None = None
        self._welcomed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    # what its owner does
    def open(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._stay())

    async def ready(self, *, within: float = 30.0) -> Mapping[str, Any]:
        """The first state; Refused when the room will not have this client, TimeoutError when it
        does not answer.
        """
        async with asyncio.timeout(within):
            await self._welcomed.wait()
        if self.failure is not None:
            raise self.failure
        return self.state or {}

    async def until(
        self, seen: Callable[[Mapping[str, Any]], bool], *, within: float = 10.0
    ) -> Mapping[str, Any]:
        """The first state for which `seen` holds; TimeoutError when none comes."""
        if self.state is not None and seen(self.state):
            return self.state
        found: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()

        def look(state: Mapping[str, Any]) -> None:
            if not found.done() and seen(state):
                found.set_result(state)

        self.watchers.append(look)
        try:
            return await asyncio.wait_for(found, within)
        finally:
            self.watchers.remove(look)

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for asked in self._asked.values():
            asked.answer.cancel()
        self._asked.clear()

    def cut(self) -> None:
        """Loses the line without a word, as a phone in a lift does; it comes back by itself."""
        if self._transport is not None:
            self._transport.disconnect(graceful=False)

    @property
    def live(self) -> bool:
        return self._transport is not None and self._welcomed.is_set()

    @property
    def unanswered(self) -> int:
        return len(self._asked)

    def ask(self, id: str, frame: bytes) -> asyncio.Future[Mapping[str, Any]]:
        """Sends now or as soon as the line is up, and again after each loss, until an ack or error
        has come.
        """
        answer: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()
        asked = self._asked[id] = Asked(frame, answer)
        if self._transport is not None and self._welcomed.is_set():
            self._send(asked)
        return answer

    # the line
    async def _stay(self) -> None:
        attempt = 0
        while self.failure is None:
            began = monotonic()
            try:
                await self._connect_once(began)
            except WSInvalidStatusError as refusal:
                status = refusal.response.status if refusal.response is not None else 0
                if 400 <= status < 500 and status not in (408, 425, 429):
                    self._give_up(Refused("unknown_room", f"the server answered {status}"))
                    return
            except (OSError, WSError, TimeoutError):
                pass
            attempt = 0 if self._welcomed.is_set() else attempt + 1
            self._welcomed.clear()
            if self.failure is None:
                told, self._told_ms = self._told_ms, None
                await asyncio.sleep(delay_seconds(attempt, self._rng, told_ms=told, cap=self._cap))

    async def _connect_once(self, began: float) -> None:
        ended = asyncio.get_running_loop().create_future()
        try:
            # picows limits the handshake alone: a connection that is swallowed would wait for
            # minutes.
            async with asyncio.timeout(CONNECT_SECONDS):
                await ws_connect(
                    lambda: _Ear(self, ended),
                    self.address.live,
                    extra_headers=self._headers,
                    websocket_handshake_timeout=CONNECT_SECONDS,
                    enable_auto_ping=True,
                    auto_ping_idle_timeout=IDLE_SECONDS,
                    auto_ping_reply_timeout=IDLE_SECONDS,
                    read_buffer_init_size=4096,
                    local_addr=self._local,
                )
                if self._transport is None:
                    # picows returns without a word when the other side went away within the
                    # handshake.
                    raise ConnectionError("the line ended within the handshake")
            if self.connected_after is None:
                self.connected_after = monotonic() - began
            await ended
        finally:
            self.cut()
            self._transport = None

    def _give_up(self, failure: Refused) -> None:
        self.failure = failure
        self._welcomed.set()
        for asked in self._asked.values():
            if not asked.answer.done():
                asked.answer.set_exception(failure)
        self._asked.clear()
        self.cut()

    def _send(self, asked: Asked) -> None:
        if self._transport is not None:
            asked.times += 1
            self._transport.send(WSMsgType.TEXT, asked.frame)

    # what the server says
    def opened(self, transport: WSTransport) -> None:
        self._transport = transport
        self.connections += 1
        transport.send(
            WSMsgType.TEXT, frames.hello(self.token, self.epoch, self.rev, view=self.view)
        )

    def heard(self, raw: bytes) -> None:
        self.frames_received += 1
        message = self._shared.read(raw)
        answer = _ANSWERS.get(message["type"])
        if answer is not None:
            answer(self, message)

    def _on_welcome(self, message: Mapping[str, Any]) -> None:
        self.role, self.me = message.get("role"), message.get("me") or {}
        self._adopt(message)
        self._welcomed.set()
        for asked in self._asked.values():
            self._send(asked)

    def _adopt(self, message: Mapping[str, Any]) -> None:
        epoch, rev = message["epoch"], message["rev"]
        if epoch == self.epoch and rev < self.rev:
            self.older_received += 1
            return
        self.epoch, self.rev = epoch, rev
        if message.get("state") is not None:
            self.state = message["state"]
        if self.on_shown is not None:
            self.on_shown(epoch, rev)
        if self.state is not None:
            for watcher in tuple(self.watchers):
                watcher(self.state)

    def _on_ack(self, message: Mapping[str, Any]) -> None:
        asked = self._asked.pop(message["id"], None)
        if asked is not None and not asked.answer.done():
            asked.answer.set_result(message.get("data") or {})

    def _on_error(self, message: Mapping[str, Any]) -> None:
        refusal = Refused(message["code"], message.get("detail") or "")
        asked = self._asked.get(message.get("id") or "")
        if asked is None:
            if not self._welcomed.is_set():
                self._give_up(refusal)
        elif refusal.code in TRY_AGAIN:
            asyncio.get_running_loop().call_later(
                self._rng.uniform(0.2, 2.0), self._try_again, message["id"]
            )
        else:
            del self._asked[message["id"]]
            if not asked.answer.done():
                asked.answer.set_exception(refusal)

    def _try_again(self, id: str) -> None:
        asked = self._asked.get(id)
        if asked is not None and self.live:
            self._send(asked)

    def _on_bye(self, message: Mapping[str, Any]) -> None:
        """With a span it asks us back within it; without one it has had enough of us."""
        self.last_bye = message
        told = message.get("retry_after_ms")
        if told is None:
            self._give_up(Refused(str(message.get("reason")), "the server said good-bye for good"))
        else:
            self._told_ms = int(told)


class _Ear(WSListener):
    """Hears one socket for the link; frames of a socket that was given up go nowhere."""

    def __init__(self, link: Link, ended: asyncio.Future[None]) -> None:
        self._link = link
        self._ended = ended
        self._parts: list[bytes] = []

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._link.opened(transport)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type is WSMsgType.CLOSE:
            transport.disconnect()
        elif frame.msg_type is WSMsgType.TEXT or frame.msg_type is WSMsgType.CONTINUATION:
            payload = frame.get_payload_as_bytes()
            if frame.fin and not self._parts:
                self._link.heard(payload)
            else:
                self._gather(payload, frame.fin)

    def on_ws_disconnected(self, transport: WSTransport) -> None:  # noqa: ARG002 (picows' name)
        if not self._ended.done():
            self._ended.set_result(None)

    def _gather(self, payload: bytes, whole: bool) -> None:
        self._parts.append(payload)
        if whole:
            message, self._parts = b"".join(self._parts), []
            self._link.heard(message)


_ANSWERS: dict[str, Callable[[Link, Mapping[str, Any]], None]] = {
    "welcome": Link._on_welcome,
    "state": Link._adopt,
    "ack": Link._on_ack,
    "error": Link._on_error,
    "bye": Link._on_bye,
}
