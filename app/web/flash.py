"""A word for the next page alone: carried by the browser from a form's answer to the page it leads
to, and gone when it has been read.

For what may be shown once and never stand in an address, such as a new token's secret. The cookie
is HttpOnly, lives a minute, and is signed, so that nobody can put words into a page; it names the
reader and the page it is for.
"""

import base64
import binascii
import hashlib
import hmac
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import Scope

from app import clock
from app.web import cookies

FLASH_COOKIE = "kickoff_flash"
LASTS_SECONDS = 60


def keep(
    response: Response, scope: Scope, key: bytes, said: dict[str, Any], *, reader: str, page: str
) -> None:
    """What `reader` is told when `page` is opened next."""
    until = int(clock.now().timestamp()) + LASTS_SECONDS
    body = _encoded(orjson.dumps({"said": said, "until": until}))
    value = f"{body}.{_signature(key, body, reader, page)}"
    cookies.put(response, scope, FLASH_COOKIE, value, max_age=LASTS_SECONDS)


def take(scope: Scope, key: bytes, *, reader: str, page: str) -> dict[str, Any] | None:
    """What was kept for this reader and page. Whoever shows it calls `forget` on the answer."""
    body, _, signature = (cookies.read(scope, FLASH_COOKIE) or "").partition(".")
    if not hmac.compare_digest(signature.encode(), _signature(key, body, reader, page).encode()):
        return None
    try:
        kept = orjson.loads(base64.urlsafe_b64decode(body))
    except (ValueError, binascii.Error):
        return None
    said: dict[str, Any] = kept["said"]
    return said if kept["until"] >= clock.now().timestamp() else None


def forget(response: Response, scope: Scope) -> None:
    cookies.drop(response, scope, FLASH_COOKIE)


def _signature(key: bytes, body: str, reader: str, page: str) -> str:
    message = "\0".join(("flash", reader, page, body)).encode()
    return _encoded(hmac.digest(key, message, hashlib.sha256)[:24])


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode()
