"""Cuts a byte stream into WebSocket frames, so that a proxy can repeat and shuffle whole ones."""

from __future__ import annotations

from collections.abc import Iterator

CONTROL = 0x8  # this bit of the opcode marks ping, pong and close


class FrameCutter:
    """Bytes in, whole frames out (as they came, header and mask included)."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._buffer += data
        while (length := _length(self._buffer)) is not None and len(self._buffer) >= length:
            frame = bytes(self._buffer[:length])
            del self._buffer[:length]
            yield frame


def is_whole_message(frame: bytes) -> bool:
    """A data frame with FIN that is no continuation: may be repeated or moved without harm."""
    return bool(frame[0] & 0x80) and frame[0] & 0x0F in (1, 2)


def _length(buffer: bytearray) -> int | None:
    """The length of the first frame; None while its header is not complete."""
    if len(buffer) < 2:
        return None
    masked = 4 if buffer[1] & 0x80 else 0
    short = buffer[1] & 0x7F
    if short < 126:
        return 2 + masked + short
    width = 2 if short == 126 else 8
    if len(buffer) < 2 + width:
        return None
    return 2 + width + masked + int.from_bytes(buffer[2 : 2 + width], "big")
