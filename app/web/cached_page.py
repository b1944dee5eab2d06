"""A page rendered once and sent to a whole room, with a nonce and a form token of each reader's
own.

    with visit.standing_in():
        page = CachedPage(render("live/phone.html", ...))
    ...
    return page.response()            # inside a request; a few microseconds

Compressed once, too: each stretch of text is deflated at a full-flush boundary and the values are
put between them as stored blocks, which only costs a checksum per reader. Secrets are thus never
compressed together with text, so the length of the answer tells nothing about them (BREACH).
"""

import re
import struct
import zlib

from starlette.responses import Response

from app.web import visit

_HOLES = re.compile(f"({visit.STAND_IN.nonce}|{visit.STAND_IN.form_token})")
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_LAST_BLOCK = b"\x01\x00\x00\xff\xff"


class CachedPage:
    """HTML with holes, plain and deflated."""

    def __init__(self, html: str) -> None:
        self._parts = [part.encode() for part in _HOLES.split(html)]
        # Even places are text, odd ones holes.
        self._deflated = [
            b"" if place % 2 else _deflate(part) for place, part in enumerate(self._parts)
        ]

    def response(self, status: int = 200) -> Response:
        """For the visit being served."""
        reader = visit.current()
        if reader is None:
            raise LookupError("a cached page is filled in for a request, and none is being served")
        plain = self._filled(nonce=reader.nonce, form_token=reader.form_token)
        headers = {"vary": "Cookie, Accept-Language, Accept-Encoding"}
        if b"gzip" in reader.headers.get(b"accept-encoding", b""):
            headers["content-encoding"] = "gzip"
            body = self._zipped(plain)
        else:
            body = b"".join(plain)
        return Response(body, status, headers, media_type="text/html")

    def _filled(self, *, nonce: str, form_token: str) -> list[bytes]:
        values = {
            visit.STAND_IN.nonce.encode(): nonce.encode(),
            visit.STAND_IN.form_token.encode(): form_token.encode(),
        }
        return [values[part] if place % 2 else part for place, part in enumerate(self._parts)]

    def _zipped(self, plain: list[bytes]) -> bytes:
        blocks = [_GZIP_HEAD]
        for place, part in enumerate(plain):
            blocks.append(_stored(part) if place % 2 else self._deflated[place])
        whole = b"".join(plain)
        blocks += [_LAST_BLOCK, struct.pack("<II", zlib.crc32(whole), len(whole) & 0xFFFFFFFF)]
        return b"".join(blocks)


def _deflate(text: bytes) -> bytes:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    return squeeze.compress(text) + squeeze.flush(zlib.Z_FULL_FLUSH)


def _stored(value: bytes) -> bytes:
    return b"\x00" + struct.pack("<HH", len(value), len(value) ^ 0xFFFF) + value
