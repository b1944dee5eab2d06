"""A room of a few lines that speaks `kickoff.json.v1`, and misbehaves on request.

It is not the product: it lets the rehearsal's client be tested against faults that the product
must not have (votes lost, counted twice, older frames).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.support.processes import free_port


@dataclass
class FakeRoom:
    """State and switches. `ballots`: participant → (seq, data) of the one open activity."""

    code: str = "ABC234"
    port: int = 0
    epoch: str = "e1"
    rev: int = 1
    control: int = 1
    status: str = "live"
    participants: int = 0
    ballots: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    earlier: dict[str, dict[str, Any]] = field(default_factory=dict)  # results of closed rounds
    guests: int = 0  # of no rehearsal
    looks: int = 0
    seen_ids: list[str] = field(default_factory=list)
    sockets: set[WebSocket] = field(default_factory=set)
    hellos: list[dict[str, Any]] = field(default_factory=list)
    activities: list[dict[str, Any]] = field(default_factory=list)
    # switches
    drop_before_ack: int = 0
    lose_every: int = 0
    double_every: int = 0
    refuse_with: str | None = None
    silent: bool = False  # saves, and does not say so
    bye_after_ms: int | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def state(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "control": self.control,
            "hash": f"{self.epoch}.{self.rev}",
            "block": None,
            "participants": self.participants + self.guests,
            "activities": self.activities,
        }

    def result(self) -> dict[str, Any]:
        counts: dict[str, int] = {}
        for _, data in self.ballots.values():
            for option in data.get("options", ()):
                counts[option] = counts.get(option, 0) + 1
        options = [{"id": option, "count": count} for option, count in counts.items()]
        return {"answered": len(self.ballots), "options": options}

    def somebody_else(self, who: str) -> None:
        """A real phone joins and answers."""
        self.looks += 1
        self.guests += who not in self.ballots
        self.ballots.setdefault(who, (1, {"options": ["o1"]}))

    def ask_again(self) -> None:
        self.looks += 1
        last = self.activities[-1]
        self.earlier[last["id"]] = self.result()
        self.ballots = {}
        again = {**last, "id": last["id"] + "again", "round": 2}
        self.activities = [{**last, "status": "closed"}, again]
        self._pushing = asyncio.get_running_loop().create_task(self.push())

    async def push(self, *, rev: int | None = None, epoch: str | None = None) -> None:
        """Sends the state to all; an older `rev` on purpose is one of its faults."""
        if rev is None:
            self.rev += 1
        self.epoch = epoch or self.epoch
        frame = {"type": "state", "epoch": self.epoch, "rev": rev or self.rev, "now": 0}
        text = json.dumps({**frame, "state": self.state()})
        for socket in tuple(self.sockets):
            with suppress(RuntimeError, WebSocketDisconnect):
                await socket.send_text(text)

    async def greet_again(self) -> None:
        """A second welcome on the same sockets, as for whoever is in another group now."""
        self.rev += 1
        frame = {"type": "welcome", "epoch": self.epoch, "rev": self.rev, "now": 0}
        for socket in tuple(self.sockets):
            await socket.send_json({**frame, "role": "attendee", "state": self.state()})

    async def drop_all(self) -> None:
        for socket in tuple(self.sockets):
            if self.bye_after_ms is not None:
                bye = {"type": "bye", "reason": "restart", "retry_after_ms": self.bye_after_ms}
                await socket.send_json(bye)
            await socket.close(1012)

    async def say_farewell(self, reason: str) -> None:
        for socket in tuple(self.sockets):
            await socket.send_json({"type": "bye", "reason": reason, "retry_after_ms": None})
            await socket.close(1008)

    # what clients ask
    async def page(self, _request: Request) -> Response:
        return HTMLResponse("<!doctype html><title>Rom</title>")

    async def join(self, request: Request) -> Response:
        if request.path_params["code"] != self.code:
            return JSONResponse({"code": "unknown_room"}, status_code=404)
        self.participants += 1
        number = self.participants
        return JSONResponse({"participant_id": f"p{number}", "token": f"t{number}"}, 201)

    async def told(self, _request: Request) -> Response:
        return JSONResponse(self.state())

    async def published(self, request: Request) -> Response:
        return JSONResponse(self.earlier.get(request.path_params["id"]) or self.result())

    async def live(self, socket: WebSocket) -> None:
        await socket.accept(subprotocol="kickoff.json.v1")
        hello = await socket.receive_json()
        self.hellos.append(hello)
        if hello.get("token") == "bad":
            await socket.send_json({"type": "error", "code": "not_allowed", "detail": "who?"})
            await socket.close()
            return
        frame = {"type": "welcome", "epoch": self.epoch, "rev": self.rev, "now": 0}
        await socket.send_json({**frame, "role": "attendee", "state": self.state()})
        self.sockets.add(socket)
        try:
            while True:
                await self._answer(socket, hello["token"], await socket.receive_json())
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self.sockets.discard(socket)

    async def _answer(self, socket: WebSocket, token: str, message: dict[str, Any]) -> None:
        self.seen_ids.append(message["id"])
        if self.refuse_with is not None:
            error = {"type": "error", "id": message["id"], "code": self.refuse_with, "detail": ""}
            await socket.send_json(error)
        elif message["type"] == "command":
            await self._push_button(socket, message)
        else:
            self._save(token, message)
            if self.drop_before_ack > 0:
                self.drop_before_ack -= 1
                await socket.close(1011)
            elif not self.silent:
                await socket.send_json({"type": "ack", "id": message["id"]})

    async def _push_button(self, socket: WebSocket, message: dict[str, Any]) -> None:
        if message["rev"] != self.control:
            error = {"type": "error", "id": message["id"], "code": "conflict", "detail": ""}
            await socket.send_json(error)
        else:
            self.control += 1
            await self.push()
            data = {"did": message["name"]}
            await socket.send_json({"type": "ack", "id": message["id"], "data": data})

    def _save(self, token: str, message: dict[str, Any]) -> None:
        if self.lose_every and len(set(self.seen_ids)) % self.lose_every == 0:
            return
        seq, _ = self.ballots.get(token, (0, {}))
        if message["seq"] > seq:
            self.ballots[token] = (message["seq"], message["data"])
        if self.double_every and len(set(self.seen_ids)) % self.double_every == 0:
            self.ballots[token + " again"] = self.ballots[token]


def choice_activity(*options: str) -> dict[str, Any]:
    """An open activity with options, of a kind that the client has never heard of."""
    return {
        "id": "a1",
        "kind": "picking",
        "title": "Hva er viktigst?",
        "status": "open",
        "mode": "anonymous",
        "revealed": False,
        "config": {"multiple": False},
        "options": [{"id": option, "text": option} for option in options],
        "result": None,
    }


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 (what it looks at is not ours to hook)
        await asyncio.sleep(0.01)


@asynccontextmanager
async def fake_room(room: FakeRoom | None = None) -> AsyncIterator[FakeRoom]:
    """The room on a free port, inside the test's own loop."""
    room = room or FakeRoom(activities=[choice_activity("o1", "o2", "o3")])
    room.port = room.port or free_port()
    routes = [
        Route("/j/{code}/", room.page),
        Route("/api/v1/rooms/{code}", room.told),
        Route("/api/v1/rooms/{code}/participants", room.join, methods=["POST"]),
        Route("/api/v1/rooms/{code}/activities/{id}/result", room.published),
        WebSocketRoute("/live/{code}", room.live),
    ]
    config = uvicorn.Config(
        Starlette(routes=routes), port=room.port, log_level="error", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())
    await until(lambda: server.started)
    try:
        yield room
    finally:
        server.should_exit = True
        await serving
