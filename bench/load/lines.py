"""Sockets of phones, wall and console as our own pages have them: regions of HTML, and what is too
large to push fetched. Each notes when what it sent was acknowledged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from time import perf_counter
from typing import Any

import orjson
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from app.rehearsal.address import RoomAddress
from app.rehearsal.client import Phone
from app.rehearsal.exchange import Pool

AT_ONCE = 100
HTML = {"Sec-WebSocket-Protocol": "kickoff.html.v1"}
SHORT = 200  # bytes of an acknowledgement or a refusal; a picture is larger


class Line(WSListener):
    """One page's socket. Frames are kept as they came: to read each would make the generator
    late."""

    def __init__(self, opening: bytes, pages: Pool | None = None, token: str = "") -> None:
        self.opening = opening
        self.welcomed: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.transport: WSTransport | None = None
        self.acknowledged: dict[str, float] = {}
        self.refused: list[str] = []
        self.awaits = 0
        self.frames = 0
        self.fetches = 0
        self.dropped = False
        self.epoch, self.control = "", 0
        self.regions: dict[str, str] = {}
        self.changed_at: dict[str, float] = {}  # by region: when it was last another one
        self._unread: list[tuple[float, bytes]] = []
        self._pages, self._cookie = pages, f"kickoff_participant={token}"
        self._fetching: set[asyncio.Task[None]] = set()
        self._wanted: dict[str, str] = {}

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport
        transport.send(WSMsgType.TEXT, self.opening)

    def on_ws_frame(self, _transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type is not WSMsgType.TEXT:
            return
        payload = frame.get_payload_as_bytes()
        if len(payload) < SHORT and (b'"ack"' in payload or b'"error"' in payload):
            self._hear(orjson.loads(payload))
        elif self.welcomed.done():
            self.frames += 1
            self._unread.append((perf_counter(), payload))
            if self._pages is not None and b'"href"' in payload:
                self.read()
        else:
            welcome = orjson.loads(payload)
            self._adopt(perf_counter(), welcome)
            self.welcomed.set_result(welcome)

    def on_ws_disconnected(self, _transport: WSTransport) -> None:
        self.dropped = True

    def send(self, frame: bytes) -> None:
        assert self.transport is not None
        self.awaits += 1
        self.transport.send(WSMsgType.TEXT, frame)

    @property
    def waits(self) -> bool:
        return len(self.acknowledged) + len(self.refused) < self.awaits

    def read(self) -> None:
        """Takes in the frames that have come since it last looked."""
        unread, self._unread = self._unread, []
        for at, payload in unread:
            self._adopt(at, orjson.loads(payload))

    def _hear(self, message: dict[str, Any]) -> None:
        if message["type"] == "ack":
            self.acknowledged[message["id"]] = perf_counter()
        else:
            self.refused.append(f"{message.get('code')}: {message.get('detail')}")

    def _adopt(self, at: float, message: dict[str, Any]) -> None:
        for name, html in message.get("regions", {}).items():
            self._wanted[name] = "" if isinstance(html, str) else html["href"]
            if isinstance(html, str):
                self.regions[name], self.changed_at[name] = html, at
            elif self._pages is not None:
                fetching = asyncio.ensure_future(self._fetch(name, html["href"]))
                self._fetching.add(fetching)
                fetching.add_done_callback(self._fetching.discard)

    async def _fetch(self, name: str, href: str) -> None:
        assert self._pages is not None
        self.fetches += 1
        answer = await self._pages.get(
            self._pages.address.page + href, headers={"Cookie": self._cookie}
        )
        if answer.status != 200:
            raise RuntimeError(f"a region answered {answer.status}")
        if self._wanted[name] == href:  # else a newer one is on its way
            self.regions[name], self.changed_at[name] = answer.body.decode(), perf_counter()

    @property
    def is_fetching(self) -> bool:
        return bool(self._fetching)


async def joined(address: RoomAddress, attendees: int) -> list[str]:
    """The tokens of so many, who have no socket yet."""
    pool = Pool(address, size=16)
    phones = [Phone(address, number) for number in range(attendees)]
    await asyncio.gather(*(phone.join(pool) for phone in phones))
    pool.close()
    return [phone.link.token or "" for phone in phones]


async def phones(
    address: RoomAddress, tokens: Sequence[str], pages: Pool | None = None
) -> list[Line]:
    door = asyncio.Semaphore(AT_ONCE)

    async def sit(token: str) -> Line:
        async with door:
            return await connected(address, token, pages=pages)

    return await asyncio.gather(*(sit(token) for token in tokens))


async def connected(
    address: RoomAddress, token: str, *, view: str | None = None, pages: Pool | None = None
) -> Line:
    """A phone, or with an API token the wall or a console."""
    hello = {"type": "hello", "token": token, "rev": 0} | ({"view": view} if view else {})
    opening = orjson.dumps(hello)
    _, line = await ws_connect(
        lambda: Line(opening, pages, token),
        address.live,
        extra_headers=HTML,
        websocket_handshake_timeout=30,
        read_buffer_init_size=2048,
    )
    assert isinstance(line, Line)
    await asyncio.wait_for(line.welcomed, 30)
    return line


async def all_answered(lines: Sequence[Line], within: float = 60) -> None:
    deadline = perf_counter() + within
    while any(line.waits for line in lines):
        if perf_counter() > deadline:
            raise TimeoutError("not everything was answered")
        await asyncio.sleep(0.02)


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Of acknowledgements, in milliseconds."""
    ordered = sorted(seconds)
    return {
        "ack_p50_ms": ordered[len(ordered) // 2] * 1000,
        "ack_p99_ms": ordered[int(len(ordered) * 0.99)] * 1000,
        "ack_most_ms": ordered[-1] * 1000,
    }
