"""A PDF that somebody brings, as pictures and words of its pages; the PDF itself goes no further.

It is opened in a process of its own (`pdf_drawing`) with bounded memory, time and output, which
sees neither the product's secrets nor its database, and is ended when it takes too long. What is
wrong with a file is told to whoever brought it, with what to do about it.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import IO, NoReturn

import structlog

from app.errors import Fault, Invalid, KickoffError, TooLarge
from app.i18n import gettext as _
from app.outputs import pdf_drawing

log = structlog.get_logger("kickoff.slides")

BYTES_MAX = 30 * 1024**2
PAGES_MAX = 150
SECONDS_MAX = 120.0  # beside a full room the process gets little of the machine
AT_A_TIME = 1  # the other core is the room's
WAITING = 3  # more are told to come back: waiting holds a thread that answers others

FIELD = "/file"
_HEAD_MAX = 64 * 1024
_WEBP = b"RIFF"
_DRAWING = BoundedSemaphore(AT_A_TIME)
_WAITING = BoundedSemaphore(AT_A_TIME + WAITING)


class SlidesNotDrawn(KickoffError):
    """Too many at once. The same file may be sent again."""

    code = "unavailable"
    status = 503
    retry_after = 30.0


@dataclass(frozen=True)
class DrawnPage:
    """One page: WebP for the projector and for phones, and what stands on it."""

    image: bytes
    small: bytes
    width: int
    height: int
    text: str


@contextmanager
def drawn(pdf: IO[bytes]) -> Iterator[Iterator[DrawnPage]]:
    """The pages of an open file, in their order; all of them are drawn before the first is given.
    Invalid or TooLarge where they cannot be. Blocks."""
    _require_small(pdf)
    if not _WAITING.acquire(blocking=False):
        raise SlidesNotDrawn
    try:
        with tempfile.TemporaryFile() as into:
            with _DRAWING:
                code = _draw(pdf, into)
            if code != 0:
                _refuse(code)
            into.seek(0)
            yield _read(into)
    finally:
        _WAITING.release()


def _require_small(pdf: IO[bytes]) -> None:
    length = pdf.seek(0, os.SEEK_END)
    pdf.seek(0)
    if length > BYTES_MAX:
        raise TooLarge
    # Readers look for the mark among the first bytes; what is no PDF needs no process.
    if b"%PDF-" not in pdf.read(1024):
        _refuse(pdf_drawing.NO_PDF)


def _draw(pdf: IO[bytes], into: IO[bytes]) -> int:
    """How the process ended: 0, a code of `pdf_drawing`, or a signal's number below 0."""
    pdf.flush()
    os.lseek(pdf.fileno(), 0, os.SEEK_SET)
    # Isolated and without an environment: nothing of ours is inherited, nobody's site is read.
    command = [sys.executable, "-I", pdf_drawing.__file__, str(PAGES_MAX)]
    try:
        return subprocess.run(  # noqa: S603 -- our own file, with a number of ours
            command,
            stdin=pdf,
            stdout=into,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS_MAX,
            env={"LC_ALL": "C.UTF-8"},
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return -1


def _read(drawn_pages: IO[bytes]) -> Iterator[DrawnPage]:
    """What the process has written. It had a stranger's file in its hands: it is believed as far
    as its form is right."""
    while head := drawn_pages.readline(_HEAD_MAX):
        try:
            said = json.loads(head)
            image, small = (_picture(drawn_pages, length) for length in said["lengths"])
            page = DrawnPage(
                image, small, int(said["width"]), int(said["height"]), str(said["text"])
            )
        except (ValueError, KeyError, TypeError):
            _refuse(pdf_drawing.NO_PDF)
        yield page


def _picture(drawn_pages: IO[bytes], length: int) -> bytes:
    found = drawn_pages.read(max(0, length))
    if len(found) != length or not found.startswith(_WEBP):
        raise ValueError("half a picture")
    return found


def _refuse(code: int) -> NoReturn:
    """With what to do about it."""
    if code == pdf_drawing.NO_PDF:
        said = _(
            "This is not a PDF that can be opened. Save the slides as PDF again, and try that."
        )
    elif code == pdf_drawing.LOCKED:
        said = _("This PDF asks for a password. Save a copy without one, and try that.")
    elif code == pdf_drawing.TOO_MANY:
        said = _("This PDF has more than %(pages)s pages. Save it in parts, and add each of them.")
        said %= {"pages": PAGES_MAX}
    else:
        # A signal, or whatever a process ends with that has no memory left.
        log.warning("slides not drawn", ended=code)
        said = _(
            "These pages are too heavy to draw. Save the PDF with smaller pictures, or in parts, "
            "and try that."
        )
    raise Invalid(faults=[Fault(FIELD, said)])
