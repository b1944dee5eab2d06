"""As much of RFC 6455 as a load generator needs: the client's handshake, frames out, frames in."""

from __future__ import annotations

import base64
import os
import struct

from websockets.speedups import apply_mask

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA


def handshake(netloc: str, path: str, subprotocol: str | None = None) -> bytes:
    """What the client says first; the answer is right when it is `switched`."""
    key = base64.b64encode(os.urandom(16)).decode()
    protocol = f"Sec-WebSocket-Protocol: {subprotocol}\r\n" if subprotocol else ""
    return (
        f"GET {path} HTTP/1.1\r\nHost: {netloc}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{protocol}\r\n"
    ).encode()


def switched(answer: bytes) -> bool:
    return b" 101 " in answer.partition(b"\r\n")[0]


def client_frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """A whole, final frame under 64 KiB, masked as a client's must be."""
    size, mask = len(payload), os.urandom(4)
    head = bytes((0x80 | opcode,))
    if size < 126:
        head += bytes((0x80 | size,))
    else:
        head += b"\xfe" + struct.pack("!H", size)
    return head + mask + apply_mask(payload, mask)


def server_frames(data: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """The whole frames in it as (opcode, payload), and what has come of the next."""
    frames = []
    at, end = 0, len(data)
    while at + 2 <= end:
        size, start = data[at + 1] & 0x7F, at + 2
        if size == 126:
            size, start = int.from_bytes(data[at + 2 : at + 4]), at + 4
        elif size == 127:
            size, start = int.from_bytes(data[at + 2 : at + 10]), at + 10
        if start + size > end:  # also where the header itself is cut: what is missing counts as 0
            break
        frames.append((data[at] & 0x0F, data[start : start + size]))
        at = start + size
    return frames, data[at:]
