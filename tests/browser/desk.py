"""A facilitator's desk without a browser: commands by the public protocol, and what they led to."""

from __future__ import annotations

import json
import secrets
from contextlib import ExitStack
from types import TracebackType
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.support.server import Server


class Desk:
    """with Desk(server) as desk: desk.ask("choice", "…", options=[…])"""

    def __init__(self, server: Server, *, code: str = "") -> None:
        self._server = server
        self._code = code or server.facts.join_code
        self._line: ClientConnection | None = None
        self._open = ExitStack()
        self.state: dict[str, Any] = {}
        self.now = 0

    def __enter__(self) -> Desk:
        address = f"ws://127.0.0.1:{self._server.port}/live/{self._code}"
        self._line = self._open.enter_context(
            connect(address, subprotocols=["kickoff.json.v1"])  # type: ignore[list-item]
        )
        self._send({"type": "hello", "token": self._server.facts.api_token, "rev": 0})
        while not self.state:
            self._receive()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def command(self, name: str, **data: Any) -> dict[str, Any]:
        """What the command made."""
        command_id = secrets.token_hex(16)
        rev = self.state["control"]
        self._send({"type": "command", "id": command_id, "name": name, "rev": rev, "data": data})
        answer: dict[str, Any] = {}
        # Until it is done and the state shows it: the next command must know the new revision.
        while not answer or self.state["control"] <= rev:
            message = self._receive()
            if message.get("id") == command_id:
                assert message["type"] == "ack", message
                answer = {"done": True, **(message.get("data") or {})}
        return answer

    def ask(self, kind: str, title: str, **rest: Any) -> str:
        """Opens a new activity and closes what was open; its id."""
        for activity in [a for a in self.state["activities"] if a["status"] == "open"]:
            self.command("activity.close", activity=activity["id"])
        made = self.command(
            "activity.create",
            **{"kind": kind, "title": title, "mode": "named", "open": True, **rest},
        )
        return str(made["activity"])

    def activity(self, activity_id: str) -> dict[str, Any]:
        return next(a for a in self.fresh()["activities"] if a["id"] == activity_id)

    def result(self, activity_id: str) -> dict[str, Any]:
        found = self.activity(activity_id)["result"]
        assert isinstance(found, dict)
        return found

    def fresh(self) -> dict[str, Any]:
        """The state now: what has been sent in the meantime is read first."""
        assert self._line is not None
        while True:
            try:
                self._take(json.loads(self._line.recv(timeout=0.3)))
            except TimeoutError:
                return self.state

    def _send(self, message: dict[str, Any]) -> None:
        assert self._line is not None
        self._line.send(json.dumps(message))

    def _receive(self) -> dict[str, Any]:
        assert self._line is not None
        message: dict[str, Any] = json.loads(self._line.recv(timeout=10))
        self._take(message)
        return message

    def _take(self, message: dict[str, Any]) -> None:
        if "state" in message:
            self.state = message["state"]
        self.now = message.get("now", self.now)
