"""How much of a body is taken, and for how long: 64 KiB for a form, 1 MiB of JSON, 5 MiB for an
upload, and 31 MiB at the two addresses that take a speaker's slides.

A form in which people paste long lists is sent as multipart/form-data and counts as an upload.
"""

import asyncio
import re
from collections import deque
from collections.abc import Mapping, Sequence

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.errors import refusal

MAX_FORM = 64 * 1024
MAX_JSON = 1024 * 1024
MAX_UPLOAD = 5 * 1024 * 1024
MAX_SLIDES = 31 * 1024 * 1024  # a PDF (`outputs/pdf_pages`), and the form around it
# An upload over a slow line; `http_protocol` gives up on a whole request after as long.
SECONDS = 120.0

PDF = b"application/pdf"
_SLIDES_BY_FORM = re.compile(r"/kickoffs/[0-9a-f-]{36}/agenda/[0-9a-f-]{36}/slides")
_SLIDES_BY_API = re.compile(r"/api/v1/kickoffs/[0-9a-f-]{36}/slide-decks")

_REFUSALS = {408: "too_slow", 413: "too_large"}


class BodyLimit:
    """413 for what is too large, at once where the length is announced; 408 for what dawdles."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        most = _most(scope["path"], media_type(headers))
        announced = headers.get(b"content-length", b"0")
        try:
            if not announced.isdigit() or int(announced[:12]) > most:
                raise HTTPException(413)
            await self.app(scope, _limited(receive, most), send)
        except HTTPException as error:
            # From the line above, or from a guard; within routes the framework answers it.
            code = _REFUSALS.get(error.status_code, "bad_request")
            await refusal(scope, code, error.status_code)(scope, receive, send)


async def read_some(receive: Receive, wanted: int | None = None) -> list[Message]:
    """The first messages of a body, `wanted` bytes or a little more; all of it without `wanted`."""
    messages: list[Message] = []
    length = 0
    while True:
        message = await receive()
        messages.append(message)
        length += len(message.get("body", b""))
        if not message.get("more_body", False) or (wanted is not None and length >= wanted):
            return messages


def replaying(messages: Sequence[Message], receive: Receive) -> Receive:
    """`receive` that first says again what has been read."""
    waiting = deque(messages)

    async def receive_again() -> Message:
        return waiting.popleft() if waiting else await receive()

    return receive_again


def media_type(headers: Mapping[bytes, bytes]) -> bytes:
    return headers.get(b"content-type", b"").partition(b";")[0].strip().lower()


def takes_pdf(path: str) -> bool:
    """Whether the API takes a PDF here, in place of JSON."""
    return _SLIDES_BY_API.fullmatch(path) is not None


def _most(path: str, kind: bytes) -> int:
    match kind:
        case b"application/x-www-form-urlencoded":
            return MAX_FORM
        case b"multipart/form-data":
            return MAX_SLIDES if _SLIDES_BY_FORM.fullmatch(path) else MAX_UPLOAD
        case b"text/csv":
            return MAX_UPLOAD
        case b"application/pdf" if takes_pdf(path):
            return MAX_SLIDES
        case _:
            return MAX_JSON


def _limited(receive: Receive, most: int) -> Receive:
    taken = 0
    complete = False
    deadline = asyncio.get_running_loop().time() + SECONDS

    async def receive_limited() -> Message:
        nonlocal taken, complete
        if complete:
            return await receive()
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408) from None
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(413)
        complete = not message.get("more_body", False)
        return message

    return receive_limited
