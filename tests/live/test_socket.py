"""L1: one connection and what it is answered, without a network."""

import asyncio
from types import SimpleNamespace
from typing import Any

import orjson

from app.access import Actor
from app.live.socket import Connection
from app.live.submissions import Credits
from app.live.wire import JSON_DIALECT
from app.web import metrics


class Line:
    """A socket that keeps what is written to it."""

    full = False
    backlog = 0

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.said: list[dict[str, Any]] = []

    def write_frame(self, frame: bytes) -> None:
        self.said.append(orjson.loads(frame[frame.index(b"{") :]))

    def finish(self, code: int) -> None:
        self.said.append({"closed": code})


def test_a_fault_of_ours_in_a_command_is_answered_and_the_socket_stays() -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    async def scene() -> list[dict[str, Any]]:
        line: Any = Line()
        live: Any = SimpleNamespace(credits=Credits(20.0, 40), command=broken, stopping=False)
        room: Any = SimpleNamespace(id="room", snapshot=None)
        connection = Connection(live, room, line, dialect=JSON_DIALECT, language="en")
        connection.actor, connection._state = Actor(id="a"), "in"
        command = {"type": "command", "id": "12345678", "name": "room.start", "rev": 0}
        connection.received(orjson.dumps(command))
        await asyncio.sleep(0.05)
        connection._timeout.cancel()
        return list(line.said)

    [answer] = asyncio.run(scene())
    assert (answer["type"], answer["id"], answer["code"]) == ("error", "12345678", "internal")
    assert answer["detail"]


def test_who_goes_while_being_greeted_anew_is_counted_out() -> None:
    """Seen red: each phone that lost its line while groups were made was counted for good."""
    greetings: list[Any] = []

    async def scene() -> None:
        line: Any = Line()
        live: Any = SimpleNamespace(
            credits=Credits(20.0, 40),
            stopping=False,
            participant_of=lambda _token, _room: "p",
            mine=SimpleNamespace(ask=lambda _room, _who, greet: greetings.append(greet)),
            came_back=lambda _room, _who, _own: None,
            settings=SimpleNamespace(sockets_per_attendee=3),
        )
        room: Any = SimpleNamespace(
            id="room",
            snapshot=None,
            connections_of=lambda _who: [],
            enter=lambda *_, **__: None,
            leave=lambda _: None,
        )
        connection = Connection(live, room, line, dialect=JSON_DIALECT, language="en")
        connection.received(orjson.dumps({"type": "hello", "view": "phone", "token": "t"}))
        greetings.pop()({})
        connection.regroup()
        connection.lost()

    gauge = metrics.sockets_by_role["attendee"]
    before = gauge._value.get()
    asyncio.run(scene())
    assert len(greetings) == 1
    assert gauge._value.get() == before
