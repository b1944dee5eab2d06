"""Who has left before their command was answered is missed by nobody: no fault, no line of it."""

import json
import secrets
import socket
import struct

from websockets.sync.client import connect

from tests.support.server import Server

RESET = struct.pack("ii", 1, 0)  # the connection is reset, and says no good-bye


def test_an_answer_to_who_has_gone_is_no_fault(demo_server: Server) -> None:
    facts = demo_server.facts
    where = f"ws://127.0.0.1:{demo_server.port}/live/{facts.join_code}"
    for _ in range(20):
        with connect(where, subprotocols=["kickoff.json.v1"]) as line:  # type: ignore[list-item]
            line.send(json.dumps({"type": "hello", "token": facts.api_token, "rev": 0}))
            line.recv(timeout=10)
            for _ in range(5):
                said = {"type": "command", "id": secrets.token_hex(16), "name": "agenda.pause"}
                line.send(json.dumps({**said, "rev": 0, "data": {}}))
            line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            line.socket.close()
    with connect(where, subprotocols=["kickoff.json.v1"]) as line:  # type: ignore[list-item]
        line.send(json.dumps({"type": "hello", "token": facts.api_token, "rev": 0}))
        assert "welcome" in str(line.recv(timeout=10))
    assert "socket.broke" not in demo_server.log
