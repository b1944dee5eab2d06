"""/static/: files kept in memory, compressed once, cached for ever where the address names the
content.

Answered before routing: a phone's first visit asks for several of these.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.errors import refusal

PREFIX = "/static/"
_LONGEST_NAME = 200
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_EACH_TIME = "public, no-cache"
# Named by style sheets, which carry no hash of them.
_A_MONTH = "public, max-age=2592000"
_COMPRESSIBLE = ("text/", "application/json", "application/manifest+json", "image/svg+xml")
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class _File:
    changed: tuple[int, int]
    media_type: str
    digest: str
    plain: bytes
    zipped: bytes | None


class StaticFiles:
    """Serves the files under one folder, and nothing outside it."""

    def __init__(self, app: ASGIApp, folder: Path) -> None:
        self.app = app
        self.folder = folder.resolve()
        self._kept: dict[str, _File] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self.app(scope, receive, send)
        elif scope["method"] not in ("GET", "HEAD"):
            await refusal(scope, "method_not_allowed", 405, allow="GET, HEAD")(scope, receive, send)
        else:
            found = self._find(scope["path"].removeprefix(PREFIX))
            response = _response(scope, found) if found else refusal(scope, "not_found", 404)
            await response(scope, receive, send)

    def _find(self, name: str) -> _File | None:
        if (
            len(name) > _LONGEST_NAME
            or "\0" in name
            or any(part.startswith(".") for part in name.split("/"))
        ):
            return None
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder) or not path.is_file():
            return None
        status = path.stat()
        changed = (status.st_mtime_ns, status.st_size)
        kept = self._kept.get(name)
        if kept is None or kept.changed != changed:
            kept = self._kept[name] = _read(path, changed)
        return kept


def _read(path: Path, changed: tuple[int, int]) -> _File:
    plain = path.read_bytes()
    media_type = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    media_type = media_type or "application/octet-stream"
    zipped = gzip.compress(plain, 9, mtime=0) if media_type.startswith(_COMPRESSIBLE) else b""
    return _File(
        changed=changed,
        media_type=media_type,
        digest=hashlib.sha256(plain).hexdigest(),
        plain=plain,
        zipped=zipped if zipped and len(zipped) < len(plain) else None,
    )


def _response(scope: Scope, found: _File) -> Response:
    sent = dict(scope["headers"])
    headers = {
        "etag": f'"{found.digest[:20]}"',
        "cache-control": _caching(scope, found),
        "content-type": found.media_type,
    }
    if found.zipped:
        headers["vary"] = "Accept-Encoding"
    if headers["etag"].encode() in sent.get(b"if-none-match", b""):
        return Response(status_code=304, headers=headers)
    body = found.plain
    if found.zipped and b"gzip" in sent.get(b"accept-encoding", b""):
        body = found.zipped
        headers["content-encoding"] = "gzip"
    headers["content-length"] = str(len(body))
    return Response(b"" if scope["method"] == "HEAD" else body, headers=headers)


def _caching(scope: Scope, found: _File) -> str:
    # `rendering.static` writes the first characters of the same digest.
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("v", [""])[0]
    if len(asked) >= 8 and found.digest.startswith(asked):
        return _FOR_EVER
    return _A_MONTH if found.media_type.startswith("font/") else _ASK_EACH_TIME
