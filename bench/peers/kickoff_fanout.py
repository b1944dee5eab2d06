"""The product's sockets and how its room writes to them, with a synthetic state and no database.

The seam between the fan-out figure and the product: its server and `LiveProtocol`, and a `Room`
whose audience is brought to one rendering after another, as its ticks do, but without waiting.
"""

from __future__ import annotations

import argparse
import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from app.live import wire
from app.live.audience import Audience, Row
from app.live.protocol import EXTENSION, LiveProtocol
from app.live.renderings import Key, Rendering
from app.live.roles import View
from app.live.room import Room
from app.live.wire import Place
from app.server import listen, serve

KEY = Key(View.PHONE, "nb", wire.JSON_DIALECT)
FIRST_REVISION = 1_000_000  # so that all frames are equally long


class Hall:
    """A room with one audience of phones."""

    def __init__(self) -> None:
        nothing: Any = None
        self.room = Room("bench", nothing, ThreadPoolExecutor(1), nothing, 500)
        self.audience = self.room._audiences[KEY] = Audience(KEY)
        self.audience.sent = self.audience.now = _rendering(FIRST_REVISION, 1000)
        self.revision = FIRST_REVISION
        self.work: asyncio.Task[None] | None = None

    async def waves(self, waves: int, size: int) -> None:
        for _ in range(waves):
            self.revision += 1
            self.audience.now = _rendering(self.revision, size)
            await self.audience.broadcast()
            await asyncio.sleep(0)


class Attendee:
    """The handler of one socket, and the room's client."""

    participant_id: str | None = None
    key = KEY
    behind_since: float | None = None
    taken = 0

    def __init__(self, hall: Hall, socket: LiveProtocol) -> None:
        self.hall = hall
        self.line = socket
        self.row: Row | None = None
        self.write = socket.write_frame

    def enter(self) -> None:
        assert self.hall.audience.now
        self.hall.audience.welcome(self, lambda _rendering: None, self.hall.audience.now)

    @property
    def backlog(self) -> int:
        return self.line.backlog

    def received(self, text: bytes) -> None:
        _, waves, size = text.split()
        work = self.hall.waves(int(waves), int(size))
        self.hall.work = asyncio.get_running_loop().create_task(work)

    def received_binary(self) -> None:
        pass

    def lost(self) -> None:
        self.hall.audience.leave(self)

    def unready(self) -> None:
        self.hall.audience.hold(self)

    def say_goodbye(self, reason: str, retry_after_ms: int | None, code: int) -> None:
        pass

    def regroup(self) -> None:
        pass

    def abort(self) -> None:
        self.line.abort()


def create_app() -> Any:
    hall = Hall()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept", "subprotocol": None})
            socket: LiveProtocol = scope["extensions"][EXTENSION]
            attendee = Attendee(hall, socket)
            socket.attach(attendee)
            attendee.enter()

    return app


def _rendering(revision: int, size: int) -> Rendering:
    """A state whose frame has exactly `size` bytes."""
    place = Place("bench", revision, 1)
    empty = len(wire.state(place, {"state": {"pad": ""}}))
    state = {"pad": "x" * (size - empty)}
    return Rendering(place, {"state": state}, {"state": str(revision)})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    serve(create_app(), listen("127.0.0.1", parser.parse_args().port))


if __name__ == "__main__":
    main()
