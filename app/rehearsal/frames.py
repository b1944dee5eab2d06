"""What comes and goes on the wire, as values: hello, submit and command out; the server's messages
in.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import orjson

SUBPROTOCOL = "kickoff.json.v1"


def fresh_id() -> str:
    """128 random bits: unique per submission or command, and the same when it is sent again."""
    return secrets.token_hex(16)


def hello(token: str | None, epoch: str | None, rev: int, *, view: str | None = None) -> bytes:
    known = {"token": token, "epoch": epoch, "view": view}
    told = {name: value for name, value in known.items() if value is not None}
    return orjson.dumps({"type": "hello", **told, "rev": rev})


def submit(id: str, seq: int, activity: str, data: Mapping[str, Any]) -> bytes:
    return orjson.dumps(
        {"type": "submit", "id": id, "seq": seq, "activity": activity, "data": data}
    )


def command(id: str, name: str, control: int, data: Mapping[str, Any]) -> bytes:
    return orjson.dumps({"type": "command", "id": id, "name": name, "rev": control, "data": data})


class SharedFrames:
    """Reads frames. The server writes one ready-made frame to a whole room, so the last one is read
    once.

    What it returns is shared between clients: read it, never change it.
    """

    def __init__(self) -> None:
        self._raw = b""
        self._message: Mapping[str, Any] = {}

    def read(self, raw: bytes) -> Mapping[str, Any]:
        if raw != self._raw:
            self._message = orjson.loads(raw)
            self._raw = raw
        return self._message
