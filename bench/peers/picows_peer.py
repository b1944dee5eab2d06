"""The limit: a picows server without any storage. It acknowledges at once and fans ready-made
frames out.
"""

from __future__ import annotations

import argparse
import asyncio

import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, WSUpgradeRequest, ws_create_server

FRAME_SECONDS = 0.1


class Room:
    def __init__(self) -> None:
        self.sockets: set[WSTransport] = set()
        self.votes: dict[bytes, bytes] = {}
        self.pending: asyncio.TimerHandle | None = None

    def touch(self) -> None:
        if self.pending is None:
            self.pending = asyncio.get_running_loop().call_later(FRAME_SECONDS, self.broadcast)

    def broadcast(self) -> None:
        self.pending = None
        counts: dict[bytes, int] = {}
        for option in self.votes.values():
            counts[option] = counts.get(option, 0) + 1
        inner = b",".join(b'"%s":%d' % pair for pair in counts.items())
        self.send(b'{"type":"state","tally":{%s}}' % inner)

    def send(self, frame: bytes) -> None:
        for socket in self.sockets:
            socket.send(WSMsgType.TEXT, frame)

    async def waves(self, waves: int, size: int) -> None:
        frame = b'{"type":"state","pad":"' + b"x" * (size - 25) + b'"}'
        for _ in range(waves):
            self.send(frame)
            await asyncio.sleep(0)


class Attendee(WSListener):
    def __init__(self, room: Room, participant: bytes) -> None:
        self.room = room
        self.participant = participant
        self.work: asyncio.Task[None] | None = None

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.room.sockets.add(transport)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.room.sockets.discard(transport)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type is WSMsgType.CLOSE:
            transport.disconnect()
        elif frame.msg_type is WSMsgType.TEXT:
            self.take(transport, frame.get_payload_as_bytes())

    def take(self, transport: WSTransport, message: bytes) -> None:
        if message.startswith(b"waves "):
            _, waves, size = message.split()
            self.work = asyncio.get_running_loop().create_task(
                self.room.waves(int(waves), int(size))
            )
            return
        identity = message[message.index(b'"id":"') + 6 :].partition(b'"')[0]
        self.room.votes[self.participant] = message[message.index(b'"option":"') + 10 :].partition(
            b'"'
        )[0]
        transport.send(WSMsgType.TEXT, b'{"type":"ack","id":"%s"}' % identity)
        self.room.touch()


async def serve(port: int) -> None:
    room = Room()

    def attendee(request: WSUpgradeRequest) -> WSListener:
        return Attendee(room, request.path)

    server = await ws_create_server(attendee, "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    uvloop.run(serve(parser.parse_args().port))


if __name__ == "__main__":
    main()
