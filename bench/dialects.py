"""How each contender is spoken to: the address, the opening words, one vote, and what an answer
looks like.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

OPTIONS = ("a", "b", "c", "d")


def chosen(attendee: int, seq: int, options: int) -> int:
    """Like chance, and the same for all contenders: in step with `seq` a whole room's votes would
    come to the same count each time, and there would be no news to send."""
    return ((attendee + 1) * (seq + 1) * 40503 >> 7) % options


class PlainDialect:
    """The FastAPI and the picows peer.

    Frames are built as bytes, so that the generator spends its time on sockets and not on JSON.
    """

    def __init__(self, port: int, **_: Any) -> None:
        self.port = port

    def url(self, attendee: int) -> str:
        return f"ws://127.0.0.1:{self.port}/ws/p{attendee}"

    def headers(self) -> dict[str, str]:
        return {}

    def opening(self, _attendee: int) -> bytes | None:
        return None

    def ready(self, _payload: bytes) -> bool:
        return True

    def vote(self, attendee: int, seq: int) -> bytes:
        option = OPTIONS[chosen(attendee, seq, len(OPTIONS))]
        return b'{"type":"vote","id":"%s","seq":%d,"option":"%s"}' % (
            ident(attendee, seq),
            seq,
            option.encode(),
        )

    def is_ack(self, payload: bytes) -> bool:
        return b'"ack"' in payload[:40]

    def is_refusal(self, payload: bytes) -> bool:
        return b'"error"' in payload[:40]

    def reply(self, _payload: bytes) -> bytes | None:
        return None


class SocketIoDialect(PlainDialect):
    """socket.io 4 over its WebSocket transport: engine.io packet digit, then socket.io packet
    digit.
    """

    def url(self, attendee: int) -> str:
        return f"ws://127.0.0.1:{self.port}/socket.io/?EIO=4&transport=websocket&participant=p{attendee}"

    def opening(self, _attendee: int) -> bytes | None:
        return b"40"

    def ready(self, payload: bytes) -> bool:
        return payload.startswith(b"40")

    def vote(self, attendee: int, seq: int) -> bytes:
        option = OPTIONS[chosen(attendee, seq, len(OPTIONS))]
        vote = b'{"id":"%s","seq":%d,"option":"%s"}' % (ident(attendee, seq), seq, option.encode())
        return b'42%d["vote",%s]' % (seq, vote)

    def is_ack(self, payload: bytes) -> bool:
        return payload.startswith(b"43")

    def is_refusal(self, payload: bytes) -> bool:
        return payload.startswith(b"44")

    def reply(self, payload: bytes) -> bytes | None:
        return b"3" if payload == b"2" else None


class KickoffDialect(PlainDialect):
    """The product: `kickoff.json.v1` as written in the protocol's page."""

    def __init__(
        self,
        port: int,
        *,
        code: str,
        tokens: Sequence[str],
        activity: str,
        options: Sequence[str],
        **_: Any,
    ) -> None:
        super().__init__(port)
        self.code = code
        self.tokens = tokens
        self.activity = activity.encode()
        self.options = [option.encode() for option in options]

    def url(self, _attendee: int) -> str:
        return f"ws://127.0.0.1:{self.port}/live/{self.code}"

    def headers(self) -> dict[str, str]:
        return {"Sec-WebSocket-Protocol": "kickoff.json.v1"}

    def opening(self, attendee: int) -> bytes | None:
        return b'{"type":"hello","token":"%s","rev":0}' % self.tokens[attendee].encode()

    def ready(self, payload: bytes) -> bool:
        return b'"welcome"' in payload[:60]

    def vote(self, attendee: int, seq: int) -> bytes:
        option = self.options[chosen(attendee, seq, len(self.options))]
        return b'{"type":"submit","id":"%s","seq":%d,"activity":"%s","data":{"options":["%s"]}}' % (
            ident(attendee, seq),
            seq,
            self.activity,
            option,
        )


def ident(attendee: int, seq: int) -> bytes:
    """A 128-bit id that is unique in a round and costs no random bytes."""
    return b"%016x%016x" % (0x9E3779B97F4A7C15 * (attendee + 1) & 0xFFFFFFFFFFFFFFFF, seq)


DIALECTS: dict[str, type[PlainDialect]] = {
    "plain": PlainDialect,
    "socketio": SocketIoDialect,
    "kickoff": KickoffDialect,
}
