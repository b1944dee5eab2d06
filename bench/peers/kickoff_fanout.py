"""The product's socket class and its way of writing ready-made frames, without a room.

This is the seam between the fan-out figure and the product: `LiveProtocol` under uvicorn, one
handler a socket, `write_frame` for each, one yield to the loop between two waves as between two
ticks of a room.
"""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

import uvicorn

from app.live.protocol import EXTENSION, LiveProtocol, text_frame


class Room:
    def __init__(self) -> None:
        self.sockets: dict[LiveProtocol, None] = {}
        self.work: asyncio.Task[None] | None = None

    async def waves(self, waves: int, size: int) -> None:
        for _ in range(waves):
            frame = text_frame(b'{"type":"state","pad":"' + b"x" * (size - 25) + b'"}')
            for socket in self.sockets:
                socket.write_frame(frame)
            await asyncio.sleep(0)


class Attendee:
    """The handler of one socket."""

    def __init__(self, room: Room, socket: LiveProtocol) -> None:
        self.room = room
        self.socket = socket

    def received(self, text: bytes) -> None:
        _, waves, size = text.split()
        self.room.work = asyncio.get_running_loop().create_task(
            self.room.waves(int(waves), int(size))
        )

    def received_binary(self) -> None:
        pass

    def lost(self) -> None:
        self.room.sockets.pop(self.socket, None)


def create_app() -> Any:
    room = Room()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept", "subprotocol": None})
            socket: LiveProtocol = scope["extensions"][EXTENSION]
            room.sockets[socket] = None
            socket.attach(Attendee(room, socket))

    return app


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    uvicorn.run(
        create_app(),
        host="127.0.0.1",
        port=parser.parse_args().port,
        ws=LiveProtocol,
        lifespan="off",
        backlog=4096,
        ws_per_message_deflate=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
